// Which keys count now, and when to fetch again. Time is a parameter; the thread is KeySource.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/identity/key_set.h"

namespace ieum::identity {

struct KeyTimes {
  absl::Duration refresh = absl::Minutes(15);     // between fetches when all is well
  absl::Duration refetch_min = absl::Minutes(1);  // between fetches, whatever tokens name
  absl::Duration retry = absl::Seconds(5);        // after a failed fetch, while there are no keys
  absl::Duration kept = absl::Hours(24);          // how long keys count when every fetch fails
};

// Not thread-safe.
class KeyCache {
 public:
  explicit KeyCache(KeyTimes times) : times_(times) {}

  // Null when there are none, or none that still count. The same pointer as long as the same keys
  // count.
  std::shared_ptr<const KeySet> Keys(absl::Time now) const;
  // A token named a key that is not there. True when it is worth asking again soon: a fetch is due
  // or under way. False within `refetch_min` of the last one, so that invented names cost nothing.
  bool Missed(absl::Time now);
  // When the next fetch is due.
  absl::Time Due() const;
  // How long until then; zero: now. What is further away than any pause was said by a clock that
  // has been set back since, and is due now.
  absl::Duration Wait(absl::Time now) const;
  void Begin(absl::Time now);
  // What came of it. A failure, or a text that is no key set, leaves the keys that are there; the
  // status says which.
  absl::Status End(absl::Time now, const absl::StatusOr<std::string>& text);

 private:
  const KeyTimes times_;
  std::shared_ptr<const KeySet> keys_;
  std::string text_;
  absl::Time began_ = absl::InfinitePast(), succeeded_ = absl::InfinitePast();
  absl::Time due_ = absl::InfinitePast();
  bool fetching_ = false;
};

}  // namespace ieum::identity
