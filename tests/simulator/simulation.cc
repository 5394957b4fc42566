#include "tests/simulator/simulation.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "tests/simulator/consumer.h"
#include "tests/simulator/relay.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kTicksToHeal = 2500, kTicksOfRest = 30, kTicksOfADay = 400;
constexpr int kOperatorEvery = 16;

class Simulation {
 public:
  Simulation(const Plan& plan, bool trace)
      : plan_(plan),
        world_(plan),
        inbox_(world_),
        relays_{SimRelay(world_, 0), SimRelay(world_, 1)},
        consumers_{SimConsumer(world_, inbox_, 0), SimConsumer(world_, inbox_, 1)} {
    world_.tracing = trace;
    // What is stored again may hide that the stream is ahead of a ledger that was restored; nobody
    // but an operator who declares no epoch could do both.
    may_store_again_ =
        std::none_of(plan.mishaps.begin(), plan.mishaps.end(),
                     [](const Mishap& mishap) { return mishap.kind == MishapKind::kRestored; });
  }
  Outcome Run();

 private:
  bool Fine() const { return world_.law.empty(); }
  void Trouble();
  void Heal();
  void MeetCopy();
  void OrdinaryDay();
  void DayWithoutBroker();
  bool TickUntil(int ticks, bool (Simulation::*done)() const);
  bool Rests();
  bool Healed() const;
  bool Applied() const { return inbox_.At(world_.ledger.last()) && inbox_.settled(); }
  int Active() const;

  void Tick();
  void Broadcast();
  void Operate();
  void Befall(const Mishap& mishap);
  void BefallProcess(const Mishap& mishap, int which, absl::Duration lasting);
  void BefallServer(const Mishap& mishap, uint32_t more);
  void CrashBroker(uint32_t more);
  void RestoreBeliefs();
  void BreakLinks();
  int64_t Questions() const { return consumers_[0].questions() + consumers_[1].questions(); }
  int64_t Pulls() const { return consumers_[0].pulls() + consumers_[1].pulls(); }
  int64_t Refusals() const { return relays_[0].refusals() + relays_[1].refusals(); }

  const Plan& plan_;
  World world_;
  Inbox inbox_;
  std::array<SimRelay, 2> relays_;
  std::array<SimConsumer, 2> consumers_;
  Instant next_mark_ = absl::ZeroDuration();
  std::optional<Instant> broker_back_, epoch_raised_;
  int64_t ticks_ = 0;
  bool may_store_again_ = true, stored_again_ = false;
};

void Simulation::Tick() {
  ++ticks_;
  world_.now += absl::Milliseconds(world_.brisk ? 1 : world_.Pick(4));
  if (broker_back_ && world_.now >= *broker_back_) {
    broker_back_.reset();
    world_.broker_up = true;
  }
  if (epoch_raised_ && world_.now >= *epoch_raised_) {
    epoch_raised_.reset();
    world_.ledger.RaiseEpoch();
  }
  for (SimRelay& relay : relays_) relay.Step();
  for (SimConsumer& consumer : consumers_) consumer.Step();
  if (world_.now >= next_mark_) Broadcast();
}

void Simulation::Broadcast() {
  next_mark_ = world_.now + kMarkInterval;
  for (const SimRelay& relay : relays_) {
    if (!relay.core().leading() || !world_.broker_up) continue;
    for (SimConsumer& consumer : consumers_) {
      if (!world_.random.Chance(world_.noise.drops)) consumer.Hear(relay.Mark());
    }
  }
}

// What people do: mend, and replay what was parked.
void Simulation::Operate() {
  world_.ledger.Mend();
  inbox_.Replay();
}

void Simulation::BreakLinks() {
  for (SimRelay& relay : relays_) relay.BreakLink();
  for (SimConsumer& consumer : consumers_) consumer.BreakLink();
}

// They stand in the same database.
void Simulation::RestoreBeliefs() {
  for (int shard = 0; shard < kShards; ++shard) {
    int64_t& pos = world_.durable_beliefs[shard].pos;
    pos = std::min(pos, world_.ledger.last()[shard]);
  }
  world_.beliefs = world_.durable_beliefs;
}

void Simulation::CrashBroker(uint32_t more) {
  world_.stream.LoseTail(more % 12, more / 12 % 3 == 0);
  for (SimRelay& relay : relays_) relay.BrokerDied();
  for (SimConsumer& consumer : consumers_) consumer.BreakLink();
}

void Simulation::BefallProcess(const Mishap& mishap, int which, absl::Duration lasting) {
  SimRelay& relay = relays_[which];
  SimConsumer& consumer = consumers_[which];
  switch (mishap.kind) {
    case MishapKind::kRelayLinkBreaks:
      return relay.BreakLink();
    case MishapKind::kRelayKilled:
      return relay.Kill();
    case MishapKind::kRelayPaused:
      return relay.Pause(lasting);
    case MishapKind::kRelayZombie:
      return relay.BecomeZombie(lasting);
    case MishapKind::kConsumerLinkBreaks:
      return consumer.BreakLink();
    case MishapKind::kConsumerKilled:
      return consumer.Kill();
    case MishapKind::kConsumerPaused:
      return consumer.Pause(lasting);
    case MishapKind::kConsumerZombie:
      return consumer.BecomeZombie(lasting);
    default:
      return consumer.Forge(world_.PickShard());
  }
}

void Simulation::BefallServer(const Mishap& mishap, uint32_t more) {
  switch (mishap.kind) {
    case MishapKind::kBrokerCrashes:
      return CrashBroker(more);
    case MishapKind::kBrokerWiped:
      world_.stream.Wipe();
      world_.stream_exists = false;
      return CrashBroker(more);
    case MishapKind::kBrokerAway:
      world_.broker_up = false;
      broker_back_ = world_.now + absl::Milliseconds(20 + more % 200);
      return BreakLinks();
    case MishapKind::kBrokerForgetsIds:
      world_.stream.ForgetIds();
      if (more % 2 == 0 && may_store_again_) {
        world_.stream.StoreAgain(more / 2);
        stored_again_ = true;
      }
      return;
    case MishapKind::kStreamAges:
      return world_.stream.DropOldest(1 + more % 20);
    case MishapKind::kDatabaseCrashes:
      world_.beliefs = world_.durable_beliefs;
      return world_.ledger.Crash(world_.random);
    case MishapKind::kRestored:
      if (world_.ledger.restored()) return;
      world_.ledger.Restore(world_.random);
      RestoreBeliefs();
      if (!epoch_raised_) epoch_raised_ = world_.now + absl::Milliseconds(more % 200);
      return;
    case MishapKind::kOperatorReplays:
      return Operate();
    default:
      world_.now += absl::Milliseconds(more % 150);
  }
}

void Simulation::Befall(const Mishap& mishap) {
  if (world_.tracing) world_.Trace("MISHAP", NameOf(mishap.kind));
  const int which = static_cast<int>(mishap.argument % 2);
  const uint32_t more = mishap.argument / 2;
  const bool to_process =
      mishap.kind <= MishapKind::kConsumerZombie || mishap.kind == MishapKind::kForgery;
  if (!to_process) return BefallServer(mishap, more);
  BefallProcess(mishap, which, absl::Milliseconds(30 + more % 150));
}

int Simulation::Active() const { return consumers_[0].active() + consumers_[1].active(); }

bool Simulation::Healed() const {
  bool flushed = false;
  for (const SimRelay& relay : relays_) {
    if (!relay.quiet()) return false;
    flushed |= relay.core().Flushed() && relay.core().epoch() == world_.ledger.epoch();
  }
  return flushed && Active() == 1 && consumers_[0].level() && consumers_[1].level() &&
         !consumers_[0].stopped() && !consumers_[1].stopped() && Applied() &&
         world_.stream.Holds(world_.ledger.epoch(), world_.ledger.last());
}

bool Simulation::TickUntil(int ticks, bool (Simulation::*done)() const) {
  for (int tick = 0; tick < ticks && Fine(); ++tick) {
    if ((this->*done)()) return true;
    Tick();
    if (tick % kOperatorEvery == 0) Operate();
  }
  return !Fine() || (this->*done)();
}

void Simulation::Trouble() {
  size_t next = 0;
  for (int tick = 0; tick < plan_.ticks && Fine(); ++tick) {
    while (next < plan_.mishaps.size() && plan_.mishaps[next].tick == tick) {
      Befall(plan_.mishaps[next++]);
    }
    world_.ledger.Step(world_.random, world_.shards, world_.writes, world_.noise.poison);
    Tick();
  }
}

// What nobody has heard of yet comes with the next watermarks. Who looks well at the first look may
// only not have noticed yet that he is ill: a relay that rests behind its last trouble is silent.
bool Simulation::Rests() {
  for (int tick = 0; tick < kTicksOfRest && Fine(); ++tick) {
    Tick();
    if (!Healed()) return false;
  }
  return true;
}

void Simulation::Heal() {
  world_.noise = {};
  world_.brisk = true;
  world_.broker_up = true;
  broker_back_.reset();
  epoch_raised_.reset();
  world_.ledger.RaiseEpoch();
  for (SimRelay& relay : relays_) relay.Awake();
  for (SimConsumer& consumer : consumers_) consumer.Awake();
  while (!world_.ledger.quiet()) world_.ledger.Step(world_.random, world_.shards, 0, 0);
  const int64_t until = ticks_ + 2 * kTicksToHeal;
  while (ticks_ < until && TickUntil(kTicksToHeal, &Simulation::Healed)) {
    if (Rests()) return;
  }
  world_.Breach(
      "everything heals",
      fmt::format("applied {}, parked gone {}, stream whole {}, consumers {}", Applied(),
                  inbox_.settled(),
                  world_.stream.Holds(world_.ledger.epoch(), world_.ledger.last()), Active()));
}

// The last message may be a copy that came while nothing was published: the next one is refused.
void Simulation::MeetCopy() {
  world_.ledger.WriteNow(world_.random, world_.PickShard());
  if (TickUntil(kTicksOfADay, &Simulation::Healed)) return;
  world_.Breach("everything heals", "behind what was stored again");
}

// Nothing is wrong any more: the stream brings what is written, and nobody has to repair.
void Simulation::OrdinaryDay() {
  if (world_.tracing) world_.Trace("DAY", "nothing is wrong any more");
  const int64_t questions = Questions(), pulls = Pulls(), refusals = Refusals();
  for (int i = 0; i < 3 && Fine(); ++i) {
    world_.ledger.WriteNow(world_.random, world_.PickShard());
    if (!TickUntil(kTicksOfADay, &Simulation::Healed)) {
      world_.Breach("a healed world works", "an event does not arrive");
    }
  }
  if (Questions() != questions) world_.Breach("a healed world works", "somebody asks the ledger");
  if (Pulls() != pulls) world_.Breach("a healed world works", "somebody opens the stream again");
  if (Refusals() != refusals) world_.Breach("a healed world works", "a publication is refused");
}

void Simulation::DayWithoutBroker() {
  world_.broker_up = false;
  BreakLinks();
  for (int i = 0; i < 3; ++i) world_.ledger.WriteNow(world_.random, world_.PickShard());
  if (!TickUntil(kTicksOfADay, &Simulation::Applied)) {
    world_.Breach("without a broker the ledger is read", "events do not arrive");
  }
  world_.broker_up = true;
  if (!TickUntil(kTicksToHeal, &Simulation::Healed)) {
    world_.Breach("everything heals", "after a day without the broker");
  }
}

Outcome Simulation::Run() {
  Trouble();
  if (Fine()) Heal();
  if (Fine() && stored_again_) MeetCopy();
  if (Fine()) OrdinaryDay();
  if (Fine() && plan_.broker_stays_away) DayWithoutBroker();
  if (Fine()) inbox_.JudgeRest();
  Outcome outcome;
  outcome.law = world_.law;
  outcome.breach = world_.breach;
  outcome.ticks = ticks_;
  outcome.parked = inbox_.parked_ever();
  outcome.restores = world_.ledger.epoch() - 1;
  for (const int64_t last : world_.ledger.last()) outcome.events += last;
  for (const SimRelay& relay : relays_) outcome.losses += relay.core().losses();
  for (const SimConsumer& consumer : consumers_) outcome.repairs += consumer.repairs();
  return outcome;
}

}  // namespace

Outcome RunSchedule(const Plan& plan, bool trace) { return Simulation(plan, trace).Run(); }

}  // namespace ieum::flow::simulation
