#include "platform/rpc/validation.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/field_path.h"
#include "platform/rpc/field_rules.h"

namespace ieum::rpc {
namespace {

using filter::FieldValue;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using RulesOf = std::map<const Descriptor*, std::unique_ptr<MessageRules>>;

struct Violation {
  std::string field;
  std::string description;
};

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

bool IsZero(const FieldValue& value) {
  switch (value.field().cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value.Text().empty();
    case FieldDescriptor::CPPTYPE_BOOL:
      return !value.Bool();
    case FieldDescriptor::CPPTYPE_ENUM:
      return value.Enum() == 0;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return value.Floating() == 0;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return value.Sub().ByteSizeLong() == 0;
    default:
      return value.Integer() == 0;
  }
}

std::string Key(const FieldValue& value) {
  switch (value.field().cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value.Text();
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.Bool() ? "1" : "0";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat(value.Enum());
    default:
      return absl::StrCat(static_cast<uint64_t>(value.Integer()));
  }
}

class Walk {
 public:
  explicit Walk(const RulesOf& rules) : rules_(rules) {}

  void Visit(const Message& message, const FieldPath* parent) {
    const auto found = rules_.find(message.GetDescriptor());
    if (found == rules_.end()) return;
    for (const FieldRules& rules : found->second->fields) VisitField(message, rules, parent);
    for (const auto* oneof : found->second->required_oneofs) {
      if (message.GetReflection()->HasOneof(message, oneof)) continue;
      const FieldPath path{parent, oneof->field(0)};
      Blame(path, absl::StrCat("one of ", oneof->name(), " must be given"));
    }
  }

  std::vector<Violation> TakeViolations() { return std::move(violations_); }

 private:
  void VisitField(const Message& message, const FieldRules& rules, const FieldPath* parent) {
    const FieldDescriptor& field = *rules.field;
    if (field.is_repeated()) return VisitRepeated(message, rules, parent);
    const FieldPath path{parent, &field};
    const FieldValue value(message, field);
    const bool set = message.GetReflection()->HasField(message, &field);
    if (!set && rules.required) return Blame(path, "must be given");
    if (!set && field.has_presence()) return;
    if (rules.skip_zero && IsZero(value)) return;
    VisitValue(value, rules, path);
  }

  void VisitRepeated(const Message& message, const FieldRules& rules, const FieldPath* parent) {
    const FieldDescriptor& field = *rules.field;
    const int size = message.GetReflection()->FieldSize(message, &field);
    const FieldPath whole{parent, &field};
    if (size == 0 && rules.required) return Blame(whole, "must be given");
    if (size == 0 && rules.skip_zero) return;
    const auto count = static_cast<uint64_t>(size);
    if (count < rules.min_items) {
      Blame(whole, absl::StrCat("must have at least ", rules.min_items, " items"));
    }
    if (count > rules.max_items) {
      return Blame(whole, absl::StrCat("must have at most ", rules.max_items, " items"));
    }
    if (rules.unique) CheckUnique(message, field, size, whole);
    for (int index = 0; index < size; ++index) {
      const FieldValue value(message, field, index);
      if (rules.skip_zero_items && IsZero(value)) continue;
      VisitValue(value, rules, {parent, &field, index});
    }
  }

  void CheckUnique(const Message& message, const FieldDescriptor& field, int size,
                   const FieldPath& whole) {
    std::set<std::string> seen;
    for (int index = 0; index < size; ++index) {
      if (!seen.insert(Key(FieldValue(message, field, index))).second) {
        return Blame(whole, "must not have an item twice");
      }
    }
  }

  void VisitValue(const FieldValue& value, const FieldRules& rules, const FieldPath& path) {
    for (const ValueCheck& check : rules.checks) {
      const std::string said = check(value);
      if (!said.empty()) Blame(path, said);
    }
    if (IsMessage(*rules.field)) Visit(value.Sub(), &path);
  }

  void Blame(const FieldPath& path, std::string description) {
    violations_.push_back({path.ToString(), std::move(description)});
  }

  const RulesOf& rules_;
  std::vector<Violation> violations_;
};

// What an Update with an `update_mask` touches. Rules of other fields of the resource do not count:
// their values are not looked at. `prefix`: where the Update stands in the request, "" or
// "change.".
class UpdateScope {
 public:
  UpdateScope(const Message& request, std::string prefix)
      : request_(request), prefix_(std::move(prefix)) {
    const Descriptor& type = *request.GetDescriptor();
    const FieldDescriptor* mask = type.FindFieldByName("update_mask");
    if (mask == nullptr || !IsMask(*mask)) return;
    for (int at = 0; at < type.field_count() && resource_ == nullptr; ++at) {
      const FieldDescriptor& field = *type.field(at);
      if (IsMessage(field) && !field.is_repeated() && !IsMask(field)) resource_ = &field;
    }
    const Message& paths = request.GetReflection()->GetMessage(request, mask);
    const FieldDescriptor* path = paths.GetDescriptor()->FindFieldByName("paths");
    for (int at = 0; at < paths.GetReflection()->FieldSize(paths, path); ++at) {
      paths_.push_back(paths.GetReflection()->GetRepeatedString(paths, path, at));
    }
  }

  bool has_mask() const { return resource_ != nullptr; }
  bool Holds(const std::string& field) const {
    const std::string outer = absl::StrCat(prefix_, resource_->name(), ".");
    if (!absl::StartsWith(field, outer)) return true;
    const std::string inner = field.substr(outer.size());
    const std::string top = inner.substr(0, inner.find_first_of(".["));
    if (top == "name" || top == "etag") return true;
    if (paths_.empty()) return IsSet(top);
    for (const std::string& path : paths_) {
      if (path == "*" || Below(inner, path) || Below(path, inner)) return true;
    }
    return false;
  }

 private:
  static bool IsMask(const FieldDescriptor& field) {
    return IsMessage(field) && !field.is_repeated() &&
           field.message_type()->full_name() == "google.protobuf.FieldMask";
  }

  static bool Below(const std::string& path, const std::string& of) {
    return path == of || absl::StartsWith(path, of + ".") || absl::StartsWith(path, of + "[");
  }

  bool IsSet(const std::string& top) const {
    const Message& resource = request_.GetReflection()->GetMessage(request_, resource_);
    const FieldDescriptor* field = resource_->message_type()->FindFieldByName(top);
    const auto* reflection = resource.GetReflection();
    return field->is_repeated() ? reflection->FieldSize(resource, field) > 0
                                : reflection->HasField(resource, field);
  }

  const Message& request_;
  std::string prefix_;
  const FieldDescriptor* resource_ = nullptr;
  std::vector<std::string> paths_;
};

// The request itself and every message that is given within it: an Update may be handed on in
// another request. Only of a request that broke a rule.
void CollectScopes(const Message& message, const std::string& prefix,
                   std::vector<UpdateScope>* scopes) {
  UpdateScope scope(message, prefix);
  if (scope.has_mask()) scopes->push_back(std::move(scope));
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!IsMessage(*field) || field->is_map()) continue;
    if (!field->is_repeated()) {
      CollectScopes(message.GetReflection()->GetMessage(message, field),
                    absl::StrCat(prefix, field->name(), "."), scopes);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int at = 0; at < size; ++at) {
      CollectScopes(message.GetReflection()->GetRepeatedMessage(message, field, at),
                    absl::StrCat(prefix, field->name(), "[", at, "]."), scopes);
    }
  }
}

}  // namespace

Validator::Validator() = default;
Validator::~Validator() = default;
Validator::Validator(Validator&&) noexcept = default;

absl::Status Validator::Learn(const Descriptor* type) {
  if (rules_.contains(type)) return absl::OkStatus();
  ASSIGN_OR_RETURN(MessageRules rules, ReadMessageRules(*type));
  auto& learnt = rules_[type];  // before what is below it: types may contain themselves
  learnt = std::make_unique<MessageRules>(std::move(rules));
  for (const FieldRules& field : learnt->fields) {
    if (IsMessage(*field.field)) RETURN_IF_ERROR(Learn(field.field->message_type()));
  }
  return absl::OkStatus();
}

absl::Status Validator::Check(const Message& message) const {
  Walk walk(rules_);
  walk.Visit(message, nullptr);
  const std::vector<Violation> violations = walk.TakeViolations();
  if (violations.empty()) return absl::OkStatus();
  std::vector<UpdateScope> scopes;
  CollectScopes(message, "", &scopes);
  base::FieldErrors errors;
  for (const Violation& violation : violations) {
    const bool counts = std::all_of(scopes.begin(), scopes.end(), [&](const UpdateScope& scope) {
      return scope.Holds(violation.field);
    });
    if (!counts) continue;
    errors.Add(platform::v1::ERROR_REASON_INVALID_FIELD, violation.field, violation.description);
  }
  return errors.ToStatus();
}

}  // namespace ieum::rpc
