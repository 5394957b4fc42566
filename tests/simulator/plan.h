// A schedule: what will go wrong and when, made from a seed. Each seed picks its own few kinds of
// mishap and its own noise, because a world where everything happens at once hides as much as one
// where nothing does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ieum::flow::simulation {

enum class MishapKind : uint8_t {
  kRelayLinkBreaks,
  kRelayKilled,
  kRelayPaused,  // long enough for its lease to end
  kRelayZombie,  // believes in a lease that has ended
  kConsumerLinkBreaks,
  kConsumerKilled,
  kConsumerPaused,
  kConsumerZombie,
  kBrokerCrashes,  // loses the end of the stream
  kBrokerWiped,
  kBrokerAway,        // for a while
  kBrokerForgetsIds,  // the duplicate window has passed; somebody may store an old message again
  kStreamAges,        // its oldest messages go
  kForgery,           // a message that nobody wrote, at a great position or the next one
  kDatabaseCrashes,   // the producer's; open transactions end one way or the other
  kRestored,          // the producer's database goes back in time; later its epoch is raised
  kOperatorReplays,
  kTimePasses,
  kCount
};
std::string_view NameOf(MishapKind kind);

struct Mishap {
  int tick = 0;
  MishapKind kind = MishapKind::kTimePasses;
  uint32_t argument = 0;  // which of two, how long, how much: read by the kind
};

// Percentages while there is trouble; none afterwards.
struct Noise {
  int duplicates = 0;     // deliveries that come twice
  int disorder = 0;       // deliveries that swap places
  int drops = 0;          // deliveries that never come
  int lost_answers = 0;   // stored, and nobody says so
  int ghosts = 0;         // sent over a broken link and stored later all the same
  int refused_reads = 0;  // of the ledger and of the stream
  int rollbacks = 0;      // transactions that fail for a passing reason
  int in_doubt = 0;       // … that commit, and nobody says so
  int poison = 0;         // events that no effect can be made of
};
inline constexpr int kNoises = 9;
int& NoiseAt(Noise& noise, int at);
std::string_view NoiseName(int at);

struct Plan {
  uint64_t seed = 0;
  int ticks = 0;                   // of trouble
  int shards = 1;                  // in use
  int writes = 0;                  // percent of ticks that begin a transaction of the producer
  bool broker_stays_away = false;  // at the end the ledger alone must do
  Noise noise;
  std::vector<Mishap> mishaps;  // by tick
};

Plan PlanOf(uint64_t seed);

// "77", or for a plan that was made smaller "77/ticks=40/keep=2,5/quiet=drops,poison": mishaps are
// numbered as PlanOf has them. Read gives nothing when the text is not such a one.
struct Cut {
  uint64_t seed = 0;
  std::optional<int> ticks;
  std::optional<std::vector<int>> keep;
  std::vector<int> quiet;  // noises
};
Plan PlanOf(const Cut& cut);
std::string Write(const Cut& cut);
std::optional<Cut> Read(std::string_view text);

// For a reader: one line a mishap.
std::string Describe(const Plan& plan);

}  // namespace ieum::flow::simulation
