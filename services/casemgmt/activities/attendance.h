// Somebody on the list of an activity: who is asked, what they said, whether they came. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Entries of one list at most: each of them is told when its activity moves.
inline constexpr int kListedMax = 2000;

// Who it is: a person, an organization, or a person who comes from one.
struct Attendee {
  std::optional<base::Uuid> person, organization;
};

struct Attendance {
  base::Uuid id;
  base::Uuid activity_id;
  Attendee who;  // without a person when it is anonymised
  v1::AttendanceRole role = v1::ATTENDANCE_ROLE_PARTICIPANT;
  bool walk_in = false;
  v1::InvitationAnswer answer = v1::INVITATION_ANSWER_UNSPECIFIED;
  std::optional<absl::Time> answer_time, check_in_time;
  std::optional<absl::CivilDay> attended_day;  // present with check_in_time
  bool anonymised = false;
  int attended_duration = 0;         // minutes of a training; 0 = not known
  std::optional<base::Uuid> centre;  // the activity's
  absl::Time create_time, update_time;

  bool came() const { return check_in_time.has_value(); }
};

// Of one list.
struct ListCounts {
  int listed = 0, yes = 0;
  int attended = 0;  // entries that came
  int persons = 0;   // people among them, one whose records were merged once
  int organizations = 0;
};

// INVALID_FIELD blaming `person` when neither a person nor an organization is given.
absl::Status CheckAttendee(const Attendee& who);

// ATTENDEE_LIMIT when the list holds as many as it can.
absl::Status CheckListed(const ListCounts& counts);

// ACTIVITY_FULL when one more yes is more than `capacity` (0 = without limit).
absl::Status CheckPlaces(int capacity, int yes);

// ATTENDANCE_STATE when they have come: what they would do is known.
absl::Status CheckCanAnswer(const Attendance& attendance);

// ATTENDANCE_STATE when they have not come.
absl::Status CheckCame(const Attendance& attendance);

// ATTENDANCE_MISSING unless somebody came, or was counted without a name.
absl::Status CheckSomebodyCame(int attended, int counted);

std::string AttendanceName(const base::Uuid& activity_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
