#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_columns.h"
#include "services/casemgmt/exports/held_sessions.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "통합사례관리 상담",
                                       .basis = "개인정보 보호법 제15조 제1항, 제23조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kSessions("held_sessions", HELD("s.id", "c.", "s.created_at", "s.start_time")
                                                   R"(s.type, s.channel, s.state, s.service_date,
         s.minutes, s.goal_box, s.outcome, s.absence, s.cancel_reason, s.next_date
  FROM case_session s JOIN casefile c ON c.id = s.case_id WHERE c.person_id = $1)");

const db::Statement kNotes("held_session_notes", HELD("n.id", "c.", "n.created_at", "n.created_at")
                                                     R"(s.service_date, n.sensitivity, n.text_box
  FROM session_note n JOIN case_session s ON s.id = n.session_id
  JOIN casefile c ON c.id = s.case_id WHERE c.person_id = $1)");

// Of who held it: what she did, not with whom.
const db::Statement kConducted("held_sessions_conducted",
                               HELD("s.id", "c.", "s.created_at", "s.start_time")
                                   R"(s.type, s.state, s.service_date, s.minutes
  FROM case_session s JOIN casefile c ON c.id = s.case_id WHERE s.provider_id = $1)");

const db::Statement kAppointments("held_appointments",
                                  HELD("p.id", "p.", "p.created_at", "p.start_time")
                                      R"(p.appointment_date, p.state
  FROM appointment p WHERE p.person_id = $1)");

const db::Statement kHosted("held_appointments_hosted",
                            HELD("p.id", "p.", "p.created_at", "p.start_time")
                                R"(p.appointment_date, p.state
  FROM appointment p WHERE p.host_id = $1)");

}  // namespace

std::vector<Held> HeldOfSessions() {
  return {
      kGround.Of(
          "sessions", "상담 회기", &kSessions,
          {Word<v1::SessionType>("type", "유형"), Word<v1::SessionChannel>("channel", "방법"),
           Word<v1::SessionState>("state", "상태"), Text("service_date", "일자"),
           Text("minutes", "분"), Sealed("session_goal", "목표"),
           Word<v1::SessionOutcome>("outcome", "결과"), Word<v1::SessionAbsence>("absence", "불참"),
           Word<v1::SessionCancelReason>("cancel_reason", "취소 사유"),
           Text("next_date", "다음 일자")},
          {}),
      kGround.Of("session_notes", "상담 기록", &kNotes,
                 {Text("service_date", "일자"), Word<v1::NoteSensitivity>("sensitivity", "민감도"),
                  Sealed("session_note", "내용")},
                 {}),
      kGround.Of("sessions_conducted", "진행한 상담", &kConducted,
                 {Word<v1::SessionType>("type", "유형"), Word<v1::SessionState>("state", "상태"),
                  Text("service_date", "일자"), Text("minutes", "분")},
                 {"case_session.provider_id"}),
      kGround.Of("appointments", "예약", &kAppointments,
                 {Text("appointment_date", "일자"), Word<v1::AppointmentState>("state", "상태")},
                 {"appointment.person_id"}),
      kGround.Of("appointments_hosted", "맡은 예약", &kHosted,
                 {Text("appointment_date", "일자"), Word<v1::AppointmentState>("state", "상태")},
                 {"appointment.host_id"}),
  };
}

}  // namespace ieum::casemgmt
