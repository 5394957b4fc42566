// A rule: which event makes which message, for whom and when. Data, versioned: a version holds for
// what is planned from its business time on, and what is planned keeps its version.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "platform/base/uuid.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

struct Rule {
  std::string code;
  int version = 0;
  v1::Rule terms;  // what the contract lets a caller set
  absl::Time created_at;
};

// The aggregate of a rule follows from its code, so that a code can be taken only once.
base::Uuid RuleId(const std::string& code);
// "rules/VISIT-D-3" and back; empty when it is no such name.
std::string RuleName(const std::string& code);
std::string RuleCode(const std::string& name);

// Templates that the terms name, as they are now; nullopt = there is none, or none is named.
struct NamedTemplates {
  std::optional<Template> reminder;
  std::optional<Template> notice;
};

// OK when the terms can be put into force; all faults at once, fields below "rule".
// EVENT_TYPE_UNKNOWN, FIELD_PATH_UNKNOWN, FILTER_INVALID, TIMING_INVALID, TEMPLATE_UNKNOWN,
// TEMPLATE_VARIABLE_UNKNOWN when the rule's events could not fill its templates, LAW_CLASS_MISMATCH
// when these are of another kind by law or for another channel.
absl::Status CheckRule(const v1::Rule& terms, const NamedTemplates& templates);

// Whether the rule could fill and send this new version of a template that it names; the template's
// fields are blamed.
absl::Status CheckStillFits(const Rule& rule, const Template& version);

// Types of the trigger, the moves and the cancellations, each once.
std::vector<std::string> EventTypesOf(const v1::Rule& terms);

// Of all versions of one rule that which held at `at`; nullptr when none did yet.
const Rule* InForce(absl::Span<const Rule> versions, absl::Time at);

enum class Role { kTrigger = 1, kMove = 2, kCancel = 3 };

// What an event is to a version of a rule: the first of trigger, moves and cancellations that has
// its type and whose condition it fulfils.
struct Match {
  Role role;
  std::string subject_id;
};
std::optional<Match> MatchOf(const v1::Rule& terms, const google::protobuf::Message& event);

v1::Rule ToWire(const Rule& version);

}  // namespace ieum::notify
