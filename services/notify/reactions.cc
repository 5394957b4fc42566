#include "services/notify/reactions.h"

#include <memory>
#include <vector>

#include "ieum/registry/v1/events.pb.h"
#include "platform/access/listen.h"
#include "platform/base/status.h"
#include "platform/erasure/listen.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/reminders/reminder_commands.h"
#include "services/notify/rules/rule_shelf.h"
#include "services/notify/rules/rule_store.h"
#include "services/notify/rules/standing_rules.h"

namespace ieum::notify {
namespace {

absl::StatusOr<IncomingEvent> EventOf(const flow::ReceivedEvent& received) {
  IncomingEvent event;
  ASSIGN_OR_RETURN(event.id, base::ParseUuid(received.envelope.event_id(), "event_id"));
  event.at = received.time();
  event.correlation_id = received.envelope.correlation_id();
  event.message = received.message.get();
  event.place = {received.producer, received.envelope.shard(), received.envelope.position()};
  return event;
}

// Of a broken glass somebody hears, also when it was broken before this service first ran: its
// event waits for the rule, which is entered beside the consumers when they start.
absl::Status CheckRuleStands(db::Tx& tx, const google::protobuf::Message& event) {
  if (event.GetDescriptor() != registry::v1::BreakGlassAlerted::descriptor())
    return absl::OkStatus();
  if (FindRule(tx, kBreakGlassCode)) return absl::OkStatus();
  return absl::UnavailableError("the rule about broken glass is not entered yet");
}

absl::StatusOr<std::vector<bool>> Glance(RuleShelf& shelf, db::Tx& tx,
                                         absl::Span<const flow::ReceivedEvent> run) {
  std::vector<IncomingEvent> events;
  for (const flow::ReceivedEvent& received : run) {
    ASSIGN_OR_RETURN(IncomingEvent event, EventOf(received));
    RETURN_IF_ERROR(CheckRuleStands(tx, *event.message));
    events.push_back(std::move(event));
  }
  std::vector<bool> concerned = LockConcerned(tx, shelf, events);
  for (size_t at = 0; at < run.size(); ++at) {
    if (run[at].Is<registry::v1::PersonErased>()) concerned[at] = true;
  }
  return concerned;
}

// Whom the event says to have been erased.
absl::StatusOr<std::optional<base::Uuid>> ErasedBy(const flow::ReceivedEvent& received) {
  if (!received.Is<registry::v1::PersonErased>()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(
      const base::Uuid person,
      base::ParseUuid(received.As<registry::v1::PersonErased>().person_id(), "person_id"));
  return std::optional(person);
}

absl::Status React(RuleShelf& shelf, ledger::UnitOfWork& work,
                   const flow::ReceivedEvent& received) {
  ASSIGN_OR_RETURN(const IncomingEvent event, EventOf(received));
  ASSIGN_OR_RETURN(const std::optional<base::Uuid> erased, ErasedBy(received));
  return PlanFromEvent(work, shelf, event, erased);
}

}  // namespace

void Listen(flow::Subscriptions& subscriptions) {
  access::Listen<registry::v1::GrantGiven, registry::v1::GrantEnded, registry::v1::SubjectClosed,
                 registry::v1::SubjectReopened>(subscriptions);
  access::ListenToCentres<registry::v1::CentrePlaced>(subscriptions);
  erasure::Listen<registry::v1::PersonErased>(subscriptions);
  const auto shelf = std::make_shared<RuleShelf>();
  for (const auto* contract : ListenedContracts()) {
    subscriptions.ReactAll(
        contract,
        [shelf](ledger::UnitOfWork& work, const flow::ReceivedEvent& received) {
          return React(*shelf, work, received);
        },
        [shelf](db::Tx& tx, absl::Span<const flow::ReceivedEvent> run) {
          return Glance(*shelf, tx, run);
        });
  }
}

}  // namespace ieum::notify
