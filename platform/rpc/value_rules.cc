#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "buf/validate/validate.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/rpc/field_rules.h"
#include "re2/re2.h"

namespace ieum::rpc {
namespace {

using filter::FieldValue;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kUuid[] = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
// As HTML defines an address, and protovalidate with it.
constexpr char kEmail[] =
    "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$";

// One rule of a rules message: StringRules and its field min_len, say.
struct Rule {
  const FieldDescriptor& field;  // whose rule
  const Message& rules;
  const FieldDescriptor& rule;

  const std::string& name() const { return rule.name(); }
  FieldValue value() const { return {rules, rule}; }
  int size() const { return rules.GetReflection()->FieldSize(rules, &rule); }
  absl::Status Unknown() const {
    return UnknownRule(field, absl::StrCat(rules.GetDescriptor()->name(), ".", name()));
  }
};

using MaybeCheck = absl::StatusOr<ValueCheck>;

ValueCheck Must(std::function<bool(const FieldValue&)> holds, std::string sentence) {
  return [holds = std::move(holds), sentence = std::move(sentence)](const FieldValue& value) {
    return holds(value) ? std::string() : sentence;
  };
}

MaybeCheck Pattern(const Rule& rule, const std::string& pattern, std::string sentence) {
  auto compiled = std::make_shared<RE2>(pattern, RE2::Quiet);
  if (!compiled->ok()) return rule.Unknown();
  return Must([compiled](const FieldValue& v) { return RE2::PartialMatch(v.Text(), *compiled); },
              std::move(sentence));
}

std::vector<std::string> Words(const Rule& rule) {
  std::vector<std::string> words;
  for (int at = 0; at < rule.size(); ++at) {
    words.push_back(FieldValue(rule.rules, rule.rule, at).Text());
  }
  return words;
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Lengths: of characters for text, of bytes for bytes and the *_bytes rules.
MaybeCheck Length(const Rule& rule, int64_t (*measure)(const FieldValue&), const char* unit) {
  const auto bound = static_cast<int64_t>(rule.value().Integer());
  const auto sentence = [&](const char* how) {
    return absl::StrCat("must have ", how, bound, " ", unit);
  };
  if (absl::StartsWith(rule.name(), "min_")) {
    return Must([=](const FieldValue& v) { return measure(v) >= bound; }, sentence("at least "));
  }
  if (absl::StartsWith(rule.name(), "max_")) {
    return Must([=](const FieldValue& v) { return measure(v) <= bound; }, sentence("at most "));
  }
  return Must([=](const FieldValue& v) { return measure(v) == bound; }, sentence("exactly "));
}

int64_t Characters(const FieldValue& value) { return base::CodePoints(value.Text()); }
int64_t Bytes(const FieldValue& value) { return static_cast<int64_t>(value.Text().size()); }

MaybeCheck TextRule(const Rule& rule) {
  const std::string& name = rule.name();
  if (name == "len" || name == "min_len" || name == "max_len") {
    return Length(rule, Characters, "characters");
  }
  if (name == "len_bytes" || name == "min_bytes" || name == "max_bytes") {
    return Length(rule, Bytes, "bytes");
  }
  if (name == "pattern") {
    const std::string pattern = rule.value().Text();
    return Pattern(rule, pattern, absl::StrCat("must match ", pattern));
  }
  if (name == "uuid" && rule.value().Bool()) return Pattern(rule, kUuid, "must be a UUID");
  if (name == "email" && rule.value().Bool()) return Pattern(rule, kEmail, "must be an address");
  if (name == "const" || name == "prefix") {
    const std::string word = rule.value().Text();
    const bool whole = name == "const";
    return Must(
        [=](const FieldValue& v) {
          return whole ? v.Text() == word : absl::StartsWith(v.Text(), word);
        },
        absl::StrCat("must ", whole ? "be " : "begin with ", word));
  }
  if (name == "in" || name == "not_in") {
    const bool wanted = name == "in";
    return Must([wanted, words = Words(rule)](
                    const FieldValue& v) { return Contains(words, v.Text()) == wanted; },
                wanted ? "must be one of the known words" : "must not be one of the barred words");
  }
  return rule.Unknown();
}

MaybeCheck BytesRule(const Rule& rule) {
  const std::string& name = rule.name();
  if (name == "len" || name == "min_len" || name == "max_len") return Length(rule, Bytes, "bytes");
  return rule.Unknown();
}

std::string Printed(absl::int128 number) {
  return number > std::numeric_limits<int64_t>::max() ? absl::StrCat(static_cast<uint64_t>(number))
                                                      : absl::StrCat(static_cast<int64_t>(number));
}
std::string Printed(double number) { return absl::StrCat(number); }
std::string Printed(absl::Time instant) {
  return absl::FormatTime(absl::RFC3339_full, instant, absl::UTCTimeZone());
}

// lt, lte, gt, gte, const, in, not_in of whatever can be compared.
template <class T>
MaybeCheck OrderRule(const Rule& rule, T (FieldValue::*get)() const) {
  const std::string& name = rule.name();
  if (name == "in" || name == "not_in") {
    std::vector<T> list;
    for (int at = 0; at < rule.size(); ++at)
      list.push_back((FieldValue(rule.rules, rule.rule, at).*get)());
    const bool wanted = name == "in";
    return Must(
        [=](const FieldValue& v) {
          return (std::find(list.begin(), list.end(), (v.*get)()) != list.end()) == wanted;
        },
        wanted ? "must be one of the known values" : "must not be one of the barred values");
  }
  if (rule.rule.is_repeated() || rule.rule.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    return rule.Unknown();
  }
  const T bound = (rule.value().*get)();
  const std::string printed = Printed(bound);
  if (name == "lt") {
    return Must([=](const FieldValue& v) { return (v.*get)() < bound; },
                "must be below " + printed);
  }
  if (name == "lte") {
    return Must([=](const FieldValue& v) { return (v.*get)() <= bound; },
                "must be at most " + printed);
  }
  if (name == "gt") {
    return Must([=](const FieldValue& v) { return (v.*get)() > bound; },
                "must be above " + printed);
  }
  if (name == "gte") {
    return Must([=](const FieldValue& v) { return (v.*get)() >= bound; },
                "must be at least " + printed);
  }
  if (name == "const") {
    return Must([=](const FieldValue& v) { return (v.*get)() == bound; }, "must be " + printed);
  }
  return rule.Unknown();
}

MaybeCheck FloatingRule(const Rule& rule) {
  if (rule.name() == "finite" && rule.value().Bool()) {
    return Must([](const FieldValue& v) { return std::isfinite(v.Floating()); }, "must be finite");
  }
  return OrderRule(rule, &FieldValue::Floating);
}

MaybeCheck EnumRule(const Rule& rule) {
  if (rule.name() == "defined_only") {
    if (!rule.value().Bool()) return Must([](const FieldValue&) { return true; }, "");
    const auto* type = rule.field.enum_type();
    return Must(
        [type](const FieldValue& v) { return type->FindValueByNumber(v.Enum()) != nullptr; },
        "must be one of the enum's values");
  }
  if (rule.name() != "in" && rule.name() != "not_in" && rule.name() != "const") {
    return rule.Unknown();
  }
  std::vector<int> numbers;
  if (rule.rule.is_repeated()) {
    for (int at = 0; at < rule.size(); ++at) {
      numbers.push_back(static_cast<int>(FieldValue(rule.rules, rule.rule, at).Integer()));
    }
  } else {
    numbers.push_back(static_cast<int>(rule.value().Integer()));
  }
  const bool wanted = rule.name() != "not_in";
  return Must(
      [=](const FieldValue& v) {
        return (std::find(numbers.begin(), numbers.end(), v.Enum()) != numbers.end()) == wanted;
      },
      "must be one of the values that are allowed here");
}

MaybeCheck BoolRule(const Rule& rule) {
  if (rule.name() != "const") return rule.Unknown();
  const bool wanted = rule.value().Bool();
  return Must([=](const FieldValue& v) { return v.Bool() == wanted; },
              wanted ? "must be true" : "must be false");
}

MaybeCheck CheckOf(const Rule& rule) {
  switch (rule.field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return rule.field.type() == FieldDescriptor::TYPE_BYTES ? BytesRule(rule) : TextRule(rule);
    case FieldDescriptor::CPPTYPE_BOOL:
      return BoolRule(rule);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumRule(rule);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return FloatingRule(rule);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return OrderRule(rule, &FieldValue::Instant);
    default:
      return OrderRule(rule, &FieldValue::Integer);
  }
}

// "StringRules" on a string field, "Int32Rules" on an int32 one.
bool Fits(const FieldDescriptor& field, const Message& rules) {
  const std::string name = absl::AsciiStrToLower(rules.GetDescriptor()->name());
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return name == "timestamprules" &&
           field.message_type()->full_name() == "google.protobuf.Timestamp";
  }
  return name == absl::StrCat(field.type_name(), "rules");
}

// With the lower bound above the upper one protovalidate means "outside of"; nobody reads it so.
absl::Status RefuseInvertedRange(const FieldDescriptor& field, const Message& rules) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
      field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return absl::OkStatus();
  }
  std::optional<double> lower, upper;
  std::vector<const FieldDescriptor*> set;
  rules.GetReflection()->ListFields(rules, &set);
  for (const FieldDescriptor* rule : set) {
    if (rule->is_repeated() || rule->containing_oneof() == nullptr) continue;
    const FieldValue value(rules, *rule);
    const bool floating = rule->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
                          rule->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
    const double bound = floating ? value.Floating() : static_cast<double>(value.Integer());
    if (rule->name() == "gt" || rule->name() == "gte") lower = bound;
    if (rule->name() == "lt" || rule->name() == "lte") upper = bound;
  }
  if (lower && upper && *lower > *upper) return UnknownRule(field, "range outside of its bounds");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ValueCheck>> ReadValueChecks(const FieldDescriptor& field,
                                                        const Message& rules) {
  if (!Fits(field, rules)) return UnknownRule(field, rules.GetDescriptor()->name());
  RETURN_IF_ERROR(RefuseInvertedRange(field, rules));
  std::vector<const FieldDescriptor*> set;
  rules.GetReflection()->ListFields(rules, &set);
  std::vector<ValueCheck> checks;
  for (const FieldDescriptor* rule : set) {
    if (rule->name() == "example") continue;
    ASSIGN_OR_RETURN(ValueCheck check, CheckOf({field, rules, *rule}));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace ieum::rpc
