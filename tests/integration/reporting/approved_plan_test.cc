// Goal: an approved plan is what reporting measures against, once, and from then on SetTarget alone
// changes it. Method: the event as the consumer gives it, with the real effects. row:X16 row:P2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/figures.h"
#include "services/reporting/reactions.h"
#include "services/reporting/targets/target_commands.h"
#include "services/reporting/targets/target_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {
namespace {

using ::testing::ElementsAre;

const PlanKey kEdition{.programme = "BSN", .edition = "2023", .code = ""};

registry::v1::PlanApproved Approved(const std::string& campaign_firms) {
  registry::v1::PlanApproved plan;
  plan.mutable_plan()->set_programme("BSN");
  plan.mutable_plan()->set_edition("2023");
  plan.set_event_date("2023-02-06");
  const auto add = [&](const char* code, const std::string& value, int position) {
    registry::v1::ApprovedTarget& target = *plan.add_targets();
    target.set_indicator_code(code);
    target.set_value(value);
    target.set_position(position);
    target.set_area("II");
  };
  add("B04", campaign_firms, 4);
  add("B25", "", 25);
  return plan;
}

class ApprovedPlan : public ::testing::Test {
 protected:
  ApprovedPlan() { Listen(subscriptions_); }

  absl::Status Deliver(const google::protobuf::Message& event, absl::Time at = absl::Now()) {
    maker_.Add(TestId("edition"), event);
    flow::ReceivedEvent received = maker_.events().back();
    *received.envelope.mutable_time() = base::ToTimestamp(at);
    const auto* effect = subscriptions_.Find(received.envelope.type());
    if (effect == nullptr || !effect->reaction) return absl::NotFoundError("nobody reacts");
    return reporting_
        .Run([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
          RETURN_IF_ERROR(effect->reaction(work, received));
          return ledger::Done{TargetId({"BSN", "2023", "B04"}), "x"};
        })
        .status();
  }

  // "B04=24 r1", in the order of the report.
  std::vector<std::string> Targets() {
    std::vector<std::string> found;
    EXPECT_TRUE(reporting_.db.database()
                    .Read("test",
                          [&](db::Tx& tx) {
                            found.clear();
                            for (const v1::Target& target : TargetsOfEdition(tx, kEdition)) {
                              found.push_back(PlanKeyOf(target.name()).code + "=" + target.value() +
                                              " r" + std::to_string(target.revision()));
                            }
                            return absl::OkStatus();
                          })
                    .ok());
    return found;
  }

  absl::Status Set(const std::string& value) {
    v1::SetTargetRequest request;
    request.set_name("programmes/BSN/editions/2023/targets/B04");
    request.set_value(value);
    request.set_position(4);
    request.set_area("II");
    return reporting_.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, request); })
        .status();
  }

  ReportingDatabase reporting_;
  flow::Subscriptions subscriptions_;
  EventMaker maker_{"registry"};
};

TEST_F(ApprovedPlan, BecomesTargetsAndIsKeptAsAFact) {
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=24 r1", "B25= r1"));
  EXPECT_EQ(reporting_.db.Ask("SELECT count(*) FROM fact WHERE type LIKE '%PlanApproved'"), "1");
  EXPECT_EQ(reporting_.db.Ask("SELECT count(*) FROM event_log WHERE type LIKE '%TargetSet'"), "2");
}

TEST_F(ApprovedPlan, ToldTwiceDoesNothing) {
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=24 r1", "B25= r1"));
}

TEST_F(ApprovedPlan, IsChangedBySettingTargetsFromThenOn) {
  reporting_.DefineCampaignFirms();
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  ASSERT_TRUE(Set("30").ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=30 r2", "B25= r1"));
}

TEST_F(ApprovedPlan, TakesOverWhatWasSetBeforeIt) {
  reporting_.DefineCampaignFirms();
  ASSERT_TRUE(Set("20").ok());
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=24 r2", "B25= r1"));
}

// A consumer that was put back, or was late: the approval is older than what somebody set.
TEST_F(ApprovedPlan, LeavesWhatWasSetAfterItHoweverLateItIsTold) {
  reporting_.DefineCampaignFirms();
  const absl::Time approved = absl::Now();
  ASSERT_TRUE(Deliver(Approved("24"), approved).ok());
  ASSERT_TRUE(Set("30").ok());
  ASSERT_TRUE(Deliver(Approved("24"), approved).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=30 r2", "B25= r1"));
  EXPECT_EQ(reporting_.db.Ask("SELECT count(*) FROM event_log WHERE type LIKE '%TargetSet'"), "3");
}

TEST_F(ApprovedPlan, ToldLateLeavesWhatWasSetMeanwhile) {
  reporting_.DefineCampaignFirms();
  const absl::Time approved = absl::Now();
  ASSERT_TRUE(Set("30").ok());
  ASSERT_TRUE(Deliver(Approved("24"), approved).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=30 r1", "B25= r1"));
}

// Both approvals were given before the first one was heard here.
TEST_F(ApprovedPlan, FollowsAnotherOneHoweverLateBothAreTold) {
  const absl::Time first = absl::Now() - absl::Minutes(10), second = first + absl::Minutes(5);
  ASSERT_TRUE(Deliver(Approved("24"), first).ok());
  ASSERT_TRUE(Deliver(Approved("26"), second).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=26 r2", "B25= r1"));
  ASSERT_TRUE(Deliver(Approved("24"), first).ok());
  EXPECT_THAT(Targets(), ElementsAre("B04=26 r2", "B25= r1")) << "the older one, told again";
}

TEST_F(ApprovedPlan, ShowsTargetsThatNobodyHasDefinedYet) {
  reporting_.DefineCampaignFirms();
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  std::vector<v1::Metric> figures;
  const absl::Status read = reporting_.db.database().Read("test", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, kEdition, {""}, base::Scope::Everywhere()));
    ASSIGN_OR_RETURN(figures, FiguresOfPlan(tx, kEdition, scope));
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read;
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].target(), "24");
  EXPECT_EQ(figures[0].actual(), "0");
  EXPECT_EQ(figures[1].indicator(), "indicators/B25");
  EXPECT_EQ(figures[1].actual(), "");
  EXPECT_EQ(figures[1].status(), v1::METRIC_STATUS_NONE);
}

// Stored when nobody asked whom a definition tells: it says what is wrong with it, and the rest of
// the plan is counted. row:C36
TEST_F(ApprovedPlan, CountsNothingByADefinitionOfBeforeThatTellsWhoIsCounselled) {
  reporting_.DefineCampaignFirms();
  ASSERT_TRUE(Deliver(Approved("24")).ok());
  v1::Indicator before = CampaignFirms();
  v1::SourceRule& source = *before.mutable_sources(0);
  source.clear_filter();
  source.clear_retractions();
  source.set_event_type(notify::v1::MessageHandedOver::descriptor()->full_name());
  source.set_distinct_key("message.person_id");
  source.set_instance_key("message.message_id");
  source.set_date_field("event_date");
  source.set_programme_field("message.rule_code");
  source.set_edition_field("message.template_code");
  ASSERT_TRUE(reporting_
                  .Run([&](ledger::UnitOfWork& work) {
                    InsertIndicator(work.tx(), before, "B25", 1, work.now());
                    v1::FunnelDefinition funnel;
                    funnel.add_steps("indicators/B25");
                    InsertFunnel(work.tx(), funnel, "TOLD");
                    work.Lock({IndicatorId("B25")});
                    return ledger::Done{IndicatorId("B25"), "indicators/B25"};
                  })
                  .ok());
  std::vector<v1::Metric> figures;
  absl::Status counted, stepped;
  const absl::Status read = reporting_.db.database().Read("test", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, kEdition, {""}, base::Scope::Everywhere()));
    ASSIGN_OR_RETURN(figures, FiguresOfPlan(tx, kEdition, scope));
    counted = FigureOf(tx, {"BSN", "2023", "B25"}, scope).status();
    stepped = FunnelFigure(tx, {"BSN", "2023", "TOLD"}, scope).status();
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read;
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].actual(), "0");
  EXPECT_EQ(figures[1].actual(), "");
  EXPECT_EQ(base::ReasonOf(counted), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(counted), ElementsAre("indicator.sources[0].distinct_key"));
  EXPECT_EQ(stepped, counted);
}

}  // namespace
}  // namespace ieum::reporting
