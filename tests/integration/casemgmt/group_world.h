// Peer groups in a test: people who have consented, and shorthands for what coaches do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

struct GroupWish {
  std::string code;
  int min_members = 2, max_members = 10;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  std::optional<base::Uuid> coach = base::Uuid::NewV7();
  std::optional<base::Uuid> coach_subject, maker_subject;
};

using Attendances = std::map<base::Uuid, v1::GroupAttendanceState>;  // by member
inline constexpr auto kCame = v1::GROUP_ATTENDANCE_STATE_PRESENT;
inline constexpr auto kExcused = v1::GROUP_ATTENDANCE_STATE_EXCUSED;
inline constexpr auto kMissed = v1::GROUP_ATTENDANCE_STATE_UNEXCUSED;

class Groups {
 public:
  explicit Groups(World& world) : world_(world), keys_(world.vault()) {}

  base::Uuid NewPerson(bool consents = true);
  absl::StatusOr<ledger::Answer> Form(const GroupWish& wish);
  // `day`: of the step; today where it is not given.
  using Day = std::optional<absl::CivilDay>;
  absl::StatusOr<ledger::Answer> Invite(const base::Uuid& group, const base::Uuid& person,
                                        Day day = {});
  absl::StatusOr<ledger::Answer> Join(const base::Uuid& group, const base::Uuid& member,
                                      Day day = {});
  absl::StatusOr<ledger::Answer> Leave(const base::Uuid& group, const base::Uuid& member,
                                       Day day = {});
  // 90 minutes each, from `start` ("2024-06-24 19:00" in Korea).
  absl::StatusOr<ledger::Answer> Plan(const base::Uuid& group, const std::string& rule,
                                      const std::string& start,
                                      const std::vector<std::string>& except = {});
  absl::StatusOr<ledger::Answer> Open(const base::Uuid& group);
  absl::StatusOr<ledger::Answer> Start(const base::Uuid& group);
  absl::StatusOr<ledger::Answer> Complete(const base::Uuid& group, Day day = {});
  absl::StatusOr<ledger::Answer> Cancel(const base::Uuid& group, Day day = {});
  absl::StatusOr<ledger::Answer> Merge(const base::Uuid& group, const base::Uuid& into);
  absl::StatusOr<ledger::Answer> Move(const base::Uuid& group, const base::Uuid& session,
                                      const std::string& start);
  absl::StatusOr<ledger::Answer> CancelSession(const base::Uuid& group, const base::Uuid& session);
  // `attendances`: of those who did not simply come.
  absl::StatusOr<ledger::Answer> Hold(const base::Uuid& group, const base::Uuid& session,
                                      const Attendances& attendances = {});
  absl::StatusOr<ledger::Answer> TakeBack(const base::Uuid& group, const base::Uuid& session);
  absl::StatusOr<ledger::Answer> Record(const base::Uuid& group, const base::Uuid& session,
                                        const base::Uuid& member, v1::GroupAttendanceState state);
  absl::StatusOr<ledger::Answer> Log(const base::Uuid& group, const base::Uuid& session,
                                     const std::string& text, bool take_out_earlier = false);

  // Shorthands that must succeed.
  base::Uuid Formed(const GroupWish& wish = {}) { return IdOf(Form(wish)); }
  base::Uuid Joined(const base::Uuid& group, const base::Uuid& person);
  base::Uuid Joined(const base::Uuid& group) { return Joined(group, NewPerson()); }
  // Of so many members, with sessions once a week from `start`; it meets.
  base::Uuid Running(int members, int sessions, const std::string& start,
                     const GroupWish& wish = {});
  // The clock goes to its end, and it is held.
  void Held(const base::Uuid& group, const base::Uuid& session,
            const Attendances& attendances = {});

  GroupView View(const base::Uuid& group);
  GroupMemberView Member(const base::Uuid& group, const base::Uuid& member);
  std::vector<base::Uuid> Members(const base::Uuid& group);     // in order of their ids
  std::vector<GroupSession> Sessions(const base::Uuid& group);  // in order of time
  base::Uuid Session(const base::Uuid& group, size_t at) { return Sessions(group).at(at).id; }
  // How many events of this type the group has; the last of them.
  int Count(const base::Uuid& group, const std::string& type);
  template <class Event>
  Event Last(const base::Uuid& group);
  // "BOOKED:3 CANCELLED:2" of all appointments of the person.
  std::string AppointmentsOf(const base::Uuid& person);

 private:
  GroupInput Of(const base::Uuid& group, Day day = {}) {
    return {.group_id = group, .etag = {}, .reach = Reach::Everything(), .day = day};
  }

  World& world_;
  db::PersonKeys keys_;
};

template <class Event>
Event Groups::Last(const base::Uuid& group) {
  Event last;
  for (const Told& told : world_.EventsOf(group)) {
    if (told.type == Event::descriptor()->name()) last = told.As<Event>();
  }
  return last;
}

}  // namespace ieum::casemgmt::testing
