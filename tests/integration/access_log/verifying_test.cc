// Goal: whoever changes the log behind its back is found out, and the first row that he touched is
// named. Method: as the owner of the tables, each kind of change on a log that was whole before.
// law:L20
#include "platform/access_log/verifying.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/access_log/written.h"

namespace ieum::access_log {
namespace {

using testing::TestDatabase;

class Verifying : public ::testing::Test {
 protected:
  // Twelve rows of one writer under three seals of four.
  Verifying() {
    AccessLog log(test_.database());
    for (int n = 1; n <= 12; ++n) {
      EXPECT_TRUE(Append(log, absl::StrCat("trace", n)).ok());
      if (n % 4 != 0) continue;
      EXPECT_EQ(SealAll(test_.database()), 4);
    }
    writer_ = test_.Ask("SELECT DISTINCT writer FROM access_log");
  }
  // $W stands for the writer.
  std::string FaultAfter(const std::string& sql) {
    test_.Ask(absl::StrReplaceAll(sql, {{"$W", "'" + writer_ + "'::uuid"}}) + " RETURNING 1");
    return Told();
  }
  std::string Told(const std::optional<KnownSeal>& known = {}) {
    return absl::StrReplaceAll(FaultOf(test_.database(), known), {{writer_, "W"}});
  }
  KnownSeal Head() {
    const auto verdict = Verify(test_.database(), {});
    return {verdict->head_number, verdict->head_hash};
  }

  TestDatabase test_;
  std::string writer_;
};

TEST_F(Verifying, FindsAWholeLogWhole) {
  const auto verdict = Verify(test_.database(), {});
  ASSERT_TRUE(verdict.ok());
  EXPECT_FALSE(verdict->fault) << *verdict->fault;
  EXPECT_EQ(verdict->rows, 12);
  EXPECT_EQ(verdict->seals, 3);
  EXPECT_EQ(verdict->head_number, 3);
  EXPECT_EQ(Told(Head()), "");
}

TEST_F(Verifying, CountsRowsThatWaitForTheirSeal) {
  AccessLog log(test_.database());
  ASSERT_TRUE(Append(log, "young").ok());
  const auto verdict = Verify(test_.database(), {});
  EXPECT_FALSE(verdict->fault);
  EXPECT_EQ(verdict->pending, 1);
}

TEST_F(Verifying, NamesTheRowThatWasAltered) {
  for (const char* change :
       {"account = 'staff/lee'", "subjects = '{}'", "at = at - interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 year'", "outcome = 'PERMISSION_DENIED'",
        "reason = ''", "emergency = true", "source = 'ipv4:10.1.2.3:40313'", "query = 'x'"}) {
    TestDatabase& test = test_;
    const std::string before =
        test.Ask("SELECT row_to_json(a)::text FROM access_log a WHERE number = 6");
    EXPECT_EQ(FaultAfter(absl::StrCat("UPDATE access_log SET ", change, " WHERE number = 6")),
              "row W/6 was altered (seal 2)")
        << change;
    test.Ask("DELETE FROM access_log WHERE number = 6 RETURNING 1");
    test.Ask("INSERT INTO access_log SELECT r.* FROM json_populate_record(NULL::access_log, $j$" +
             before + "$j$::json) r RETURNING 1");
    EXPECT_EQ(Told(), "") << "as it was again";
  }
}

TEST_F(Verifying, NamesTheRowThatWasRemoved) {
  EXPECT_EQ(FaultAfter("DELETE FROM access_log WHERE number = 9"), "row W/9 is missing (seal 3)");
}

TEST_F(Verifying, NamesTheRowThatWasMoved) {
  EXPECT_EQ(FaultAfter("UPDATE access_log SET number = 13 WHERE number = 5"),
            "row W/5 is missing (seal 2)");
}

TEST_F(Verifying, NamesTheFirstOfSeveral) {
  test_.Ask("DELETE FROM access_log WHERE number = 11 RETURNING 1");
  EXPECT_EQ(FaultAfter("UPDATE access_log SET account = '' WHERE number IN (3, 7)"),
            "row W/3 was altered (seal 1)");
}

TEST_F(Verifying, NamesARowThatWasPutInWithAnOldDate) {
  const char* kCopy =
      "INSERT INTO access_log SELECT $1, $2, at, recorded_at - interval '1 day', account, source, "
      "action, "
      "method, outcome, subjects, query, reason, emergency, trace_id FROM access_log WHERE number "
      "= 5";
  const auto Copy = [&](const std::string& writer, int number) {
    return absl::StrReplaceAll(kCopy, {{"$1", writer}, {"$2", absl::StrCat(number)}});
  };
  EXPECT_EQ(FaultAfter(Copy("$W", 13)),
            "row W/13 was never sealed: put in with an old date, or nobody seals");
  test_.Ask("DELETE FROM access_log WHERE number = 13 RETURNING 1");
  EXPECT_EQ(FaultAfter(Copy("$W", 14)), "row W/13 is missing");
  test_.Ask("DELETE FROM access_log WHERE number = 14 RETURNING 1");
  EXPECT_TRUE(absl::StrContains(FaultAfter(Copy("'01000000-0000-7000-8000-000000000001'::uuid", 1)),
                                "/1 was never sealed"));
}

TEST_F(Verifying, NamesTheSealThatWasAlteredRemovedOrReplaced) {
  const std::string hidden = "UPDATE access_log SET account = 'staff/lee' WHERE number = 6";
  test_.Ask(hidden + " RETURNING 1");
  EXPECT_EQ(
      FaultAfter(
          "UPDATE access_seal SET row_hashes = row_hashes || '' , newest = now() WHERE number = 2"),
      "seal 2 was altered");
}

TEST_F(Verifying, NamesTheSealThatIsGone) {
  EXPECT_EQ(FaultAfter("DELETE FROM access_seal WHERE number = 2"), "seal 2 is missing");
}

TEST_F(Verifying, NamesTheBeginningThatIsGone) {
  EXPECT_EQ(FaultAfter("DELETE FROM access_seal WHERE number = 1"), "seal 1 is missing");
}

// The owner of the database can make the whole chain anew. Not what was written down elsewhere.
TEST_F(Verifying, FindsAChainThatWasMadeAnewByWhatWasKnown) {
  const KnownSeal head = Head();
  test_.Ask("UPDATE access_log SET account = 'staff/lee' WHERE number = 6 RETURNING 1");
  test_.Ask("DELETE FROM access_seal RETURNING 1");
  SealAll(test_.database());
  EXPECT_EQ(Told(), "") << "the chain alone cannot know";
  EXPECT_TRUE(absl::StrContains(Told(head), "was known and is not there")) << Told(head);
  EXPECT_TRUE(absl::StrContains(Told(KnownSeal{1, head.hash}), "is not the one that was known"));
}

TEST_F(Verifying, FindsAnEndThatWasCutOffByWhatWasKnown) {
  const KnownSeal head = Head();
  test_.Ask("DELETE FROM access_seal WHERE number = 3 RETURNING 1");
  test_.Ask("DELETE FROM access_log WHERE number > 8 RETURNING 1");
  EXPECT_EQ(Told(), "");
  EXPECT_EQ(Told(head), "seal 3 was known and is not there: the chain's end was cut off");
}

}  // namespace
}  // namespace ieum::access_log
