// The one sender of a process: releases what is due, and carries messages to their recipients, one
// after the other. Its work runs only where the lease of `reminders` is held.
//
// A message is claimed in a commit of its own before anything leaves the process. Whoever dies
// between that and the record of the result leaves it SENDING; the next sender finds it there and
// declares it IN_DOUBT. It is never sent again by itself: no two mails have one Message-ID.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"
#include "services/notify/messages/smtp_channel.h"

namespace ieum::notify {

// Asks registry. Blocking; called outside of any transaction.
using ContactAnswers = absl::StatusOr<registry::v1::ResolveContactsResponse>;
using ContactResolver = std::function<ContactAnswers(const registry::v1::ResolveContactsRequest&)>;

struct SenderOptions {
  std::string smtp_url;
  std::string mail_from;
  ContactResolver resolver;
};

// Used by one thread at a time.
class Sender {
 public:
  Sender(ledger::Ledger& ledger, telemetry::Metrics& metrics, SenderOptions options);

  // For App::AddDueWork; the sender outlives it.
  flow::DueWork Work();

  // Settles one interrupted message, or releases one row and sends one message. True: there may be
  // more to do now.
  absl::StatusOr<bool> Step(absl::Time now);
  // Rows due and not released, and messages that wait or are being sent. Thread-safe.
  absl::StatusOr<int64_t> CountDue(absl::Time now);

 private:
  struct Contact;
  absl::StatusOr<bool> AnythingToDo(absl::Time now);
  absl::StatusOr<bool> SendNext(absl::Time now);
  Outcome Attempt(const Message& message, absl::Time now);
  Outcome Deliver(const Message& message, const Contact& contact, Outcome outcome);
  absl::StatusOr<Contact> Resolve(const Message& message);
  absl::StatusOr<std::string> MailFor(const Message& message, const Contact& contact,
                                      absl::Time now);
  absl::Status RecordUnrecorded();
  Outcome Retry(const Message& message, Outcome outcome, std::string failure);
  // Everything waits a while, because not this message but a server is the reason.
  void Pause();
  void Count(const Message& message, const Outcome& outcome);

  ledger::Ledger& ledger_;
  telemetry::Metrics& metrics_;
  const SenderOptions options_;
  SmtpChannel channel_;
  const base::Uuid self_;  // this life of this process
  // What is known and not yet written; nothing else is done before it is.
  std::optional<std::pair<Message, Outcome>> unrecorded_;
  bool busy_ = false;                               // the last step found something
  absl::Time paused_until_ = absl::InfinitePast();  // real time
  int pauses_ = 0;                                  // one after the other
};

}  // namespace ieum::notify
