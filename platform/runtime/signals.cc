#include "platform/runtime/signals.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>

#include "absl/time/clock.h"

namespace ieum::runtime {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

bool stop_taken = false;  // main thread only

}  // namespace

void BlockStopSignals() {
  const sigset_t set = StopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a closed peer is an error code, not the end of the process
}

bool WaitForStop(absl::Duration limit) {
  if (stop_taken) return true;
  const sigset_t set = StopSignals();
  const absl::Time end = absl::Now() + limit;
  do {
    const timespec left = absl::ToTimespec(std::max(end - absl::Now(), absl::ZeroDuration()));
    // A foreign signal ends the wait early (EINTR); then the rest of the time is waited for.
    stop_taken = sigtimedwait(&set, nullptr, &left) > 0;
  } while (!stop_taken && absl::Now() < end);
  return stop_taken;
}

}  // namespace ieum::runtime
