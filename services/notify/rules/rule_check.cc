// Whether the terms of a rule can be put into force.
#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/notify/v1/errors.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"
#include "platform/filter/expression.h"
#include "platform/filter/match.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {
namespace {

using google::protobuf::Descriptor;

void CheckPath(const Descriptor* event, const std::string& path, const std::string& field,
               base::FieldErrors* errors) {
  if (event == nullptr || FindTextField(*event, path) != nullptr) return;
  errors->Add(v1::ERROR_REASON_FIELD_PATH_UNKNOWN, field,
              absl::StrCat(event->full_name(), " has no text at this path"));
}

// "appointment.person_id": a person's id by the words of the contracts.
bool NamesPerson(const std::string& path) {
  const std::string field = path.substr(path.rfind('.') + 1);
  return field == "person_id" || absl::EndsWith(field, "_person_id");
}

bool AsksForPerson(const filter::Expression& condition) {
  const auto& asked = condition.comparison;
  if (condition.kind == filter::Expression::Kind::kCompare) {
    return NamesPerson(asked.field()) && !asked.value.text.empty();
  }
  return std::any_of(condition.parts.begin(), condition.parts.end(), AsksForPerson);
}

// The plan shows subjects, and whether an event was planned for, to who may not see recipients: of
// an appointment that would tell who is a client. Events that are about a person by their own name
// tell nothing new.
void CheckTellsNobody(const v1::EventMatch& match, const filter::Expression& condition,
                      const Descriptor& event, const std::string& field,
                      base::FieldErrors* errors) {
  if (event.options().GetExtension(platform::v1::event).subject() == "persons/{person}") return;
  if (NamesPerson(match.subject_field())) {
    errors->Add(v1::ERROR_REASON_RULE_TELLS_PERSON, field + ".subject_field",
                absl::StrCat("must be the id of what happened: the plan of ", event.full_name(),
                             " tells nobody whom it is about"));
  }
  if (AsksForPerson(condition)) {
    errors->Add(v1::ERROR_REASON_RULE_TELLS_PERSON, field + ".condition",
                "must not ask for a certain person; whether there is one may be asked, as in "
                "person_id != \"\"");
  }
}

const Descriptor* CheckMatch(const v1::EventMatch& match, const std::string& field,
                             base::FieldErrors* errors) {
  const Descriptor* event = FindEventType(match.event_type());
  if (event == nullptr) {
    errors->Add(v1::ERROR_REASON_EVENT_TYPE_UNKNOWN, field + ".event_type",
                "no event that notify listens to has this name");
    return nullptr;
  }
  CheckPath(event, match.subject_field(), field + ".subject_field", errors);
  const auto condition = filter::Parse(match.condition(), field + ".condition");
  errors->Add(condition.status());
  if (condition.ok()) {
    errors->Add(filter::CheckFor(*condition, *event, field + ".condition"));
    CheckTellsNobody(match, *condition, *event, field, errors);
  }
  return event;
}

void CheckTiming(const v1::Rule& terms, base::FieldErrors* errors) {
  const v1::Timing& timing = terms.timing();
  if (!timing.anchor_field().empty()) return;
  const char* kReason = "a rule without an anchor is due at once";
  if (timing.offset_days() != 0) {
    errors->Add(v1::ERROR_REASON_TIMING_INVALID, "rule.timing.offset_days", kReason);
  }
  if (!timing.time_of_day().empty()) {
    errors->Add(v1::ERROR_REASON_TIMING_INVALID, "rule.timing.time_of_day", kReason);
  }
  if (terms.moves_on_size() > 0) {
    errors->Add(v1::ERROR_REASON_TIMING_INVALID, "rule.moves_on",
                "a rule without an anchor has no date that could move");
  }
}

void CheckMoves(const v1::Rule& terms, base::FieldErrors* errors) {
  for (int at = 0; at < terms.moves_on_size(); ++at) {
    const std::string field = absl::StrCat("rule.moves_on[", at, "]");
    const Descriptor* event = CheckMatch(terms.moves_on(at), field, errors);
    if (event == nullptr || terms.timing().anchor_field().empty()) continue;
    if (FindTextField(*event, terms.timing().anchor_field()) != nullptr) continue;
    errors->Add(v1::ERROR_REASON_FIELD_PATH_UNKNOWN, "rule.timing.anchor_field",
                absl::StrCat(event->full_name(), " has no text at this path"));
  }
}

void CheckWords(const v1::Rule& terms, base::FieldErrors* errors) {
  if (terms.law_class() == v1::LAW_CLASS_UNSPECIFIED) {
    errors->Add("INVALID_FIELD", "rule.law_class", "must be given");
  }
  if (terms.catch_up() == v1::CATCH_UP_POLICY_UNSPECIFIED) {
    errors->Add("INVALID_FIELD", "rule.catch_up", "must be given");
  }
  for (int at = 0; at < terms.channels_size(); ++at) {
    if (terms.channels(at) == v1::CHANNEL_EMAIL) continue;
    errors->Add("INVALID_FIELD", absl::StrCat("rule.channels[", at, "]"),
                "must be EMAIL: nothing is sent otherwise yet");
  }
}

// What the rule can give to a text.
std::set<std::string> Fills(const v1::Rule& terms, bool notice) {
  std::set<std::string> names;
  if (const Descriptor* event = FindEventType(terms.trigger().event_type())) {
    names = FactNames(*event);
  }
  if (!OrganizationFact(names).empty()) names.insert(kOrganization);
  names.insert({kPerson, kDueDate});
  if (!terms.timing().anchor_field().empty()) names.insert(kDate);
  if (notice) names.insert(kPreviousDate);
  return names;
}

std::vector<std::string> Unfilled(const Template& version, const v1::Rule& terms, bool notice) {
  const std::set<std::string> fills = Fills(terms, notice);
  std::vector<std::string> missing;
  for (const std::string& name : version.variables) {
    if (!fills.contains(name)) missing.push_back(name);
  }
  return missing;
}

// Why a message of this rule must not be worded by this template; empty = it may. An advertisement
// that went as a notice would ask no consent, and a notice that went as one would say nowhere what
// it is.
std::string Unfit(const Template& version, const v1::Rule& terms) {
  if (version.law_class != terms.law_class()) {
    return absl::StrCat("is ", v1::LawClass_Name(version.law_class), " and the rule is ",
                        v1::LawClass_Name(terms.law_class()));
  }
  for (const int channel : terms.channels()) {
    if (channel == version.channel) continue;
    return absl::StrCat("is worded for ", v1::Channel_Name(version.channel), " alone");
  }
  return "";
}

void CheckNamed(const v1::Rule& terms, const std::string& name,
                const std::optional<Template>& version, bool notice, base::FieldErrors* errors) {
  const std::string field = notice ? "rule.change_notice_template" : "rule.template";
  if (!version) {
    errors->Add(v1::ERROR_REASON_TEMPLATE_UNKNOWN, field,
                absl::StrCat("there is no ", name, "; define the template first"));
    return;
  }
  const bool kind_given = terms.law_class() != v1::LAW_CLASS_UNSPECIFIED;
  if (const std::string why = Unfit(*version, terms); kind_given && !why.empty()) {
    errors->Add(v1::ERROR_REASON_LAW_CLASS_MISMATCH, field, why);
  }
  const auto missing = Unfilled(*version, terms, notice);
  if (missing.empty()) return;
  errors->Add(v1::ERROR_REASON_TEMPLATE_VARIABLE_UNKNOWN, field,
              absl::StrCat("the rule does not fill ", absl::StrJoin(missing, ", ")));
}

}  // namespace

absl::Status CheckRule(const v1::Rule& terms, const NamedTemplates& templates) {
  base::FieldErrors errors;
  const Descriptor* trigger = CheckMatch(terms.trigger(), "rule.trigger", &errors);
  for (int at = 0; at < terms.audience_size(); ++at) {
    CheckPath(trigger, terms.audience(at), absl::StrCat("rule.audience[", at, "]"), &errors);
  }
  if (!terms.timing().anchor_field().empty()) {
    CheckPath(trigger, terms.timing().anchor_field(), "rule.timing.anchor_field", &errors);
  }
  CheckTiming(terms, &errors);
  CheckMoves(terms, &errors);
  for (int at = 0; at < terms.cancels_on_size(); ++at) {
    CheckMatch(terms.cancels_on(at), absl::StrCat("rule.cancels_on[", at, "]"), &errors);
  }
  CheckWords(terms, &errors);
  CheckNamed(terms, terms.template_(), templates.reminder, false, &errors);
  if (!terms.change_notice_template().empty()) {
    CheckNamed(terms, terms.change_notice_template(), templates.notice, true, &errors);
  }
  return errors.ToStatus();
}

absl::Status CheckStillFits(const Rule& rule, const Template& version) {
  const std::string name = TemplateName(version.code);
  if (const std::string why = Unfit(version, rule.terms); !why.empty()) {
    const bool other_kind = version.law_class != rule.terms.law_class();
    return base::InvalidField(
        v1::ERROR_REASON_LAW_CLASS_MISMATCH, other_kind ? "template.law_class" : "template.channel",
        absl::StrCat(why, ": ", RuleName(rule.code), " uses it; make another template"));
  }
  std::vector<std::string> missing;
  if (rule.terms.template_() == name) missing = Unfilled(version, rule.terms, false);
  if (missing.empty() && rule.terms.change_notice_template() == name) {
    missing = Unfilled(version, rule.terms, true);
  }
  if (missing.empty()) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_TEMPLATE_VARIABLE_UNKNOWN, "template",
                            absl::StrCat(RuleName(rule.code), " uses it and does not fill ",
                                         absl::StrJoin(missing, ", ")));
}

}  // namespace ieum::notify
