// Goal: a figure for a centre counts that centre's events and no others, whoever asks and however.
// Method: the small year's firms in two centres; the doors' rules over the facts.
// row:R11 row:R23
#include "tests/support/centres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/access_log/access_log.h"
#include "platform/base/status.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_service.h"
#include "services/reporting/metrics/metric_service.h"
#include "services/reporting/rebuilds/rebuild_service.h"
#include "services/reporting/targets/target_commands.h"
#include "services/reporting/targets/target_service.h"
#include "tests/integration/reporting/year_fixture.h"
#include "tests/support/centre_statements.h"

namespace ieum::reporting {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// row:R23
TEST(Statements, AskWhoseRowsMayBeTouched) {
  ieum::testing::TestDatabase database(reporting_migrations());
  const std::string consumer = "the consumer keeps the facts of the suite";
  const std::string rebuild = "a rebuild makes the facts of the suite anew";
  const ieum::testing::CentreExceptions exceptions = {
      .statements = {{"fact_keep_generations", "a lock on the table"},
                     {"fact_delete_behind", rebuild},
                     {"fact_clear_0", rebuild},
                     {"fact_clear_1", rebuild},
                     {"fact_hash", rebuild},
                     {"fact_first_difference", rebuild}}};
  EXPECT_THAT(ieum::testing::CentreFaults(database, exceptions), IsEmpty());
}

class Figures : public ::testing::Test {
 protected:
  Figures() {
    reporting_.DefineCampaignFirms();
    reporting_.Consume(YearOfTwoCentres());
    v1::SetTargetRequest target;
    target.set_name("programmes/BSN/editions/2023/targets/B04");
    target.set_value("3");
    EXPECT_TRUE(
        reporting_.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, target); }).ok());
    indicators_.Serve(router_);
    targets_.Serve(router_);
    metrics_door_.Serve(router_);
    rebuilds_.Serve(router_);
    const std::string tokens =
        R"([{"token": "manager", "subject": "staff/manager", "roles": ["programme_manager"],
             "centres": ["*"]}, )" +
        ieum::testing::CentreTokens() + "]";
    server_ = std::make_unique<rpc::Server>(
        rpc::ServerOptions{.service = "reporting", .access_log = &access_log_}, router_,
        rpc::Authenticator::FromTokens(tokens).value(), rpc::Roles::Shipped(), metrics_);
    const absl::Status started = server_->Start();
    EXPECT_TRUE(started.ok()) << started;
    server_->SetServing(true);
  }
  ~Figures() override { server_->Drain(); }

  // Firms 1 and 2 are A's, 3 is B's, 4 the suite's.
  static std::vector<flow::ReceivedEvent> YearOfTwoCentres() { return TwoCentres().events(); }
  static EventMaker TwoCentres() {
    EventMaker maker("registry");
    for (const auto& [firm, centre] : std::vector<std::pair<std::string, std::string>>{
             {"firm 1", kCentreA}, {"firm 2", kCentreA}, {"firm 3", kCentreB}, {"firm 4", ""}}) {
      registry::v1::EnrolmentConfirmed event = Confirmed(firm, "2023-04-03");
      event.mutable_enrolment()->set_centre_id(centre);
      maker.Add(TestId("enrolment of " + firm), event);
    }
    return maker;
  }

  absl::Status Call(const std::string& token, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response) {
    rpc::Peer peer({.service = "reporting",
                    .address = "127.0.0.1:" + std::to_string(server_->grpc_port()),
                    .token = token});
    return peer.Call("/ieum.reporting.v1." + method, request, response, absl::Seconds(20));
  }

  absl::StatusOr<v1::Metric> Metric(const std::string& token, const std::string& centre = "") {
    v1::GetMetricRequest request;
    request.set_name("programmes/BSN/editions/2023/metrics/B04");
    if (!centre.empty()) request.set_centre("organizations/" + centre);
    v1::Metric metric;
    RETURN_IF_ERROR(Call(token, "MetricService/GetMetric", request, &metric));
    return metric;
  }

  ReportingDatabase reporting_;
  access_log::AccessLog access_log_{reporting_.db.database()};
  crypto::Key page_key_;
  telemetry::Metrics metrics_{"reporting"};
  IndicatorDoor indicators_{reporting_.ledger, page_key_};
  TargetDoor targets_{reporting_.ledger, page_key_};
  MetricDoor metrics_door_{reporting_.db.database(), reporting_.clock, page_key_};
  RebuildDoor rebuilds_{reporting_.ledger, page_key_};
  rpc::Router router_;
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(Figures, AreOfWhatWasKnownAndNotOfWhatWillBe) {
  v1::GetMetricRequest request;
  request.set_name("programmes/BSN/editions/2023/metrics/B04");
  v1::Metric metric;
  request.mutable_read_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 3600);
  const absl::Status refused = Call("manager", "MetricService/GetMetric", request, &metric);
  EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("read_time"));
  request.mutable_read_time()->set_seconds(1);
  ASSERT_TRUE(Call("manager", "MetricService/GetMetric", request, &metric).ok());
  EXPECT_EQ(metric.actual(), "0") << "nothing had happened";
  EXPECT_EQ(metric.known_time().seconds(), 1);
}

TEST_F(Figures, CountTheCentresEventsOnly) {
  EXPECT_EQ(Metric("manager")->actual(), "4");
  EXPECT_EQ(Metric("centre-a")->actual(), "2");
  EXPECT_EQ(Metric("centre-b")->actual(), "1");
  EXPECT_EQ(Metric("centre-ab")->actual(), "3");
  EXPECT_EQ(Metric("centre-ab", kCentreB)->actual(), "1");
  EXPECT_EQ(Metric("manager", kCentreA)->actual(), "2");
}

// What was confirmed before an enrolment moved counts for the centre of then, what is confirmed
// after it for the other one, and what takes it back takes it back for whom it was counted. row:R24
TEST_F(Figures, StayWithTheCentreOfThenWhenAnEnrolmentMoves) {
  EventMaker maker = TwoCentres();
  const size_t told = maker.events().size();
  registry::v1::EnrolmentMoved moved;
  *moved.mutable_enrolment() = Confirmed("firm 1", "2023-04-03").enrolment();
  moved.mutable_enrolment()->set_centre_id(kCentreB);
  moved.set_previous_centre_id(kCentreA);
  maker.Add(TestId("enrolment of firm 1"), moved);
  registry::v1::EnrolmentConfirmed waited = Confirmed("firm 5", "2023-06-01");
  waited.mutable_enrolment()->set_centre_id(kCentreB);
  maker.Add(TestId("enrolment of firm 5"), waited);
  reporting_.Consume({maker.events().begin() + told, maker.events().end()});
  EXPECT_EQ(Metric("centre-a")->actual(), "2") << "firm 1 was confirmed there";
  EXPECT_EQ(Metric("centre-b")->actual(), "2");
  EXPECT_EQ(Metric("manager")->actual(), "5");

  const size_t before = maker.events().size();
  registry::v1::EnrolmentWithdrawn gone = Withdrawn("firm 1", "2023-07-01");
  gone.mutable_enrolment()->set_centre_id(kCentreB);
  maker.Add(TestId("enrolment of firm 1"), gone);
  reporting_.Consume({maker.events().begin() + before, maker.events().end()});
  EXPECT_EQ(Metric("centre-a")->actual(), "1");
  EXPECT_EQ(Metric("centre-b")->actual(), "2");
  EXPECT_EQ(Metric("manager")->actual(), "4");
}

// A part of the suite has no target of its own, and says that it is a part.
TEST_F(Figures, SayWhatTheyAreFigureOf) {
  const auto whole = Metric("manager");
  EXPECT_EQ(whole->target(), "3");
  EXPECT_THAT(whole->centres(), IsEmpty());
  const auto part = Metric("centre-a");
  EXPECT_EQ(part->target(), "");
  EXPECT_EQ(part->status(), v1::METRIC_STATUS_NONE);
  EXPECT_THAT(part->centres(), ElementsAre(std::string("organizations/") + kCentreA));
}

TEST_F(Figures, OfAnotherCentreAreRefusedAsThoseOfNone) {
  for (const std::string& other : {std::string(kCentreB), base::Uuid::NewV7().ToString()}) {
    const absl::Status refused = Metric("centre-a", other).status();
    EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(base::FieldsOf(refused), ElementsAre("centre"));
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr(other)));
  }
}

TEST_F(Figures, AreExplainedByTheCentresEventsOnly) {
  v1::ExplainMetricRequest request;
  request.set_name("programmes/BSN/editions/2023/metrics/B04");
  request.set_page_size(1);
  std::string text;
  do {
    v1::ExplainMetricResponse page;
    const absl::Status read = Call("centre-a", "MetricService/ExplainMetric", request, &page);
    ASSERT_TRUE(read.ok()) << read;
    EXPECT_EQ(page.metric().actual(), "2");
    for (const auto& one : page.contributions()) text += one.distinct_key() + "\n";
    request.set_page_token(page.next_page_token());
    if (!request.page_token().empty()) {
      EXPECT_EQ(base::ReasonOf(Call("centre-b", "MetricService/ExplainMetric", request, &page)),
                "PAGE_TOKEN_INVALID");
    }
  } while (!request.page_token().empty());
  EXPECT_THAT(text, HasSubstr(TestId("firm/firm 1").ToString()));
  EXPECT_THAT(text, HasSubstr(TestId("firm/firm 2").ToString()));
  EXPECT_THAT(text, Not(HasSubstr(TestId("firm/firm 3").ToString())));
  EXPECT_THAT(text, Not(HasSubstr(TestId("firm/firm 4").ToString())));
}

TEST_F(Figures, StandInListsAndFunnelsByTheSameRule) {
  v1::ListMetricsRequest request;
  request.set_parent("programmes/BSN/editions/2023");
  v1::ListMetricsResponse page;
  ASSERT_TRUE(Call("centre-b", "MetricService/ListMetrics", request, &page).ok());
  ASSERT_EQ(page.metrics_size(), 1);
  EXPECT_EQ(page.metrics(0).actual(), "1");
  const auto second = reporting_.Run(
      [&](ledger::UnitOfWork& work) { return DefineIndicator(work, "B05", CampaignFirms()); });
  ASSERT_TRUE(second.ok()) << second.status();
  v1::CreateFunnelDefinitionRequest define;
  define.set_funnel_definition_id("F1");
  define.mutable_funnel_definition()->set_label_ko("깔때기");
  define.mutable_funnel_definition()->set_label_en("funnel");
  for (const char* step : {"indicators/B04", "indicators/B05"}) {
    define.mutable_funnel_definition()->add_steps(step);
  }
  v1::FunnelDefinition defined;
  const absl::Status made =
      Call("manager", "IndicatorService/CreateFunnelDefinition", define, &defined);
  ASSERT_TRUE(made.ok()) << made;
  v1::GetFunnelRequest ask;
  ask.set_name("programmes/BSN/editions/2023/funnels/F1");
  v1::Funnel funnel;
  ASSERT_TRUE(Call("centre-a", "MetricService/GetFunnel", ask, &funnel).ok());
  EXPECT_EQ(funnel.steps(0).count(), "2");
  EXPECT_THAT(funnel.centres(), ElementsAre(std::string("organizations/") + kCentreA));
}

TEST_F(Figures, AreDefinedByTheSuiteOnly) {
  v1::SetTargetRequest target;
  target.set_name("programmes/BSN/editions/2023/targets/B04");
  target.set_value("9");
  v1::Target set;
  EXPECT_EQ(base::ReasonOf(Call("centre-a", "TargetService/SetTarget", target, &set)),
            "PERMISSION_DENIED");
  v1::CreateRebuildRequest rebuild;
  rebuild.mutable_rebuild()->set_mode(v1::REBUILD_MODE_SWAP);
  v1::Rebuild begun;
  EXPECT_EQ(base::ReasonOf(Call("centre-a", "RebuildService/CreateRebuild", rebuild, &begun)),
            "PERMISSION_DENIED");
}

TEST_F(Figures, AreThoughtOfInEveryMethod) {
  const std::string shared =
      "definitions, targets and rebuilds are the suite's; writing is suite-wide";
  EXPECT_THAT(ieum::testing::Forgotten(
                  {"ieum.reporting.v1.MetricService", "ieum.reporting.v1.IndicatorService",
                   "ieum.reporting.v1.TargetService", "ieum.reporting.v1.RebuildService"},
                  {{"MetricService/GetMetric", ""},
                   {"MetricService/ListMetrics", ""},
                   {"MetricService/GetFunnel", ""},
                   {"MetricService/ExplainMetric", ""}},
                  {},
                  {{"IndicatorService/CreateIndicator", shared},
                   {"IndicatorService/GetIndicator", shared},
                   {"IndicatorService/ListIndicators", shared},
                   {"IndicatorService/UpdateIndicator", shared},
                   {"IndicatorService/CreateFunnelDefinition", shared},
                   {"IndicatorService/GetFunnelDefinition", shared},
                   {"IndicatorService/ListFunnelDefinitions", shared},
                   {"TargetService/SetTarget", shared},
                   {"TargetService/GetTarget", shared},
                   {"TargetService/ListTargets", shared},
                   {"RebuildService/CreateRebuild", shared},
                   {"RebuildService/GetRebuild", shared},
                   {"RebuildService/ListRebuilds", shared}}),
              IsEmpty());
}

// What is no id of a centre is nobody's but the suite's, and stops no consumer.
TEST(Facts, KeepWhatNamesNoCentre) {
  ReportingDatabase reporting;
  EventMaker maker("registry");
  registry::v1::EnrolmentConfirmed event = Confirmed("firm 1", "2023-04-03");
  event.mutable_enrolment()->set_centre_id("*");
  maker.Add(TestId("enrolment of firm 1"), event);
  reporting.Consume(maker.events());
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM fact WHERE centre_id IS NULL"), "1");
}

}  // namespace
}  // namespace ieum::reporting
