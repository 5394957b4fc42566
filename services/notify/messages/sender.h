// The one sender of a process: releases what is due, and carries messages to their recipients over
// several connections at once. Its work runs only where the lease of `reminders` is held.
//
// A message is claimed in a commit before anything leaves the process. Whoever dies between that
// and the record of the result leaves it SENDING; the next sender finds it there and declares it
// IN_DOUBT. It is never sent again by itself: no two mails have one Message-ID.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/flow/due_work.h"
#include "platform/flow/instant.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"
#include "services/notify/messages/carrier.h"
#include "services/notify/messages/contacts.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/sent_before_commands.h"

namespace ieum::notify {

// Connections to the mail server at one time.
inline constexpr int kConnections = 4;

struct SenderOptions {
  std::string smtp_url;
  std::string mail_from;
  ContactResolver resolver;
  // Real time, which never goes back.
  std::function<absl::Duration()> elapsed = flow::MonotonicNow;
};

// Used by one thread at a time.
class Sender {
 public:
  Sender(ledger::Ledger& ledger, telemetry::Metrics& metrics, SenderOptions options);

  // For App::AddDueWork; the sender outlives it.
  flow::DueWork Work();

  // Settles interrupted messages, or releases some rows and sends some messages. True: there may be
  // more to do now.
  absl::StatusOr<bool> Step(absl::Time now);
  // Rows due and not released, and messages that wait or are being sent. Thread-safe.
  absl::StatusOr<int64_t> CountDue(absl::Time now);

 private:
  absl::StatusOr<bool> AnythingToDo(absl::Time now);
  absl::StatusOr<bool> Settle();
  absl::StatusOr<bool> SendSome(absl::Time now);
  // Deals the messages out to the carriers; how many were claimed.
  absl::StatusOr<int> Carry(std::vector<Message> messages, absl::Time now);
  void AdaptReach(absl::Duration took, bool filled);

  CarrierTools tools_;
  std::vector<std::unique_ptr<Carrier>> carriers_;
  SentBefore sent_before_;
  int reach_;           // messages of a carrier in one step: what a moment is enough for
  bool busy_ = false;   // the last step found something
  bool swept_ = false;  // the queue, in this term
  std::optional<absl::Duration> settled_at_;  // when nothing was interrupted; none = look at once
};

}  // namespace ieum::notify
