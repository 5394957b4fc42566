// Carries messages to one mail server over one connection, one after the other.
//
// A share of messages is asked for and decided on together. Then it goes in waves: a wave is
// claimed in one commit, which also records the wave before it; its mails are handed over; what
// became of them waits for the next commit. Whoever dies leaves SENDING at most the wave that was
// on its way, and nothing that was only decided on.
//
// A decision is good for kDecisionHolds. What could not be handed over by then, or while the
// process might no longer act, or because a server went away, is put back.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"
#include "services/notify/messages/contacts.h"
#include "services/notify/messages/outcome.h"
#include "services/notify/messages/pause.h"
#include "services/notify/messages/smtp_channel.h"
#include "services/notify/templates/template_shelf.h"

namespace ieum::notify {

// From the question to registry to the hand-over; what is promised to whoever withdraws.
inline constexpr absl::Duration kDecisionHolds = absl::Seconds(5);
// What one commit claims for a connection, and so what a death leaves in doubt there at most.
inline constexpr int kWave = 32;

// What the carriers of a process have in common. Thread-safe.
struct CarrierTools {
  ledger::Ledger& ledger;
  telemetry::Metrics& metrics;
  prometheus::Counter& registry_failures;
  const base::Uuid sender;  // this life of this process
  const std::string mail_from;
  const ContactResolver resolver;
  const std::function<absl::Duration()> elapsed;  // real time, which never goes back
  Pause pause;
  TemplateShelf templates;
  std::function<bool()> may_act;  // set before the first step
};

// Mails about broken glass, by what became of an attempt: from the start 0 of each, because an
// increase from nothing to one is none.
void ShowBreakGlassMails(telemetry::Metrics& metrics);
// In the metrics of what was attempted, by channel and result.
void CountAttempt(telemetry::Metrics& metrics, const Attempted& attempt);

// Used by one thread at a time.
class Carrier {
 public:
  // `tools` outlives it.
  Carrier(CarrierTools& tools, const std::string& smtp_url);

  // Carries these PENDING messages as far as it gets; how many it claimed. The rest is as it was.
  absl::StatusOr<int> Carry(std::vector<Message> share, absl::Time now);
  // Writes what is known and not yet written. Nothing else is done before it is.
  absl::Status RecordUnrecorded();

 private:
  struct Draft;
  std::vector<Draft> Prepare(std::vector<Message> share, absl::Time now);
  void FindTraces(std::vector<Message>* share);
  void Ask(std::vector<Draft>* drafts);
  absl::StatusOr<int> CarryWave(std::vector<Draft> wave, absl::Duration asked);
  // Why a mail must not be handed over now; empty = it may.
  std::string Obstacle(absl::Duration asked) const;
  Outcome Deliver(const Message& message, const Contact& contact, Outcome outcome,
                  absl::Duration asked);
  void TakeReport(const DeliveryReport& report, const Message& message, Outcome* outcome);
  absl::StatusOr<std::string> MailFor(const Message& message, const Contact& contact,
                                      absl::Time now);

  CarrierTools& tools_;
  SmtpChannel channel_;
  std::vector<Attempted> unrecorded_;
};

}  // namespace ieum::notify
