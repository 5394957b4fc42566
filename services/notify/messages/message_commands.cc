#include "services/notify/messages/message_commands.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/errors.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/telemetry/log.h"
#include "services/notify/messages/message_store.h"
#include "services/notify/messages/sending_store.h"

namespace ieum::notify {
namespace {

constexpr char kKind[] = "message";
constexpr int kSettledAtOnce = 64;  // interrupted messages of one transaction

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

void AppendOutcome(ledger::UnitOfWork& work, const Attempted& attempt,
                   const std::optional<base::Uuid>& cancelled_by, absl::Time now) {
  const Message& message = attempt.message;
  const Outcome& outcome = attempt.outcome;
  const std::string name = MessageName(message.id);
  switch (outcome.kind) {
    case Outcome::Kind::kHandedOver: {
      auto event = EventOf<v1::MessageHandedOver>(work, message);
      *event.mutable_handed_over_time() = base::ToTimestamp(now);
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
      AppendCancelled(work, message, cancelled_by.value_or(base::Uuid()));
      return;
    case Outcome::Kind::kRetry:
    case Outcome::Kind::kHeld:
    case Outcome::Kind::kPutBack:
      return;
  }
}

ledger::Caller CallerFor(const Message& message) {
  ledger::Caller caller;
  caller.actor = kActor;
  caller.correlation_id = message.correlation_id;
  caller.causation_id = message.cause_event_id.ToString();
  caller.traceparent = message.traceparent;
  return caller;
}

std::vector<base::Uuid> IdsOf(absl::Span<const Attempted> attempts) {
  std::vector<base::Uuid> ids;
  for (const Attempted& attempt : attempts) ids.push_back(attempt.message.id);
  return ids;
}

// What is to be written of those that are still under way.
std::vector<Attempted> Settled(absl::Span<const Attempted> attempts, const Underway& underway) {
  std::vector<Attempted> settled;
  for (const Attempted& attempt : attempts) {
    const auto found = underway.find(attempt.message.id);
    if (found == underway.end()) {
      telemetry::Warn("outcome not recorded: the message is not this process's any more",
                      {{"message_id", attempt.message.id.ToString()}});
      continue;
    }
    settled.push_back(attempt);
    Outcome& outcome = settled.back().outcome;
    if (found->second) outcome.kind = OnceCancelled(outcome.kind);
    settled.back().message.receipt_id = outcome.receipt_id;
  }
  return settled;
}

// Each event belongs to the process that its message belongs to: a unit of work for each.
std::vector<ledger::Part> TellingOf(const std::vector<Attempted>& settled, const Underway& underway,
                                    absl::Time now) {
  std::vector<ledger::Part> parts;
  for (const Attempted& attempt : settled) {
    if (!IsTold(attempt.outcome.kind)) continue;
    const Message& message = attempt.message;
    const base::Uuid seed =
        base::Uuid::Derive(message.id, absl::StrCat("outcome/", message.attempt_count));
    const std::optional<base::Uuid>& cancelled_by = underway.at(message.id);
    parts.push_back({CallerFor(message), seed, [&, now](ledger::UnitOfWork& work) {
                       work.Lock({message.id});
                       AppendOutcome(work, attempt, cancelled_by, now);
                       return absl::OkStatus();
                     }});
  }
  return parts;
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

absl::StatusOr<std::set<base::Uuid>> RecordAndClaim(ledger::Ledger& ledger,
                                                    const base::Uuid& sender,
                                                    absl::Span<const Attempted> done,
                                                    absl::Span<const Message> wanted) {
  std::set<base::Uuid> claimed;
  if (done.empty() && wanted.empty()) return claimed;
  bool appended = false;
  ASSIGN_OR_RETURN(const absl::Time now, ledger.clock().Now());
  RETURN_IF_ERROR(ledger.database().Write("message_carry", [&](db::Tx& tx) -> absl::Status {
    appended = false;
    claimed.clear();
    // Rows before their aggregates, as whoever cancels does.
    const Underway underway = done.empty() ? Underway() : LockUnderway(tx, sender, IdsOf(done));
    if (!wanted.empty()) {
      claimed = ClaimMessages(tx, sender, wanted, now);
      IEUM_FAILPOINT("hand_over.before_claim");
    }
    const std::vector<Attempted> settled = Settled(done, underway);
    if (settled.empty()) return absl::OkStatus();
    SaveOutcomes(tx, settled, now);
    RETURN_IF_ERROR(ledger.RunAllWithin(tx, TellingOf(settled, underway, now), &appended));
    IEUM_FAILPOINT("hand_over.before_outcome");
    return absl::OkStatus();
  }));
  if (!claimed.empty()) IEUM_FAILPOINT("hand_over.after_claim");
  if (!done.empty()) IEUM_FAILPOINT("hand_over.after_outcome");
  if (appended) ledger.Committed();
  return claimed;
}

absl::StatusOr<bool> SettleInterrupted(ledger::Ledger& ledger, const base::Uuid& sender,
                                       const std::function<void(const Attempted&)>& settled) {
  std::optional<Interrupted> found;
  RETURN_IF_ERROR(ledger.database().ReadOne("message_interrupted", [&](db::Tx& tx) {
    found = FindInterrupted(tx, kSettledAtOnce);
    return absl::OkStatus();
  }));
  if (!found) return false;
  ASSIGN_OR_RETURN(const absl::Time now, ledger.clock().Now());
  const bool own = found->sender == sender;
  std::vector<Attempted> attempts;
  for (Message& message : found->messages) {
    Outcome outcome;
    outcome.kind = own ? Outcome::Kind::kPutBack : Outcome::Kind::kInDoubt;
    outcome.inputs = {message.law_class, message.channel, now, message.expires_at};
    outcome.failure = own ? "the claim was in doubt" : "the sender ended before it told";
    telemetry::Warn(own ? "message waits again" : "message in doubt",
                    {{"message_id", message.id.ToString()}});
    attempts.push_back({std::move(message), std::move(outcome)});
  }
  RETURN_IF_ERROR(RecordAndClaim(ledger, found->sender, attempts, {}).status());
  if (settled) std::for_each(attempts.begin(), attempts.end(), settled);
  return true;
}

absl::Status PutQueueInOrder(ledger::Ledger& ledger) {
  return ledger.database().Write("message_sweep_queue", [](db::Tx& tx) {
    SweepQueue(tx);
    return absl::OkStatus();
  });
}

absl::StatusOr<ledger::Done> ResolveDoubt(ledger::UnitOfWork& work,
                                          const ResolveDoubtInput& input) {
  work.Lock({input.id});
  const auto message = FindMessage(work.tx(), work.scope(), input.id);
  if (!message) return base::NotFound(MessageName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  if (message->state != v1::MESSAGE_STATE_IN_DOUBT) {
    return base::Forbidden(v1::ERROR_REASON_MESSAGE_NOT_IN_DOUBT,
                           absl::StrCat("the message is in ", v1::MessageState_Name(message->state),
                                        "; only one in doubt can be resolved"),
                           {{"state", v1::MessageState_Name(message->state)}});
  }
  MarkResolved(work.tx(), work.scope(), input.id, input.resolution, input.note, work.now());
  auto event = EventOf<v1::MessageDoubtResolved>(work, *message);
  event.set_resolution(input.resolution);
  work.Append(input.id, kKind, MessageName(input.id), event);
  return ledger::Done{input.id, MessageName(input.id)};
}

}  // namespace ieum::notify
