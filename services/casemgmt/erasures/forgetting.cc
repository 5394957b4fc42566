#include "services/casemgmt/erasures/forgetting.h"

#include <algorithm>
#include <utility>

#include "platform/base/status.h"
#include "services/casemgmt/activities/attendance_commands.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/appointments/appointment_store.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/cases/case_forget.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/transfers/transfer_commands.h"

namespace ieum::casemgmt {
namespace {

// One line a room; cases go last, because the others find hers by her.
constexpr Forgets kRooms[] = {
    {AttendancesTouched, Anonymise},        {MembershipsTouched, ForgetMembershipsOf},
    {AppointmentsOf, ForgetAppointmentsOf}, {CasesTouched, ForgetReferralsOf},
    {CasesTouched, ForgetTransfersOf},      {AttachmentsTouched, ForgetAttachmentsOf},
    {CasesTouched, ForgetCasesOf},
};

std::vector<base::Uuid> Touched(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const Forgets& room : kRooms) {
    const auto of_room = room.touched(tx, person);
    ids.insert(ids.end(), of_room.begin(), of_room.end());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

absl::Status ForgetPerson(ledger::UnitOfWork& work, const base::Uuid& person) {
  const auto touched = Touched(work.tx(), person);
  // Herself, too: she is what a command's answer is about, even when nothing of hers is told.
  std::vector<base::Uuid> locked = touched;
  locked.push_back(person);
  work.Lock(std::move(locked));
  WaitForWriters(work.tx(), person);
  // What was written between the look and the locks is found by running again.
  if (Touched(work.tx(), person) != touched) db::Conflict();
  for (const Forgets& room : kRooms) RETURN_IF_ERROR(room.forget(work, person));
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
