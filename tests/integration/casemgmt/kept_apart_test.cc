// Goal: of one whose data registry keeps apart nothing opens here, and nothing of hers is lost by
// somebody who saves what he could not read. Method: registry's two events through the service's
// own subscriptions, a plan's words between them. law:L13
#include <gtest/gtest.h>

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/flow/task.h"
#include "services/casemgmt/reactions.h"
#include "tests/integration/casemgmt/plan_world.h"

namespace ieum::casemgmt::testing {
namespace {

class KeptApart : public ::testing::Test {
 protected:
  KeptApart() { Reactions().Listen(on_); }

  template <class Event>
  void Hear(const base::Uuid& person) {
    Event event;
    event.set_person_id(person.ToString());
    flow::ReceivedEvent received{.producer = "registry"};
    received.envelope.set_shard(person.shard());
    received.envelope.set_position(++position_);
    received.envelope.set_event_id(base::Uuid::NewV7().ToString());
    received.envelope.set_aggregate_id(person.ToString());
    received.envelope.set_type(Event::descriptor()->full_name());
    received.envelope.set_payload(event.SerializeAsString());
    const flow::Task task = flow::TaskFor(on_, &received);
    EXPECT_TRUE(world_.database()
                    .Write("hear",
                           [&](db::Tx& tx) {
                             bool appended = false;
                             return flow::ApplyAll({task}, {received}, world_.ledger(), tx,
                                                   &appended);
                           })
                    .ok());
  }
  std::string Change(const base::Uuid& id, const base::Uuid& plan, std::vector<PlanGoal> goals) {
    const auto changed = world_.Do([&](auto& work) {
      return ChangePlan(work, cases_.keys(), plans_.Of(id, plan, cases_.manager), goals, {});
    });
    return base::ReasonOf(changed.status());
  }

  World world_{"2024-03-05 10:00"};
  Cases cases_{world_};
  Plans plans_{cases_};
  flow::Subscriptions on_;
  int64_t position_ = 0;
};

TEST_F(KeptApart, ReadAsErasedAndLoseNoWord) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = plans_.ToPlan({.person = person});
  const base::Uuid plan = plans_.Drafted(id, {"2024-04-01"});
  std::vector<PlanGoal> goals = plans_.Plan(id, plan).plan.goals;
  const std::string words = goals[0].text;
  ASSERT_NE(words, "");
  Hear<registry::v1::PersonKeptApart>(person);
  EXPECT_EQ(plans_.Plan(id, plan).plan.goals[0].text, "");
  EXPECT_EQ(Change(id, plan, goals), "PERSON_ERASED");
  EXPECT_EQ(Change(id, plan, plans_.Plan(id, plan).plan.goals), "PERSON_ERASED")
      << "saved as it was read, it would be gone";
  Hear<registry::v1::PersonPutBack>(person);
  EXPECT_EQ(plans_.Plan(id, plan).plan.goals[0].text, words);
  goals[0].text = "another";
  EXPECT_EQ(Change(id, plan, goals), "");
  EXPECT_EQ(plans_.Plan(id, plan).plan.goals[0].text, "another");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
