// Where callbacks of other threads leave work for a loop's own thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/time/time.h"

namespace ieum::flow {

// Thread-safe; one thread takes.
class Mailbox {
 public:
  using Letter = std::function<void()>;

  void Post(Letter letter);
  // Makes Take return at once. Cheap when it was called before and not yet noticed.
  void Nudge();
  // The letters that are there, in order; waits at most `limit` for one, or for a nudge.
  std::vector<Letter> Take(absl::Duration limit);
  // Lets nudges gather for so long; a letter ends it.
  void Rest(absl::Duration limit);

 private:
  std::mutex mutex_;
  std::condition_variable posted_;
  std::vector<Letter> letters_;
  bool nudged_ = false;
};

}  // namespace ieum::flow
