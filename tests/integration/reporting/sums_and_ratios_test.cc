// Goal: a figure may be a sum or a ratio, and both are explained down to the event: what is said
// twice counts once, what was corrected counts as it holds now, what was known then is answered as
// it was then. Method: events as casemgmt tells them, definitions as scenarios/inc-2024 has them.
// row:P5 row:P6 row:P7 row:P13 row:X1
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/figures.h"
#include "services/reporting/metrics/metric_store.h"
#include "services/reporting/targets/target_commands.h"
#include "tests/integration/reporting/year_fixture.h"
#include "tests/support/centres.h"

namespace ieum::reporting {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;

namespace casemgmt = ieum::casemgmt::v1;

void FillActivity(const std::string& run, casemgmt::ActivityFacts* activity) {
  activity->set_activity_id(TestId("training/" + run).ToString());
  activity->set_programme("INC");
  activity->set_edition("2024");
}

casemgmt::TrainingCompleted Held(const std::string& run, int completers, const std::string& day,
                                 const std::string& centre = "") {
  casemgmt::TrainingCompleted event;
  FillActivity(run, event.mutable_activity());
  event.mutable_training()->set_result_id(TestId(run + "/1").ToString());
  event.mutable_training()->set_held_date(day);
  event.mutable_training()->set_completer_count(completers);
  event.set_centre_id(centre);
  return event;
}

casemgmt::TrainingRecounted Recounted(const std::string& run, int completers,
                                      const std::string& day, const std::string& centre = "") {
  casemgmt::TrainingRecounted event;
  FillActivity(run, event.mutable_activity());
  event.mutable_training()->set_result_id(TestId(run + "/2").ToString());
  event.mutable_training()->set_held_date(day);
  event.mutable_training()->set_completer_count(completers);
  event.set_previous_result_id(TestId(run + "/1").ToString());
  event.set_centre_id(centre);
  return event;
}

v1::SourceRule Source(const std::string& event, const std::string& key, const std::string& date,
                      const std::string& whose) {
  v1::SourceRule source;
  source.set_event_type("ieum.casemgmt.v1." + event);
  source.set_distinct_key(key);
  source.set_date_field(date);
  source.set_programme_field(whose + ".programme");
  source.set_edition_field(whose + ".edition");
  return source;
}

v1::Indicator Named(const std::string& label, v1::Aggregation aggregation) {
  v1::Indicator indicator;
  indicator.set_label_ko(label);
  indicator.set_unit("unit");
  indicator.set_counting_unit("unit");
  indicator.set_direction(v1::DIRECTION_HIGHER);
  indicator.set_aggregation(aggregation);
  return indicator;
}

// A15: completers of each run, by its latest word.
v1::Indicator Completers() {
  v1::Indicator indicator = Named("교육 수료자", v1::AGGREGATION_SUM);
  for (const char* event : {"TrainingCompleted", "TrainingRecounted"}) {
    v1::SourceRule& source = *indicator.add_sources();
    source = Source(event, "activity.activity_id", "training.held_date", "activity");
    source.set_sum_field("training.completer_count");
  }
  return indicator;
}

template <class Event>
Event Check(const std::string& person, casemgmt::RetentionResult result, const std::string& day) {
  Event event;
  event.mutable_case_()->set_programme("INC");
  event.mutable_case_()->set_edition("2024");
  event.mutable_case_()->set_participant_id(TestId("participant/" + person).ToString());
  casemgmt::RetentionCheckFacts& check = *event.mutable_check();
  check.set_check_id(TestId("check/" + person).ToString());
  check.set_months(3);
  check.set_due_date(day);
  check.set_result(result);
  check.set_result_id(TestId("result/" + person).ToString());
  return event;
}

// A17: retained of all whose check was due.
v1::Indicator Retention() {
  v1::Indicator indicator = Named("고용유지율 3개월", v1::AGGREGATION_RATIO);
  indicator.set_ratio_factor(100);
  indicator.set_decimals(1);
  v1::SourceRule& retained = *indicator.add_sources();
  retained = Source("RetentionChecked", "check.check_id", "check.due_date", "case");
  retained.set_filter(
      "check.months = 3 AND (check.result = RETENTION_RESULT_SAME_EMPLOYER OR "
      "check.result = RETENTION_RESULT_ON_STATUTORY_LEAVE)");
  v1::SourceRule& due = *indicator.add_denominator_sources();
  due = Source("RetentionCheckDue", "check.check_id", "check.due_date", "case");
  due.set_filter("check.months = 3");
  return indicator;
}

class SumsAndRatios : public ::testing::Test {
 protected:
  void Define(const std::string& code, const v1::Indicator& indicator,
              const std::string& target = "") {
    auto defined = reporting_.Run(
        [&](ledger::UnitOfWork& work) { return DefineIndicator(work, code, indicator); });
    ASSERT_TRUE(defined.ok()) << defined.status();
    v1::SetTargetRequest request;
    request.set_name("programmes/INC/editions/2024/targets/" + code);
    request.set_value(target);
    ASSERT_TRUE(
        reporting_.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, request); }).ok());
  }
  v1::Metric Figure(const std::string& code, const Moment& moment = {},
                    const base::Scope& centres = base::Scope::Everywhere()) {
    const PlanKey key{"INC", "2024", code};
    v1::Metric metric;
    const absl::Status read =
        reporting_.db.database().Read("test_figure", [&](db::Tx& tx) -> absl::Status {
          ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, moment, centres));
          ASSIGN_OR_RETURN(metric, FigureOf(tx, key, scope));
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    return metric;
  }
  std::vector<v1::Contribution> Explain(const std::string& code, int page_size) {
    const PlanKey key{"INC", "2024", code};
    std::vector<v1::Contribution> all;
    filter::Cursor after;
    do {
      const absl::Status read =
          reporting_.db.database().Read("test_explain", [&](db::Tx& tx) -> absl::Status {
            ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, {}, base::Scope::Everywhere()));
            ASSIGN_OR_RETURN(ContributionPage page,
                             ReadContributions(tx, *FindIndicator(tx, code), scope, page_size,
                                               after));
            all.insert(all.end(), page.contributions.begin(), page.contributions.end());
            after = page.next;
            return absl::OkStatus();
          });
      EXPECT_TRUE(read.ok()) << read;
    } while (!after.empty());
    return all;
  }
  void Add(const std::string& aggregate, const google::protobuf::Message& event) {
    maker_.Add(TestId(aggregate), event);
  }
  void Consume() { reporting_.Consume(maker_.events()); }
  // Business time of the last event that was added.
  absl::Time Now() const {
    return absl::FromUnixSeconds(maker_.events().back().envelope.time().seconds());
  }

  ReportingDatabase reporting_;
  EventMaker maker_{"casemgmt"};
};

TEST_F(SumsAndRatios, AddUpEachRunByItsLatestWordInWhicheverOrderItComes) {
  Define("A15", Completers(), "40");
  Add("training/1", Held("1", 10, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-06-03"));
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Add("training/3", Held("3", 0, "2024-07-01"));
  std::vector<flow::ReceivedEvent> events = maker_.events();
  std::mt19937 random(7);
  std::shuffle(events.begin(), events.end(), random);
  for (const flow::ReceivedEvent& event : events) reporting_.Consume({event});
  reporting_.Consume(events);
  const v1::Metric metric = Figure("A15");
  EXPECT_EQ(metric.actual(), "32");
  EXPECT_EQ(metric.printed_actual(), "32");
  EXPECT_EQ(metric.rate_percent(), "80.0");
  EXPECT_EQ(metric.numerator(), "") << "it is no ratio";
  EXPECT_EQ(metric.factor(), 0);
  EXPECT_EQ(Figure("A15", {"2024-05-31"}).actual(), "12");
  EXPECT_EQ(Figure("A15", {"2024-05-01"}).actual(), "0") << "nothing adds up to nothing";
}

// What each event adds, and which word took which back.
TEST_F(SumsAndRatios, AreExplainedByValuesThatAddUpWhateverThePageSize) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-06-03"));
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Consume();
  for (const int page_size : {1, 2, 50}) {
    int sum = 0, taken_back = 0;
    for (const v1::Contribution& one : Explain("A15", page_size)) {
      EXPECT_EQ(one.side(), v1::CONTRIBUTION_SIDE_UNSPECIFIED);
      if (one.counted()) {
        sum += std::stoi(one.value());
        continue;
      }
      ++taken_back;
      EXPECT_EQ(one.value(), "10");
      EXPECT_EQ(one.retracting_event_id(), maker_.events()[2].envelope.event_id());
    }
    EXPECT_EQ(sum, 32) << page_size;
    EXPECT_EQ(taken_back, 1) << page_size;
  }
}

// A number that another centre corrected since is not the number any more: parts are the whole.
TEST_F(SumsAndRatios, OfCentresAddUpToTheSumOfTheSuite) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02", kCentreA));
  Add("training/2", Held("2", 20, "2024-06-03", kCentreA));
  Add("training/1", Recounted("1", 12, "2024-05-02", kCentreB));
  Consume();
  const auto of = [](const char* centre) {
    return base::Scope::Of({centre});
  };
  EXPECT_EQ(Figure("A15", {}, of(kCentreA)).actual(), "20");
  EXPECT_EQ(Figure("A15", {}, of(kCentreB)).actual(), "12");
  EXPECT_EQ(Figure("A15").actual(), "32");
}

// law:L28
TEST_F(SumsAndRatios, KeepInTheDenominatorWhoWasDueAndNotReached) {
  Define("A17", Retention(), "50.0");
  const std::pair<const char*, casemgmt::RetentionResult> found[] = {
      {"kim", casemgmt::RETENTION_RESULT_SAME_EMPLOYER},
      {"lee", casemgmt::RETENTION_RESULT_ON_STATUTORY_LEAVE},
      {"park", casemgmt::RETENTION_RESULT_OTHER_EMPLOYER},
      {"choi", casemgmt::RETENTION_RESULT_UNREACHABLE}};
  for (const auto& [person, result] : found) {
    const std::string of = absl::StrCat("case/", person);
    Add(of, Check<casemgmt::RetentionCheckDue>(person, {}, "2024-09-30"));
    Add(of, Check<casemgmt::RetentionChecked>(person, result, "2024-09-30"));
  }
  // Due, and nobody has asked her yet; and one who is due later.
  Add("case/jung", Check<casemgmt::RetentionCheckDue>("jung", {}, "2024-09-30"));
  Add("case/han", Check<casemgmt::RetentionCheckDue>("han", {}, "2024-12-31"));
  Add("case/han", Check<casemgmt::RetentionChecked>(
                      "han", casemgmt::RETENTION_RESULT_SAME_EMPLOYER, "2024-12-31"));
  Consume();
  const v1::Metric half = Figure("A17", {"2024-09-30"});
  EXPECT_EQ(half.numerator(), "2");
  EXPECT_EQ(half.denominator(), "5");
  EXPECT_EQ(half.factor(), 100);
  EXPECT_EQ(half.actual(), "40.000000");
  EXPECT_EQ(half.printed_actual(), "40.0");
  EXPECT_EQ(half.rate_percent(), "80.0");
  EXPECT_EQ(half.status(), v1::METRIC_STATUS_NOT_MET);
  const v1::Metric year = Figure("A17");
  EXPECT_EQ(absl::StrCat(year.numerator(), "/", year.denominator()), "3/6");
  EXPECT_EQ(year.rate_percent(), "100.0");
  EXPECT_EQ(year.status(), v1::METRIC_STATUS_MET);

  std::set<std::string> above, below;
  for (const v1::Contribution& one : Explain("A17", 3)) {
    ASSERT_TRUE(one.counted());
    (one.side() == v1::CONTRIBUTION_SIDE_NUMERATOR ? above : below).insert(one.distinct_key());
    EXPECT_EQ(one.value(), "") << "it is counted, not added";
  }
  EXPECT_EQ(above.size(), 3u);
  EXPECT_EQ(below.size(), 6u);
}

TEST_F(SumsAndRatios, AreNoFigureWhileNothingIsDue) {
  Define("A19", Retention(), "80.0");
  Consume();
  const v1::Metric metric = Figure("A19");
  EXPECT_EQ(metric.actual(), "");
  EXPECT_EQ(metric.printed_actual(), "");
  EXPECT_EQ(metric.numerator(), "0");
  EXPECT_EQ(metric.denominator(), "0");
  EXPECT_EQ(metric.rate_percent(), "");
  EXPECT_EQ(metric.status(), v1::METRIC_STATUS_NONE);
}

// A quotient without an end is rounded once, and its rate goes by the quotient.
TEST_F(SumsAndRatios, RoundOnceFromTheExactQuotient) {
  Define("A18", Retention(), "85.0");
  for (int n = 0; n < 22; ++n) {
    const std::string person = absl::StrCat("person ", n);
    Add(person, Check<casemgmt::RetentionCheckDue>(person, {}, "2024-12-31"));
    Add(person, Check<casemgmt::RetentionChecked>(
                    person,
                    n < 20 ? casemgmt::RETENTION_RESULT_SAME_EMPLOYER
                           : casemgmt::RETENTION_RESULT_REFUSED,
                    "2024-12-31"));
  }
  Consume();
  const v1::Metric metric = Figure("A18");
  EXPECT_EQ(metric.actual(), "90.909091");
  EXPECT_EQ(metric.printed_actual(), "90.9");
  EXPECT_EQ(metric.rate_percent(), "107.0") << "106.9 from the printed 90.9";
}

// row:R22
TEST_F(SumsAndRatios, AnswerWhatWasKnownThen) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02"));
  const absl::Time then = Now();
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-04-01"));
  const absl::Time now = Now();
  Consume();
  EXPECT_EQ(Figure("A15").actual(), "32");
  EXPECT_FALSE(Figure("A15").has_known_time());
  const v1::Metric known = Figure("A15", {"", then});
  EXPECT_EQ(known.actual(), "10");
  EXPECT_EQ(known.known_time().seconds(), absl::ToUnixSeconds(then));
  EXPECT_EQ(Figure("A15", {"", now}).actual(), "32") << "what is of this very instant is in";
  EXPECT_EQ(Figure("A15", {"", then - absl::Seconds(1)}).actual(), "0");
}

// A08: a token that turned out to be another one of the same person is the same participant.
TEST_F(SumsAndRatios, CountAParticipantOnceUnderHoweverManyTokens) {
  v1::Indicator persons = Named("윙크링크 참여자", v1::AGGREGATION_COUNT_DISTINCT);
  *persons.add_sources() =
      Source("CaseTakenIn", "case.participant_id", "case.intake_date", "case");
  Define("A08", persons);
  for (const char* person : {"kim", "lee", "choi"}) {
    casemgmt::CaseTakenIn event;
    event.mutable_case_()->set_programme("INC");
    event.mutable_case_()->set_edition("2024");
    event.mutable_case_()->set_participant_id(TestId(person).ToString());
    event.mutable_case_()->set_intake_date("2024-02-05");
    Add(absl::StrCat("case/", person), event);
  }
  const absl::Time apart = Now();
  casemgmt::ParticipantsJoined joined;
  joined.set_participant_id(TestId("lee").ToString());
  joined.set_joined_participant_id(TestId("kim").ToString());
  joined.set_joining_id(TestId("joining").ToString());
  Add("lee", joined);
  const absl::Time together = Now();
  Consume();
  EXPECT_EQ(Figure("A08").actual(), "2");
  EXPECT_EQ(Figure("A08", {"", apart}).actual(), "3") << "nobody knew it then";
  casemgmt::ParticipantsParted parted;
  parted.set_participant_id(TestId("lee").ToString());
  parted.set_joined_participant_id(TestId("kim").ToString());
  parted.set_joining_id(TestId("joining").ToString());
  Add("lee", parted);
  Consume();
  EXPECT_EQ(Figure("A08").actual(), "3");
  EXPECT_EQ(Figure("A08", {"", together}).actual(), "2") << "what was believed then";
}

// A09: a session whose outcome was recorded by mistake counts no more, and counts again when it is
// recorded anew, in whichever order that comes.
TEST_F(SumsAndRatios, CountWhatIsToldAnewAfterItWasTakenBack) {
  v1::Indicator sessions = Named("윙크링크 상담", v1::AGGREGATION_COUNT_DISTINCT);
  v1::SourceRule& source = *sessions.add_sources();
  source = Source("SessionDone", "session.session_id", "session.service_date", "case");
  source.set_instance_key("session.session_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.casemgmt.v1.SessionOutcomeRetracted");
  retraction.set_instance_key("session.session_id");
  retraction.set_date_field("retracted_service_date");
  retraction.set_earlier_only(true);
  Define("A09", sessions);
  const auto told = [&]<class Event>(Event event, const std::string& session) {
    event.mutable_case_()->set_programme("INC");
    event.mutable_case_()->set_edition("2024");
    event.mutable_session()->set_session_id(TestId(session).ToString());
    event.mutable_session()->set_service_date("2024-05-02");
    Add("case/kim", event);
  };
  casemgmt::SessionOutcomeRetracted mistake;
  mistake.set_retracted_service_date("2024-05-02");
  told(casemgmt::SessionDone(), "1");
  told(casemgmt::SessionDone(), "2");
  told(mistake, "1");
  const absl::Time taken_back = Now();
  told(casemgmt::SessionDone(), "1");
  std::vector<flow::ReceivedEvent> events = maker_.events();
  std::mt19937 random(11);
  std::shuffle(events.begin(), events.end(), random);
  for (const flow::ReceivedEvent& event : events) reporting_.Consume({event});
  EXPECT_EQ(Figure("A09").actual(), "2");
  EXPECT_EQ(Figure("A09", {"", taken_back}).actual(), "1");
}

}  // namespace
}  // namespace ieum::reporting
