// A consumer process: the real core and the real lane queue, deliveries that come twice, late, in
// another order or not at all, transactions that fail or are in doubt, and a lease.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "tests/simulator/inbox.h"

namespace ieum::flow::simulation {

class SimConsumer {
 public:
  SimConsumer(World& world, Inbox& inbox, int index)
      : world_(world), inbox_(inbox), index_(index) {}

  void Step();
  void BreakLink();
  // kill -9: only the database is left.
  void Kill();
  void Pause(absl::Duration duration) { paused_until_ = world_.now + duration; }
  void BecomeZombie(absl::Duration duration) { zombie_until_ = world_.now + duration; }
  void Awake() { paused_until_ = zombie_until_ = absl::ZeroDuration(); }
  void Hear(const Watermark& mark);
  // Something that nobody wrote arrives.
  void Forge(int shard);

  bool active() const { return session_.has_value(); }
  bool stopped() const {
    return session_ && (session_->core.stopped() || session_->core.ledger_is_behind());
  }
  // It has taken and applied all that it has heard of.
  bool level() const {
    return !session_ || (session_->core.lag() == 0 && session_->core.queued() == 0);
  }
  int64_t repairs() const { return session_ ? session_->core.repairs() : 0; }
  int64_t questions() const { return questions_; }
  int64_t pulls() const { return pulls_; }

 private:
  struct Delivery {
    SimMessage message;
    uint64_t pending;
  };
  struct LedgerAnswer {
    int shard = 0;
    int64_t epoch = 0, last = 0;
    std::vector<ReceivedEvent> events;
  };
  struct Session {
    Session(const InboxState& state, Instant now, uint64_t seed)
        : core(state, SimConsumerLimits(), now, seed), queue(SimConsumerLimits(), seed) {}
    ConsumerCore core;
    LaneQueue queue;
    Inbox::Session memory;
    std::vector<LaneBatch> hands;        // of the lanes that work
    std::array<bool, kShards> failed{};  // something of the shard failed for the moment
    std::deque<Delivery> arriving;
    std::optional<ConsumerActions::LedgerQuestion> asked;
    std::optional<LedgerAnswer> answer;  // read, and on its way
    int64_t forged = 0;                  // messages of nobody that have come
    uint64_t next_seq = 0;               // of the pull; 0 = none is open
    uint64_t pulled_stream = 0;
  };

  bool Held() const { return world_.now < std::max(held_until_, zombie_until_); }
  void KeepLease();
  void Begin();
  void Brisk();
  bool StepCore();
  void SaveHint();
  void OpenPull();
  bool AnswerLedger();
  LedgerAnswer ReadLedger(const ConsumerActions::LedgerQuestion& question) const;
  bool Pull();
  bool Arrive();
  bool Apply();
  void JudgeHand(const LaneBatch& batch);
  void Settle(LaneBatch batch, const Inbox::Outcome& outcome);
  std::string Name() const { return index_ == 0 ? "consumer A" : "consumer B"; }

  World& world_;
  Inbox& inbox_;
  const int index_;
  int generation_ = 1;
  Instant held_until_, next_renewal_, zombie_until_, paused_until_;
  int64_t questions_ = 0, pulls_ = 0;
  bool link_broken_ = false;
  std::optional<Session> session_;
};

}  // namespace ieum::flow::simulation
