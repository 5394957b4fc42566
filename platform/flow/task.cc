#include "platform/flow/task.h"

#include <memory>
#include <optional>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/flow/lane_queue.h"
#include "platform/ledger/batch.h"
#include "platform/telemetry/span.h"

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

// Known from now on, whatever becomes of it and however often it is tried.
void BeginTrace(ReceivedEvent* event) {
  if (!telemetry::Recorded(event->envelope.traceparent())) return;
  const auto origin = telemetry::TraceContext::Parse(event->envelope.traceparent());
  if (origin) event->effect_traceparent = origin->Child().Header();
}

ledger::Caller CallerOf(const ledger::Ledger& ledger, const ReceivedEvent& event) {
  const platform::v1::LedgerEvent& cause = event.envelope;
  ledger::Caller caller;
  caller.actor = "service/" + ledger.service();
  caller.correlation_id = cause.correlation_id();
  caller.causation_id = cause.event_id();
  caller.traceparent =
      event.effect_traceparent.empty() ? cause.traceparent() : event.effect_traceparent;
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
  if (!effect->sink && effect->wanted && !effect->wanted(*event)) return {};
  BeginTrace(event);
  return {effect->sink ? Task::Kind::kSink : Task::Kind::kReact, effect, ""};
}

namespace {

// The units to be of the reactions among `events`; an event that leaves its reaction cold has none.
using Parts = std::vector<std::optional<ledger::Part>>;

ledger::Part PartOf(const ledger::Ledger& ledger, const Subscriptions::Effect& effect,
                    const ReceivedEvent& event) {
  return {CallerOf(ledger, event), *base::Uuid::Parse(event.envelope.event_id()),
          [&effect, &event](ledger::UnitOfWork& work) { return effect.reaction(work, event); }};
}

absl::StatusOr<std::vector<bool>> Concerned(const Subscriptions::Effect& effect, db::Tx& tx,
                                            absl::Span<const ReceivedEvent> run) {
  if (!effect.glance) return std::vector<bool>(run.size(), true);
  ASSIGN_OR_RETURN(std::vector<bool> concerned, (*effect.glance)(tx, run));
  if (concerned.size() != run.size()) return absl::InternalError("a glance lost count");
  return concerned;
}

absl::StatusOr<Parts> PartsOf(absl::Span<const Task> tasks, absl::Span<const ReceivedEvent> events,
                              const ledger::Ledger& ledger, db::Tx& tx) {
  Parts parts(events.size());
  for (size_t from = 0, end = 0; from < events.size(); from = end) {
    end = RunEnd(tasks, from);
    if (tasks[from].kind != Task::Kind::kReact) continue;
    ASSIGN_OR_RETURN(const std::vector<bool> concerned,
                     Concerned(*tasks[from].effect, tx, events.subspan(from, end - from)));
    for (size_t i = from; i < end; ++i) {
      if (concerned[i - from]) parts[i] = PartOf(ledger, *tasks[i].effect, events[i]);
    }
  }
  return parts;
}

// What they lock is held until the transaction ends: in one order for all of them.
absl::StatusOr<std::unique_ptr<ledger::Batch>> BatchFor(const Parts& parts, ledger::Ledger& ledger,
                                                        db::Tx& tx) {
  std::vector<ledger::Part> some;
  for (const auto& part : parts) {
    if (part) some.push_back(*part);
  }
  if (some.empty()) return nullptr;
  ASSIGN_OR_RETURN(const absl::Time now, ledger.clock().Now());
  auto batch = std::make_unique<ledger::Batch>(tx, now, ledger.service());
  if (some.size() > 1) batch->LockAhead(some);
  tx.Gather(nullptr);
  return batch;
}

}  // namespace

absl::Status ApplyAll(absl::Span<const Task> tasks, absl::Span<const ReceivedEvent> events,
                      ledger::Ledger& ledger, db::Tx& tx, bool* appended) {
  // Nobody looks at them where failpoints are not compiled in.
  for ([[maybe_unused]] const ReceivedEvent& each : events) {
    IEUM_FAILPOINT_ERROR("effect.apply", each.envelope.aggregate_id());
  }
  ASSIGN_OR_RETURN(const Parts parts, PartsOf(tasks, events, ledger, tx));
  ASSIGN_OR_RETURN(const auto batch, BatchFor(parts, ledger, tx));
  for (size_t from = 0, end = 0; from < events.size(); from = end) {
    end = RunEnd(tasks, from);
    const auto& sink = tasks[from].effect->sink;
    if (sink) RETURN_IF_ERROR((*sink)(tx, events.subspan(from, end - from)));
    for (size_t i = from; i < end; ++i) {
      if (parts[i]) RETURN_IF_ERROR(batch->Run(*parts[i]));
    }
  }
  if (batch == nullptr) return absl::OkStatus();
  batch->Finish();
  *appended |= batch->appended();
  return absl::OkStatus();
}

}  // namespace ieum::flow
