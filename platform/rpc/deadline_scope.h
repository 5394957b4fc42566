// Until when the work that this thread does now is wanted. Calls to other services made for it end
// then too.
#pragma once

#include "absl/time/time.h"

namespace ieum::rpc {

class DeadlineScope {
 public:
  explicit DeadlineScope(absl::Time deadline);
  ~DeadlineScope();
  DeadlineScope(const DeadlineScope&) = delete;
  DeadlineScope& operator=(const DeadlineScope&) = delete;

 private:
  absl::Time previous_;
};

// InfiniteFuture when nobody said.
absl::Time CurrentDeadline();

}  // namespace ieum::rpc
