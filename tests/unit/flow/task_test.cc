// Goal: what happens with an event follows from its type, its payload and the word of its contract.
#include "platform/flow/task.h"

#include <gtest/gtest.h>

#include "ieum/sample/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/flow/applier.h"
#include "platform/flow/check_hash.h"

namespace ieum::flow {
namespace {

using Kind = Task::Kind;

Subscriptions Listening() {
  Subscriptions subscriptions;
  subscriptions.Sink<sample::v1::Counted>(
      [](db::Tx&, absl::Span<const ReceivedEvent>) { return absl::OkStatus(); });
  subscriptions.React<sample::v1::Renamed>([](ledger::UnitOfWork&, const sample::v1::Renamed&,
                                              const ReceivedEvent&) { return absl::OkStatus(); });
  subscriptions.ReactIf<sample::v1::Closed>(
      [](const sample::v1::Closed& event) { return !event.counter_id().empty(); },
      [](ledger::UnitOfWork&, const sample::v1::Closed&, const ReceivedEvent&) {
        return absl::OkStatus();
      });
  return subscriptions;
}

ReceivedEvent Event(const std::string& type, const std::string& payload = "") {
  ReceivedEvent event;
  event.envelope.set_type(type);
  event.envelope.set_payload(payload);
  return event;
}

TEST(Task, GoesToTheEffectWithTheMessageRead) {
  const Subscriptions subscriptions = Listening();
  sample::v1::Counted counted;
  counted.set_amount(7);
  ReceivedEvent event = Event("ieum.sample.v1.Counted", counted.SerializeAsString());
  EXPECT_EQ(TaskFor(subscriptions, &event).kind, Kind::kSink);
  ASSERT_TRUE(event.Is<sample::v1::Counted>());
  EXPECT_EQ(event.As<sample::v1::Counted>().amount(), 7);
  ReceivedEvent renamed = Event("ieum.sample.v1.Renamed");
  EXPECT_EQ(TaskFor(subscriptions, &renamed).kind, Kind::kReact);
}

TEST(Task, SkipsWhatNobodyListensTo) {
  const Subscriptions subscriptions = Listening();
  ReceivedEvent known = Event("ieum.sample.v1.Glanced");
  EXPECT_EQ(TaskFor(subscriptions, &known).kind, Kind::kSkip);
  ReceivedEvent unknown = Event("ieum.sample.v1.FromTheFuture");
  EXPECT_EQ(TaskFor(subscriptions, &unknown).kind, Kind::kSkip);
}

TEST(Task, SkipsWhatLeavesAReactionCold) {
  const Subscriptions subscriptions = Listening();
  sample::v1::Closed closed;
  ReceivedEvent cold = Event("ieum.sample.v1.Closed", closed.SerializeAsString());
  EXPECT_EQ(TaskFor(subscriptions, &cold).kind, Kind::kSkip);
  closed.set_counter_id("7");
  ReceivedEvent wanted = Event("ieum.sample.v1.Closed", closed.SerializeAsString());
  EXPECT_EQ(TaskFor(subscriptions, &wanted).kind, Kind::kReact);
  ReceivedEvent unreadable = Event("ieum.sample.v1.Closed", "\xff\xff\xff");
  EXPECT_EQ(TaskFor(subscriptions, &unreadable).kind, Kind::kPark);
}

TEST(Task, ParksWhatNobodyMaySkipAndNobodyKnows) {
  const Subscriptions subscriptions = Listening();
  ReceivedEvent known = Event("ieum.sample.v1.Glanced");
  known.envelope.set_required(true);
  EXPECT_EQ(TaskFor(subscriptions, &known).kind, Kind::kSkip)
      << "we know it and chose not to listen";
  ReceivedEvent unknown = Event("ieum.sample.v1.FromTheFuture");
  unknown.envelope.set_required(true);
  const Task task = TaskFor(subscriptions, &unknown);
  EXPECT_EQ(task.kind, Kind::kPark);
  EXPECT_STREQ(task.refusal, "UNKNOWN_EVENT_TYPE");
}

TEST(Task, ParksAPayloadThatCannotBeRead) {
  const Subscriptions subscriptions = Listening();
  ReceivedEvent event = Event("ieum.sample.v1.Counted", "\xff\xff\xff");
  EXPECT_STREQ(TaskFor(subscriptions, &event).refusal, "UNDECODABLE_PAYLOAD");
}

TEST(EventHash, DependsOnIdAndPayloadOnly) {
  ReceivedEvent one = Event("a", "payload"), other = Event("b", "payload");
  EXPECT_EQ(EventHash(one.envelope), EventHash(other.envelope));
  other.envelope.set_payload("payloaD");
  EXPECT_NE(EventHash(one.envelope), EventHash(other.envelope));
  other = one;
  other.envelope.set_event_id("1");
  EXPECT_NE(EventHash(one.envelope), EventHash(other.envelope));
}

TEST(ErrorWord, IsTheReasonOrTheCode) {
  EXPECT_EQ(ErrorWord(base::Forbidden("WINDOW_CLOSED", "x")), "WINDOW_CLOSED");
  EXPECT_EQ(ErrorWord(absl::InternalError("SELECT secret")), "INTERNAL");
}

}  // namespace
}  // namespace ieum::flow
