// Reads of one kind that come at the same time share a statement: one trip to the server, one plan
// and one wake-up for many rows. Nobody waits for company: a read that finds a place free begins at
// once and takes along whoever waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace ieum::db {

// Thread-safe. What is found was committed when Find was called, or later: a read that is under way
// already takes nobody along.
template <class Key, class Value>
class GatheredRead {
 public:
  using Found = absl::flat_hash_map<Key, Value>;
  // Of these keys (none twice) what there is, by one statement.
  using ReadMany = std::function<absl::StatusOr<Found>(const std::vector<Key>&)>;

  // `places`: statements at one time; `most`: keys of one of them.
  explicit GatheredRead(ReadMany read, int places = 2, size_t most = 64)
      : read_(std::move(read)), places_(places), most_(most) {}
  GatheredRead(const GatheredRead&) = delete;
  GatheredRead& operator=(const GatheredRead&) = delete;

  // Questions that wait for a read to begin.
  size_t waiting() const {
    std::lock_guard lock(mutex_);
    return waiting_.size();
  }

  // nullopt = there is none. Errors are those of the read, the same for all who shared it.
  absl::StatusOr<std::optional<Value>> Find(const Key& key) {
    Waiter mine(key);
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(&mine);
      Dispatch();
    }
    if (mine.Await()) Lead(mine);
    return std::move(mine.answer);
  }

 private:
  enum class Turn { kWait, kLead, kAnswered };
  struct Waiter {
    explicit Waiter(const Key& of) : key(of) {}
    // Whether to lead; otherwise the answer is there.
    bool Await() {
      std::unique_lock lock(mutex);
      told.wait(lock, [this] { return turn != Turn::kWait; });
      return turn == Turn::kLead;
    }
    // Notified under the lock: who is told may be gone as soon as the lock is.
    void Tell(Turn what) {
      std::lock_guard lock(mutex);
      turn = what;
      told.notify_one();
    }

    const Key& key;
    absl::StatusOr<std::optional<Value>> answer = absl::UnknownError("not read");
    std::mutex mutex;  // its own, so that many who are woken do not meet at one lock
    std::condition_variable told;
    Turn turn = Turn::kWait;
  };

  // Under the lock. Who is to lead stays in the queue until it wakes up, so that what comes
  // meanwhile goes with it.
  void Dispatch() {
    while (leading_ < places_ && next_leader_ < waiting_.size()) {
      ++leading_;
      waiting_[next_leader_++]->Tell(Turn::kLead);
    }
  }

  // Itself, and those behind it whom nobody told to lead.
  std::vector<Waiter*> Company(Waiter& first) {
    std::lock_guard lock(mutex_);
    std::vector<Waiter*> company = {&first};
    std::deque<Waiter*> left;
    size_t leaders = 0;
    for (size_t i = 0; i < waiting_.size(); ++i) {
      Waiter* const each = waiting_[i];
      if (each == &first) continue;
      if (i < next_leader_) {
        left.push_back(each);
        ++leaders;
      } else if (company.size() < most_) {
        company.push_back(each);
      } else {
        left.push_back(each);
      }
    }
    waiting_.swap(left);
    next_leader_ = leaders;
    return company;
  }

  void Lead(Waiter& first) {
    const std::vector<Waiter*> company = Company(first);
    absl::flat_hash_map<Key, bool> asked;
    std::vector<Key> keys;
    for (const Waiter* each : company) {
      if (asked.try_emplace(each->key).second) keys.push_back(each->key);
    }
    const absl::StatusOr<Found> found = read_(keys);
    {
      std::lock_guard lock(mutex_);
      --leading_;
      Dispatch();  // the next read first: it has the longest way to go
    }
    for (Waiter* each : company) Answer(found, *each);
    for (size_t i = 1; i < company.size(); ++i) company[i]->Tell(Turn::kAnswered);
  }

  static void Answer(const absl::StatusOr<Found>& found, Waiter& waiter) {
    if (!found.ok()) {
      waiter.answer = found.status();
      return;
    }
    const auto one = found->find(waiter.key);
    waiter.answer =
        one == found->end() ? std::optional<Value>() : std::optional<Value>(one->second);
  }

  const ReadMany read_;
  const int places_;
  const size_t most_;
  mutable std::mutex mutex_;
  std::deque<Waiter*> waiting_;
  size_t next_leader_ = 0;  // those before it have been told to lead
  int leading_ = 0;
};

}  // namespace ieum::db
