// Who waits, who leads. Callers of Ledger::Run meet here: one that finds a free writer's place
// takes everybody who waits and runs the use cases of all, on its own thread; the others sleep
// until they have an answer or are told what else to do. Nobody waits for company while nobody
// writes: commands gather while a writer is under way. Another writer's place is only given away
// when the last one was given long ago, that is, when somebody is held up: two groups at once are
// smaller than one after the other, and cost more for each command. Knows nothing of transactions.
// Inside of platform/ledger.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/trace.h"

namespace ieum::ledger {

enum class Turn {
  kWait,
  kLead,      // run those who wait
  kAlone,     // run in a transaction of its own
  kAnswered,  // `answer` is set
};

// One caller, on its stack.
struct WaitingCommand {
  WaitingCommand(const Command& of, Ledger::UseCase with)
      : command(of), use_case(with), trace(telemetry::CurrentTrace()) {}

  const Command& command;
  const Ledger::UseCase use_case;
  const telemetry::TraceContext trace;  // of the caller; whoever runs the use case takes it on

  // The leader's, while it leads. A command that is left at kWait goes back into the queue.
  Turn next = Turn::kAlone;
  int left = 0;           // batches that it had to leave
  bool appended = false;  // by a run whose commit was in doubt
  std::optional<absl::StatusOr<Answer>> answer;

 private:
  friend class CommandQueue;
  void Tell(Turn turn);

  bool leads_ = false;    // guarded by the queue's mutex
  bool watches_ = false;  // was alone in the queue: looks soon whether the writer is held up
  std::mutex mutex_;      // its own, so that many who are woken do not meet at one lock
  Turn turn_ = Turn::kWait;
  std::condition_variable told_;
};

// Thread-safe.
class CommandQueue {
 public:
  explicit CommandQueue(Sharing sharing) : sharing_(sharing) {}

  void Enter(WaitingCommand& command);
  // Sleeps until there is something to do for this command; never kWait. One that still waits when
  // its deadline has passed is sent off to run alone, which says that it is too late.
  Turn Await(WaitingCommand& command);

  // A writer's place and the commands that it runs, for as long as it lives. At its end each of
  // them is told what was set as its `next`, and the place goes on to whoever waits.
  class Lead {
   public:
    Lead(CommandQueue& queue, WaitingCommand& first);
    ~Lead();
    Lead(const Lead&) = delete;
    Lead& operator=(const Lead&) = delete;
    // `first` first; no two with one request id.
    const std::vector<WaitingCommand*>& commands() const { return commands_; }

   private:
    CommandQueue& queue_;
    std::vector<WaitingCommand*> commands_;
  };

  // Commands of this name ask the database before they lock, so they cannot share a transaction.
  void RememberLoner(std::string_view name);
  bool IsLoner(std::string_view name) const;
  size_t waiting() const;

 private:
  bool Free(const WaitingCommand& command) const;
  bool Leave(const WaitingCommand& command);
  void LookAgain();
  bool MayLead() const;
  void Dispatch();

  const Sharing sharing_;
  mutable std::mutex mutex_;
  std::deque<WaitingCommand*> waiting_;
  absl::flat_hash_set<base::Uuid> running_;  // request ids of commands that are led
  int leading_ = 0;
  absl::Time given_;  // when a place was last given away
  absl::flat_hash_set<std::string> loners_;
};

}  // namespace ieum::ledger
