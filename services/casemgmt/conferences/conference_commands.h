// The use cases of case conferences and of what is on their agenda. Each is given a transaction,
// decides, and only then writes; the errors are those that ConferenceService promises. A conference
// is an aggregate of its own; an agenda item is a part of its case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/conferences/conference.h"

namespace ieum::casemgmt {

struct ScheduleConferenceInput {
  std::optional<base::Uuid> conference_id;  // absent = derived from the request
  std::optional<base::Uuid> centre;  // as wished; absent = the only one of the caller, or the suite
  absl::CivilDay day;
  std::vector<base::Uuid> members;
};
absl::StatusOr<ledger::Done> ScheduleConference(ledger::UnitOfWork& work,
                                                const ScheduleConferenceInput& input);

struct ConferenceInput {
  base::Uuid conference_id;
  std::string etag;
};
// Absent = stays.
absl::StatusOr<ledger::Done> ChangeConference(
    ledger::UnitOfWork& work, const ConferenceInput& input,
    const std::optional<absl::CivilDay>& day,
    const std::optional<std::vector<base::Uuid>>& members);
absl::StatusOr<ledger::Done> HoldConference(ledger::UnitOfWork& work, const ConferenceInput& input,
                                            const std::optional<absl::CivilDay>& held);
// What waits on its agenda is taken off it.
absl::StatusOr<ledger::Done> CancelConference(ledger::UnitOfWork& work,
                                              const ConferenceInput& input);

// In agenda_commands.cc. The case of an item is its own; `of.case_id` is set by the command.

struct AddAgendaItemInput {
  CaseInput of;
  base::Uuid conference_id;
  std::string question;  // words
};
absl::StatusOr<ledger::Done> AddAgendaItem(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const AddAgendaItemInput& input);

struct AgendaItemInput {
  CaseInput of;
  base::Uuid conference_id, item_id;
};
absl::StatusOr<ledger::Done> WithdrawAgendaItem(ledger::UnitOfWork& work,
                                                const db::PersonKeys& keys,
                                                const AgendaItemInput& input);
// A part of what ends a case or gives it away, which holds its lock: it waits on no agenda any
// more.
void TakeOffAgendas(ledger::UnitOfWork& work, const Case& c);

struct ClassifyInput {
  v1::CaseClassification classification = v1::CASE_CLASSIFICATION_UNSPECIFIED;
  std::string minutes;  // words
};
absl::StatusOr<ledger::Done> ClassifyCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const AgendaItemInput& input,
                                          const ClassifyInput& decided);

}  // namespace ieum::casemgmt
