// What a method says of the personal data that it gives away or changes (option `discloses`), and
// how a call of it is written down. Inside of platform/rpc.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace ieum::rpc {

// Immutable, thread-safe.
class Disclosure {
 public:
  // Null when the method gives nothing away. INVALID_ARGUMENT names a path that leads nowhere.
  static absl::StatusOr<std::shared_ptr<const Disclosure>> Of(
      const google::protobuf::MethodDescriptor& method);

  // Whose data it was, each once. `answer` is null when there is none: then the request may be
  // anything, and only names that are made of ids are taken from it, so that nothing else is kept.
  std::vector<std::string> Subjects(const google::protobuf::Message& request,
                                    const google::protobuf::Message* answer) const;

 private:
  using Path = std::vector<const google::protobuf::FieldDescriptor*>;
  std::vector<Path> in_request_, in_answer_;
};

// A fingerprint of what a list was asked for, the same for each of its pages; "" for other
// requests.
std::string QueryFingerprint(const google::protobuf::Message& request);

// A refusal costs next to nothing, and whoever waits for the log waits behind it: so many refusals
// a second are written down, of one account and of all. Thread-safe.
class RefusalAllowance {
 public:
  static constexpr int kOfOne = 20;  // all whom nobody knows (account "") count as one
  static constexpr int kOfAll = 1000;
  // False: this one is not written down.
  bool Take(const std::string& account, absl::Time now);

 private:
  std::mutex mutex_;
  int64_t second_ = 0;
  int taken_ = 0;
  absl::flat_hash_map<std::string, int> of_one_;  // at most kOfAll accounts
};

}  // namespace ieum::rpc
