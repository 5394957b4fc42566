// Case conferences (사례회의) and what is on their agenda. Sources: domain.md §2 (states 4 and 5,
// who sees what of a case). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct Conference {
  base::Uuid id;
  v1::ConferenceState state = v1::CONFERENCE_STATE_PLANNED;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  absl::CivilDay day;                // once held, the day on which it was
  std::vector<base::Uuid> members;   // subjects, in order, each once
  absl::Time create_time, update_time;
};

enum class ConferenceStep {
  kReschedule,
  kSeat,  // other members
  kAdd,   // a case to its agenda
  kHold,
  kCancel,
  kDecide,  // about a case
};

// CONFERENCE_STATE where the state does not allow the step, saying which one does: what is planned
// moves, is filled, held or cancelled; what was held decides, and its members may change.
absl::Status CheckStep(const Conference& conference, ConferenceStep step);

// In order, each once. INVALID_FIELD blaming `conference.members` when one comes twice.
absl::StatusOr<std::vector<base::Uuid>> SeatsOf(std::vector<base::Uuid> members);

struct AgendaItem {
  base::Uuid id, conference_id, case_id;
  v1::AgendaItemState state = v1::AGENDA_ITEM_STATE_PENDING;
  v1::CaseClassification classification = v1::CASE_CLASSIFICATION_UNSPECIFIED;
  std::optional<absl::CivilDay> classified_day;
  std::string question, minutes;  // words; "" once she is erased
  absl::Time create_time, update_time;
};

// AGENDA_ITEM_STATE unless it is to be decided.
absl::Status CheckPending(const AgendaItem& item);

std::string ConferenceName(const base::Uuid& id);
std::string AgendaItemName(const base::Uuid& conference_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
