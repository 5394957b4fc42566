// Goal: what is wrong inside of a ledger, or between a ledger and what clients were told, is found
// and named. Method: one fault planted into a copy of a played registry or of its journal.
// law:INV1 law:INV2 law:INV3
#include "absl/strings/str_cat.h"
#include "tests/audit/planted_suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PlantedLedgers : public PlantedSuite {
 protected:
  // One more attempt of the recorded renaming, answered so.
  std::string Also(const std::string& request_id, const std::string& code,
                   const std::string& etag = "", const std::string& position = "") {
    const std::string path = JournalCopy();
    const auto writer = journal::Writer::Open(path);
    EXPECT_TRUE(writer.ok()) << writer.status();
    const std::string id = (*writer)->Begin({.client = "liar",
                                             .service = "registry",
                                             .method = "/a.B/C",
                                             .request_id = request_id,
                                             .body_hash = recorded().body_hash});
    (*writer)->End({.attempt = id, .code = code, .etag = etag, .position = position});
    return path;
  }
  // The last event of the recorded firm, doubled at the end of its shard with another version.
  static constexpr char kDouble[] = R"(
    WITH last AS (SELECT * FROM event_log WHERE aggregate_id = '%s' ORDER BY version DESC LIMIT 1),
    counter AS (UPDATE outbox_shard SET last_pos = last_pos + 1
                WHERE shard = (SELECT shard FROM last) RETURNING last_pos),
    version AS (UPDATE aggregate SET version = version + 1 WHERE id = '%s')
    INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
      actor, correlation_id, causation_id, traceparent, payload)
    SELECT shard, counter.last_pos, event_id, aggregate_id, version + 1, type, subject, occurred_at,
      actor, correlation_id, causation_id, traceparent, payload FROM last, counter)";

  std::string OfFirm(const std::string& format) {
    std::string sql = format;
    for (size_t at; (at = sql.find("%s")) != std::string::npos;) {
      sql.replace(at, 2, recorded().organization);
    }
    return sql;
  }
};

TEST_F(PlantedLedgers, HoldAllLawsWithoutAFault) {
  const auto subject = audit::Subject::Open(Options());
  ASSERT_TRUE(subject.ok()) << subject.status();
  const auto findings = audit::Audit(**subject);
  EXPECT_THAT(FaultsOf(findings), IsEmpty());
  EXPECT_EQ(audit::OutcomeOf(findings), audit::Outcome::kAllHold);
  for (const auto& finding : findings) {
    if (std::string(finding.law->id) == "INV8") continue;  // the suite is stopped
    EXPECT_GT(finding.tally.checked(), 0) << finding.law->id;
  }
}

TEST_F(PlantedLedgers, ShowAnAnswerThatHasNoEvent) {
  const std::string request = base::Uuid::NewV7().ToString();
  EXPECT_THAT(Breach("INV1", WithJournal(Also(request, "OK", "\"9\"", "registry/3/999"))),
              AllOf(HasSubstr("registry"), HasSubstr(request), HasSubstr("keeps no answer")));
}

TEST_F(PlantedLedgers, ShowARefusalOfWhatWasDone) {
  EXPECT_THAT(Breach("INV1", WithJournal(Also(recorded().updated, "NOT_FOUND"))),
              AllOf(HasSubstr(recorded().position), HasSubstr(recorded().organization),
                    HasSubstr("afterwards refused with NOT_FOUND")));
}

TEST_F(PlantedLedgers, ShowASecondAnswerThatDiffers) {
  EXPECT_THAT(
      Breach("INV1", WithJournal(Also(recorded().updated, "OK", "\"99\"", recorded().position))),
      AllOf(HasSubstr(recorded().updated), HasSubstr("\"99\"")));
}

TEST_F(PlantedLedgers, ShowAnEventThatIsGoneFromBehindItsAnswer) {
  DatabaseCopy copy(suite(), "registry");
  copy.Do(OfFirm("DELETE FROM event_log WHERE aggregate_id = '%s' AND version = 2"));
  EXPECT_THAT(Breach("INV1", With(copy)),
              AllOf(HasSubstr(recorded().position), HasSubstr(recorded().updated)));
  EXPECT_THAT(Breach("INV2", With(copy)), HasSubstr(recorded().position));
  EXPECT_THAT(Breach("INV3", With(copy)), HasSubstr("version 3 follows 1"));
}

TEST_F(PlantedLedgers, ShowAnAnswerThatIsNotKept) {
  DatabaseCopy copy(suite(), "registry");
  copy.Do(absl::StrCat("DELETE FROM command_dedup WHERE request_id = '", recorded().updated, "'"));
  EXPECT_THAT(Breach("INV1", With(copy)),
              AllOf(HasSubstr(recorded().position), HasSubstr("no answer is kept")));
}

TEST_F(PlantedLedgers, ShowAnEventThatHappenedTwice) {
  DatabaseCopy copy(suite(), "registry");
  copy.Do(OfFirm(kDouble));
  EXPECT_THAT(Breach("INV1", With(copy)),
              AllOf(HasSubstr(recorded().organization), HasSubstr("is there twice")));
  EXPECT_THAT(Breach("INV5", With(copy)), HasSubstr("registry"));
}

TEST_F(PlantedLedgers, ShowACounterThatMoved) {
  DatabaseCopy copy(suite(), "registry");
  const std::string place =
      copy.Do("UPDATE outbox_shard SET last_pos = last_pos + 1 WHERE shard = 3 RETURNING last_pos");
  EXPECT_THAT(Breach("INV2", With(copy)), HasSubstr("registry/3/" + place));
}

TEST_F(PlantedLedgers, ShowARemovedEventByItsPlace) {
  DatabaseCopy copy(suite(), "casemgmt");
  const std::string place = copy.Do(
      "DELETE FROM event_log WHERE (shard, pos) = (SELECT shard, 1 FROM outbox_shard "
      "WHERE last_pos > 1 ORDER BY shard LIMIT 1) RETURNING shard || '/' || pos");
  EXPECT_THAT(Breach("INV2", With(copy)), HasSubstr("casemgmt/" + place));
}

TEST_F(PlantedLedgers, ShowAGapInVersions) {
  DatabaseCopy copy(suite(), "registry");
  copy.Do(
      OfFirm("UPDATE event_log SET version = version + 1 WHERE aggregate_id = '%s' "
             "AND version = (SELECT version FROM aggregate WHERE id = '%s')"));
  EXPECT_THAT(Breach("INV3", With(copy)),
              AllOf(HasSubstr(recorded().organization), HasSubstr("follows")));
}

TEST_F(PlantedLedgers, ShowAnAggregateWhoseVersionIsNotItsEvents) {
  DatabaseCopy copy(suite(), "registry");
  copy.Do(OfFirm("UPDATE aggregate SET version = version + 1 WHERE id = '%s'"));
  EXPECT_THAT(Breach("INV3", With(copy)),
              AllOf(HasSubstr(recorded().organization), HasSubstr("kept is")));
}

TEST_F(PlantedLedgers, ShowAClientThatSawTimeGoBack) {
  const std::string path = JournalCopy();
  const auto writer = journal::Writer::Open(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::string id = (*writer)->Begin({.client = "reader",
                                           .service = "registry",
                                           .method = "/a.B/Get",
                                           .aggregate = recorded().organization});
  (*writer)->End({.attempt = id, .code = "OK", .etag = "\"1\""});
  EXPECT_THAT(
      Breach("INV3", WithJournal(path)),
      AllOf(HasSubstr(recorded().organization), HasSubstr("reader/"), HasSubstr("began after")));
}

}  // namespace
}  // namespace ieum::testing
