#include "platform/ledger/shared_run.h"

#include <algorithm>

#include "platform/base/failpoint.h"
#include "platform/base/status.h"

namespace ieum::ledger {
namespace {

// A command that meets a locked aggregate this often waits for it, alone.
constexpr int kMaxTimesLeft = 3;

}  // namespace

SharedRun::SharedRun(Ledger& ledger, const std::vector<WaitingCommand*>& commands)
    : ledger_(ledger) {
  for (WaitingCommand* each : commands) entries_.push_back({each});
}

absl::Status SharedRun::Run(db::Tx& tx) {
  IEUM_FAILPOINT("command.before_dedup_read");
  FindStored(tx);
  IEUM_FAILPOINT("command.after_dedup_read");
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  Batch batch(tx, now, ledger_.service(), Batch::Busy::kLeave);
  std::vector<Part> parts;
  const std::vector<Entry*> ready = LockAll(batch, &parts);
  tx.Gather(&culprits_);
  for (size_t i = 0; i < ready.size(); ++i) {
    RETURN_IF_ERROR(RunUnit(tx, batch, *ready[i], parts[i]));
  }
  batch.Finish();
  IEUM_FAILPOINT("command.before_answer_stored");
  AnswerAll(tx, batch);
  CheckRefusals(tx);
  appended_ = batch.appended();
  IEUM_FAILPOINT("command.before_commit");
  return absl::OkStatus();
}

void SharedRun::FindStored(db::Tx& tx) {
  std::vector<const Command*> commands;
  for (const Entry& entry : entries_) commands.push_back(&entry.waiting->command);
  auto stored = FindAnswers(tx, commands);
  for (Entry& entry : entries_) {
    const auto found = stored.find(entry.waiting->command.request_id);
    if (found == stored.end()) continue;
    entry.state = Entry::State::kAnswered;
    entry.answer = std::move(found->second);
  }
}

Part SharedRun::PartOfEntry(Entry& entry) {
  Part part = PartOf(entry.waiting->command, entry.waiting->use_case, &entry.outcome);
  part.body = [&entry, run = std::move(part.body)](UnitOfWork& work) {
    const telemetry::TraceScope trace(entry.waiting->trace);
    return run(work);
  };
  return part;
}

// Those that are left have all that they will lock, and their parts.
std::vector<SharedRun::Entry*> SharedRun::LockAll(Batch& batch, std::vector<Part>* parts) {
  std::vector<Entry*> open;
  std::vector<Part> all;
  for (Entry& entry : entries_) {
    if (entry.state == Entry::State::kAnswered) continue;
    open.push_back(&entry);
    all.push_back(PartOfEntry(entry));
  }
  const std::vector<Batch::Ahead> ahead = batch.LockAhead(all);
  std::vector<Entry*> ready;
  for (size_t i = 0; i < open.size(); ++i) {
    if (ahead[i] == Batch::Ahead::kReady) {
      ready.push_back(open[i]);
      parts->push_back(std::move(all[i]));
    } else {
      open[i]->state =
          ahead[i] == Batch::Ahead::kBusy ? Entry::State::kBusy : Entry::State::kAsksFirst;
    }
  }
  return ready;
}

absl::Status SharedRun::RunUnit(db::Tx& tx, Batch& batch, Entry& entry, const Part& part) {
  current_ = static_cast<int>(&entry - entries_.data());
  tx.SetUnit(current_);
  const int64_t changes = tx.changes();
  const absl::Status status = batch.Run(part);
  if (!status.ok() && tx.changes() != changes) return status;  // of the culprit, as current_ says
  current_ = db::kNoUnit;
  entry.state = status.ok() ? Entry::State::kRan : Entry::State::kRefused;
  if (!status.ok()) entry.answer = status;
  return absl::OkStatus();
}

void SharedRun::AnswerAll(db::Tx& tx, const Batch& batch) {
  std::vector<NewAnswer> answers;
  auto unit = batch.units().begin();
  for (Entry& entry : entries_) {
    if (entry.state != Entry::State::kRan) continue;
    entry.appended = !unit->events().empty();
    entry.answer = AnswerOf(entry.outcome, *unit++);
    answers.push_back({&entry.waiting->command, *entry.answer});
  }
  if (!StoreAnswers(tx, answers)) db::Conflict();
}

// Another replica may have committed the same request meanwhile: what looks taken or stale then is
// the command's own doing, and the stored answer is its answer.
void SharedRun::CheckRefusals(db::Tx& tx) {
  std::vector<const Command*> refused;
  for (const Entry& entry : entries_) {
    if (entry.state == Entry::State::kRefused) refused.push_back(&entry.waiting->command);
  }
  if (refused.empty()) return;
  const auto stored = FindAnswers(tx, refused);
  for (Entry& entry : entries_) {
    if (stored.contains(entry.waiting->command.request_id)) entry.state = Entry::State::kOpen;
  }
}

void SharedRun::Deliver(CommandQueue& queue) {
  for (Entry& entry : entries_) {
    WaitingCommand& waiting = *entry.waiting;
    switch (entry.state) {
      case Entry::State::kAnswered:
      case Entry::State::kRan:
      case Entry::State::kRefused:
        waiting.answer = std::move(entry.answer);
        waiting.next = Turn::kAnswered;
        break;
      case Entry::State::kBusy:
        waiting.next =
            entries_.size() == 1 || ++waiting.left > kMaxTimesLeft ? Turn::kAlone : Turn::kWait;
        break;
      case Entry::State::kAsksFirst:
        queue.RememberLoner(waiting.command.name);
        waiting.next = Turn::kAlone;
        break;
      case Entry::State::kOpen:
        waiting.next = Turn::kAlone;
        break;
    }
  }
}

void SharedRun::RememberDoubt() {
  for (Entry& entry : entries_) entry.waiting->appended |= entry.appended;
}

std::vector<WaitingCommand*> SharedRun::WithoutCulprits() const {
  std::vector<int> culprits = culprits_;
  if (culprits.empty()) culprits.push_back(current_);
  std::vector<WaitingCommand*> others;
  if (std::find(culprits.begin(), culprits.end(), db::kNoUnit) != culprits.end()) return others;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (std::find(culprits.begin(), culprits.end(), static_cast<int>(i)) == culprits.end()) {
      others.push_back(entries_[i].waiting);
    }
  }
  return others;
}

}  // namespace ieum::ledger
