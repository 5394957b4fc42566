#include "services/registry/programmes/edition.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/message_differencer.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

using google::protobuf::util::MessageDifferencer;

const base::Uuid kProgrammes = *base::Uuid::Parse("5e0a7d36-9b1c-8c52-8d4f-2f6a90c7b1e4");
const base::Uuid kEditions = *base::Uuid::Parse("c2f4b8a1-6d3e-8a70-9e15-7b04d9326f58");

absl::Status WrongState(const Edition& edition, std::string_view what) {
  const std::string state = v1::EditionState_Name(edition.state);
  return base::Forbidden(v1::ERROR_REASON_EDITION_STATE,
                         absl::StrCat("the edition is in ", state, "; ", std::string(what)),
                         {{"edition", EditionName(edition.key)}, {"state", state}});
}

std::string Text(const std::optional<base::Uuid>& id) { return id ? id->ToString() : ""; }

bool SameTargets(const Edition& before, const Edition& after) {
  return MessageDifferencer::Equals(ApprovalOf(before), ApprovalOf(after));
}

v1::ActivityFacts ActivityOf(const v1::ActivityLine& line, const v1::PlannedDate& date) {
  v1::ActivityFacts activity;
  activity.set_activity_id(date.activity_id());
  activity.set_line_code(line.code());
  activity.set_activity_key(date.key());
  activity.set_kind(date.kind());
  activity.set_task(line.task());
  activity.set_start_date(date.start_date());
  activity.set_end_date(date.end_date());
  activity.set_label(line.display_name());
  activity.set_label_en(line.display_name_en());
  activity.set_campaign_code(line.campaign());
  return activity;
}

}  // namespace

std::string ProgrammeName(const std::string& code) { return absl::StrCat("programmes/", code); }

base::Uuid ProgrammeId(const std::string& code) { return base::Uuid::Derive(kProgrammes, code); }

std::string ProgrammeCodeIn(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  return parts.size() > 1 ? parts[1] : "";
}

std::string EditionName(const EditionKey& key) {
  return absl::StrCat(ProgrammeName(key.programme), "/editions/", key.code);
}

base::Uuid EditionId(const EditionKey& key) {
  return base::Uuid::Derive(kEditions, EditionName(key));
}

EditionKey EditionKeyIn(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  return {ProgrammeCodeIn(name), parts.size() > 3 ? parts[3] : ""};
}

v1::Edition TermsOf(const Edition& edition) {
  v1::Edition terms = edition.plan;
  terms.set_year(edition.year);
  terms.set_budget_year(edition.budget_year);
  if (edition.lead) terms.set_lead_organization(OrganizationName(*edition.lead));
  if (edition.manager) terms.set_manager(absl::StrCat("persons/", edition.manager->ToString()));
  return terms;
}

std::vector<std::string> ChangedTerms(const Edition& before, const Edition& after) {
  std::vector<std::string> paths;
  if (before.year != after.year) paths.push_back("year");
  if (before.budget_year != after.budget_year) paths.push_back("budget_year");
  if (before.lead != after.lead) paths.push_back("lead_organization");
  if (before.manager != after.manager) paths.push_back("manager");
  if (!MessageDifferencer::Equals(before.plan, after.plan)) paths.push_back("lines");
  return paths;
}

absl::Status CheckChange(const Edition& before, const Edition& after) {
  if (before.state == v1::EDITION_STATE_CLOSED) {
    return WrongState(before, "its plan cannot change any more");
  }
  if (before.state == v1::EDITION_STATE_PLANNED) return absl::OkStatus();
  if (before.year != after.year) {
    return WrongState(before, "its year changes before the approval only");
  }
  if (SameTargets(before, after)) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_TARGETS_APPROVED,
      "the plan is approved: its targets are changed in reporting, with SetTarget",
      {{"edition", EditionName(before.key)}});
}

absl::Status Approve(Edition* edition, absl::Time now) {
  if (edition->state != v1::EDITION_STATE_PLANNED) {
    return WrongState(*edition, "only a planned one can be approved");
  }
  if (edition->plan.lines().empty()) {
    return base::Forbidden(v1::ERROR_REASON_PLAN_EMPTY, "a plan without lines approves nothing",
                           {{"edition", EditionName(edition->key)}});
  }
  edition->state = v1::EDITION_STATE_APPROVED;
  edition->approved_at = now;
  return absl::OkStatus();
}

absl::Status Advance(Edition* edition, v1::EditionState state) {
  const bool approved = edition->state != v1::EDITION_STATE_PLANNED;
  if (!approved || state != edition->state + 1) {
    return WrongState(
        *edition, approved ? "it can take the next step only" : "it is approved before it goes on");
  }
  edition->state = state;
  return absl::OkStatus();
}

v1::EditionFacts EditionFactsOf(const Edition& edition) {
  v1::EditionFacts facts;
  facts.set_programme(edition.key.programme);
  facts.set_edition(edition.key.code);
  facts.set_year(edition.year);
  facts.set_budget_year(edition.budget_year);
  facts.set_state(edition.state);
  facts.set_lead_organization_id(Text(edition.lead));
  facts.set_manager_person_id(Text(edition.manager));
  return facts;
}

v1::PlanApproved ApprovalOf(const Edition& edition) {
  v1::PlanApproved approval;
  for (const v1::ActivityLine& line : edition.plan.lines()) {
    for (const v1::PlannedTarget& planned : line.targets()) {
      v1::ApprovedTarget& target = *approval.add_targets();
      target.set_indicator_code(planned.indicator());
      target.set_value(planned.value());
      target.set_position(planned.position());
      target.set_area(line.area());
      target.set_line_code(line.code());
      target.set_unit(planned.unit());
      target.set_counting_moment(planned.moment());
    }
  }
  return approval;
}

std::vector<v1::ActivityFacts> ActivitiesOf(const Edition& edition) {
  std::vector<v1::ActivityFacts> activities;
  for (const v1::ActivityLine& line : edition.plan.lines()) {
    for (const v1::PlannedDate& date : line.dates()) activities.push_back(ActivityOf(line, date));
  }
  return activities;
}

}  // namespace ieum::registry
