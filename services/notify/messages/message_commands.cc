#include "services/notify/messages/message_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/errors.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"
#include "services/notify/instants.h"
#include "services/notify/messages/message_store.h"

namespace ieum::notify {
namespace {

constexpr char kKind[] = "message";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Message& message) {
  Event event;
  *event.mutable_message() = FactsOf(message);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  return event;
}

void AppendCancelled(ledger::UnitOfWork& work, const Message& message,
                     const base::Uuid& cancelling_event) {
  auto event = EventOf<v1::MessageCancelled>(work, message);
  event.set_cancelling_event_id(cancelling_event.ToString());
  work.Append(message.id, kKind, MessageName(message.id), event);
}

void AppendOutcome(ledger::UnitOfWork& work, const Message& message, const Outcome& outcome,
                   const Underway& attempt) {
  const std::string name = MessageName(message.id);
  switch (outcome.kind) {
    case Outcome::Kind::kHandedOver: {
      auto event = EventOf<v1::MessageHandedOver>(work, message);
      *event.mutable_handed_over_time() = ToWire(work.now());
      work.Append(message.id, kKind, name, event);
      return;
    }
    case Outcome::Kind::kInDoubt:
      work.Append(message.id, kKind, name, EventOf<v1::MessageInDoubt>(work, message));
      return;
    case Outcome::Kind::kSuppressed: {
      auto event = EventOf<v1::MessageSuppressed>(work, message);
      event.set_reason(outcome.reason);
      work.Append(message.id, kKind, name, event);
      return;
    }
    case Outcome::Kind::kExpired:
      work.Append(message.id, kKind, name, EventOf<v1::MessageExpired>(work, message));
      return;
    case Outcome::Kind::kCancelled:
      AppendCancelled(work, message, attempt.cancelled_by.value_or(base::Uuid()));
      return;
    case Outcome::Kind::kRetry:
    case Outcome::Kind::kHeld:
      return;
  }
}

void Settle(ledger::UnitOfWork& work, Message message, Outcome outcome, const Underway& attempt) {
  if (attempt.cancelled_by) outcome.kind = OnceCancelled(outcome.kind);
  message.receipt_id = outcome.receipt_id;
  SaveOutcome(work.tx(), message.id, outcome, work.now());
  AppendOutcome(work, message, outcome, attempt);
}

ledger::Caller CallerFor(const Message& message) {
  ledger::Caller caller;
  caller.actor = kActor;
  caller.correlation_id = message.correlation_id;
  caller.causation_id = message.cause_event_id.ToString();
  return caller;
}

}  // namespace

void CancelMessage(ledger::UnitOfWork& work, const Message& message,
                   const base::Uuid& cancelling_event) {
  if (message.state == v1::MESSAGE_STATE_SENDING) {
    return MarkCancelledBy(work.tx(), message.id, cancelling_event);
  }
  MarkCancelled(work.tx(), message.id, work.now());
  AppendCancelled(work, message, cancelling_event);
}

absl::StatusOr<std::optional<Message>> TakeMessage(db::Database& database, const base::Uuid& sender,
                                                   absl::Time now) {
  std::optional<Message> message;
  RETURN_IF_ERROR(database.Write("message_claim", [&](db::Tx& tx) {
    message = ClaimMessage(tx, sender, now);
    if (message) IEUM_FAILPOINT("hand_over.before_claim");
    return absl::OkStatus();
  }));
  if (message) IEUM_FAILPOINT("hand_over.after_claim");
  return message;
}

absl::Status RecordOutcome(ledger::Ledger& ledger, const base::Uuid& sender, const Message& message,
                           const Outcome& outcome) {
  std::vector<ledger::PendingEvent> appended;
  const base::Uuid seed =
      base::Uuid::Derive(message.id, absl::StrCat("outcome/", message.attempt_count));
  RETURN_IF_ERROR(ledger.database().Write("message_outcome", [&](db::Tx& tx) -> absl::Status {
    appended.clear();
    // The row before its aggregate, as whoever cancels it does.
    const auto attempt = LockUnderway(tx, message.id, sender);
    if (!attempt) {
      telemetry::Warn("outcome not recorded: the message is not this process's any more",
                      {{"message_id", message.id.ToString()}});
      return absl::OkStatus();
    }
    return ledger.RunWithin(
        tx, CallerFor(message), seed,
        [&](ledger::UnitOfWork& work) {
          work.Lock({message.id});
          Settle(work, message, outcome, *attempt);
          IEUM_FAILPOINT("hand_over.before_outcome");
          return absl::OkStatus();
        },
        &appended);
  }));
  IEUM_FAILPOINT("hand_over.after_outcome");
  if (!appended.empty()) ledger.Committed();
  return absl::OkStatus();
}

absl::StatusOr<bool> SettleInterrupted(ledger::Ledger& ledger, const base::Uuid& sender) {
  std::optional<Interrupted> found;
  std::optional<Message> message;
  RETURN_IF_ERROR(ledger.database().Read("message_sending", [&](db::Tx& tx) {
    found = FindSending(tx);
    message = found ? FindMessage(tx, found->id) : std::nullopt;
    return absl::OkStatus();
  }));
  if (!message) return false;
  ASSIGN_OR_RETURN(const absl::Time now, ledger.clock().Now());
  const bool own = found->sender == sender;
  Outcome outcome;
  outcome.kind = own ? Outcome::Kind::kRetry : Outcome::Kind::kInDoubt;
  outcome.inputs = {message->law_class, message->channel, now, message->expires_at};
  outcome.failure = own ? "the claim was in doubt" : "the sender ended before it told";
  telemetry::Warn(own ? "message waits again" : "message in doubt",
                  {{"message_id", message->id.ToString()}});
  RETURN_IF_ERROR(RecordOutcome(ledger, found->sender, *message, outcome));
  return true;
}

absl::StatusOr<ledger::Done> ResolveDoubt(ledger::UnitOfWork& work,
                                          const ResolveDoubtInput& input) {
  work.Lock({input.id});
  const auto message = FindMessage(work.tx(), input.id);
  if (!message) return base::NotFound(MessageName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  if (message->state != v1::MESSAGE_STATE_IN_DOUBT) {
    return base::Forbidden(v1::ERROR_REASON_MESSAGE_NOT_IN_DOUBT,
                           absl::StrCat("the message is in ", v1::MessageState_Name(message->state),
                                        "; only one in doubt can be resolved"),
                           {{"state", v1::MessageState_Name(message->state)}});
  }
  MarkResolved(work.tx(), input.id, input.resolution, input.note, work.now());
  auto event = EventOf<v1::MessageDoubtResolved>(work, *message);
  event.set_resolution(input.resolution);
  work.Append(input.id, kKind, MessageName(input.id), event);
  return ledger::Done{input.id, MessageName(input.id)};
}

}  // namespace ieum::notify
