// The tables `enrolment`, `enrolment_transition` and `withdrawn_application`. An enrolment of a
// centre that the scope does not hold is as if it were not there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/enrolments/enrolment.h"

namespace ieum::registry {

std::optional<Enrolment> FindEnrolment(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// In the order of their ids in the line.
std::vector<Enrolment> FindEnrolments(db::Tx& tx, const base::Scope& scope,
                                      const std::vector<base::Uuid>& ids);

// Writes the enrolment and those of its steps that are not yet stored.
void PutEnrolment(db::Tx& tx, const base::Scope& scope, const Enrolment& enrolment);

// Writes for whom a person is counted.
void SaveEmployer(db::Tx& tx, const base::Scope& scope, const Enrolment& enrolment);

// Whether who asks for this enrolment has one in the campaign that lives or has lived to the end.
bool IsEnrolled(db::Tx& tx, const Enrolment& enrolment);

// The first `limit` enrolments that wait, in line; these (if any) left out.
std::vector<base::Uuid> FirstInLine(db::Tx& tx, const base::Uuid& campaign, int64_t limit,
                                    const std::vector<base::Uuid>& except = {});

// Where an enrolment is.
struct EnrolmentPlace {
  base::Uuid id;
  base::Uuid campaign_id;
};
std::optional<EnrolmentPlace> FindByApplication(db::Tx& tx, const base::Uuid& application);
// Those of an organization that wait, were offered a seat, or are confirmed.
std::vector<EnrolmentPlace> WaitingAndConfirmedOf(db::Tx& tx, const base::Uuid& organization);

// All of a person, in every campaign and state.
std::vector<EnrolmentPlace> EnrolmentsOf(db::Tx& tx, const base::Uuid& person);

// Offers that ended at `now` or before and nobody has written that down, the longest ended first.
struct EndedOffer {
  EnrolmentPlace place;
  absl::Time end;
};
std::vector<EndedOffer> EndedOffers(db::Tx& tx, absl::Time now, int limit);
int64_t CountEndedOffers(db::Tx& tx, absl::Time now);

// Forms taken back before their receipt was heard of.
void KeepWithdrawnApplication(db::Tx& tx, const base::Uuid& application, absl::CivilDay withdrawn,
                              absl::Time now);
std::optional<absl::CivilDay> FindWithdrawnApplication(db::Tx& tx, const base::Uuid& application);

// An enrolment as answered; the steps come apart, with AddSteps.
struct EnrolmentView {
  Enrolment enrolment;
  int64_t version = 0;
  int waiting_position = 0;        // 0 = does not wait
  std::string programme, edition;  // the campaign's
};
const filter::ListSpec& EnrolmentList();
EnrolmentView ReadEnrolmentView(const db::Row& row);
void AddSteps(db::Tx& tx, std::vector<EnrolmentView>* views);

// The list as it was known at the instant, by the transitions; contact, consultant and employer are
// those of now. Steps and places in the line come apart, with AddStepsThen.
filter::ListSpec EnrolmentListThen(absl::Time instant);

}  // namespace ieum::registry
