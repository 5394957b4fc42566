#include "services/casemgmt/activities/attendance.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/activity.h"

namespace ieum::casemgmt {

absl::Status CheckAttendee(const Attendee& who) {
  if (who.person || who.organization) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "person",
                            "or the organization must be given: one of them comes");
}

absl::Status CheckListed(const ListCounts& counts) {
  if (counts.listed < kListedMax) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTENDEE_LIMIT,
                         absl::StrCat("a list holds ", kListedMax,
                                      " entries; count the others without names, or divide the "
                                      "activity into parts"),
                         {{"limit", absl::StrCat(kListedMax)}});
}

absl::Status CheckPlaces(int capacity, int yes) {
  if (capacity == 0 || yes <= capacity) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ACTIVITY_FULL,
                         absl::StrCat("the activity has ", capacity,
                                      " places, and all are promised; raise its capacity, or "
                                      "answer no or maybe"),
                         {{"capacity", absl::StrCat(capacity)}});
}

absl::Status CheckCanAnswer(const Attendance& attendance) {
  if (!attendance.came()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTENDANCE_STATE,
                         "who has come does not answer any more; take the attendance back first "
                         "if it was a mistake");
}

absl::Status CheckCame(const Attendance& attendance) {
  if (attendance.came()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTENDANCE_STATE,
                         "nobody is recorded to have come under this entry");
}

absl::Status CheckSomebodyCame(int attended, int counted) {
  if (attended > 0 || counted > 0) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTENDANCE_MISSING,
                         "nobody is recorded to have come; record who did, or how many");
}

std::string AttendanceName(const base::Uuid& activity_id, const base::Uuid& id) {
  return absl::StrCat(ActivityName(activity_id), "/attendances/", id.ToString());
}

}  // namespace ieum::casemgmt
