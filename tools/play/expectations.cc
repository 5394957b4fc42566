#include "tools/play/expectations.h"

#include "absl/strings/str_cat.h"
#include "fmt/format.h"

namespace ieum::play {
namespace {

using nlohmann::json;

json Reminders(const Results& results) {
  json rules = json::object();
  for (const ReminderCounts& counts : results.reminders) {
    rules[counts.rule] = {{"planned", counts.planned},
                          {"released", counts.released},
                          {"skipped", counts.skipped},
                          {"cancelled", counts.cancelled},
                          {"messages", counts.messages}};
    // Most years end with nothing to come.
    if (counts.pending != 0) rules[counts.rule]["pending"] = counts.pending;
  }
  return rules;
}

json Metrics(const Results& results, bool in_plan) {
  json metrics = json::object();
  for (const Figure& figure : results.figures) {
    if (figure.in_plan != in_plan) continue;
    const reporting::v1::Metric& metric = figure.metric;
    if (!in_plan) {
      metrics[figure.code] = metric.printed_actual();
      continue;
    }
    metrics[figure.code] = {{"target", metric.target()},
                            {"actual", metric.printed_actual()},
                            {"rate_percent", metric.rate_percent()},
                            {"status", reporting::v1::MetricStatus_Name(metric.status())}};
  }
  return metrics;
}

json Funnels(const Results& results) {
  json funnels = json::object();
  for (const reporting::v1::Funnel& funnel : results.funnels) {
    json counts = json::array();
    for (const auto& step : funnel.steps()) {
      // Counts are decimal text; those that are whole numbers are written as numbers.
      counts.push_back(json::parse(step.count(), nullptr, false));
    }
    funnels[results.funnel_codes.at(funnel.name())] = counts;
  }
  return funnels;
}

json Messages(const Results& results) {
  const MessageCounts& counts = results.messages;
  return {{"total", counts.total},
          {"to_firm_contacts", counts.to_firm_contacts},
          {"to_consultants", counts.to_consultants},
          {"in_korean", counts.in_korean},
          {"in_english", counts.in_english}};
}

std::string Written(const json& value) { return value.is_discarded() ? "nothing" : value.dump(); }

void Compare(const json& expected, const json& observed, const std::string& path,
             std::vector<std::string>& differences) {
  if (expected.is_object() && observed.is_object()) {
    json keys = expected;
    keys.update(observed);
    for (const auto& [key, unused] : keys.items()) {
      const json absent(json::value_t::discarded);
      Compare(expected.contains(key) ? expected[key] : absent,
              observed.contains(key) ? observed[key] : absent,
              path.empty() ? key : absl::StrCat(path, ".", key), differences);
    }
    return;
  }
  if (expected.is_discarded() || observed.is_discarded() || expected != observed) {
    differences.push_back(
        fmt::format("{}: expected {}, came {}", path, Written(expected), Written(observed)));
  }
}

void CheckFigures(const Results& results, std::vector<std::string>& faults) {
  for (const Figure& figure : results.figures) {
    if (figure.Explained()) continue;
    const std::string over =
        figure.metric.factor() == 0 ? "" : absl::StrCat(" over ", figure.made_below);
    faults.push_back(fmt::format("{}: {} events explain {}{}, but the actual is {}", figure.code,
                                 figure.events, figure.made, over, figure.metric.actual()));
  }
}

void CheckBalance(const Results& results, std::vector<std::string>& faults) {
  const BalanceSum& sum = results.balance;
  const int64_t parts = sum.handed_over + sum.suppressed + sum.expired + sum.skipped +
                        sum.cancelled + sum.pending + sum.in_doubt;
  if (sum.unbalanced_lines != 0 || sum.planned != parts) {
    faults.push_back(fmt::format("messages do not balance: planned {}, accounted for {}, {} lines",
                                 sum.planned, parts, sum.unbalanced_lines));
  }
}

// A message in doubt may have gone out, and nothing that was handed over may be missing.
void CheckMails(const Results& results, std::vector<std::string>& faults) {
  const MailCounts& mails = results.mails;
  if (!mails.known) return;
  if (mails.distinct_ids != mails.received) {
    faults.push_back(fmt::format("{} mails came with {} different Message-IDs", mails.received,
                                 mails.distinct_ids));
  }
  const MessageCounts& sent = results.messages;
  if (mails.received > sent.total || mails.received < sent.total - sent.in_doubt) {
    faults.push_back(fmt::format("{} mails came, {} were handed over and {} are in doubt",
                                 mails.received, sent.total - sent.in_doubt, sent.in_doubt));
  }
}

}  // namespace

json Observed(const Results& results) {
  return {{"actions", results.actions},
          {"visits", results.states.visits},
          {"reminders", Reminders(results)},
          {"change_notices", results.messages.change_notices},
          {"messages", Messages(results)},
          {"metrics", Metrics(results, true)},
          {"other_indicators", Metrics(results, false)},
          {"funnels", Funnels(results)},
          {"external_results", results.states.external_results},
          {"final_states",
           {{"engagements", results.states.engagements},
            {"applications", results.states.applications},
            {"enrolments", results.states.enrolments}}}};
}

std::vector<std::string> Differences(const json& expected, const json& observed) {
  std::vector<std::string> differences;
  Compare(expected, observed, "", differences);
  return differences;
}

std::vector<std::string> Contradictions(const Results& results) {
  std::vector<std::string> faults;
  CheckFigures(results, faults);
  CheckBalance(results, faults);
  CheckMails(results, faults);
  return faults;
}

int CountValues(const json& value) {
  if (!value.is_structured()) return 1;
  int count = 0;
  for (const json& inner : value) count += CountValues(inner);
  return count;
}

}  // namespace ieum::play
