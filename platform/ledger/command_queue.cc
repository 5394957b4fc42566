#include "platform/ledger/command_queue.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace ieum::ledger {
namespace {

// How often a command that waits looks whether it can go.
constexpr absl::Duration kLookAgain = absl::Milliseconds(200);
// A transaction of 64 commands takes some ten milliseconds; one that waits for a unique value that
// another transaction is taking, up to five seconds.
constexpr absl::Duration kHeldUp = absl::Milliseconds(50);

}  // namespace

// Notified under the lock: who is told may be gone as soon as the lock is.
void WaitingCommand::Tell(Turn turn) {
  std::lock_guard lock(mutex_);
  turn_ = turn;
  told_.notify_one();
}

void CommandQueue::Enter(WaitingCommand& command) {
  std::lock_guard lock(mutex_);
  command.watches_ = waiting_.empty();
  waiting_.push_back(&command);
  Dispatch();
}

Turn CommandQueue::Await(WaitingCommand& command) {
  std::unique_lock lock(command.mutex_);
  const auto told = [&] { return command.turn_ != Turn::kWait; };
  absl::Duration wait = command.watches_ ? kHeldUp : kLookAgain;
  while (!command.told_.wait_for(lock, absl::ToChronoNanoseconds(wait), told)) {
    lock.unlock();  // queue first, command second
    if (absl::Now() >= command.command.deadline && Leave(command)) return Turn::kAlone;
    LookAgain();
    wait = kLookAgain;
    lock.lock();
  }
  return command.turn_;
}

void CommandQueue::LookAgain() {
  std::lock_guard lock(mutex_);
  Dispatch();
}

// False when it is led: then its leader tells it how it ended.
bool CommandQueue::Leave(const WaitingCommand& command) {
  std::lock_guard lock(mutex_);
  return !command.leads_ && std::erase(waiting_, &command) == 1;
}

// The same request is not run twice at once: the second finds the stored answer later.
bool CommandQueue::Free(const WaitingCommand& command) const {
  return !command.leads_ && !running_.contains(command.command.request_id);
}

bool CommandQueue::MayLead() const {
  if (leading_ == 0) return true;
  return leading_ < sharing_.writers && absl::Now() - given_ >= kHeldUp;
}

// Gives free places away. Who is to lead stays in the queue until it wakes up, so that what comes
// meanwhile goes with it; its request id counts as running from now on.
void CommandQueue::Dispatch() {
  while (MayLead()) {
    const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                   [this](const WaitingCommand* each) { return Free(*each); });
    if (next == waiting_.end()) return;
    ++leading_;
    given_ = absl::Now();
    running_.insert((*next)->command.request_id);
    (*next)->leads_ = true;
    (*next)->Tell(Turn::kLead);
  }
}

CommandQueue::Lead::Lead(CommandQueue& queue, WaitingCommand& first) : queue_(queue) {
  std::lock_guard lock(queue_.mutex_);
  commands_.push_back(&first);
  std::deque<WaitingCommand*> left;
  for (WaitingCommand* each : queue_.waiting_) {
    if (each == &first) continue;
    if (commands_.size() < queue_.sharing_.commands && queue_.Free(*each)) {
      queue_.running_.insert(each->command.request_id);
      commands_.push_back(each);
    } else {
      left.push_back(each);
    }
  }
  queue_.waiting_.swap(left);
  for (WaitingCommand* each : commands_) {
    each->next = Turn::kAlone;
    each->answer.reset();
  }
}

CommandQueue::Lead::~Lead() {
  std::vector<WaitingCommand*> told;
  {
    std::lock_guard lock(queue_.mutex_);
    commands_.front()->leads_ = false;
    for (auto each = commands_.rbegin(); each != commands_.rend(); ++each) {
      queue_.running_.erase((*each)->command.request_id);
      if ((*each)->next != Turn::kWait) {
        told.push_back(*each);
        continue;
      }
      (*each)->Tell(Turn::kWait);
      queue_.waiting_.push_front(*each);
    }
    --queue_.leading_;
    queue_.Dispatch();  // the next writer first: it has the longest way to go
  }
  for (WaitingCommand* each : told) each->Tell(each->next);
}

void CommandQueue::RememberLoner(std::string_view name) {
  std::lock_guard lock(mutex_);
  loners_.emplace(name);
}

bool CommandQueue::IsLoner(std::string_view name) const {
  std::lock_guard lock(mutex_);
  return loners_.contains(std::string(name));
}

size_t CommandQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace ieum::ledger
