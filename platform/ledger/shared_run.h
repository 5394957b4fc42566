// One attempt at running several commands in one transaction. Inside of platform/ledger.
#pragma once

#include <vector>

#include "platform/ledger/answers.h"
#include "platform/ledger/command_queue.h"

namespace ieum::ledger {

// On one thread. Every command ends in one of these ways, and hears of it after COMMIT:
//   it has run, or its stored answer was found, or it was refused and had written nothing:
//   answered; an aggregate of it is locked elsewhere: left for a later transaction, a few times,
//   then alone; it asks the database before it locks: alone.
// One that is refused after writing, or fails, or assumed what was not so, is a culprit: it ends
// the transaction, and nothing that was decided in it counts.
class SharedRun {
 public:
  SharedRun(Ledger& ledger, const std::vector<WaitingCommand*>& commands);

  // The body of the transaction.
  absl::Status Run(db::Tx& tx);

  // After COMMIT: says what becomes of each command.
  void Deliver(CommandQueue& queue);
  bool appended() const { return appended_; }

  // After a COMMIT of which nobody knows: the events may be there.
  void RememberDoubt();
  // After any other failure: who may try together once more; empty when nobody is to blame.
  std::vector<WaitingCommand*> WithoutCulprits() const;

 private:
  struct Entry {
    enum class State { kOpen, kAnswered, kRan, kRefused, kBusy, kAsksFirst };
    WaitingCommand* waiting;
    State state = State::kOpen;
    Outcome outcome = {};
    absl::StatusOr<Answer> answer = absl::UnknownError("not run");
    bool appended = false;
  };
  void FindStored(db::Tx& tx);
  Part PartOfEntry(Entry& entry);
  std::vector<Entry*> LockAll(Batch& batch, std::vector<Part>* parts);
  absl::Status RunUnit(db::Tx& tx, Batch& batch, Entry& entry, const Part& part);
  void AnswerAll(db::Tx& tx, const Batch& batch);
  void CheckRefusals(db::Tx& tx);

  Ledger& ledger_;
  std::vector<Entry> entries_;
  std::vector<int> culprits_;  // places in entries_; kNoUnit: nobody's or everybody's fault
  int current_ = db::kNoUnit;  // whose use case runs
  bool appended_ = false;
};

}  // namespace ieum::ledger
