#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_columns.h"
#include "services/casemgmt/exports/held_groups.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "동료 집단(위윙크) 운영",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "종료 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kMemberships("held_group_memberships",
                                 HELD("m.id", "g.", "m.created_at", DAY("m.invited_date"))
                                     R"(g.label, g.programme, g.edition, m.state, m.invited_date,
         m.join_date, m.leave_date, m.leave_reason, m.completed_date,
         (SELECT string_agg(e.join_date || ' ~ ' || e.leave_date, ', ' ORDER BY e.joins)
          FROM group_member_time e WHERE e.member_id = m.id)
  FROM group_member m JOIN peer_group g ON g.id = m.group_id WHERE m.person_id = $1)");

const db::Statement kAttendances("held_group_attendances",
                                 HELD("t.id", "g.", "t.recorded_at", DAY("s.session_date"))
                                     R"(g.label, s.session_date, s.place, t.state
  FROM group_attendance t JOIN group_member m ON m.id = t.member_id
  JOIN group_session s ON s.id = t.session_id JOIN peer_group g ON g.id = t.group_id
  WHERE m.person_id = $1 AND t.state <> 0)");  // 0 was taken back: nothing is known of it

// Of who leads them: what she does, not with whom.
const db::Statement kLed("held_groups_led", HELD("g.id", "g.", "g.created_at", DAY("g.formed_date"))
                                                R"(g.label, g.programme, g.edition, g.state
  FROM peer_group g WHERE g.coach_person_id = $1)");

}  // namespace

std::vector<Held> HeldOfGroups() {
  return {
      kGround.Of("group_memberships", "동료 집단 참여", &kMemberships,
                 {Text("group", "집단"), Text("programme", "사업"), Text("edition", "연도"),
                  Word<v1::GroupMemberState>("state", "상태"), Text("invited_date", "초대일"),
                  Text("join_date", "참여일"), Text("leave_date", "탈퇴일"),
                  Word<v1::GroupLeaveReason>("leave_reason", "탈퇴 사유"),
                  Text("completed_date", "수료일"), Text("earlier_times", "이전 참여 기간")},
                 {"group_member.person_id"}),
      kGround.Of("group_attendances", "동료 집단 출석", &kAttendances,
                 {Text("group", "집단"), Text("session_date", "일자"), Text("place", "장소"),
                  Word<v1::GroupAttendanceState>("state", "출석")},
                 {}),
      kGround.Of("groups_led", "이끈 동료 집단", &kLed,
                 {Text("group", "집단"), Text("programme", "사업"), Text("edition", "연도"),
                  Word<v1::GroupState>("state", "상태")},
                 {"peer_group.coach_person_id"}),
  };
}

}  // namespace ieum::casemgmt
