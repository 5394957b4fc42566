#include "platform/flow/subscriptions.h"

#include <cstdlib>
#include <set>

#include "google/protobuf/descriptor.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

std::vector<const google::protobuf::Descriptor*> EventsOf(
    const google::protobuf::FileDescriptor* file) {
  std::vector<const google::protobuf::Descriptor*> events;
  for (int i = 0; i < file->message_type_count(); ++i) {
    const auto* type = file->message_type(i);
    if (type->options().HasExtension(platform::v1::event)) events.push_back(type);
  }
  return events;
}

using Effect = Subscriptions::Effect;

BatchSink Beside(const Observer& observer, std::shared_ptr<BatchSink> sink) {
  return [observer, sink](db::Tx& tx, absl::Span<const ReceivedEvent> events) -> absl::Status {
    for (const ReceivedEvent& event : events) RETURN_IF_ERROR(observer(tx, event));
    return sink == nullptr ? absl::OkStatus() : (*sink)(tx, events);
  };
}

// A reaction may be left out for an event, what is asked before it is not: so the observer stands
// there, and what the event itself says about being wanted is asked behind it.
Glance Beside(const Observer& observer, const Effect& effect) {
  return [observer, wanted = effect.wanted, glance = effect.glance](
             db::Tx& tx, absl::Span<const ReceivedEvent> run) -> absl::StatusOr<std::vector<bool>> {
    for (const ReceivedEvent& event : run) RETURN_IF_ERROR(observer(tx, event));
    std::vector<bool> concerned(run.size(), true);
    if (glance != nullptr) {
      ASSIGN_OR_RETURN(concerned, (*glance)(tx, run));
    }
    for (size_t at = 0; wanted && at < run.size() && at < concerned.size(); ++at) {
      concerned[at] = concerned[at] && wanted(run[at]);
    }
    return concerned;
  };
}

Effect With(const Observer& observer, Effect effect) {
  if (!effect.reaction) {
    effect.sink = std::make_shared<BatchSink>(Beside(observer, effect.sink));
  } else {
    effect.glance = std::make_shared<Glance>(Beside(observer, effect));
    effect.wanted = nullptr;
  }
  return effect;
}

}  // namespace

absl::Time ReceivedEvent::time() const { return base::InstantOf(envelope.time()); }

void Subscriptions::SinkAll(const google::protobuf::FileDescriptor* events_file, BatchSink sink) {
  AddSink(EventsOf(events_file), std::move(sink));
}

void Subscriptions::ReactAll(const google::protobuf::FileDescriptor* events_file, Reaction reaction,
                             Glance glance) {
  const auto shared = glance ? std::make_shared<Glance>(std::move(glance)) : nullptr;
  for (const auto* type : EventsOf(events_file)) Add({type, reaction, nullptr, nullptr, shared});
}

void Subscriptions::AddReaction(const google::protobuf::Descriptor* type, Reaction reaction,
                                Wanted wanted) {
  Add({type, std::move(reaction), nullptr, std::move(wanted), nullptr});
}

void Subscriptions::AddSink(std::vector<const google::protobuf::Descriptor*> types,
                            BatchSink sink) {
  const auto shared = std::make_shared<BatchSink>(std::move(sink));
  for (const auto* type : types) Add({type, nullptr, shared, nullptr, nullptr});
}

// Two effects of one type would be two answers to "what happens with it": a mistake of the
// programmer that must not reach production.
void Subscriptions::Add(Effect effect) {
  const std::string type = effect.type->full_name();
  if (const auto observer = observers_.find(type); observer != observers_.end()) {
    effects_[type] = With(observer->second, std::move(effect));
    observers_.erase(observer);  // a second effect is one too many
    return;
  }
  if (effects_.emplace(type, std::move(effect)).second) return;
  telemetry::Error("two effects for one event type", {{"type", type}});
  std::abort();
}

void Subscriptions::AddObserver(const google::protobuf::Descriptor* type, Observer observer) {
  const std::string name = type->full_name();
  if (const auto known = effects_.find(name); known != effects_.end()) {
    known->second = With(observer, known->second);
    return;
  }
  effects_[name] = With(observer, Effect{.type = type});
  observers_[name] = std::move(observer);
}

void Subscriptions::OnRewind(Undo undo) {
  if (!undo_) {
    undo_ = std::move(undo);
    return;
  }
  undo_ = [first = std::move(undo_), then = std::move(undo)](db::Tx& tx,
                                                             const Rewind& rewind) -> absl::Status {
    RETURN_IF_ERROR(first(tx, rewind));
    return then(tx, rewind);
  };
}

const Subscriptions::Effect* Subscriptions::Find(const std::string& type) const {
  const auto found = effects_.find(type);
  return found == effects_.end() ? nullptr : &found->second;
}

std::vector<std::string> Subscriptions::producers() const {
  std::set<std::string> names;
  for (const auto& [type, effect] : effects_) names.insert(ProducerOf(type));
  return {names.begin(), names.end()};
}

std::string ProducerOf(std::string_view type) {
  const size_t from = type.find('.');
  if (from == std::string_view::npos) return "";
  return std::string(type.substr(from + 1, type.find('.', from + 1) - from - 1));
}

}  // namespace ieum::flow
