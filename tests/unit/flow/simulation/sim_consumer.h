// A consumer process in the simulation: the real core, deliveries that come twice, late, in another
// order or not at all, lanes that apply when they like, and a database that keeps what was applied.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "tests/unit/flow/simulation/sim_world.h"

namespace ieum::flow::simulation {

class SimConsumer {
 public:
  explicit SimConsumer(World& world) : world_(world) { Restart(); }

  void Step();
  void Disconnect();
  // kill -9: only the database is left.
  void Restart();
  void Hear(const Watermark& mark) { core_->OnWatermark(mark, world_.now); }
  // Something that nobody wrote arrives.
  void Forge();
  void Calm() { calm_ = true; }

  // Applied so far, in the database; each position once and in order, or Step has said otherwise.
  const ShardPositions& applied() const { return applied_; }
  bool in_order() const { return in_order_; }
  const ConsumerCore& core() const { return *core_; }

 private:
  struct Delivery {
    SimMessage message;
    uint64_t pending;
  };
  void StepCore();
  void OpenPull();
  void AnswerLedger(const ConsumerActions::LedgerQuestion& question);
  void Pull();
  void Arrive();
  void Apply();

  World& world_;
  bool calm_ = false, in_order_ = true;
  // The database.
  ShardPositions applied_{};
  InboxState hint_;
  // Memory.
  std::unique_ptr<ConsumerCore> core_;
  std::deque<ReceivedEvent> lane_;
  std::deque<Delivery> arriving_;
  std::optional<ConsumerActions::LedgerQuestion> asked_;
  uint64_t next_seq_ = 0;  // of the pull; 0 = none is open
  absl::Time pulled_stream_;
};

}  // namespace ieum::flow::simulation
