// Requests against the annotations of their contract: buf.validate rules and REQUIRED of
// google.api.field_behavior. The rules are read once, at start; a rule that this walker does not
// know is a fault of the build, never silently skipped.
//
// Known: required; ignore; string const, len, min_len, max_len (code points), len_bytes, min_bytes,
// max_bytes, pattern (RE2), prefix, in, not_in, uuid, email; bytes len, min_len, max_len; integers,
// float and double const, lt, lte, gt, gte, in, not_in, finite; bool const; enum const,
// defined_only, in, not_in; timestamp lt, lte, gt, gte; repeated min_items, max_items, unique,
// items; oneof required; messages within messages.
// As in protovalidate, an unset field with presence fulfils every rule but `required`.
// REQUIRED: text, bytes, lists not empty, messages present, enums not UNSPECIFIED.
// Fields that are OUTPUT_ONLY are not looked at: what a caller says there is ignored.
// In an Update with an `update_mask`, only the fields that the mask touches are looked at within
// the resource, its `name` and `etag` besides; the same of an Update that stands in another
// request.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace ieum::rpc {

struct MessageRules;

class Validator {
 public:
  Validator();
  ~Validator();
  Validator(Validator&&) noexcept;

  // Reads the rules of a type and of all types below it. FAILED_PRECONDITION naming the field and
  // the rule that is not known.
  absl::Status Learn(const google::protobuf::Descriptor* type);

  // INVALID_ARGUMENT (INVALID_FIELD) with every violation, paths such as
  // `organization.facts[2].region_code`, values never echoed. The type was learnt. Thread-safe.
  absl::Status Check(const google::protobuf::Message& message) const;

 private:
  std::map<const google::protobuf::Descriptor*, std::unique_ptr<MessageRules>> rules_;
};

}  // namespace ieum::rpc
