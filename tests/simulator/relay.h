// A relay process: the real core, its driver played in small steps (each reading and each message
// takes its time), a link that delays, loses and delivers late, and a lease that may end unnoticed.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "tests/simulator/world.h"

namespace ieum::flow::simulation {

class SimRelay {
 public:
  SimRelay(World& world, int index);

  // One small thing happens to the process, or all that can in a brisk world.
  void Step();
  // The link breaks. What was sent may still arrive, later, as a ghost.
  void BreakLink();
  // The broker's process dies, and with it every byte on its way to it.
  void BrokerDied();
  // kill -9: everything in memory is gone; what was sent may still arrive.
  void Kill();
  void Pause(absl::Duration duration) { paused_until_ = world_.now + duration; }
  // Believes to hold the lease, whatever the database says.
  void BecomeZombie(absl::Duration duration);
  void Awake() { paused_until_ = zombie_until_ = absl::ZeroDuration(); }

  // Nothing of it is on its way any more.
  bool quiet() const {
    return outgoing_.empty() && ghosts_.empty() && incoming_.empty() && !reading_;
  }
  const RelayCore& core() const { return *core_; }
  int64_t refusals() const { return refusals_; }
  Watermark Mark() const;

 private:
  struct Outgoing {
    uint64_t token;
    SimMessage message;
    SimChain chain;
  };
  struct Incoming {
    uint64_t token;
    SimAnswer answer;
  };
  // A take-over that is being read, piece by piece, while the world goes on.
  struct Reading {
    int at = 0;
    int tries = 0;
    uint64_t end_before = 0, created_before = 0;
    TakeOver read;
  };

  bool Held() const { return world_.now < std::max(held_until_, zombie_until_); }
  void KeepLease();
  bool MoveWires();
  bool ArriveAtStream(std::deque<Outgoing>& queue, bool answered);
  bool TakeAnswer();
  bool StepCore();
  void Execute(const RelayActions& actions);
  void Send(const RelayActions::Publication& publication);
  void ReadOn();
  void ReadPiece();
  void ReadDoubts(TakeOver& read);
  void TakeOverNow();
  void JudgeTakeOver(const TakeOver& read, const Beliefs& own, int64_t losses_before);
  bool ReadLedger(const ShardPositions& from);
  void SaveBeliefs(bool now);
  bool Refused() { return world_.random.Chance(world_.noise.refused_reads); }
  std::string Name() const { return index_ == 0 ? "relay A" : "relay B"; }

  World& world_;
  const int index_;
  int generation_ = 0;
  std::unique_ptr<RelayCore> core_;
  bool link_broken_ = false, brought_ = false;  // brought_: the last reading of the ledger had news
  Instant held_until_, next_renewal_, zombie_until_, paused_until_, next_saving_;
  int64_t term_ = 0, refusals_ = 0;
  std::optional<Reading> reading_;
  std::array<std::deque<std::pair<int64_t, uint64_t>>, kShards> read_;  // position, row
  std::deque<Outgoing> outgoing_;  // sent, not yet at the stream
  std::deque<Outgoing> ghosts_;    // sent over a link that is gone, or of a run that was given up
  std::deque<Incoming> incoming_;  // answers on their way
};

}  // namespace ieum::flow::simulation
