#include "tools/play/print_results.h"

#include "absl/strings/str_cat.h"
#include "tools/play/display_width.h"
#include "tools/play/expectations.h"
#include "tools/play/text_table.h"

namespace ieum::play {
namespace {

using reporting::v1::Metric;

constexpr auto kLeft = TextTable::Align::kLeft;
constexpr auto kRight = TextTable::Align::kRight;
constexpr int kBarCells = 32;

std::string Title(std::string_view ko, std::string_view en) {
  return fmt::format("\n{}  {}\n\n", ko, en);
}

std::string FigureTable(const Results& results) {
  TextTable table({{"No."},
                   {"지표"},
                   {"indicator"},
                   {"unit"},
                   {"target", kRight},
                   {"actual", kRight},
                   {"rate %", kRight},
                   {"status"}});
  for (const Figure& figure : results.figures) {
    if (!figure.in_plan) continue;
    const Metric& metric = figure.metric;
    table.Add({figure.code, metric.label_ko(), metric.label_en(), metric.unit(),
               OrDash(metric.target()), OrDash(metric.printed_actual()),
               OrDash(metric.rate_percent()), StatusWord(metric.status())});
  }
  return Title("목표와 실적", "Targets and actuals") + table.ToString();
}

std::string Bar(const std::string& count, const std::string& widest) {
  const int whole = std::atoi(widest.c_str());
  const int cells = whole == 0 ? 0 : kBarCells * std::atoi(count.c_str()) / whole;
  std::string bar;
  for (int i = 0; i < cells; ++i) bar += "█";
  return bar;
}

std::string FunnelTables(const Results& results) {
  std::string text = Title("단계별 인원·기업 수", "Funnels");
  for (const reporting::v1::Funnel& funnel : results.funnels) {
    TextTable table({{funnel.label_ko()},
                     {funnel.label_en()},
                     {"count", kRight},
                     {"of step before", kRight},
                     {""}});
    for (const auto& step : funnel.steps()) {
      table.Add({step.label_ko(), step.label_en(), step.count(),
                 step.rate_percent().empty() ? "" : step.rate_percent() + " %",
                 Bar(step.count(), funnel.steps(0).count())});
    }
    absl::StrAppend(&text, table.ToString(), "\n");
  }
  text.pop_back();
  return text;
}

std::string ReminderTable(const Results& results) {
  TextTable table({{"알림"},
                   {"rule"},
                   {"planned", kRight},
                   {"released", kRight},
                   {"skipped", kRight},
                   {"cancelled", kRight},
                   {"messages", kRight}});
  for (const ReminderCounts& counts : results.reminders) {
    table.Add({counts.display_name, counts.rule, absl::StrCat(counts.planned),
               absl::StrCat(counts.released), absl::StrCat(counts.skipped),
               absl::StrCat(counts.cancelled), absl::StrCat(counts.messages)});
  }
  table.Add({"방문일 변경 안내", "change notices", "", "", "", "",
             absl::StrCat(results.messages.change_notices)});
  return Title("알림", "Reminders") + table.ToString();
}

std::string BalanceLines(const Results& results) {
  const BalanceSum& sum = results.balance;
  const MessageCounts& messages = results.messages;
  std::string text = Title("메시지 대차", "Message balance");
  absl::StrAppend(
      &text,
      fmt::format("  planned {} = handed over {} + suppressed {} + expired {} + skipped {} + "
                  "cancelled {} + pending {} + in doubt {}{}\n",
                  sum.planned, sum.handed_over, sum.suppressed, sum.expired, sum.skipped,
                  sum.cancelled, sum.pending, sum.in_doubt,
                  sum.unbalanced_lines == 0 ? "  ✓" : "  ✗ does not add up"),
      fmt::format("  {} messages: {} to firms' contacts, {} to consultants; {} in Korean, {} in "
                  "English\n",
                  messages.total, messages.to_firm_contacts, messages.to_consultants,
                  messages.in_korean, messages.in_english));
  if (results.mails.known) {
    absl::StrAppend(&text, fmt::format("  {} mails arrived by SMTP, with {} different "
                                       "Message-IDs\n",
                                       results.mails.received, results.mails.distinct_ids));
  }
  return text;
}

std::string ExplainedTable(const Results& results) {
  TextTable table({{"No."},
                   {"indicator"},
                   {"definition"},
                   {"events", kRight},
                   {"undone", kRight},
                   {"different keys", kRight},
                   {"actual", kRight},
                   {""}});
  for (const Figure& figure : results.figures) {
    table.Add({figure.code, figure.metric.label_en(),
               absl::StrCat("v", figure.metric.definition_version()), absl::StrCat(figure.events),
               absl::StrCat(figure.undone), absl::StrCat(figure.made),
               OrDash(figure.metric.printed_actual()), figure.Explained() ? "✓" : "✗"});
  }
  return Title("근거", "The events behind each figure") + table.ToString();
}

}  // namespace

std::string OrDash(const std::string& text) { return text.empty() ? "—" : text; }

std::string StatusWord(reporting::v1::MetricStatus status) {
  switch (status) {
    case reporting::v1::METRIC_STATUS_MET:
      return "MET";
    case reporting::v1::METRIC_STATUS_NEAR:
      return "NEAR";
    case reporting::v1::METRIC_STATUS_NOT_MET:
      return "NOT MET";
    default:
      return "—";
  }
}

std::string PrintResults(const Scenario& scenario, const Results& results) {
  int64_t events = 0;
  std::string by_service;
  for (const auto& [service, count] : results.ledger_events) {
    events += count;
    absl::StrAppend(&by_service, by_service.empty() ? "" : ", ", service, " ", count);
  }
  return absl::StrCat(
      fmt::format("\n{}  {}\n", scenario.title_ko, scenario.title_en),
      fmt::format("programme {}, edition {}, cut-off {}; {} actions, {} events ({})\n",
                  results.programme, results.edition, results.cut_off_date, scenario.actions.size(),
                  events, by_service),
      FigureTable(results), FunnelTables(results), ReminderTable(results), BalanceLines(results),
      ExplainedTable(results));
}

std::string PrintVerdict(const Scenario& scenario, const std::vector<std::string>& differences,
                         const std::vector<std::string>& contradictions) {
  std::string text = "\n";
  for (const std::string& line : contradictions) absl::StrAppend(&text, "✗ ", line, "\n");
  for (const std::string& line : differences) absl::StrAppend(&text, "✗ ", line, "\n");
  if (scenario.expected.is_null()) {
    absl::StrAppend(&text, "The scenario says nothing of what must come out.\n");
  } else if (differences.empty()) {
    absl::StrAppend(&text, "✓ all ", CountValues(scenario.expected),
                    " values are as expected.json says\n");
  } else {
    absl::StrAppend(&text, differences.size(), " of ", CountValues(scenario.expected),
                    " values are not as expected.json says\n");
  }
  if (contradictions.empty()) {
    absl::StrAppend(&text, "✓ every figure follows from its events, and every message adds up\n");
  }
  return text;
}

}  // namespace ieum::play
