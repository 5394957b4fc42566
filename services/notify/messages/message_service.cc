#include "services/notify/messages/message_service.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/notify/messages/balance_store.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_store.h"
#include "services/notify/reminders/reminder_store.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {
namespace {

// Who is written to about an appointment is a client. Whoever reads the plan by one role and
// recipients by another one of some other centre sees none here.
base::Scope SeenRecipients(const rpc::Call& call) {
  return call.ScopeWith({"notify.recipients.see"});
}

// `seen`: the centres whose recipients are shown.
v1::Message WireOf(const MessageView& view, const base::Scope& seen) {
  const Message& m = view.message;
  v1::Message wire;
  wire.set_name(MessageName(m.id));
  wire.set_reminder(ReminderName(m.reminder_id));
  wire.set_rule(RuleName(m.rule_code));
  wire.set_rule_version(m.rule_version);
  wire.set_subject_id(m.subject_id);
  wire.set_kind(m.kind);
  if (seen.Holds(CentreOf(m.facts))) {
    wire.set_person(absl::StrCat("persons/", m.person.ToString()));
  } else {
    wire.set_person_hidden(true);
  }
  wire.set_channel(m.channel);
  wire.set_template_(TemplateName(m.template_code));
  wire.set_template_version(m.template_version);
  wire.set_language_code(m.language);
  wire.set_state(m.state);
  wire.set_suppression_reason(m.suppression_reason);
  wire.set_doubt_resolution(m.doubt_resolution);
  wire.set_due_date(base::FormatDay(DueDay(m)));
  *wire.mutable_due_time() = base::ToTimestamp(m.due_at);
  if (m.handed_over_at) *wire.mutable_hand_over_time() = base::ToTimestamp(*m.handed_over_at);
  wire.set_attempt_count(m.attempt_count);
  wire.set_receipt_id(m.receipt_id);
  *wire.mutable_create_time() = base::ToTimestamp(m.created_at);
  *wire.mutable_update_time() = base::ToTimestamp(m.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Reminder WireOf(const ReminderView& view, const base::Scope& seen) {
  const Reminder& r = view.reminder;
  v1::Reminder wire;
  wire.set_name(ReminderName(r.id));
  wire.set_rule(RuleName(r.rule_code));
  wire.set_rule_version(r.rule_version);
  wire.set_subject_id(r.subject_id);
  wire.set_occurrence(r.occurrence);
  if (seen.Holds(CentreOf(r.facts))) {
    for (const base::Uuid& person : r.persons) {
      wire.add_persons(absl::StrCat("persons/", person.ToString()));
    }
  } else {
    wire.set_persons_hidden(true);
  }
  wire.set_state(r.state);
  wire.set_skip_reason(r.skip_reason);
  if (r.anchor) wire.set_anchor_date(base::FormatDay(*r.anchor));
  wire.set_due_date(base::FormatDay(DueDay(r)));
  *wire.mutable_due_time() = base::ToTimestamp(r.due_at);
  wire.set_cause_event_id(r.cause_event_id.ToString());
  *wire.mutable_create_time() = base::ToTimestamp(r.created_at);
  *wire.mutable_update_time() = base::ToTimestamp(r.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

absl::StatusOr<base::Uuid> IdIn(std::string_view pattern, const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<base::Uuid> ids, base::IdsIn(pattern, name, "name"));
  return ids[0];
}

}  // namespace

void MessageDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.notify.v1.MessageService");
  routes.Unary("GetMessage", this, &MessageDoor::GetMessage);
  routes.Unary("ListMessages", this, &MessageDoor::ListMessages);
  routes.Unary("GetReminder", this, &MessageDoor::GetReminder);
  routes.Unary("ListReminders", this, &MessageDoor::ListReminders);
  routes.Unary("ListBalances", this, &MessageDoor::ListBalances);
  routes.Unary("ResolveMessageDoubt", this, &MessageDoor::ResolveDoubt);
}

void MessageDoor::Watch(telemetry::Metrics& metrics) {
  auto& unbalanced = metrics.Gauge(
      "notify_unbalanced_lines", "Lines of the message balance that do not add up; -1 = not known");
  // Read and not counted as attempts are: whoever found a killed sender's messages may be another
  // process, and a doubt stays until somebody resolves it.
  auto& in_doubt = metrics.Gauge("notify_messages_in_doubt",
                                 "Messages IN_DOUBT that nobody has resolved; -1 = not known");
  metrics.OnScrape([this, &unbalanced, &in_doubt] {
    BalanceWatch watch;
    const absl::Status read = database_.Read("balance_watch", [&](db::Tx& tx) {
      watch = WatchBalance(tx);
      return absl::OkStatus();
    });
    if (!read.ok()) watch = {.unbalanced = -1, .in_doubt = -1};
    unbalanced.Set(static_cast<double>(watch.unbalanced));
    in_doubt.Set(static_cast<double>(watch.in_doubt));
  });
}

absl::StatusOr<v1::Message> MessageDoor::Show(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("messages/{}", name));
  ASSIGN_OR_RETURN(const auto view, rpc::ReadOne(database_, "message_get", name, [&](db::Tx& tx) {
                     return ReadMessage(tx, call.scope(), id);
                   }));
  return WireOf(view, SeenRecipients(call));
}

absl::StatusOr<v1::Message> MessageDoor::GetMessage(rpc::Call& call,
                                                    const v1::GetMessageRequest& request) {
  return Show(call, request.name());
}

absl::StatusOr<v1::Reminder> MessageDoor::GetReminder(rpc::Call& call,
                                                      const v1::GetReminderRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("reminders/{}", request.name()));
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadOne(database_, "reminder_get", request.name(),
                                [&](db::Tx& tx) { return ReadReminder(tx, call.scope(), id); }));
  return WireOf(view, SeenRecipients(call));
}

absl::StatusOr<v1::ListMessagesResponse> MessageDoor::ListMessages(
    rpc::Call& call, const v1::ListMessagesRequest& request) {
  const base::Scope seen = SeenRecipients(call);
  // Whom some rows do not show is asked of none: which rows answer would tell it.
  const auto& spec = seen == call.scope() ? MessageList() : MessageListWithoutPersons();
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, spec, page_key_));
  v1::ListMessagesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("message_list", [&](db::Tx& tx) {
    response.clear_messages();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_messages() = WireOf(ReadMessageRow(row), seen);
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::ListRemindersResponse> MessageDoor::ListReminders(
    rpc::Call& call, const v1::ListRemindersRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ReminderList(), page_key_));
  const base::Scope seen = SeenRecipients(call);
  v1::ListRemindersResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("reminder_list", [&](db::Tx& tx) {
    response.clear_reminders();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_reminders() = WireOf(ReadReminderRow(row), seen);
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::ListBalancesResponse> MessageDoor::ListBalances(
    rpc::Call& call, const v1::ListBalancesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, BalanceList(), page_key_));
  v1::ListBalancesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("balance_list", [&](db::Tx& tx) {
    response.clear_balances();
    next =
        query.Read(tx, [&](const db::Row& row) { *response.add_balances() = ReadBalanceRow(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Message> MessageDoor::ResolveDoubt(
    rpc::Call& call, const v1::ResolveMessageDoubtRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("messages/{}", request.name()));
  const ResolveDoubtInput input{id, request.resolution(), request.note(), request.etag()};
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return notify::ResolveDoubt(work, input);
                   }));
  return Show(call, answer.name);
}

}  // namespace ieum::notify
