// Goal: of writers at one moment each is heard or turned away, and a long history is read by its
// index. Method: real threads on one case; plans of the statements. row:C1 row:C16
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/db/statement.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class CaseRace : public ::testing::Test {
 protected:
  // What both answered, done at one moment.
  std::vector<std::string> Both(const std::function<std::string()>& one,
                                const std::function<std::string()>& other) {
    std::vector<std::string> reasons(2);
    std::barrier gate(2);
    std::thread thread([&] {
      gate.arrive_and_wait();
      reasons[0] = one();
    });
    gate.arrive_and_wait();
    reasons[1] = other();
    thread.join();
    return reasons;
  }
  std::string Try(ledger::Ledger::UseCase use_case) { return Reason(world_.Do(use_case)); }

  // How it goes about a statement where walking through all rows, or putting them in order, is no
  // way: it does so all the same where no index has the order.
  static std::string PlanOf(db::Tx& tx, const std::string& name,
                            const std::vector<db::Param>& params) {
    for (const char* other_way : {"enable_seqscan", "enable_bitmapscan", "enable_sort"}) {
      tx.RunDynamic("SELECT set_config($1, 'off', true)", {other_way});
    }
    std::string plan;
    for (const db::Statement* statement : db::Statement::All()) {
      if (statement->name() != name) continue;
      for (const auto& row :
           tx.RunDynamic(absl::StrCat("EXPLAIN (COSTS OFF) ", statement->sql()), params)) {
        absl::StrAppend(&plan, row[0].c_str(), "\n");
      }
    }
    return plan;
  }

  World world_{"2024-03-04 10:00"};
  Cases cases_{world_};
};

TEST_F(CaseRace, OfTwoManagersWithOneEtagOneIsTurnedAway) {
  for (int turn = 0; turn < 10; ++turn) {
    const base::Uuid id = cases_.Opened();
    CaseInput input = cases_.Of(id);
    input.etag = "\"2\"";
    const auto contact = [&] {
      return Try([&](auto& work) { return ContactCase(work, cases_.keys(), input, ""); });
    };
    EXPECT_THAT(Both(contact, contact), UnorderedElementsAre("", "STALE_ETAG"));
  }
}

TEST_F(CaseRace, OfTwoWhoOpenACaseOfOnePersonOneIsTold) {
  for (int turn = 0; turn < 10; ++turn) {
    const base::Uuid person = cases_.Person();
    const auto open = [&] {
      return Try([&](auto& work) {
        return OpenCase(work, cases_.keys(),
                        {.person = person,
                         .programme = "INC",
                         .edition = "2024",
                         .source = v1::CASE_SOURCE_SELF},
                        Holidays());
      });
    };
    EXPECT_THAT(Both(open, open), UnorderedElementsAre("", "CASE_OPEN_ALREADY"));
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) || ' ' || count(DISTINCT person_id) FROM casefile"),
            "10 10");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM participant"), "10");
}

TEST_F(CaseRace, OfTwoWhoOpenACaseUnderTwoRecordsOfOnePersonOneIsTold) {
  for (int turn = 0; turn < 10; ++turn) {
    const base::Uuid first = cases_.Person(), second = cases_.Person();
    world_.Ask(
        absl::StrCat("INSERT INTO person_alias (merge_id, duplicate_id, survivor_id, "
                     "merged_shard, merged_pos) VALUES (gen_random_uuid(), '",
                     second.ToString(), "', '", first.ToString(), "', 0, 1) RETURNING 1"));
    const auto open = [&](const base::Uuid& person) {
      return [&, person] {
        return Try([&](auto& work) {
          return OpenCase(work, cases_.keys(),
                          {.person = person,
                           .programme = "INC",
                           .edition = "2024",
                           .source = v1::CASE_SOURCE_SELF},
                          Holidays());
        });
      };
    };
    EXPECT_THAT(Both(open(first), open(second)), UnorderedElementsAre("", "CASE_OPEN_ALREADY"));
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM casefile"), "10");
}

TEST_F(CaseRace, NumbersOfIntakesAtOneMomentHaveNoGap) {
  std::vector<base::Uuid> ids;
  for (int at = 0; at < 20; ++at) ids.push_back(cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT));
  const auto take_in = [&](size_t first) {
    return [&, first] {
      std::string wrong;
      for (size_t at = first; at < ids.size(); at += 2) {
        wrong += Try([&](auto& work) { return TakeInCase(work, cases_.Of(ids[at]), Holidays()); });
      }
      return wrong;
    };
  };
  EXPECT_THAT(Both(take_in(0), take_in(1)), UnorderedElementsAre("", ""));
  EXPECT_EQ(
      world_.Ask("SELECT count(DISTINCT case_number) || ' ' || max(case_number) FROM casefile"),
      "20 2024-0020");
}

TEST_F(CaseRace, AClosureIsApprovedOrReturnedNeverBoth) {
  for (int turn = 0; turn < 10; ++turn) {
    const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
    IdOf(world_.Do([&](auto& work) {
      return AskClosure(work, cases_.keys(), cases_.Of(id), cases_.manager,
                        {.reason = v1::CASE_CLOSE_REASON_MOVED});
    }));
    const auto reasons = Both(
        [&] {
          return Try([&](auto& work) {
            return CloseCase(work, cases_.keys(), cases_.Of(id), cases_.supervisor, "");
          });
        },
        [&] {
          return Try([&](auto& work) {
            return ReturnClosure(work, cases_.keys(), cases_.Of(id), cases_.supervisor, "x");
          });
        });
    const bool closed = cases_.Read(id).state == v1::CASE_STATE_CLOSED;
    EXPECT_EQ(reasons[0].empty(), closed);
    EXPECT_EQ(reasons[1].empty(), !closed);
    EXPECT_EQ(closed ? reasons[1] : reasons[0], closed ? "CASE_STATE" : "CLOSURE_NOT_ASKED");
  }
}

// However long it is: what is read of it stands in an index in its order. How long that takes is
// said by the bench.
TEST_F(CaseRace, OfALongHistoryTheNewestAreReadInTheOrderOfTheirIndex) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  for (int at = 0; at < 12; ++at) {
    world_.SetClock(absl::StrCat("2024-04-", 10 + at, " 10:00"));
    IdOf(world_.Do([&](auto& work) {
      return MonitorCase(work, cases_.keys(), cases_.Of(id), absl::StrCat("looked ", at));
    }));
  }
  EXPECT_TRUE(world_.database()
                  .Read("test_record",
                        [&](db::Tx& tx) -> absl::Status {
                          const auto view = ReadCase(tx, Reach::Everything(), id);
                          const auto entries = HistoryOf(tx, id, 10);
                          EXPECT_EQ(entries.size(), 10u);
                          EXPECT_EQ(entries.front().version, view->version);
                          const auto words = ReadWords(tx, cases_.keys(), view->c, 10);
                          EXPECT_TRUE(words.ok() && words->size() == 10u);
                          EXPECT_EQ(words->front().text, "looked 11");
                          for (const char* name : {"case_history", "case_words_read"}) {
                            EXPECT_THAT(PlanOf(tx, name, {id, 10}),
                                        AllOf(HasSubstr("Index Scan"), Not(HasSubstr("Sort"))));
                          }
                          return absl::OkStatus();
                        })
                  .ok());
}

}  // namespace
}  // namespace ieum::casemgmt::testing
