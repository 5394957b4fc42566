// What a method says of the personal data that it gives away or changes (option `discloses`), and
// how a call of it is written down. Inside of platform/rpc.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

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

// Strangers can ask as often as they like; so many of their refusals a second are written down.
class StrangerAllowance {
 public:
  static constexpr int kPerSecond = 20;
  bool Take(absl::Time now);

 private:
  std::mutex mutex_;
  int64_t second_ = 0;
  int taken_ = 0;
};

}  // namespace ieum::rpc
