#include "services/notify/messages/sender.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/db/database.h"
#include "platform/telemetry/log.h"
#include "services/notify/messages/mail.h"
#include "services/notify/messages/mail_text.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_store.h"
#include "services/notify/reminders/reminder_commands.h"
#include "services/notify/reminders/reminder_store.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

constexpr absl::Duration kPauseMax = absl::Seconds(30);

std::string KindWord(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kHandedOver:
      return "handed_over";
    case Outcome::Kind::kInDoubt:
      return "in_doubt";
    case Outcome::Kind::kSuppressed:
      return "suppressed";
    case Outcome::Kind::kExpired:
      return "expired";
    case Outcome::Kind::kRetry:
      return "retry";
    case Outcome::Kind::kHeld:
      return "held";
    case Outcome::Kind::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

ContactAnswer AnswerOf(const registry::v1::ContactResolution& resolution) {
  if (resolution.has_contact()) {
    return IsMailAddress(resolution.contact().email()) ? ContactAnswer::kGiven
                                                       : ContactAnswer::kNoAddress;
  }
  return resolution.refusal() == registry::v1::CONTACT_REFUSAL_PERSON_UNKNOWN
             ? ContactAnswer::kUnknown
             : ContactAnswer::kRefused;
}

}  // namespace

// Lives only as long as an attempt.
struct Sender::Contact {
  ContactAnswer answer = ContactAnswer::kRefused;
  std::string receipt_id;
  std::string email;
  Addressee addressee;
};

Sender::Sender(ledger::Ledger& ledger, telemetry::Metrics& metrics, SenderOptions options)
    : ledger_(ledger),
      metrics_(metrics),
      options_(std::move(options)),
      channel_(options_.smtp_url),
      self_(base::Uuid::NewV7()) {}

flow::DueWork Sender::Work() {
  return {.name = "reminders",
          .step = [this](absl::Time now) { return Step(now); },
          .count_due = [this](absl::Time now) { return CountDue(now); },
          .irrevocable = true};
}

absl::StatusOr<int64_t> Sender::CountDue(absl::Time now) {
  int64_t due = 0;
  RETURN_IF_ERROR(ledger_.database().Read("reminders_count_due", [&](db::Tx& tx) {
    due = CountDueReminders(tx, now) + CountUnsentMessages(tx, now);
    return absl::OkStatus();
  }));
  return due;
}

absl::StatusOr<bool> Sender::Step(absl::Time now) {
  RETURN_IF_ERROR(RecordUnrecorded());
  if (!busy_) {
    ASSIGN_OR_RETURN(const bool anything, AnythingToDo(now));
    if (!anything) return false;
  }
  busy_ = true;  // also where a step fails
  ASSIGN_OR_RETURN(const bool settled, SettleInterrupted(ledger_, self_));
  if (settled) return true;
  ASSIGN_OR_RETURN(const bool released, ReleaseNextReminder(ledger_, now));
  ASSIGN_OR_RETURN(const bool sent, SendNext(now));
  busy_ = released || sent;
  return busy_;
}

absl::StatusOr<bool> Sender::AnythingToDo(absl::Time now) {
  bool anything = false;
  RETURN_IF_ERROR(ledger_.database().Read("anything_to_send", [&](db::Tx& tx) {
    anything = AnythingToSend(tx, now);
    return absl::OkStatus();
  }));
  return anything;
}

absl::StatusOr<bool> Sender::SendNext(absl::Time now) {
  if (absl::Now() < paused_until_) return false;
  ASSIGN_OR_RETURN(const std::optional<Message> message,
                   TakeMessage(ledger_.database(), self_, now));
  if (!message) return false;
  unrecorded_.emplace(*message, Attempt(*message, now));
  Count(*message, unrecorded_->second);
  RETURN_IF_ERROR(RecordUnrecorded());
  return true;
}

absl::Status Sender::RecordUnrecorded() {
  if (!unrecorded_) return absl::OkStatus();
  RETURN_IF_ERROR(RecordOutcome(ledger_, self_, unrecorded_->first, unrecorded_->second));
  unrecorded_.reset();
  return absl::OkStatus();
}

Outcome Sender::Attempt(const Message& message, absl::Time now) {
  Outcome outcome;
  outcome.inputs = {message.law_class, message.channel, now, message.expires_at};
  Contact contact;
  Decision decision = Decide(outcome.inputs);
  if (decision.verdict == Verdict::kAskContact) {
    auto resolved = Resolve(message);
    if (!resolved.ok()) {
      // What registry has against this message alone must not keep the others back.
      if (db::IsTransient(resolved.status())) Pause();
      return Retry(message, std::move(outcome),
                   absl::StrCat("registry ", absl::StatusCodeToString(resolved.status().code())));
    }
    contact = *std::move(resolved);
    outcome.receipt_id = contact.receipt_id;
    outcome.inputs.contact = contact.answer;
    decision = Decide(outcome.inputs);
  }
  switch (decision.verdict) {
    case Verdict::kSend:
      return Deliver(message, contact, std::move(outcome));
    case Verdict::kExpire:
      outcome.kind = Outcome::Kind::kExpired;
      return outcome;
    case Verdict::kHold:
      outcome.kind = Outcome::Kind::kHeld;
      outcome.hold_until = decision.hold_until.value_or(now);
      return outcome;
    case Verdict::kAskContact:  // it was asked just now
    case Verdict::kSuppress:
      break;
  }
  outcome.kind = Outcome::Kind::kSuppressed;
  outcome.reason = decision.reason;
  return outcome;
}

// Everything that was asked for comes back; an answer that does not is a fault to try again.
absl::StatusOr<Sender::Contact> Sender::Resolve(const Message& message) {
  registry::v1::ResolveContactsRequest request;
  request.add_persons(absl::StrCat("persons/", message.person.ToString()));
  request.set_purpose(PurposeOf(message.law_class));
  request.set_message_reference(MessageName(message.id));
  if (const auto organization = OrganizationOf(message)) {
    request.set_organization(absl::StrCat("organizations/", organization->ToString()));
  }
  request.set_request_id(
      base::Uuid::Derive(message.id, absl::StrCat("resolve/", message.attempt_count)).ToString());
  ASSIGN_OR_RETURN(const registry::v1::ResolveContactsResponse response,
                   options_.resolver(request));
  if (response.resolutions_size() != 1 || response.resolutions(0).person() != request.persons(0)) {
    return absl::InternalError("registry answered for somebody else");
  }
  const registry::v1::ContactResolution& resolution = response.resolutions(0);
  Contact contact;
  contact.answer = AnswerOf(resolution);
  contact.receipt_id = resolution.receipt_id();
  contact.email = resolution.contact().email();
  contact.addressee.full_name = resolution.contact().full_name();
  contact.addressee.organization = response.organization_display_name();
  if (resolution.contact().preferred_language() == registry::v1::LANGUAGE_EN) {
    contact.addressee.language = TextLanguage::kEnglish;
  }
  return contact;
}

absl::StatusOr<std::string> Sender::MailFor(const Message& message, const Contact& contact,
                                            absl::Time now) {
  std::optional<Template> version;
  RETURN_IF_ERROR(ledger_.database().Read("template_pinned", [&](db::Tx& tx) {
    version = FindTemplate(tx, message.template_code, message.template_version);
    return absl::OkStatus();
  }));
  if (!version) return absl::FailedPreconditionError("the pinned template is missing");
  ASSIGN_OR_RETURN(const Text text, FillTemplate(*version, message, contact.addressee));
  return ComposeMail({.from = options_.mail_from,
                      .to_name = contact.addressee.full_name,
                      .to = contact.email,
                      .message_id = message.id.ToString(),
                      .date = now},
                     text);
}

Outcome Sender::Deliver(const Message& message, const Contact& contact, Outcome outcome) {
  const auto mail = MailFor(message, contact, outcome.inputs.now);
  if (!mail.ok()) {
    if (mail.status().code() != absl::StatusCode::kFailedPrecondition) {
      return Retry(message, std::move(outcome), "the template could not be read");
    }
    outcome.kind = Outcome::Kind::kSuppressed;
    outcome.reason = v1::SUPPRESSION_REASON_TEMPLATE_ERROR;
    outcome.failure = std::string(mail.status().message());
    return outcome;
  }
  outcome.language = LanguageCode(contact.addressee.language);
  IEUM_FAILPOINT("hand_over.before_smtp");
  const DeliveryReport report = channel_.HandOver(options_.mail_from, contact.email, *mail);
  IEUM_FAILPOINT("hand_over.after_smtp");
  outcome.failure = absl::StrCat("smtp ", report.smtp_code, ", ", report.detail);
  switch (report.delivery) {
    case Delivery::kTaken:
      pauses_ = 0;
      outcome.failure.clear();
      outcome.kind = Outcome::Kind::kHandedOver;
      return outcome;
    case Delivery::kUnclear:
      outcome.kind = Outcome::Kind::kInDoubt;
      return outcome;
    case Delivery::kRefused:
      outcome.kind = Outcome::Kind::kSuppressed;
      outcome.reason = v1::SUPPRESSION_REASON_CHANNEL_REFUSED;
      return outcome;
    case Delivery::kUnreachable:
      Pause();
      break;
    case Delivery::kNotNow:
      break;
  }
  outcome.language.clear();
  return Retry(message, outcome, outcome.failure);
}

Outcome Sender::Retry(const Message& message, Outcome outcome, std::string failure) {
  outcome.kind = Outcome::Kind::kRetry;
  outcome.retry_after = RetryAfter(message.attempt_count);
  outcome.failure = std::move(failure);
  return outcome;
}

void Sender::Pause() { paused_until_ = absl::Now() + std::min(kPauseMax, RetryAfter(++pauses_)); }

void Sender::Count(const Message& message, const Outcome& outcome) {
  metrics_
      .Counter("notify_attempts_total", "Attempts to send a message",
               {{"outcome", KindWord(outcome.kind)}})
      .Increment();
  if (outcome.kind == Outcome::Kind::kHandedOver) {
    metrics_.Seconds("notify_hand_over_delay_seconds", "From message made to channel taking it")
        .Observe(absl::ToDoubleSeconds(message.waited));
  } else {
    telemetry::Info("message not handed over", {{"message_id", message.id.ToString()},
                                                {"outcome", KindWord(outcome.kind)},
                                                {"failure", outcome.failure}});
  }
}

}  // namespace ieum::notify
