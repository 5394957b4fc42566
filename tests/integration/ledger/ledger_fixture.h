// A ledger on a database of its own, with a clock that stands, and a small aggregate to work on: a
// counter with a name, kept in a table beside the ledger's.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/status.h"
#include "platform/ledger/ledger.h"
#include "tests/integration/ledger/audit.h"
#include "tests/support/postgres.h"

namespace ieum::ledger {

using base::Uuid;

// An id on a shard of one's choice.
Uuid NewIdOn(int shard);
std::string NameOf(const Uuid& counter);

// A command as a door would make it.
Command NewCommand(std::string_view request = "a request", const char* name = "CountUp");

// Use cases, to be called inside of Run. Each locks first.
// Makes a counter; ALREADY_EXISTS (ID_TAKEN) when there is one.
absl::StatusOr<Done> Make(UnitOfWork& work, const Uuid& id, int events = 1);
// Makes or raises a counter by one an event.
absl::StatusOr<Done> Raise(UnitOfWork& work, const Uuid& id, int events = 1);
// Appends to a locked counter.
void AppendTo(UnitOfWork& work, const Uuid& id, int events = 1);
// The same, and writes its row.
void Count(UnitOfWork& work, const Uuid& id, int events = 1);
// By one more than what is read of it first; a value that is no longer true would lose a count. The
// reads are counted: `OwnReadsMade` since the program began, and of how many counters the last was.
absl::StatusOr<Done> RaiseByReading(UnitOfWork& work, const std::vector<Uuid>& ids);
void CountByReading(UnitOfWork& work, const Uuid& id);
int OwnReadsMade();
int CountersOfLastOwnRead();
// Takes a name that only one counter may have, by the row count; ALREADY_EXISTS (NAME_TAKEN).
absl::Status TakeName(UnitOfWork& work, const Uuid& id, const std::string& name);
// An event's payload.
std::string PayloadOf(std::string_view text);

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest();
  ~LedgerTest() override;  // the laws hold after every test

  std::string Ask(const std::string& sql) { return test_.Ask(sql); }
  int64_t Number(const std::string& sql) { return std::stoll(Ask(sql)); }
  int64_t Events() { return Number("SELECT count(*) FROM event_log"); }
  int64_t Answers() { return Number("SELECT count(*) FROM command_dedup"); }
  int64_t Aggregates() { return Number("SELECT count(*) FROM aggregate"); }
  int64_t Counters() { return Number("SELECT count(*) FROM counter"); }
  // Nothing at all was written.
  void ExpectUntouched();

  testing::TestDatabase test_;
  base::SimulatedClock clock_;
  Ledger ledger_;
};

// The same answer, whether it was given now or repeated.
::testing::AssertionResult SameAnswer(const Answer& a, const Answer& b);

}  // namespace ieum::ledger
