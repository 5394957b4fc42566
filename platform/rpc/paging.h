// Pages of lists (AIP-158). A page token is the keyset where the last page ended and a hash of the
// request's other arguments, sealed: it can be neither read nor altered, nor used for another
// query. It grants nothing; permission is checked on every call.
//
//   absl::StatusOr<v1::ListThingsResponse> ThingDoor::List(rpc::Call& call,
//   const v1::ListThingsRequest& request) {
//     ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(call.scope(), request,
//     ThingStore::List(), page_key_)); if (!request.show_deleted()) query.Where("t.deleted_at IS
//     NULL"); v1::ListThingsResponse response; filter::Cursor next;
//     RETURN_IF_ERROR(database_.Read("thing_list", [&](db::Tx& tx) {
//       next = query.Read(tx, [&](const db::Row& row) { *response.add_things() = ToWire(row); });
//       return absl::OkStatus();
//     }));
//     response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
//     return response;
//   }
// The body of Read changes `response`, and may run again: clear it first.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "platform/base/scope.h"
#include "platform/crypto/seal.h"
#include "platform/filter/list_query.h"

namespace ieum::rpc {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 500;

// 0 → 50, over 500 → 500, negative → INVALID_ARGUMENT (INVALID_FIELD) blaming `page_size`.
absl::StatusOr<int> PageSize(int requested);

// Reads `page_size`, `page_token`, `filter` and `order_by` of a List request, those that it has,
// for rows of the caller's centres. PAGE_TOKEN_INVALID when the token is damaged, when any other
// field but `page_size` changed, or when it was made for other centres; FILTER_INVALID as
// filter::ListQuery says. `spec` must outlive the query.
absl::StatusOr<filter::ListQuery> OpenList(const base::Scope& scope,
                                           const google::protobuf::Message& request,
                                           const filter::ListSpec& spec, const crypto::Key& key);
// The token for the page after `cursor`; empty when the cursor is.
std::string NextPageToken(const base::Scope& scope, const google::protobuf::Message& request,
                          const filter::Cursor& cursor, const crypto::Key& key);
// The cursor in the request's `page_token`; empty when the request has none. For lists that are
// not SELECTs.
absl::StatusOr<filter::Cursor> OpenPageToken(const base::Scope& scope,
                                             const google::protobuf::Message& request,
                                             const crypto::Key& key);

// The same for lists that are everybody's: a list of centres' rows would be empty.
absl::StatusOr<filter::ListQuery> OpenList(const google::protobuf::Message& request,
                                           const filter::ListSpec& spec, const crypto::Key& key);
std::string NextPageToken(const google::protobuf::Message& request, const filter::Cursor& cursor,
                          const crypto::Key& key);
absl::StatusOr<filter::Cursor> OpenPageToken(const google::protobuf::Message& request,
                                             const crypto::Key& key);

}  // namespace ieum::rpc
