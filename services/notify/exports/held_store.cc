#include "ieum/notify/v1/types.pb.h"
#include "platform/personal_data/accesses.h"
#include "services/notify/exports/holdings.h"

namespace ieum::notify {
namespace {

using personal_data::Column;
using personal_data::Held;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "안내 및 알림의 발송과 증명",
                                       .basis = "개인정보 보호법 제15조 제1항, 정보통신망법 제50조",
                                       .retention = "발송 후 5년"};

const db::Statement kMessages("held_messages", R"(
  SELECT m.id::text AS key, m.centre_id,
         ($2::boolean OR m.centre_id = ANY($3::uuid[])) AS seen, m.created_at AS recorded_at,
         m.due_at AS from_at, NULL::timestamptz AS until_at,
         m.rule_code, m.template_code || ' ' || m.template_version, m.kind, m.channel, m.law_class,
         m.due_date, m.state, m.suppression_reason, m.language, m.receipt_id, m.attempt_count,
         to_char(m.handed_over_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"'),
         m.facts::text
  FROM message m WHERE m.person_id = $1)");

const db::Statement kSteps("held_message_steps", R"(
  SELECT s.message_id || '/' || lpad(s.place::text, 9, '0') AS key, m.centre_id,
         ($2::boolean OR m.centre_id = ANY($3::uuid[])) AS seen, s.recorded_at,
         s.at AS from_at, NULL::timestamptz AS until_at, s.message_id, s.state, s.detail::text
  FROM message m JOIN message_step s ON s.message_id = m.id WHERE m.person_id = $1)");

const db::Statement kReminders("held_reminders", R"(
  SELECT r.id::text AS key, r.centre_id,
         ($2::boolean OR r.centre_id = ANY($3::uuid[])) AS seen, r.created_at AS recorded_at,
         r.opened_at AS from_at, NULL::timestamptz AS until_at,
         r.rule_code, r.channel, r.due_date, r.state, r.skip_reason
  FROM reminder r WHERE r.persons @> ARRAY[$1::uuid])");

const db::Statement kNotices("held_change_notices", R"(
  SELECT n.template_code || '/' || n.event_id AS key, r.centre_id,
         ($2::boolean OR r.centre_id = ANY($3::uuid[])) AS seen, NULL::timestamptz AS recorded_at,
         (n.due_date::timestamp AT TIME ZONE 'Asia/Seoul') AS from_at, NULL::timestamptz AS until_at,
         n.rule_code, n.template_code, n.due_date
  FROM change_notice n JOIN reminder r ON r.id = n.reminder_id WHERE n.person_id = $1)");

std::vector<Column> MessageColumns() {
  return {Text("rule", "알림 규칙"),
          Text("template", "문안"),
          Word<v1::MessageKind>("kind", "종류"),
          Word<v1::Channel>("channel", "수단"),
          Word<v1::LawClass>("law_class", "법적 구분"),
          Text("due_date", "발송 예정일"),
          Word<v1::MessageState>("state", "상태"),
          Word<v1::SuppressionReason>("suppression_reason", "보내지 않은 사유"),
          Text("language", "언어"),
          Text("receipt", "연락처 이용 번호"),
          Text("attempt_count", "시도 횟수"),
          Text("handed_over_at", "발송 시각"),
          Text("facts", "문안에 쓰인 사실")};
}

}  // namespace

personal_data::Holdings HeldByNotify() {
  return {
      .kinds = {kGround.Of("messages", "보낸 알림", &kMessages, MessageColumns(),
                           {"message.person_id"}),
                kGround.Of("message_steps", "알림의 경과", &kSteps,
                           {Text("message", "알림 번호"), Word<v1::MessageState>("state", "상태"),
                            Text("detail", "판단에 쓰인 사실")},
                           {}),
                kGround.Of("reminders", "예정된 알림", &kReminders,
                           {Text("rule", "알림 규칙"), Word<v1::Channel>("channel", "수단"),
                            Text("due_date", "예정일"), Word<v1::ReminderState>("state", "상태"),
                            Word<v1::SkipReason>("skip_reason", "생략 사유")},
                           {"reminder.persons"}),
                kGround.Of("change_notices", "변경 알림", &kNotices,
                           {Text("rule", "알림 규칙"), Text("template", "문안"),
                            Text("due_date", "예정일")},
                           {"change_notice.person_id"}),
                personal_data::AccessesForTheSuite()},
      .silences = {
          {"reminder_signal.persons", "of a reminder that is told once it is planned"},
          {"person_erasure.person_id", "of who was erased; the proof is told instead of records"},
          {"person_key.person_id", "a key, under which nothing is sealed here"},
          {"person_key_apart.person_id", "a key, of which there is none here"}}};
}

}  // namespace ieum::notify
