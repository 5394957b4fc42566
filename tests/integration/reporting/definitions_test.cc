// Definitions and targets against real PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/targets/target_commands.h"
#include "services/reporting/targets/target_store.h"
#include "tests/integration/reporting/year_fixture.h"
#include "tests/support/statements.h"

namespace ieum::reporting {
namespace {

v1::SetTargetRequest Target(const std::string& value) {
  v1::SetTargetRequest request;
  request.set_name("programmes/BSN/editions/2023/targets/B04");
  request.set_value(value);
  request.set_position(4);
  return request;
}

TEST(Statements, AllPrepareAgainstTheMigratedSchema) {
  ReportingDatabase reporting;
  EXPECT_THAT(ieum::testing::UnpreparableStatements(reporting.db), ::testing::IsEmpty());
}

// row:P1
TEST(DefineIndicator, RefusesATakenCodeAndLeavesNothing) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  auto again = reporting.Run(
      [](ledger::UnitOfWork& work) { return DefineIndicator(work, "B04", CampaignFirms()); });
  EXPECT_EQ(base::ReasonOf(again.status()), "ID_TAKEN");
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM event_log"), "1");
}

// What several are told who make one new thing at once, "OK" for none, sorted.
std::vector<std::string> ReasonsAtOnce(
    ReportingDatabase& reporting,
    const std::function<absl::StatusOr<ledger::Done>(ledger::UnitOfWork&)>& make) {
  constexpr int kCallers = 4;
  std::vector<std::string> reasons(kCallers);
  std::barrier gate(kCallers);
  std::vector<std::thread> threads;
  for (std::string& reason : reasons) {
    threads.emplace_back([&] {
      gate.arrive_and_wait();
      const auto made = reporting.Run(make);
      reason = made.ok() ? "OK" : base::ReasonOf(made.status());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

TEST(DefineIndicator, LetsOneOfSeveralAtOnceWin) {
  ReportingDatabase reporting;
  for (const char* code : {"B01", "B02", "B03", "B04", "B05"}) {
    EXPECT_THAT(ReasonsAtOnce(reporting,
                              [&](ledger::UnitOfWork& work) {
                                return DefineIndicator(work, code, CampaignFirms());
                              }),
                ::testing::ElementsAre("ID_TAKEN", "ID_TAKEN", "ID_TAKEN", "OK"));
  }
}

TEST(SetTarget, AtOnceBySeveralIsSetOnce) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  for (const char* edition : {"2021", "2022", "2023", "2024", "2025"}) {
    v1::SetTargetRequest request = Target("24");
    request.set_name(absl::StrCat("programmes/BSN/editions/", edition, "/targets/B04"));
    EXPECT_THAT(ReasonsAtOnce(reporting,
                              [&](ledger::UnitOfWork& work) { return SetTarget(work, request); }),
                ::testing::Each("OK"));
  }
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM target"), "5");
}

TEST(RedefineIndicator, KeepsEarlierVersionsReadable) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  v1::Indicator changed = CampaignFirms();
  changed.set_name("indicators/B04");
  changed.set_label_en("campaign firms");
  google::protobuf::FieldMask mask;
  mask.add_paths("label_en");
  ASSERT_TRUE(
      reporting
          .Run([&](ledger::UnitOfWork& work) { return RedefineIndicator(work, changed, mask); })
          .ok());
  ASSERT_TRUE(reporting.db.database()
                  .Read("check",
                        [](db::Tx& tx) {
                          EXPECT_EQ(FindIndicator(tx, "B04")->version(), 2);
                          EXPECT_EQ(FindIndicator(tx, "B04")->label_en(), "campaign firms");
                          EXPECT_EQ(FindIndicator(tx, "B04", 1)->label_en(), "");
                          return absl::OkStatus();
                        })
                  .ok());
}

TEST(RedefineIndicator, RefusesAStaleEtag) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  v1::Indicator changed = CampaignFirms();
  changed.set_name("indicators/B04");
  changed.set_etag("\"7\"");
  auto answer = reporting.Run([&](ledger::UnitOfWork& work) {
    return RedefineIndicator(work, changed, google::protobuf::FieldMask());
  });
  EXPECT_EQ(base::ReasonOf(answer.status()), "STALE_ETAG");
}

TEST(DefineFunnel, NamesTheStepsThatAreNotDefined) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  v1::FunnelDefinition funnel;
  funnel.set_label_ko("캠페인");
  funnel.add_steps("indicators/B04");
  funnel.add_steps("indicators/B99");
  auto answer = reporting.Run(
      [&](ledger::UnitOfWork& work) { return DefineFunnel(work, "CAMPAIGN", funnel); });
  EXPECT_EQ(base::ReasonOf(answer.status()), "FUNNEL_STEP_UNKNOWN");
  EXPECT_NE(answer.status().message().find("B99"), absl::string_view::npos);
}

// row:P2
TEST(SetTarget, MakesARevisionForEachChangeAndNoneForARepeat) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  for (const char* value : {"24", "24", "30"}) {
    ASSERT_TRUE(
        reporting.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, Target(value)); })
            .ok());
  }
  ASSERT_TRUE(reporting.db.database()
                  .Read("check",
                        [](db::Tx& tx) {
                          const PlanKey key{"BSN", "2023", "B04"};
                          EXPECT_EQ(FindTarget(tx, key)->value(), "30");
                          EXPECT_EQ(FindTarget(tx, key)->revision(), 2);
                          EXPECT_EQ(FindTarget(tx, key, 1)->value(), "24");
                          return absl::OkStatus();
                        })
                  .ok());
}

TEST(SetTarget, RefusesWhatNothingCanBeMeasuredAgainst) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  for (const char* value : {"0", "-3", "0.00"}) {
    auto answer =
        reporting.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, Target(value)); });
    EXPECT_EQ(base::ReasonOf(answer.status()), "TARGET_INVALID") << value;
  }
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM target"), "0");
}

TEST(SetTarget, RefusesAnIndicatorThatIsNotDefined) {
  ReportingDatabase reporting;
  auto answer =
      reporting.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, Target("1")); });
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace ieum::reporting
