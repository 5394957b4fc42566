// Calling a service with a journal: every attempt is written down before it is sent, and its answer
// when it is there. Nothing is tried again by itself, so that each line is one call.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "tools/journal/journal.h"

namespace ieum::journal {

// Who drives scenarios and loads.
inline constexpr char kDriver[] = "demo/driver";

struct RecordedPeerOptions {
  std::string client;   // "load-3"
  std::string service;  // "registry"
  std::string address;  // host:port
  std::string token;    // bearer
  // Whose data the bearer may see; empty = everybody's. With a scope the journal keeps all that was
  // answered, so that another scope's data can be looked for in it.
  std::string scope;
  std::string subject = kDriver;  // whom the token names
};

struct Reply {
  absl::Status status;  // base::ReasonOf works
  std::string etag;     // `"7"`, of a write
  std::string position;
};

// What the client knows of a call beside its request.
struct Known {
  std::string aggregate;      // UUID
  std::optional<int> events;  // made when it succeeds
};

// Hex of the hash under which the ledger keeps the answer of this call to that caller.
std::string RequestHash(const std::string& method, const google::protobuf::Message& request,
                        const std::string& subject = kDriver);

// Thread-safe.
class RecordedPeer {
 public:
  // `writer` outlives the peer.
  RecordedPeer(RecordedPeerOptions options, Writer* writer);
  ~RecordedPeer();

  // With `cancel_after` the caller gives up by himself when it takes longer.
  Reply Call(const std::string& method, const google::protobuf::Message& request,
             google::protobuf::Message* response, const Known& known = {},
             absl::Duration timeout = absl::Seconds(5),
             std::optional<absl::Duration> cancel_after = std::nullopt);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::journal
