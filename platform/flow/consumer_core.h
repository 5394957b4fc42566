// A consumer's decisions about one producer: which event is next, which is a repeat, what is
// missing and where to get it. Inputs in, actions out; no I/O, no threads, no clock of its own.
//
// Positions decide everything: behind `pos` comes `pos + 1`, whatever the broker delivers, in
// whatever order, however often. What the broker does not deliver is read from the producer's
// ledger.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "platform/flow/backoff.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/instant.h"
#include "platform/flow/relay_core.h"
#include "platform/flow/subscriptions.h"

namespace ieum::flow {

// What the database knows when a consumer begins.
struct InboxState {
  struct Cursor {
    int64_t epoch = 0;  // 0 = nothing applied yet
    int64_t pos = 0;
    uint64_t check_hash = 0;
  };
  std::array<Cursor, kShards> cursors;
  // A hint where to go on in the stream.
  std::optional<absl::Time> stream_created;
  int64_t incarnation = 0;
  uint64_t resume_seq = 0;  // 0 = from the beginning
};

// What the producer's relay says of itself each second.
struct Watermark {
  int64_t epoch = 0;
  int64_t incarnation = 0;
  ShardPositions pos{};  // last of the ledger
  uint64_t stream_seq = 0;
};

struct StreamFacts {
  absl::Time created;
  uint64_t first_seq = 0;
  uint64_t last_seq = 0;
};

// Where to open the pull.
struct PullPlan {
  enum class Kind {
    kAll,
    kSequence,  // at `seq`
    kRewind,    // some minutes of stream before the message `seq`
  };
  Kind kind = Kind::kAll;
  uint64_t seq = 0;
};

// What to do now.
struct ConsumerActions {
  struct LedgerQuestion {
    int shard = 0;
    int64_t from = 0;
  };
  std::vector<ReceivedEvent> deliver;         // each to its shard's lane; answer: OnApplied
  bool open_pull = false;                     // answer: PlanPull, then OnPullOpened or OnPullLost
  std::optional<LedgerQuestion> read_ledger;  // answer: OnLedger or OnLedgerFailed
};

class ConsumerCore {
 public:
  ConsumerCore(const InboxState& state, const ConsumerLimits& limits, Instant now, uint64_t seed);

  void OnConnected(bool connected);  // false also for a connection that was lost and made again
  PullPlan PlanPull(const StreamFacts& facts) const;
  void OnPullOpened(const StreamFacts& facts, const PullPlan& plan, uint64_t pending);
  void OnPullLost();
  // `pending`: messages that wait behind this one.
  void OnMessage(uint64_t seq, uint64_t pending, int64_t incarnation, ReceivedEvent event);
  // A message of the stream that is no event of the producer's.
  void OnForeign(uint64_t seq, uint64_t pending);
  // `events` begin at the wanted position, without a hole.
  void OnLedger(int shard, int64_t epoch, int64_t last_position, std::vector<ReceivedEvent> events);
  void OnLedgerFailed();
  void OnApplied(int shard, int64_t pos);
  void OnWatermark(const Watermark& mark, Instant now);

  ConsumerActions Step(Instant now);
  // When Step wants to be called at the latest.
  Instant NextDeadline() const;

  // Messages may be asked for.
  bool pulling() const { return pull_ == Pull::kOpen && !stopped() && !behind_; }
  // Events taken and not yet applied.
  int queued() const;
  // The producer's ledger has another epoch than our positions: the two have to be compared.
  bool stopped() const { return stopped_epoch_ != 0; }
  int64_t stopped_epoch() const { return stopped_epoch_; }
  // The producer's ledger lacks what was taken from it: it was restored, and nobody has declared
  // its new epoch yet. Nothing of it is taken until then.
  bool ledger_is_behind() const { return behind_; }
  // How far applied positions are behind the last watermark.
  int64_t lag() const;
  int64_t repairs() const { return repairs_; }      // runs read from the ledger that brought events
  int64_t repeats() const { return repeats_; }      // deliveries dropped because known
  int64_t forgeries() const { return forgeries_; }  // messages that the ledger does not know
  // Stream hint as it should be kept now.
  std::optional<absl::Time> stream_created() const { return stream_created_; }
  int64_t incarnation() const { return incarnation_; }
  uint64_t resume_seq() const;

 private:
  enum class Pull { kWanted, kOpening, kOpen };
  struct Ahead {
    uint64_t seq;
    ReceivedEvent event;
  };
  struct Shard {
    int64_t epoch = 0;
    int64_t taken = 0;
    int64_t applied = 0;
    std::deque<std::pair<int64_t, uint64_t>> unapplied;  // position, stream sequence
    std::map<int64_t, Ahead> ahead;                      // behind a hole
    int64_t ahead_when_asked = 0;  // greatest of them when the ledger was asked
    int64_t taken_when_asked = 0;
    int64_t taken_at_mark = 0;  // when the last watermark came
    bool wants_ledger = false;
    std::optional<Instant> behind_since;
    int64_t behind_at = 0;
  };

  bool Stopping(const Shard& shard, int64_t epoch);
  void Take(Shard& shard, uint64_t seq, ReceivedEvent event);
  void TakeAhead(Shard& shard);
  void DropForgeries(Shard& shard, int64_t last_position);
  void Incarnated(int64_t incarnation);
  bool OpensPull(Instant now);
  void LookForTails(Instant now);
  std::optional<ConsumerActions::LedgerQuestion> AsksLedger(Instant now);
  bool BrokerIsAbsent(Instant now) const;
  bool MoreIsComing(Instant now);

  const ConsumerLimits limits_;
  std::array<Shard, kShards> shards_;
  std::vector<ReceivedEvent> deliveries_;
  int64_t stopped_epoch_ = 0;
  bool behind_ = false;

  bool connected_ = false, rewind_ = false;
  Pull pull_ = Pull::kWanted;
  Backoff pull_backoff_;
  Instant pull_retry_at_;
  uint64_t pending_ = 0;
  uint64_t resume_looked_at_ = 0;  // resume_ when a look found that something had come
  Instant came_at_;
  std::optional<absl::Time> stream_created_;
  int64_t incarnation_ = 0;
  uint64_t resume_ = 0;  // first sequence that may still be needed when nothing is unapplied

  Backoff ledger_backoff_;
  bool asking_ledger_ = false;
  bool ledger_failed_ = false, pull_failed_ = false;
  Instant ledger_retry_at_, next_probe_, next_look_, last_step_;
  int next_shard_ = 0;
  std::optional<Watermark> mark_;
  Instant mark_at_;
  int64_t repairs_ = 0, repeats_ = 0, forgeries_ = 0;
};

}  // namespace ieum::flow
