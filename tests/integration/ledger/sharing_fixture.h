// Commands that share a transaction for certain: the only writer is kept busy until all of them
// wait. How many transactions there were is read from the rows' own transaction ids.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {

struct Asked {
  std::function<absl::StatusOr<Done>(UnitOfWork&)> use_case;
  Command command = NewCommand();
};

Asked Making(const Uuid& id = Uuid::NewV7());
Asked Raising(const Uuid& id);
// Takes a name by an assumption; NAME_TAKEN.
Asked Naming(const std::string& name);
// NOT_NOW.
Asked Refusing(bool after_writing);

class SharingTest : public LedgerTest {
 protected:
  using Answers = std::vector<absl::StatusOr<Answer>>;

  // Of all of them, in the order in which they queue behind a command that keeps the writer busy
  // until `ready` has returned, too.
  Answers RunTogether(
      const std::vector<Asked>& all, const std::function<void()>& ready = [] {}) {
    return RunTogether(ledger_, all, ready);
  }
  static Answers RunTogether(
      Ledger& ledger, const std::vector<Asked>& all, const std::function<void()>& ready = [] {});
  // Returns when a command is in a writer's place, which it keeps until `go` is true.
  static std::thread HoldPlace(Ledger& ledger, const std::atomic<bool>& go);

  int64_t StoredAnswers() { return LedgerTest::Answers(); }
  int64_t Transactions() { return Number("SELECT count(DISTINCT xmin::text) FROM event_log"); }

  Ledger ledger_{test_.database(), clock_, "sample", {.writers = 1}};
};

}  // namespace ieum::ledger
