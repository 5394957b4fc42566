// Errors as values. Every refusal carries a stable reason (`docs/errors.md`) and, where a field is
// to blame, its path. The gRPC door turns them into google.rpc.Status with ErrorInfo, BadRequest
// and RetryInfo; nobody else looks inside.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace ieum::base {

// The word on the wire of an ErrorReason enum value: its name without `ERROR_REASON_`.
std::string ReasonWord(const google::protobuf::EnumDescriptor& type, int value);

// A reason: a word, or a value of a service's ErrorReason enum.
class Reason {
 public:
  Reason(const char* word) : word_(word) {}         // NOLINT(runtime/explicit)
  Reason(std::string_view word) : word_(word) {}    // NOLINT(runtime/explicit)
  Reason(const std::string& word) : word_(word) {}  // NOLINT(runtime/explicit)
  template <class E, class = std::enable_if_t<google::protobuf::is_proto_enum<E>::value>>
  Reason(E value)
      : word_(ReasonWord(*google::protobuf::GetEnumDescriptor<E>(), value)) {}  // NOLINT
  const std::string& word() const { return word_; }

 private:
  std::string word_;
};

using Metadata = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A refusal. `message` says what was wrong and what would be right; never SQL, paths, or another's
// data. Dynamic words of the message also stand in `metadata` under stable keys.
absl::Status Error(absl::StatusCode code, const Reason& reason, std::string_view message,
                   Metadata metadata = {});

// INVALID_ARGUMENT that blames one field (path such as
// `organization.business_registration_number`).
absl::Status InvalidField(const Reason& reason, std::string_view field,
                          std::string_view description);

// FAILED_PRECONDITION, NOT_FOUND (reason NOT_FOUND), ALREADY_EXISTS, in one line each.
absl::Status Forbidden(const Reason& reason, std::string_view message, Metadata metadata = {});
absl::Status NotFound(std::string_view resource_name);
absl::Status AlreadyExists(const Reason& reason, std::string_view message, Metadata metadata = {});

// UNAVAILABLE / RESOURCE_EXHAUSTED with a hint when to come back.
absl::Status Unavailable(std::string_view message, absl::Duration retry_after);
absl::Status Overloaded(std::string_view message, absl::Duration retry_after);

// Collects every bad field of a request, so that the caller hears of all at once.
class FieldErrors {
 public:
  void Add(const Reason& reason, std::string_view field, std::string_view description);
  // Takes over the blamed fields of another refusal under its reason; one that blames no field is
  // kept without a field, and OK adds nothing.
  void Add(const absl::Status& refusal);
  bool empty() const { return violations_.empty(); }
  // OK when empty; otherwise INVALID_ARGUMENT whose ErrorInfo reason is the first one's.
  absl::Status ToStatus() const;

 private:
  struct Violation {
    std::string reason, field, description;
  };
  std::vector<Violation> violations_;
};

// The reason word of a refusal; empty when it carries none.
std::string ReasonOf(const absl::Status& status);
// What a refusal says under this key of its metadata; empty when it says nothing.
std::string MetadataOf(const absl::Status& status, const std::string& key);
// The blamed fields of a refusal, in order.
std::vector<std::string> FieldsOf(const absl::Status& status);

}  // namespace ieum::base

#define IEUM_CONCAT_(a, b) a##b
#define IEUM_CONCAT(a, b) IEUM_CONCAT_(a, b)
// Returns from the function when `expr` is not OK.
#define RETURN_IF_ERROR(expr) RETURN_IF_ERROR_(IEUM_CONCAT(ieum_status_, __LINE__), expr)
#define RETURN_IF_ERROR_(tmp, expr)             \
  do {                                          \
    if (absl::Status tmp = (expr); !tmp.ok()) { \
      return tmp;                               \
    }                                           \
  } while (false)
// ASSIGN_OR_RETURN(auto x, F()): x is the value, or the function returns the status.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_(IEUM_CONCAT(ieum_or_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_(tmp, lhs, expr)        \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)
