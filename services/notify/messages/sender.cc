#include "services/notify/messages/sender.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "platform/base/status.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/sending_store.h"
#include "services/notify/reminders/reminder_commands.h"
#include "services/notify/reminders/reminder_store.h"

namespace ieum::notify {
namespace {

constexpr int kReachFirst = 4;
constexpr int kReachMax = 128;
static_assert(kReachMax <= kQuestionsMax);
// A step that takes longer took too many at once, one that takes less may take more. Short, so that
// what a death leaves in doubt is little with a slow server, too.
constexpr absl::Duration kStepLong = absl::Milliseconds(300);
constexpr absl::Duration kStepShort = absl::Milliseconds(150);
// Between two looks at what was interrupted, while there is work.
constexpr absl::Duration kSettleEvery = absl::Seconds(1);
// Fewer messages are not worth another connection.
constexpr size_t kShareMin = 4;

}  // namespace

Sender::Sender(ledger::Ledger& ledger, telemetry::Metrics& metrics, SenderOptions options)
    : tools_{.ledger = ledger,
             .metrics = metrics,
             // There from the start: an increase from nothing to one is none.
             .registry_failures = metrics.Counter("notify_registry_failures_total",
                                                  "Questions to registry that it did not answer"),
             .sender = base::Uuid::NewV7(),
             .mail_from = options.mail_from,
             .resolver = options.resolver,
             .elapsed = options.elapsed,
             .pause = Pause(options.elapsed),
             .templates = TemplateShelf(ledger.database()),
             .may_act = [] { return true; }},
      sent_before_(ledger),
      reach_(kReachFirst) {
  ShowBreakGlassMails(metrics);
  for (int at = 0; at < kConnections; ++at) {
    carriers_.push_back(std::make_unique<Carrier>(tools_, options.smtp_url));
  }
}

flow::DueWork Sender::Work() {
  return {.name = "reminders",
          .step = [this](absl::Time now) { return Step(now); },
          .count_due = [this](absl::Time now) { return CountDue(now); },
          .irrevocable = true,
          .begin =
              [this](std::function<bool()> may_act) {
                tools_.may_act = std::move(may_act);
                swept_ = false;
                settled_at_.reset();
              }};
}

absl::StatusOr<int64_t> Sender::CountDue(absl::Time now) {
  int64_t due = 0;
  RETURN_IF_ERROR(tools_.ledger.database().Read("reminders_count_due", [&](db::Tx& tx) {
    due = CountDueReminders(tx, now) + CountUnsentMessages(tx, now);
    return absl::OkStatus();
  }));
  return due;
}

absl::StatusOr<bool> Sender::Step(absl::Time now) {
  for (const auto& carrier : carriers_) RETURN_IF_ERROR(carrier->RecordUnrecorded());
  if (!busy_) {
    ASSIGN_OR_RETURN(const bool anything, AnythingToDo(now));
    if (!anything) return false;
  }
  if (!busy_) settled_at_.reset();
  busy_ = true;  // also where a step fails
  ASSIGN_OR_RETURN(const bool settled, Settle());
  if (settled) return true;
  const auto looked_at = std::exchange(settled_at_, std::nullopt);  // a step that fails looks again
  ASSIGN_OR_RETURN(const bool released, ReleaseDueReminders(tools_.ledger, now));
  ASSIGN_OR_RETURN(const bool known, sent_before_.RecordSome(tools_.sender));
  if (known) return true;  // more may be known, and what is known is not sent
  ASSIGN_OR_RETURN(const bool sent, SendSome(now));
  settled_at_ = looked_at;
  busy_ = released || sent;
  return busy_;
}

// What others left behind is looked for when work begins, after trouble, and from time to time: one
// that does not know yet that it leads no more may still leave something.
absl::StatusOr<bool> Sender::Settle() {
  if (!swept_) RETURN_IF_ERROR(PutQueueInOrder(tools_.ledger));
  swept_ = true;
  if (settled_at_ && tools_.elapsed() - *settled_at_ < kSettleEvery) return false;
  const auto count = [this](const Attempted& attempt) { CountAttempt(tools_.metrics, attempt); };
  ASSIGN_OR_RETURN(const bool settled, SettleInterrupted(tools_.ledger, tools_.sender, count));
  if (!settled) settled_at_ = tools_.elapsed();
  return settled;
}

absl::StatusOr<bool> Sender::AnythingToDo(absl::Time now) {
  bool anything = false;
  RETURN_IF_ERROR(tools_.ledger.database().ReadOne("anything_to_send", [&](db::Tx& tx) {
    anything = AnythingToSend(tx, now);
    return absl::OkStatus();
  }));
  return anything;
}

absl::StatusOr<bool> Sender::SendSome(absl::Time now) {
  if (tools_.pause.On()) return false;
  std::vector<Message> messages;
  RETURN_IF_ERROR(tools_.ledger.database().ReadOne("message_sendable", [&](db::Tx& tx) {
    messages = FindSendable(tx, now, reach_ * kConnections);
    return absl::OkStatus();
  }));
  if (messages.empty()) return false;
  const bool filled = messages.size() == static_cast<size_t>(reach_ * kConnections);
  const absl::Duration began = tools_.elapsed();
  ASSIGN_OR_RETURN(const int claimed, Carry(std::move(messages), now));
  AdaptReach(tools_.elapsed() - began, filled);
  return claimed > 0;
}

absl::StatusOr<int> Sender::Carry(std::vector<Message> messages, absl::Time now) {
  const size_t hands = std::min(carriers_.size(), (messages.size() + kShareMin - 1) / kShareMin);
  std::vector<std::vector<Message>> shares(hands);
  for (size_t at = 0; at < messages.size(); ++at) {
    shares[at % hands].push_back(std::move(messages[at]));
  }
  std::vector<absl::StatusOr<int>> carried(hands, 0);
  const auto carry = [&](size_t hand) {
    carried[hand] = carriers_[hand]->Carry(std::move(shares[hand]), now);
  };
  {
    std::vector<std::jthread> others;
    for (size_t hand = 1; hand < hands; ++hand) others.emplace_back(carry, hand);
    carry(0);
  }
  int claimed = 0;
  for (const absl::StatusOr<int>& count : carried) {
    RETURN_IF_ERROR(count.status());
    claimed += *count;
  }
  return claimed;
}

void Sender::AdaptReach(absl::Duration took, bool filled) {
  if (took > kStepLong) reach_ = std::max(1, reach_ / 2);
  if (took < kStepShort && filled) reach_ = std::min(kReachMax, reach_ * 2);
}

}  // namespace ieum::notify
