#include "tests/integration/reporting/incheon_figures.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "google/protobuf/util/json_util.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/metric_store.h"
#include "services/reporting/targets/target_commands.h"

namespace ieum::reporting {
namespace {

void FillActivity(const std::string& run, casemgmt::ActivityFacts* activity) {
  activity->set_activity_id(TestId("training/" + run).ToString());
  activity->set_programme("INC");
  activity->set_edition("2024");
}

}  // namespace

casemgmt::TrainingCompleted Held(const std::string& run, int completers, const std::string& day,
                                 const std::string& centre) {
  casemgmt::TrainingCompleted event;
  FillActivity(run, event.mutable_activity());
  event.mutable_training()->set_result_id(TestId(run + "/1").ToString());
  event.mutable_training()->set_held_date(day);
  event.mutable_training()->set_completer_count(completers);
  event.set_centre_id(centre);
  return event;
}

casemgmt::TrainingRecounted Recounted(const std::string& run, int completers,
                                      const std::string& day, const std::string& centre) {
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

v1::Indicator Completers() {
  v1::Indicator indicator = Named("교육 수료자", v1::AGGREGATION_SUM);
  for (const char* event : {"TrainingCompleted", "TrainingRecounted"}) {
    v1::SourceRule& source = *indicator.add_sources();
    source = Source(event, "activity.activity_id", "training.held_date", "activity");
    source.set_sum_field("training.completer_count");
  }
  return indicator;
}

v1::Indicator Published(const std::string& code) {
  std::ifstream file(IEUM_SOURCE_DIR "/scenarios/inc-2024/indicators.json");
  nlohmann::json published = nlohmann::json::parse(file);
  v1::Indicator indicator;
  for (auto& each : published["indicators"]) {
    if (each["id"] != code) continue;
    each.erase("id");
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(each.dump(), &indicator).ok());
  }
  EXPECT_GT(indicator.sources_size(), 0) << code;
  EXPECT_TRUE(CheckDefinition(indicator).ok()) << code << ": " << CheckDefinition(indicator);
  return indicator;
}

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

void OfTheEdition(casemgmt::CaseFacts* facts) {
  facts->set_programme("INC");
  facts->set_edition("2024");
}

void IncheonFigures::Define(const std::string& code, const v1::Indicator& indicator,
                            const std::string& target) {
  auto defined = reporting_.Run(
      [&](ledger::UnitOfWork& work) { return DefineIndicator(work, code, indicator); });
  ASSERT_TRUE(defined.ok()) << defined.status();
  v1::SetTargetRequest request;
  request.set_name("programmes/INC/editions/2024/targets/" + code);
  request.set_value(target);
  ASSERT_TRUE(
      reporting_.Run([&](ledger::UnitOfWork& work) { return SetTarget(work, request); }).ok());
}

v1::Metric IncheonFigures::Figure(const std::string& code, const Moment& moment,
                                  const base::Scope& centres) {
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

std::vector<v1::Contribution> IncheonFigures::Explain(const std::string& code, int page_size) {
  const PlanKey key{"INC", "2024", code};
  std::vector<v1::Contribution> all;
  filter::Cursor after;
  do {
    const absl::Status read =
        reporting_.db.database().Read("test_explain", [&](db::Tx& tx) -> absl::Status {
          ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, {}, base::Scope::Everywhere()));
          ASSIGN_OR_RETURN(ContributionPage page, ReadContributions(tx, *FindIndicator(tx, code),
                                                                    scope, page_size, after));
          all.insert(all.end(), page.contributions.begin(), page.contributions.end());
          after = page.next;
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
  } while (!after.empty());
  return all;
}

void IncheonFigures::ConsumeShuffled(unsigned seed) {
  std::vector<flow::ReceivedEvent> events = maker_.events();
  std::mt19937 random(seed);
  std::shuffle(events.begin(), events.end(), random);
  for (const flow::ReceivedEvent& event : events) reporting_.Consume({event});
}

}  // namespace ieum::reporting
