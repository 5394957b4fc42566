#include "services/notify/messages/message.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {
namespace {

Message FromRow(const Reminder& row, const base::Uuid& person, absl::Time now) {
  Message message;
  message.reminder_id = row.id;
  message.rule_code = row.rule_code;
  message.rule_version = row.rule_version;
  message.subject_id = row.subject_id;
  message.person = person;
  message.channel = row.channel;
  message.law_class = row.law_class;
  message.created_at = now;
  message.updated_at = now;
  return message;
}

void AddDates(const Message& message, std::optional<absl::CivilDay> anchor, Facts* facts) {
  if (anchor) (*facts)[kDate] = base::FormatDay(*anchor);
  (*facts)[kDueDate] = base::FormatDay(DueDay(message));
}

}  // namespace

std::string MessageName(const base::Uuid& id) { return absl::StrCat("messages/", id.ToString()); }

absl::CivilDay DueDay(const Message& message) { return base::KoreaDay(message.due_at); }

Message ReminderMessage(const Reminder& row, const base::Uuid& person, const base::Uuid& seed,
                        absl::Time now) {
  Message message = FromRow(row, person, now);
  message.id =
      base::Uuid::Derive(seed, absl::StrCat("message/", row.id.ToString(), "/", person.ToString()));
  message.kind = v1::MESSAGE_KIND_REMINDER;
  message.template_code = row.template_code;
  message.template_version = row.template_version;
  message.due_at = row.due_at;
  message.expires_at = row.expires_at;
  message.cause_event_id = row.cause_event_id;
  message.correlation_id = row.correlation_id;
  message.facts = row.facts;
  AddDates(message, row.anchor, &message.facts);
  return message;
}

Message NoticeMessage(const Notice& notice, int template_version, const base::Uuid& seed,
                      absl::Time now) {
  Message message = FromRow(notice.row, notice.person, now);
  message.id =
      base::Uuid::Derive(seed, absl::StrCat("notice/", notice.event_id.ToString(), "/",
                                            notice.template_code, "/", notice.person.ToString()));
  message.kind = v1::MESSAGE_KIND_CHANGE_NOTICE;
  message.template_code = notice.template_code;
  message.template_version = template_version;
  message.due_at = notice.at;
  message.expires_at = notice.at + (notice.row.expires_at - notice.row.due_at);
  message.cause_event_id = notice.event_id;
  message.correlation_id = notice.correlation_id;
  message.facts = notice.facts;
  AddDates(message, notice.anchor, &message.facts);
  if (notice.previous) message.facts[kPreviousDate] = base::FormatDay(*notice.previous);
  return message;
}

std::optional<base::Uuid> OrganizationOf(const Message& message) {
  std::set<std::string> names;
  for (const auto& [name, value] : message.facts) names.insert(name);
  const auto fact = message.facts.find(OrganizationFact(names));
  if (fact == message.facts.end()) return std::nullopt;
  return base::Uuid::Parse(fact->second);
}

v1::MessageFacts FactsOf(const Message& message) {
  v1::MessageFacts facts;
  facts.set_message_id(message.id.ToString());
  facts.set_reminder_id(message.reminder_id.ToString());
  facts.set_rule_code(message.rule_code);
  facts.set_rule_version(message.rule_version);
  facts.set_subject_id(message.subject_id);
  facts.set_kind(message.kind);
  facts.set_person_id(message.person.ToString());
  facts.set_channel(message.channel);
  facts.set_template_code(message.template_code);
  facts.set_template_version(message.template_version);
  facts.set_due_date(base::FormatDay(DueDay(message)));
  facts.set_receipt_id(message.receipt_id);
  facts.set_centre_id(CentreOf(message.facts));
  return facts;
}

}  // namespace ieum::notify
