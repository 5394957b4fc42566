// An edition of a programme: one year of it, with a plan of lines, targets and dates. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "platform/base/business_days.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// "programmes/BSN", and the aggregate's id, which follows from it.
std::string ProgrammeName(const std::string& code);
base::Uuid ProgrammeId(const std::string& code);
// The code in a name that the contract's pattern has let through.
std::string ProgrammeCodeIn(const std::string& name);

struct EditionKey {
  std::string programme, code;
};
// "programmes/BSN/editions/2023", its id, and the key in such a name.
std::string EditionName(const EditionKey& key);
base::Uuid EditionId(const EditionKey& key);
EditionKey EditionKeyIn(const std::string& name);

struct Edition {
  EditionKey key;
  int year = 0;
  int budget_year = 0;
  std::optional<base::Uuid> lead;
  std::optional<base::Uuid> manager;
  v1::EditionState state = v1::EDITION_STATE_PLANNED;
  v1::Edition plan;         // its lines alone, with days and ids of activities
  std::string copied_from;  // code; "" = none
  std::optional<absl::Time> approved_at;
  absl::Time created_at;
  absl::Time updated_at;
};

// Takes year, budget year and lines from the contract's message, named below "edition", and works
// the days of all rules out; every fault goes to `errors`: PLAN_CODE_TWICE, TARGET_INVALID,
// DATE_INVALID, DATE_ORDER, HOLIDAYS_UNKNOWN. Lead and manager are the commands' to read.
void TakePlan(const v1::Edition& wanted, const base::BusinessCalendar& calendar, Edition* edition,
              base::FieldErrors* errors);
// What a caller may change, as a message.
v1::Edition TermsOf(const Edition& edition);
// Paths of the terms that differ.
std::vector<std::string> ChangedTerms(const Edition& before, const Edition& after);

// Whether the edition may become `after`: EDITION_STATE for a closed one, and for another year once
// it is approved; TARGETS_APPROVED for another target then.
absl::Status CheckChange(const Edition& before, const Edition& after);

// The steps; a refusal changes nothing. EDITION_STATE, PLAN_EMPTY.
absl::Status Approve(Edition* edition, absl::Time now);
absl::Status Advance(Edition* edition, v1::EditionState state);

// The lines of the next edition, to be taken with TakePlan. INDICATOR_NOT_PLANNED blames those of
// `changed` that no line has.
v1::Edition CopiedTerms(const Edition& from, int year,
                        const google::protobuf::RepeatedPtrField<v1::ChangedTarget>& changed,
                        base::FieldErrors* errors);

// What events say of it.
v1::EditionFacts EditionFactsOf(const Edition& edition);
v1::PlanApproved ApprovalOf(const Edition& edition);
// Its activities, in the order of the plan.
std::vector<v1::ActivityFacts> ActivitiesOf(const Edition& edition);

}  // namespace ieum::registry
