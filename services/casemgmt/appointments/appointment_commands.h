// The use cases of appointments. They are parts of other use cases, which lock the appointments'
// ids together with their own aggregates; whose it is and where is theirs to check.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/appointments/appointment.h"

namespace ieum::casemgmt {

struct AppointmentInput {
  base::Uuid id;      // of a new one; nothing that is told leads to it
  base::Uuid person;  // who is expected
  absl::Time start, end;
  std::optional<base::Uuid> centre;
  std::optional<base::Uuid> host = std::nullopt;  // who expects her, and is written to as well
  // What it is for, one of them: who sees that sees the appointment. Nobody is told.
  std::optional<base::Uuid> case_id = std::nullopt, group = std::nullopt;
};
// Writes and tells (AppointmentBooked). Nothing happens when it is there already. PERSON_ERASED,
// and nothing is written, when her data were destroyed: call it before the first write.
absl::Status BookAppointment(ledger::UnitOfWork& work, const AppointmentInput& input);

// Each changes nothing where there is no such appointment, it stands so already, or nothing is to
// be told of it any more: what it is for decides. A time in the past moves it, too.
void MoveAppointment(ledger::UnitOfWork& work, const base::Uuid& id, absl::Time start,
                     absl::Time end, const std::optional<base::Uuid>& host);
// She is expected by that centre from now on, and by that person of it (AppointmentMoved).
void GiveAppointment(ledger::UnitOfWork& work, const base::Uuid& id,
                     const std::optional<base::Uuid>& centre,
                     const std::optional<base::Uuid>& host);
void CancelAppointment(ledger::UnitOfWork& work, const base::Uuid& id);
// Whether she came; the last word counts.
void KeepAppointment(ledger::UnitOfWork& work, const base::Uuid& id);
void MissAppointment(ledger::UnitOfWork& work, const base::Uuid& id);

// An erased person's appointments name nobody any more (erasures/forgetting.h): they are locked,
// and nobody writes about her.
absl::Status ForgetAppointmentsOf(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
