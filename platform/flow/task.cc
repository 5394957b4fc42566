#include "platform/flow/task.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/base/failpoint.h"

namespace ieum::flow {
namespace {

constexpr char kUnknownType[] = "UNKNOWN_EVENT_TYPE";
constexpr char kUndecodable[] = "UNDECODABLE_PAYLOAD";

bool IsKnown(const std::string& type) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type) != nullptr;
}

bool Parse(const google::protobuf::Descriptor* type, ReceivedEvent* event) {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  std::shared_ptr<google::protobuf::Message> message(prototype->New());
  if (!message->ParseFromString(event->envelope.payload())) return false;
  event->message = std::move(message);
  return true;
}

ledger::Caller CallerOf(const ledger::Ledger& ledger, const platform::v1::LedgerEvent& cause) {
  ledger::Caller caller;
  caller.actor = "service/" + ledger.service();
  caller.correlation_id = cause.correlation_id();
  caller.causation_id = cause.event_id();
  caller.traceparent = cause.traceparent();
  return caller;
}

}  // namespace

Task TaskFor(const Subscriptions& subscriptions, ReceivedEvent* event) {
  const std::string& type = event->envelope.type();
  const Subscriptions::Effect* effect = subscriptions.Find(type);
  if (effect == nullptr) {
    if (!event->envelope.required() || IsKnown(type)) return {};
    return {Task::Kind::kPark, nullptr, kUnknownType};
  }
  if (!Parse(effect->type, event)) return {Task::Kind::kPark, nullptr, kUndecodable};
  return {effect->sink ? Task::Kind::kSink : Task::Kind::kReact, effect, ""};
}

absl::Status ApplyTask(const Task& task, ledger::Ledger& ledger, db::Tx& tx,
                       absl::Span<const ReceivedEvent> run, bool* appended) {
  for (const ReceivedEvent& each : run) {
    IEUM_FAILPOINT_ERROR("effect.apply", each.envelope.aggregate_id());
  }
  if (task.kind == Task::Kind::kSink) return (*task.effect->sink)(tx, run);
  const ReceivedEvent& event = run.front();
  std::vector<ledger::PendingEvent> events;
  const absl::Status status = ledger.RunWithin(
      tx, CallerOf(ledger, event.envelope), *base::Uuid::Parse(event.envelope.event_id()),
      [&](ledger::UnitOfWork& work) { return task.effect->reaction(work, event); }, &events);
  *appended |= status.ok() && !events.empty();
  return status;
}

}  // namespace ieum::flow
