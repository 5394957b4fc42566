// The table `agenda_item`: cases on the agendas of conferences. An item is there for whoever sees
// its case, and for whoever sits in the conference, who sees less of it (C36). Words are sealed
// with the key of the case's person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/assessments/instrument.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/conferences/conference.h"
#include "services/casemgmt/plans/plan.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {

// Without its words; the caller decides about its case.
std::optional<AgendaItem> FindAgendaItem(db::Tx& tx, const base::Uuid& conference_id,
                                         const base::Uuid& id);
// Cases that wait on the conference's agenda, in order.
std::vector<base::Uuid> PendingCases(db::Tx& tx, const base::Uuid& conference_id);
// False: the case waits on an agenda already.
bool InsertAgendaItem(db::Tx& tx, const SealedWords& sealed, const AgendaItem& item);
// State, decision and minutes.
void SaveAgendaItem(db::Tx& tx, const SealedWords& sealed, const AgendaItem& item);
// What waits on the agenda waits no more; its ids, by case.
std::vector<std::pair<base::Uuid, base::Uuid>> WithdrawAll(db::Tx& tx,
                                                           const base::Uuid& conference_id,
                                                           absl::Time now);
// The same for the one that waits of a case, if one does: its conference's id and its own.
std::optional<std::pair<base::Uuid, base::Uuid>> WithdrawPendingOf(db::Tx& tx,
                                                                   const base::Uuid& case_id,
                                                                   absl::Time now);

// An item as it is shown to somebody.
struct AgendaItemView {
  AgendaItem item;
  bool whole = false;  // the caller sees the case; else as a member of the conference
  absl::CivilDay conference_day;
  std::string case_number;
  std::optional<base::Uuid> person;  // only for those who may know
  v1::CaseState case_state = v1::CASE_STATE_UNSPECIFIED;
  v1::RiskLevel risk_level = v1::RISK_LEVEL_UNSPECIFIED;
  std::string primary_factor;
  std::optional<absl::CivilDay> intake_day;
  Severities severities;             // of the newest approved assessment
  std::vector<PlanAction> services;  // of the newest plan that was approved; without words
  bool anonymised = false;
  int64_t version = 0;  // of the case
};
// `now`: whether consents hold. nullopt = there is none for this caller.
absl::StatusOr<std::optional<AgendaItemView>> ReadAgendaItem(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach, absl::Time now,
                                                             const base::Uuid& conference_id,
                                                             const base::Uuid& id);

const filter::ListSpec& AgendaList();
// For whom the items are.
void WhereSeen(filter::ListQuery& query, const Reach& reach);
absl::StatusOr<filter::Cursor> ListAgenda(db::Tx& tx, const db::PersonKeys& keys,
                                          const Reach& reach, absl::Time now,
                                          const filter::ListQuery& query,
                                          std::vector<AgendaItemView>* views);

}  // namespace ieum::casemgmt
