#include "tests/integration/casemgmt/activity_world.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"

namespace ieum::casemgmt::testing {

absl::CivilDay Day(const std::string& text) { return *base::ParseDay(text, "day"); }

base::Uuid Activities::Entered(const std::string& day, const std::optional<base::Uuid>& parent,
                               int capacity) {
  return IdOf(world_.Do([&](auto& work) {
    return EnterActivity(work, {.parent = parent,
                                .kind = v1::ACTIVITY_KIND_MEETING,
                                .programme = "BSN",
                                .edition = "2023",
                                .line_code = "BSN-1",
                                .start = Day(day),
                                .end = Day(day),
                                .label = "추진단 협의회",
                                .capacity = capacity});
  }));
}

base::Uuid Activities::Confirmed(const std::string& day) {
  const base::Uuid activity = Entered(day);
  IdOf(world_.Do([&](auto& work) { return ConfirmActivity(work, {.activity_id = activity}); }));
  return activity;
}

base::Uuid Activities::Invited(const base::Uuid& activity, const Attendee& who) {
  return IdOf(world_.Do([&](auto& work) {
    return Invite(work, {.activity = {.activity_id = activity}, .who = who});
  }));
}

absl::StatusOr<ledger::Answer> Activities::Came(const base::Uuid& activity, const Attendee& who) {
  return world_.Do([&](auto& work) {
    return CheckIn(work, {.activity = {.activity_id = activity}, .who = who});
  });
}

absl::StatusOr<ledger::Answer> Activities::Answered(const base::Uuid& activity,
                                                    const base::Uuid& entry,
                                                    v1::InvitationAnswer answer) {
  return world_.Do([&](auto& work) {
    return Answer(work, {.activity = {.activity_id = activity}, .attendance_id = entry}, answer);
  });
}

absl::StatusOr<ledger::Answer> Activities::Retracted(const base::Uuid& activity,
                                                     const base::Uuid& entry) {
  return world_.Do([&](auto& work) {
    return Retract(work, {.activity = {.activity_id = activity}, .attendance_id = entry},
                   v1::ATTENDANCE_CORRECTION_WRONG_PERSON);
  });
}

absl::StatusOr<ledger::Answer> Activities::Held(const base::Uuid& activity, const HoldInput& held) {
  return world_.Do([&](auto& work) { return HoldActivity(work, {.activity_id = activity}, held); });
}

namespace {

template <class View, class ReadView>
View MustRead(db::Database& database, ReadView read) {
  std::optional<View> view;
  EXPECT_TRUE(database
                  .Read("test_read",
                        [&](db::Tx& tx) {
                          view = read(tx);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(view.has_value());
  return view.value_or(View());
}

}  // namespace

ActivityView Activities::View(const base::Uuid& activity) {
  return MustRead<ActivityView>(world_.database(), [&](db::Tx& tx) {
    return ReadActivity(tx, base::Scope::Everywhere(), activity);
  });
}

AttendanceView Activities::Entry(const base::Uuid& activity, const base::Uuid& entry) {
  return MustRead<AttendanceView>(world_.database(), [&](db::Tx& tx) {
    return ReadAttendance(tx, base::Scope::Everywhere(), activity, entry);
  });
}

}  // namespace ieum::casemgmt::testing
