// A suite on which a piece of a year was played and some calls were recorded, at rest and stopped;
// and ways to plant one fault into a copy of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/broker/connection.h"
#include "platform/broker/message.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/played_year.h"
#include "tools/audit/report.h"
#include "tools/journal/recorded_peer.h"

namespace ieum::testing {

// A database of the suite, copied; goes with the object.
class DatabaseCopy {
 public:
  DatabaseCopy(Suite& suite, std::string service);
  ~DatabaseCopy();
  DatabaseCopy(const DatabaseCopy&) = delete;
  DatabaseCopy& operator=(const DatabaseCopy&) = delete;

  const std::string& service() const { return service_; }
  const std::string& conninfo() const { return conninfo_; }
  // The first column of the first row; "" = none. Triggers and foreign keys do not speak up.
  std::string Do(const std::string& sql);

 private:
  const std::string cluster_, service_, name_, conninfo_;
};

// What a recorded client did, for tests that say something else about it.
struct Recorded {
  std::string organization;  // UUID
  std::string campaign;      // UUID, in which the organization asked for a seat
  std::string created;       // request ids, in this order of time
  std::string updated;
  std::string body_hash;  // of `updated`
  std::string etag;       // that `updated` was answered
  std::string position;
};

class PlantedSuite : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  void SetUp() override { ASSERT_NE(year_, nullptr) << "the year was not played"; }

  static Suite& suite() { return year_->suite(); }
  static PlayedYear& year() { return *year_; }
  static void Stop();  // all services, which end well
  static const Recorded& recorded() { return recorded_; }
  static const std::string& journal() { return journal_; }
  // One in which a caller of another scope was truly answered with the firm that the name marks.
  static const std::string& leak() { return leak_; }
  // A copy of the journal, to be added to.
  std::string JournalCopy();

  // The stopped suite.
  audit::SubjectOptions Options();
  // With one of its databases replaced.
  audit::SubjectOptions With(const DatabaseCopy& copy);
  audit::SubjectOptions WithJournal(const std::string& path);

  // What one law finds.
  audit::Finding Look(const std::string& law, audit::SubjectOptions options);
  // The first breach as text; fails the test when the law holds.
  std::string Breach(const std::string& law, audit::SubjectOptions options);

  TempDir dir_;

 private:
  class End;
  static ::testing::Environment* const end_;
  static void Record();
  static void RecordLeak();
  static void Enrol();
  static void MergePeople();
  template <class Answer, class Request>
  static Answer Tell(const std::string& method, const Request& request);
  static std::vector<std::string> FirmsWith(const std::string& first, size_t count);
  static std::unique_ptr<PlayedYear> year_;
  static std::unique_ptr<TempDir> files_;
  static std::string journal_;
  static std::string leak_;
  static Recorded recorded_;
};

}  // namespace ieum::testing
