// Tells whoever keeps the proofs what was destroyed here, until it is heard: after the commit that
// destroyed it, so that nothing is told that did not happen.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "platform/base/timestamp.h"
#include "platform/db/database.h"
#include "platform/erasure/erasure.h"
#include "platform/flow/due_work.h"
#include "platform/rpc/peer.h"

namespace ieum::erasure {

// NOT_FOUND: the proof is gone, with a restored database; a new one will come.
using Tell = std::function<absl::Status(const Destroyed&)>;

// For App::AddDueWork; the database outlives it.
flow::DueWork Telling(db::Database& database, Tell tell);

// The same, told by calling `method` of a peer, which outlives it:
//
//   erasure::Telling<v1::ConfirmErasureRequest, v1::ConfirmErasureResponse>(
//       app.database(), app.peer("registry"), "/…")
template <class Request, class Response>
flow::DueWork Telling(db::Database& database, rpc::Peer& peer, std::string method) {
  return Telling(database, [&peer, method = std::move(method)](const Destroyed& destroyed) {
    Request request;
    request.set_name("erasures/" + destroyed.erasure.erasure_id.ToString());
    request.set_key_destroyed(destroyed.key_destroyed);
    *request.mutable_destroy_time() = base::ToTimestamp(destroyed.destroyed_at);
    Response response;
    return peer.Call(method, request, &response);
  });
}

}  // namespace ieum::erasure
