// The consuming service's database: cursors, effects, dead letters, and how a lane's batch becomes
// true in it. Follows applier.cc step by step; the rows are only numbers. Every effect is held
// against the laws when it happens.
#pragma once

#include <array>
#include <vector>

#include "platform/flow/lane_queue.h"
#include "tests/simulator/event.h"
#include "tests/simulator/world.h"

namespace ieum::flow::simulation {

using ParkedSet = std::array<uint8_t, kShards>;  // a bit an aggregate

class Inbox {
 public:
  // What a session knows by heart.
  struct Session {
    int number = 0;
    ParkedSet parked{};
    std::array<uint64_t, kShards> hashes{};
    bool in_doubt = false;  // one of its commits was answered by nobody
  };
  struct Outcome {
    enum class Kind { kDone, kLater, kLost, kKilled };
    Kind kind = Kind::kDone;
    size_t applied = 0;
  };

  explicit Inbox(World& world) : world_(world) {}

  InboxState Load() const;
  Session Begin();
  Outcome Apply(Session& session, const LaneBatch& batch);
  // All dead letters in order, all or none of them.
  void Replay();
  // The producer was restored: back to the last position that both epochs know.
  void GoToEpoch(int64_t epoch);

  bool settled() const { return letters_.empty(); }
  int64_t parked_ever() const { return parked_ever_; }
  bool At(const ShardPositions& last) const;
  // Everything under the cursors has had its effect, once, and the hashes agree.
  void JudgeRest();

  InboxState hint;  // of the stream; its cursors are not used

 private:
  enum class State : uint8_t { kNone, kEffect, kLetter };
  enum class Result { kOk, kTransient, kPermanent, kLost, kKilled };
  struct Cursor {
    int64_t epoch = 0, pos = 0;
    uint64_t hash = 0;
    int mover = 0;  // number of the session that moved it last
  };
  struct Letter {
    int shard;
    int64_t epoch, pos;
    uint64_t row;
    int aggregate;
  };
  struct Range {
    size_t from, to;
  };

  Result ApplyRange(Session& session, const LaneBatch& batch, Range range, Outcome& outcome);
  Result ParkOne(Session& session, const LaneBatch& batch, size_t at, Outcome& outcome);
  Result Commit(Session& session, const LaneBatch& batch, Range range, Outcome& outcome);
  Result Passing(Session& session);
  bool CursorsFit(const Session& session, const LaneBatch& batch, Range range);
  void MoveCursors(Session& session, const LaneBatch& batch, Range range);
  bool HasPoison(const LaneBatch& batch, Range range) const;
  void Affect(Session& session, const LaneBatch& batch, Range range);
  void AffectOne(const ReceivedEvent& event);
  void JudgeEffect(const Row* row, const ReceivedEvent& event);
  void JudgeBatch(const LaneBatch& batch, Range range);
  void AddLetter(const ReceivedEvent& event, bool culprit);
  State& StateOf(int shard, int64_t pos);
  const Row* RowAt(const ReceivedEvent& event) const;

  World& world_;
  int sessions_ = 0;
  int64_t parked_ever_ = 0;
  int64_t epoch_ = 0;  // that an operator has decided on; 0 = none had to
  std::array<Cursor, kShards> cursors_;
  std::array<std::vector<State>, kShards> states_;
  ParkedSet parked_{};
  std::vector<Letter> letters_;
};

}  // namespace ieum::flow::simulation
