// Runs one kind of due work on the process that holds its lease, whenever business time moves or
// somebody pokes, and at least every so often.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "platform/base/clock.h"
#include "platform/flow/backoff.h"
#include "platform/flow/due_work.h"
#include "platform/flow/lease.h"
#include "platform/flow/mailbox.h"

namespace ieum::flow {

class DueLoop {
 public:
  // `clock` and `lease` outlive the loop. `held`, which is asked before each step, keeps
  // irrevocable work at rest.
  DueLoop(DueWork work, base::Clock& clock, Lease* lease, absl::Duration interval,
          std::function<bool()> held);
  ~DueLoop();

  void Start();
  // Finishes the step that runs, and ends.
  void Drain();
  // Soon, instead of at the next round. Any thread; does not block.
  void Poke() { mailbox_->Nudge(); }
  const DueWork& work() const { return work_; }

 private:
  void Run();
  bool MayAct();
  // Everything that is due now; how long to wait for the next look.
  absl::Duration Round(Backoff& backoff);

  const DueWork work_;
  base::Clock& clock_;
  Lease* const lease_;
  const absl::Duration interval_;
  const std::function<bool()> held_;
  std::shared_ptr<Mailbox> mailbox_;  // the clock keeps its callbacks for ever
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace ieum::flow
