#include "services/notify/rules/rule.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/filter/expression.h"
#include "platform/filter/match.h"
#include "services/notify/events/event_fields.h"

namespace ieum::notify {
namespace {

constexpr char kPrefix[] = "rules/";
// Seed of the ids of rules; any fixed id does.
constexpr std::array<uint8_t, 16> kSeed = {0x2f, 0x91, 0x04, 0xbd, 0x6e, 0x58, 0x8a, 0x17,
                                           0xa2, 0xc0, 0x3f, 0x75, 0xe6, 0x49, 0x8b, 0x02};

// A condition was read when the rule was put into force; one that cannot be read any more, because
// the contract lost a field, is not fulfilled.
bool Fulfils(const v1::EventMatch& match, const google::protobuf::Message& event) {
  if (match.event_type() != event.GetDescriptor()->full_name()) return false;
  if (match.condition().empty()) return true;
  const auto condition = filter::Parse(match.condition(), "condition");
  return condition.ok() && filter::Matches(*condition, event);
}

template <class Matches>
const v1::EventMatch* FirstFulfilled(const Matches& matches,
                                     const google::protobuf::Message& event) {
  for (const v1::EventMatch& match : matches) {
    if (Fulfils(match, event)) return &match;
  }
  return nullptr;
}

}  // namespace

base::Uuid RuleId(const std::string& code) {
  return base::Uuid::Derive(base::Uuid(kSeed), absl::StrCat("rule/", code));
}

std::string RuleName(const std::string& code) { return absl::StrCat(kPrefix, code); }

std::string RuleCode(const std::string& name) {
  return absl::StartsWith(name, kPrefix) ? name.substr(sizeof(kPrefix) - 1) : "";
}

std::vector<std::string> EventTypesOf(const v1::Rule& terms) {
  std::set<std::string> types = {terms.trigger().event_type()};
  for (const auto& match : terms.moves_on()) types.insert(match.event_type());
  for (const auto& match : terms.cancels_on()) types.insert(match.event_type());
  return {types.begin(), types.end()};
}

const Rule* InForce(absl::Span<const Rule> versions, absl::Time at) {
  const Rule* found = nullptr;
  for (const Rule& version : versions) {
    if (version.created_at > at) continue;
    if (found == nullptr || version.version > found->version) found = &version;
  }
  return found;
}

std::optional<Match> MatchOf(const v1::Rule& terms, const google::protobuf::Message& event) {
  const v1::EventMatch* match = nullptr;
  Role role = Role::kTrigger;
  if (Fulfils(terms.trigger(), event)) {
    match = &terms.trigger();
  } else if ((match = FirstFulfilled(terms.moves_on(), event)) != nullptr) {
    role = Role::kMove;
  } else if ((match = FirstFulfilled(terms.cancels_on(), event)) != nullptr) {
    role = Role::kCancel;
  }
  if (match == nullptr) return std::nullopt;
  std::string subject_id = TextAt(event, match->subject_field());
  if (subject_id.empty()) return std::nullopt;
  return Match{role, std::move(subject_id)};
}

v1::Rule ToWire(const Rule& version) {
  v1::Rule wire = version.terms;
  wire.set_name(RuleName(version.code));
  wire.set_version(version.version);
  *wire.mutable_create_time() = base::ToTimestamp(version.created_at);
  wire.set_etag(absl::StrCat("\"", version.version, "\""));
  return wire;
}

}  // namespace ieum::notify
