// A relay process in the simulation: the real core, a connection that delays, loses and delivers
// late, and a database row of beliefs.
#pragma once

#include <deque>
#include <memory>

#include "tests/unit/flow/simulation/sim_world.h"

namespace ieum::flow::simulation {

class SimRelay {
 public:
  // `beliefs` is the database's row, shared by all relays of the service.
  SimRelay(World& world, Beliefs& beliefs) : world_(world), beliefs_(beliefs) { Restart(); }

  // One small thing happens: a message or an answer travels, or the core is stepped.
  void Step();
  // The connection breaks. What was sent may still arrive, later, as a ghost.
  void Disconnect();
  // The broker's process dies, and with it every byte on its way to it.
  void BrokerDied();
  // kill -9: everything in memory is gone; what was sent may still arrive.
  void Restart();
  void SetLeader(bool leader) {
    if (leader && !leader_) ++term_;
    leader_ = leader;
  }
  bool leader() const { return leader_; }
  // Nothing of it is on its way any more.
  bool quiet() const { return outgoing_.empty() && ghosts_.empty() && incoming_.empty(); }
  // The connection's wire is emptied without any more mishap.
  void Calm() { calm_ = true; }
  const RelayCore& core() const { return *core_; }
  Watermark Mark() const;

 private:
  struct Outgoing {
    uint64_t token;
    SimMessage message;
    broker::Chain chain;
  };
  struct Incoming {
    uint64_t token;
    SimAnswer answer;
  };
  void StepCore();
  void Execute(const RelayActions& actions);
  void ReadLedger(const ShardPositions& from);
  void ArriveAtStream(std::deque<Outgoing>& queue, bool answered);

  World& world_;
  Beliefs& beliefs_;
  std::unique_ptr<RelayCore> core_;
  bool leader_ = false, calm_ = false;
  int64_t term_ = 0;
  std::deque<Outgoing> outgoing_;  // sent, not yet at the stream
  std::deque<Outgoing> ghosts_;    // sent over a connection that is gone
  std::deque<Incoming> incoming_;  // answers on their way
};

}  // namespace ieum::flow::simulation
