#include "tests/unit/play/results_sample.h"

namespace ieum::play {
namespace {

Figure SampleFigure(const std::string& code, const std::string& target, int actual, bool in_plan) {
  Figure figure{.code = code, .in_plan = in_plan};
  reporting::v1::Metric& metric = figure.metric;
  metric.set_label_ko("참여 <기업>");
  metric.set_label_en("firms & others");
  metric.set_unit("firm");
  metric.set_definition_version(1);
  metric.set_target(target);
  metric.set_actual(std::to_string(actual));
  metric.set_printed_actual(metric.actual());
  if (!target.empty()) metric.set_rate_percent("100.0");
  metric.set_status(target.empty() ? reporting::v1::METRIC_STATUS_NONE
                                   : reporting::v1::METRIC_STATUS_MET);
  auto* producer = metric.mutable_watermark()->add_producers();
  producer->set_producer("registry");
  producer->add_positions(7);
  figure.events = actual + 1;
  figure.undone = 1;
  figure.made = actual;
  return figure;
}

reporting::v1::Funnel SampleFunnel() {
  reporting::v1::Funnel funnel;
  funnel.set_name("funnels/CAMPAIGN");
  funnel.set_label_ko("캠페인");
  funnel.set_label_en("campaign");
  for (const char* count : {"41", "33", "24"}) {
    auto* step = funnel.add_steps();
    step->set_label_ko("단계");
    step->set_label_en("step");
    step->set_count(count);
  }
  funnel.mutable_steps(1)->set_rate_percent("80.5");
  return funnel;
}

}  // namespace

Scenario SampleScenario() {
  Scenario scenario;
  scenario.title_ko = "시범 사업 <2023>";
  scenario.title_en = "Pilot";
  return scenario;
}

Results SampleResults() {
  Results results{.programme = "BSN", .edition = "2023", .cut_off_date = "2024-01-08"};
  results.figures = {SampleFigure("B04", "24", 24, true), SampleFigure("B25", "", 32, true),
                     SampleFigure("B04-LEADS", "", 41, false)};
  results.funnels = {SampleFunnel()};
  results.funnel_codes["funnels/CAMPAIGN"] = "CAMPAIGN";
  results.reminders = {{"VISIT-D-3", "방문 3일 전 안내", 5, 3, 1, 1, 0, 3}};
  results.messages = {
      .total = 4, .change_notices = 1, .to_firm_contacts = 3, .to_consultants = 1, .in_korean = 4};
  results.balance = {.planned = 6, .handed_over = 4, .skipped = 1, .cancelled = 1};
  results.mails = {true, 4, 4};
  results.states.visits = nlohmann::json::object();
  results.ledger_events = {{"registry", 7}, {"casemgmt", 35}};
  return results;
}

}  // namespace ieum::play
