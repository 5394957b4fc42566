#include "platform/flow/due_loop.h"

#include "platform/flow/applier.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

constexpr absl::Duration kRetryMin = absl::Milliseconds(100);
constexpr absl::Duration kRetryMax = absl::Seconds(5);

}  // namespace

DueLoop::DueLoop(DueWork work, base::Clock& clock, Lease* lease, absl::Duration interval,
                 std::function<bool()> held)
    : work_(std::move(work)),
      clock_(clock),
      lease_(lease),
      interval_(interval),
      held_(std::move(held)),
      mailbox_(std::make_shared<Mailbox>()) {}

DueLoop::~DueLoop() { Drain(); }

void DueLoop::Start() {
  if (work_.begin) work_.begin([this] { return MayAct(); });
  clock_.OnStep([mailbox = mailbox_] { mailbox->Nudge(); });
  thread_ = std::thread([this] { Run(); });
}

void DueLoop::Drain() {
  stopping_ = true;
  mailbox_->Nudge();
  if (thread_.joinable()) thread_.join();
}

void DueLoop::Run() {
  Backoff backoff(kRetryMin, kRetryMax);
  absl::Duration wait = absl::ZeroDuration();
  while (!stopping_) {
    (void)mailbox_->Take(wait);
    wait = Round(backoff);
  }
}

bool DueLoop::MayAct() { return !stopping_ && lease_->held() && !(work_.irrevocable && held_()); }

absl::Duration DueLoop::Round(Backoff& backoff) {
  while (MayAct()) {
    const absl::StatusOr<absl::Time> now = clock_.Now();
    if (!now.ok()) break;  // a simulated clock that nobody has set yet
    const absl::StatusOr<bool> more = work_.step(*now);
    if (!more.ok()) {
      telemetry::Warn("due work failed; it is tried again",
                      {{"work", work_.name}, {"error", ErrorWord(more.status())}});
      return backoff.Next();
    }
    backoff.Reset();
    if (!*more) break;
  }
  return interval_;
}

}  // namespace ieum::flow
