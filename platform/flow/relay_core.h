// The relay's decisions: inputs in, actions out; no I/O, no threads, no clock of its own. A driver
// carries the actions out (relay.h), a simulator plays the broker (tests).
//
// The stream itself is the cursor. Safety is the chain: a publish is accepted only directly behind
// what the publisher believes to be the end of the stream, so whoever publishes, each shard's first
// occurrences in the stream follow each other without a hole. The lease only says who should try.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "platform/base/uuid.h"
#include "platform/broker/event_codec.h"
#include "platform/flow/backoff.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/instant.h"

namespace ieum::flow {

inline constexpr int kShards = base::Uuid::kShards;
using ShardPositions = std::array<int64_t, kShards>;

// The last message of each shard's subject; two readings of the stream's end around it were equal.
struct StreamView {
  struct Last {
    bool found = false;  // false: the stream keeps no message of the shard
    int64_t epoch = 0;
    int64_t pos = 0;
    int64_t incarnation = 0;
    uint64_t seq = 0;
  };
  uint64_t first_seq = 0;
  uint64_t last_seq = 0;
  std::array<Last, kShards> last;
  // What stands at the sequences that the core wants looked at (RelayCore::Doubts).
  std::array<Last, kShards> believed;
};

// What was known to be in the stream: evidence that the broker lost something, never a cursor.
struct Belief {
  int64_t pos = 0;
  uint64_t seq = 0;
  int64_t incarnation = 0;
  int64_t epoch = 0;
};
using Beliefs = std::array<Belief, kShards>;

struct LedgerHead {
  int64_t epoch = 0;
  ShardPositions last{};
};

// Everything that a take-over needs to know.
struct TakeOver {
  StreamView stream;
  Beliefs beliefs{};
  LedgerHead ledger;
  // First position worth publishing again where the stream keeps nothing of a shard: as far back as
  // the stream would have kept. Older ones are read from the ledger.
  ShardPositions refill_from{};
};

struct Spot {
  int shard = 0;
  int64_t pos = 0;
};

// What to do now, in this order.
struct RelayActions {
  struct Publication {
    uint64_t token = 0;
    Spot spot;
    broker::Chain chain;
  };
  bool forget = false;                        // answers to what was published so far are void
  bool read_stream = false;                   // answer: OnTakeOver or OnTrouble
  bool save_beliefs = false;                  // durably; answer: OnBeliefsSaved or OnTrouble
  std::vector<Publication> publish;           // answers: OnStored, OnTrouble, or none
  std::optional<ShardPositions> read_ledger;  // from these positions; answer: OnLedger or OnTrouble

  bool empty() const {
    return !forget && !read_stream && !save_beliefs && publish.empty() && !read_ledger;
  }
};

class RelayCore {
 public:
  // `seed` must differ between processes: run names come from it.
  RelayCore(std::string service, const RelayLimits& limits, uint64_t seed);

  void OnLease(bool leader, int64_t term);
  void OnConnected(bool connected);  // false also for a connection that was lost and made again
  // Sequences to look at before OnTakeOver, of shards whose last message tells of less than is
  // known: an event that was stored once more may stand behind it, which is no loss. 0 = nothing to
  // ask. `read.stream.believed` need not be there yet.
  std::array<uint64_t, kShards> Doubts(const TakeOver& read) const;
  void OnTakeOver(const TakeOver& read);
  void OnBeliefsSaved();
  // The counters, and rows from the wanted positions on, contiguous per shard.
  void OnLedger(const LedgerHead& head, const std::vector<Spot>& rows);
  void OnStored(uint64_t token, uint64_t seq);
  // Anything went wrong: refused, timed out, cannot be read. All in flight is given up and the
  // stream read again, after a back-off.
  void OnTrouble();
  // There may be news in the ledger.
  void Wake() { news_ = true; }

  RelayActions Step(Instant now);
  // When Step wants to be called at the latest; InfiniteDuration when only inputs matter.
  Instant NextDeadline() const;

  bool leading() const { return phase_ == Phase::kRunning; }
  int in_flight() const { return static_cast<int>(in_flight_.size()); }
  // The ledger is behind the stream: it was restored, and nobody has raised its epoch yet.
  bool stopped() const { return stopped_; }
  bool Flushed() const;  // everything known in the ledger is in the stream
  int64_t epoch() const { return epoch_; }
  int64_t term() const { return term_; }
  int64_t incarnation() const { return incarnation_; }
  int64_t losses() const { return losses_; }  // times that the broker was found to have lost data
  uint64_t last_seq() const { return last_seq_; }
  const ShardPositions& ledger_last() const { return ledger_last_; }
  const Beliefs& beliefs() const { return published_; }

 private:
  enum class Phase { kResting, kWantStream, kReadingStream, kSavingBeliefs, kRunning, kWaiting };
  enum class Finding { kFine, kLost, kBackwards };
  struct InFlight {
    uint64_t token;
    Spot spot;
    Instant sent;
  };

  Belief Known(int shard, const TakeOver& read) const;
  Finding Assess(int shard, const TakeOver& read, Belief* now_in_stream);
  void GiveUp(RelayActions& out);
  void PublishWaiting(Instant now, RelayActions& out);
  bool AsksLedger(Instant now);
  bool Full() const;
  bool Behind() const;
  void Stop();

  const std::string service_;
  const RelayLimits limits_;
  Phase phase_ = Phase::kResting;
  bool leader_ = false, connected_ = false, trouble_ = false, stopped_ = false;
  int64_t term_ = 0, epoch_ = 0, incarnation_ = 0, losses_ = 0;
  std::mt19937_64 random_;
  Backoff backoff_;
  std::optional<Instant> retry_at_;  // of kWaiting

  uint64_t last_seq_ = 0;  // end of the stream as far as acknowledged
  std::string run_;        // names what one take-over publishes; unique among all processes
  std::string last_id_;    // of the last message sent
  uint64_t next_token_ = 1;
  std::deque<InFlight> in_flight_;
  std::deque<Spot> waiting_;  // read from the ledger, not yet sent
  ShardPositions next_{};     // first position not yet read from the ledger
  ShardPositions ledger_last_{};
  Beliefs published_{};  // acknowledged

  bool loss_unsaved_ = false;  // found, counted, and not yet durable
  bool news_ = false, fresh_ = false, asking_ledger_ = false, save_now_ = false;
  Instant next_poll_, next_look_, last_news_;
};

}  // namespace ieum::flow
