#include "services/notify/reactions.h"

#include "platform/base/status.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/reminders/reminder_commands.h"

namespace ieum::notify {
namespace {

absl::Status React(ledger::UnitOfWork& work, const flow::ReceivedEvent& received) {
  if (received.message == nullptr) return absl::OkStatus();
  IncomingEvent event;
  ASSIGN_OR_RETURN(event.id, base::ParseUuid(received.envelope.event_id(), "event_id"));
  event.at = received.time();
  event.correlation_id = received.envelope.correlation_id();
  event.message = received.message.get();
  event.place = {received.producer, received.envelope.shard(), received.envelope.position()};
  return PlanFromEvent(work, event);
}

}  // namespace

void Listen(flow::Subscriptions& subscriptions) {
  for (const auto* contract : ListenedContracts()) subscriptions.ReactAll(contract, React);
}

}  // namespace ieum::notify
