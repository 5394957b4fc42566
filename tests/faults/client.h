// One client of the load: some firms at once, one call at a time.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/faults/firm_case.h"
#include "tests/faults/world.h"
#include "tools/journal/recorded_peer.h"

namespace ieum::faults {

// Tells threads to end, also in the middle of waiting.
class Stop {
 public:
  void Now() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }
  // True when it is time to end.
  bool Wait(absl::Duration time) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, absl::ToChronoNanoseconds(time), [this] { return stopped_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

// What happened so far.
struct Tallies {
  int64_t calls = 0;                           // attempts
  int64_t commands = 0;                        // different request ids
  int64_t done = 0, refused = 0, unknown = 0;  // answers, by what they say
  int64_t abandoned = 0;                       // commands whose outcome was never asked for again
  int64_t repeated = 0;                        // done ones that were sent once more on purpose
  std::map<std::string, int64_t> codes;        // answers by code
  std::map<std::string, int64_t> reasons;      // refusals by reason
  std::map<std::string, int64_t> methods;      // done, by method

  void Add(const Tallies& other);
};

class Client {
 public:
  Client(World& world, journal::Writer& writer, std::string name, int index, Dice dice,
         absl::Duration think);

  // Until `stop`; then `Settle` is the last that may be called. One thread.
  void Work(Stop& stop);
  // Asks for every outcome that is not known; the number of those that stayed unknown.
  int Settle(absl::Time until);
  Tallies tallies() const;  // any thread

 private:
  struct Slot {
    std::optional<FirmCase> firm;
    std::optional<Command> waiting;  // given, and its outcome is not known
    absl::Time again;
  };
  void Step(Slot& slot);
  void Give(Slot& slot, Command command);
  // True when the outcome is known now.
  bool Send(Slot& slot);
  void Repeat(const Command& command);
  // `name`: of what is answered; may be null.
  journal::Reply Call(const Command& command, absl::Duration timeout, std::string* name);
  journal::RecordedPeer& PeerFor(const std::string& service);
  FirmCase NewFirm();

  World& world_;
  journal::Writer& writer_;
  const std::string name_;
  const int index_;
  Dice dice_;
  const absl::Duration think_;
  int64_t firms_ = 0;
  std::vector<Slot> slots_;
  std::map<std::string, std::unique_ptr<journal::RecordedPeer>> peers_;  // by process
  mutable std::mutex mutex_;
  Tallies tallies_;
};

}  // namespace ieum::faults
