#include "services/notify/messages/carrier.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"
#include "services/notify/messages/mail.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_span.h"
#include "services/notify/messages/trace_store.h"
#include "services/notify/rules/standing_rules.h"

namespace ieum::notify {
namespace {

void Retry(const Message& message, std::string failure, Outcome* outcome) {
  outcome->kind = Outcome::Kind::kRetry;
  outcome->retry_after = RetryAfter(message.attempt_count + 1);  // with the attempt that fails
  outcome->failure = std::move(failure);
}

prometheus::Counter& BreakGlassMails(telemetry::Metrics& metrics, Outcome::Kind kind) {
  return metrics.Counter("notify_break_glass_mails_total",
                         "Attempts to send a mail about broken glass",
                         {{"result", KindWord(kind)}});
}

// What a decision that ends the matter comes to.
void Conclude(const Decision& decision, Outcome* outcome) {
  switch (decision.verdict) {
    case Verdict::kExpire:
      outcome->kind = Outcome::Kind::kExpired;
      return;
    case Verdict::kHold:
      outcome->kind = Outcome::Kind::kHeld;
      outcome->hold_until = decision.hold_until.value_or(outcome->inputs.now);
      return;
    case Verdict::kSuppress:
    case Verdict::kAskContact:
    case Verdict::kSend:
      outcome->kind = Outcome::Kind::kSuppressed;
      outcome->reason = decision.reason;
      return;
  }
}

}  // namespace

// A message and what is going to become of it: a mail to this contact, or the outcome at once.
struct Carrier::Draft {
  Message message;  // as it was read
  Outcome outcome;
  bool asks = false;
  std::optional<Contact> contact;
};

void ShowBreakGlassMails(telemetry::Metrics& metrics) {
  using Kind = Outcome::Kind;
  for (const Kind kind : {Kind::kHandedOver, Kind::kInDoubt, Kind::kSuppressed, Kind::kExpired,
                          Kind::kRetry, Kind::kHeld, Kind::kPutBack, Kind::kCancelled}) {
    BreakGlassMails(metrics, kind);
  }
}

void CountAttempt(telemetry::Metrics& metrics, const Attempted& attempt) {
  const auto& [message, outcome] = attempt;
  metrics
      .Counter("ieum_notifications_total", "Attempts to send a message",
               {{"channel", ChannelWord(message.channel)}, {"result", KindWord(outcome.kind)}})
      .Increment();
  if (message.rule_code == kBreakGlassCode) {
    BreakGlassMails(metrics, outcome.kind).Increment();
  }
  if (outcome.kind == Outcome::Kind::kHandedOver) {
    metrics.Seconds("notify_hand_over_delay_seconds", "From message made to channel taking it")
        .Observe(absl::ToDoubleSeconds(message.waited));
  } else {
    telemetry::Info("message not handed over", {{"message_id", message.id.ToString()},
                                                {"outcome", KindWord(outcome.kind)},
                                                {"failure", outcome.failure}});
  }
}

Carrier::Carrier(CarrierTools& tools, const std::string& smtp_url)
    : tools_(tools), channel_(smtp_url) {}

absl::StatusOr<int> Carrier::Carry(std::vector<Message> share, absl::Time now) {
  const absl::Duration asked = tools_.elapsed();
  FindTraces(&share);
  std::vector<Draft> drafts = Prepare(std::move(share), now);
  int carried = 0;
  for (size_t from = 0; from < drafts.size(); from += kWave) {
    if (!tools_.may_act() || (drafts[from].contact && !Obstacle(asked).empty())) break;
    const auto begin = drafts.begin() + static_cast<ptrdiff_t>(from);
    const auto end = begin + static_cast<ptrdiff_t>(std::min<size_t>(kWave, drafts.size() - from));
    ASSIGN_OR_RETURN(
        const int claimed,
        CarryWave({std::make_move_iterator(begin), std::make_move_iterator(end)}, asked));
    carried += claimed;
  }
  RETURN_IF_ERROR(RecordUnrecorded());
  return carried;
}

absl::Status Carrier::RecordUnrecorded() {
  RETURN_IF_ERROR(RecordAndClaim(tools_.ledger, tools_.sender, unrecorded_, {}).status());
  unrecorded_.clear();
  return absl::OkStatus();
}

// A message is sent whether or not its trace is found.
void Carrier::FindTraces(std::vector<Message>* share) {
  if (!telemetry::Tracing()) return;
  std::vector<Origin> origins;
  for (const Message& message : *share) {
    origins.push_back({message.reminder_id, message.cause_event_id});
  }
  std::vector<std::string> traces;
  const absl::Status read = tools_.ledger.database().ReadOne("message_traces", [&](db::Tx& tx) {
    traces = TracesOf(tx, origins);
    return absl::OkStatus();
  });
  if (!read.ok()) return;
  for (size_t at = 0; at < traces.size(); ++at) (*share)[at].traceparent = std::move(traces[at]);
}

// Decided without mails first: they are not held up when no mail can leave.
std::vector<Carrier::Draft> Carrier::Prepare(std::vector<Message> share, absl::Time now) {
  std::vector<Draft> drafts;
  for (Message& message : share) {
    Draft& draft = drafts.emplace_back();
    draft.message = std::move(message);
    draft.outcome.inputs = {draft.message.law_class, draft.message.channel, now,
                            draft.message.expires_at};
    const Decision decision = Decide(draft.outcome.inputs);
    draft.asks = decision.verdict == Verdict::kAskContact;
    if (!draft.asks) Conclude(decision, &draft.outcome);
  }
  Ask(&drafts);
  std::stable_partition(drafts.begin(), drafts.end(),
                        [](const Draft& draft) { return !draft.contact; });
  return drafts;
}

// Those whose contact cannot be asked for now are left out.
void Carrier::Ask(std::vector<Draft>* drafts) {
  std::vector<const Message*> asking;
  for (const Draft& draft : *drafts) {
    if (draft.asks) asking.push_back(&draft.message);
  }
  const telemetry::Span span = QuestionSpan(asking);
  const telemetry::TraceScope scope(span.recording() ? span.context() : telemetry::CurrentTrace());
  const auto contacts = AskContacts(tools_.resolver, asking);
  if (!contacts.ok()) {
    telemetry::Warn("registry could not be asked; messages wait",
                    {{"code", absl::StatusCodeToString(contacts.status().code())},
                     {"messages", asking.size()}});
    tools_.registry_failures.Increment();
    tools_.pause.Begin();
    std::erase_if(*drafts, [](const Draft& draft) { return draft.asks; });
    return;
  }
  auto next = contacts->begin();
  for (Draft& draft : *drafts) {
    if (!draft.asks) continue;
    const absl::StatusOr<Contact>& contact = *next++;
    if (!contact.ok()) {
      Retry(draft.message,
            absl::StrCat("registry ", absl::StatusCodeToString(contact.status().code())),
            &draft.outcome);
      continue;
    }
    draft.outcome.receipt_id = contact->receipt_id;
    draft.outcome.inputs.contact = contact->answer;
    const Decision decision = Decide(draft.outcome.inputs);
    if (decision.verdict == Verdict::kSend) {
      draft.contact = *contact;
    } else {
      Conclude(decision, &draft.outcome);
    }
  }
}

absl::StatusOr<int> Carrier::CarryWave(std::vector<Draft> wave, absl::Duration asked) {
  std::vector<Message> wanted;
  for (const Draft& draft : wave) wanted.push_back(draft.message);
  ASSIGN_OR_RETURN(const std::set<base::Uuid> claimed,
                   RecordAndClaim(tools_.ledger, tools_.sender, unrecorded_, wanted));
  unrecorded_.clear();
  for (Draft& draft : wave) {
    if (!claimed.contains(draft.message.id)) continue;
    if (draft.contact) {
      telemetry::Span span = HandOverSpan(draft.message);
      draft.outcome = Deliver(draft.message, *draft.contact, std::move(draft.outcome), asked);
      TellOutcome(draft.outcome, span, &draft.message);
    }
    ++draft.message.attempt_count;
    unrecorded_.push_back({std::move(draft.message), std::move(draft.outcome)});
    CountAttempt(tools_.metrics, unrecorded_.back());
  }
  return static_cast<int>(claimed.size());
}

std::string Carrier::Obstacle(absl::Duration asked) const {
  if (!tools_.may_act()) return "the process may not act any more";
  if (tools_.pause.On()) return "a server is away";
  if (tools_.elapsed() - asked >= kDecisionHolds) return "decided too long ago";
  return "";
}

absl::StatusOr<std::string> Carrier::MailFor(const Message& message, const Contact& contact,
                                             absl::Time now) {
  ASSIGN_OR_RETURN(const auto version,
                   tools_.templates.Find(message.template_code, message.template_version));
  if (!version) return absl::FailedPreconditionError("the pinned template is missing");
  ASSIGN_OR_RETURN(const Text text, FillTemplate(*version, message, contact.addressee));
  return ComposeMail({.from = tools_.mail_from,
                      .to_name = contact.addressee.full_name,
                      .to = contact.email,
                      .message_id = message.id.ToString(),
                      .date = now},
                     text);
}

Outcome Carrier::Deliver(const Message& message, const Contact& contact, Outcome outcome,
                         absl::Duration asked) {
  const auto mail = MailFor(message, contact, outcome.inputs.now);
  if (!mail.ok()) {
    if (mail.status().code() != absl::StatusCode::kFailedPrecondition) {
      Retry(message, "the template could not be read", &outcome);
      return outcome;
    }
    outcome.kind = Outcome::Kind::kSuppressed;
    outcome.reason = v1::SUPPRESSION_REASON_TEMPLATE_ERROR;
    outcome.failure = std::string(mail.status().message());
    return outcome;
  }
  IEUM_FAILPOINT("hand_over.before_smtp");
  // Asked last, right before the hand-over.
  if (std::string obstacle = Obstacle(asked); !obstacle.empty()) {
    outcome.kind = Outcome::Kind::kPutBack;
    outcome.failure = std::move(obstacle);
    return outcome;
  }
  const DeliveryReport report = channel_.HandOver(tools_.mail_from, contact.email, *mail);
  IEUM_FAILPOINT("hand_over.after_smtp");
  TakeReport(report, message, &outcome);
  const bool mailed = outcome.kind != Outcome::Kind::kRetry;
  if (mailed) outcome.language = LanguageCode(contact.addressee.language);
  return outcome;
}

void Carrier::TakeReport(const DeliveryReport& report, const Message& message, Outcome* outcome) {
  outcome->failure = absl::StrCat("smtp ", report.smtp_code, ", ", report.detail);
  switch (report.delivery) {
    case Delivery::kTaken:
      tools_.pause.Forget();
      outcome->failure.clear();
      outcome->kind = Outcome::Kind::kHandedOver;
      break;
    case Delivery::kUnclear:
      outcome->kind = Outcome::Kind::kInDoubt;
      break;
    case Delivery::kRefused:
      outcome->kind = Outcome::Kind::kSuppressed;
      outcome->reason = v1::SUPPRESSION_REASON_CHANNEL_REFUSED;
      break;
    case Delivery::kUnreachable:
      tools_.pause.Begin();
      Retry(message, outcome->failure, outcome);
      break;
    case Delivery::kNotNow:
      Retry(message, outcome->failure, outcome);
      break;
  }
}

}  // namespace ieum::notify
