// Goal: what is read ahead for units that share a transaction is what each would have read for
// itself. Method: counters that are raised by one more than what was read of them: who reads what
// is no longer true loses a count, and values and versions part. row:R27
#include "tests/integration/ledger/sharing_fixture.h"

namespace ieum::ledger {
namespace {

using ::testing::Each;
using ::testing::ResultOf;

const db::Statement kLook("test_own_reads_look", "SELECT count(*) FROM counter");

Asked Reading(const std::vector<Uuid>& ids) {
  return {[ids](UnitOfWork& work) { return RaiseByReading(work, ids); }};
}

class OwnReadsTest : public SharingTest {
 protected:
  std::vector<Uuid> Made(int count) {
    std::vector<Uuid> ids;
    std::vector<Asked> making;
    for (int i = 0; i < count; ++i) {
      ids.push_back(Uuid::NewV7());
      making.push_back(Making(ids.back()));
    }
    ExpectAllOk(RunTogether(making));
    return ids;
  }
  static void ExpectAllOk(const Answers& answers) {
    EXPECT_THAT(answers, Each(ResultOf([](const auto& answer) { return answer.ok(); }, true)));
  }
  void ExpectValues(int64_t value) {
    EXPECT_EQ(
        Number("SELECT count(*) FROM counter JOIN aggregate USING (id) WHERE value <> version"), 0);
    EXPECT_EQ(Number("SELECT min(value) FROM counter"), value);
    EXPECT_EQ(Number("SELECT max(value) FROM counter"), value);
  }
};

TEST_F(OwnReadsTest, AreOneStatementForAllThatShareATransaction) {
  std::vector<Asked> all;
  for (const Uuid& id : Made(12)) all.push_back(Reading({id}));
  const int before = OwnReadsMade();
  ExpectAllOk(RunTogether(all));
  EXPECT_EQ(OwnReadsMade(), before + 1);
  EXPECT_EQ(CountersOfLastOwnRead(), 12);
  ExpectValues(2);
}

TEST_F(OwnReadsTest, SeeWhatAnEarlierUnitOfTheTransactionDidToTheSameAggregate) {
  const std::vector<Uuid> ids = Made(3);
  ExpectAllOk(RunTogether({Reading({ids[0]}), Reading({ids[1], ids[0]}), Reading({ids[2]}),
                           Reading({ids[2], ids[1]})}));
  ExpectValues(3);
}

TEST_F(OwnReadsTest, SeeWhatTheSameUnitDid) {
  const std::vector<Uuid> ids = Made(2);
  const auto twice = [](const Uuid& id) {
    return Asked{[id](UnitOfWork& work) -> absl::StatusOr<Done> {
      work.Lock({id});
      CountByReading(work, id);
      CountByReading(work, id);
      return Done{id, NameOf(id)};
    }};
  };
  ExpectAllOk(RunTogether({twice(ids[0]), twice(ids[1])}));
  ExpectValues(3);
}

TEST_F(OwnReadsTest, AreTrueBesideACommandThatAsksBeforeItLocks) {
  const std::vector<Uuid> ids = Made(3);
  std::vector<Asked> all;
  for (const Uuid& id : ids) all.push_back(Reading({id}));
  all.push_back({[id = ids[1]](UnitOfWork& work) -> absl::StatusOr<Done> {
                   work.tx().Exec(kLook);
                   return RaiseByReading(work, {id});
                 },
                 NewCommand("look", "LookFirst")});
  all.push_back(Reading({ids[0], ids[2]}));
  ExpectAllOk(RunTogether(all));
  ExpectValues(3);
}

}  // namespace
}  // namespace ieum::ledger
