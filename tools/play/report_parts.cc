#include "tools/play/report_parts.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tools/play/funnel_chart.h"
#include "tools/play/html_text.h"
#include "tools/play/print_results.h"

namespace ieum::play {
namespace {

using reporting::v1::Metric;
using reporting::v1::MetricStatus;

constexpr double kBarPercent = 150;  // rate at the end of a bar; the style has the mark of 100 %
constexpr char kBarScale[] =
    "<td><span class=\"scale\" aria-hidden=\"true\"><b>100 %</b></span></td>";

std::string Tile(const std::string& value, std::string_view ko, std::string_view en) {
  return fmt::format("<li><strong>{}</strong>{}</li>\n", value, Both(ko, en));
}

std::string StatusClass(MetricStatus status) {
  switch (status) {
    case reporting::v1::METRIC_STATUS_MET:
      return "met";
    case reporting::v1::METRIC_STATUS_NEAR:
      return "near";
    case reporting::v1::METRIC_STATUS_NOT_MET:
      return "missed";
    default:
      return "none";
  }
}

// Without a rate: nothing was wanted of it, or there was nothing yet of which to take a share.
bool HasNothingToCount(const Metric& metric) {
  return metric.status() == reporting::v1::METRIC_STATUS_NONE && !metric.target().empty();
}

std::string StatusKorean(const Metric& metric) {
  if (HasNothingToCount(metric)) return "대상 없음";
  switch (metric.status()) {
    case reporting::v1::METRIC_STATUS_MET:
      return "달성";
    case reporting::v1::METRIC_STATUS_NEAR:
      return "근접";
    case reporting::v1::METRIC_STATUS_NOT_MET:
      return "미달";
    default:
      return "목표 없음";
  }
}

std::string UnitKorean(const std::string& unit) {
  static const std::map<std::string, std::string> kUnits = {
      {"case", "건"},    {"event", "회"},      {"firm", "개사"}, {"group", "개"},
      {"measure", "건"}, {"membership", "명"}, {"person", "명"}, {"report", "건"},
      {"session", "회"}, {"visit", "회"}};
  const auto found = kUnits.find(unit);
  return found == kUnits.end() ? unit : found->second;
}

std::string StatusEnglish(const Metric& metric) {
  if (HasNothingToCount(metric)) return "nothing to count";
  const bool none = metric.status() == reporting::v1::METRIC_STATUS_NONE;
  return none ? "no target" : StatusWord(metric.status());
}

std::string UnitCell(const std::string& unit) {
  const std::string korean = UnitKorean(unit);
  return korean == unit ? Escaped(unit) : Both(korean, unit);
}

// The bar beside a rate. Its ground ends at 100 %, so that a full bar is a target met; what is
// beyond goes on behind the mark, up to 150 %.
std::string RateBar(const std::string& rate_percent) {
  if (rate_percent.empty()) return "";
  const double rate = std::clamp(std::atof(rate_percent.c_str()), 0.0, kBarPercent);
  const auto width = [](double percent) { return 100 * percent / kBarPercent; };
  std::string parts = fmt::format("<i style=\"width:{:.1f}%\"></i>", width(std::min(rate, 100.0)));
  if (rate > 100) {
    parts += fmt::format("<i class=\"beyond\" style=\"width:{:.1f}%\"></i>", width(rate - 100));
  }
  return fmt::format("<span class=\"bar\" aria-hidden=\"true\">{}</span>", parts);
}

std::string FigureRow(const Figure& figure) {
  const Metric& metric = figure.metric;
  return fmt::format(
      "<tr><td class=\"code\">{}</td><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td>"
      "<td class=\"n actual\">{}</td><td class=\"n\">{}</td><td>{}</td>"
      "<td><span class=\"chip {}\">{} <span lang=\"en\">{}</span></span></td></tr>\n",
      Escaped(figure.code), Both(metric.label_ko(), metric.label_en()), UnitCell(metric.unit()),
      Escaped(OrDash(metric.target())), Escaped(OrDash(metric.printed_actual())),
      metric.rate_percent().empty() ? "—" : Escaped(metric.rate_percent()) + " %",
      RateBar(metric.rate_percent()), StatusClass(metric.status()), StatusKorean(metric),
      StatusEnglish(metric));
}

std::string Table(std::string_view kind, std::string_view caption, std::string_view head,
                  const std::string& rows, const std::string& foot = "") {
  return fmt::format(
      "<div class=\"scroll card {}\"><table>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n"
      "<tbody>\n{}</tbody>\n{}</table></div>\n",
      kind, caption, head, rows, foot);
}

std::string Column(std::string_view ko, std::string_view en, bool number = false) {
  return fmt::format("<th scope=\"col\"{}>{}</th>", number ? " class=\"n\"" : "", Both(ko, en));
}

// Released, skipped and cancelled as parts of one bar.
std::string Shares(const ReminderCounts& counts) {
  const double whole = std::max(1, counts.planned);
  return fmt::format(
      "<span class=\"shares\" aria-hidden=\"true\"><i class=\"s-released\" "
      "style=\"width:{:.1f}%\"></i><i class=\"s-skipped\" style=\"width:{:.1f}%\"></i><i "
      "class=\"s-cancelled\" style=\"width:{:.1f}%\"></i></span>",
      100 * counts.released / whole, 100 * counts.skipped / whole, 100 * counts.cancelled / whole);
}

std::string ReminderRow(const ReminderCounts& counts) {
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td>"
      "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n actual\">{}</td>"
      "</tr>\n",
      Both(counts.display_name, counts.rule), counts.planned, counts.released, counts.skipped,
      counts.cancelled, Shares(counts), counts.messages);
}

std::string Balance(const Results& results) {
  const BalanceSum& sum = results.balance;
  const auto part = [](int64_t count, std::string_view ko, std::string_view en) {
    return fmt::format("<span class=\"part\"><b>{}</b> {}</span>", count, Both(ko, en));
  };
  std::string text =
      absl::StrCat("<p class=\"balance\">", part(sum.planned, "계획", "planned"), "<span>=</span>",
                   part(sum.handed_over, "전달", "handed over"), "<span>+</span>",
                   part(sum.suppressed, "보류", "suppressed"), "<span>+</span>",
                   part(sum.expired, "만료", "expired"), "<span>+</span>",
                   part(sum.skipped, "건너뜀", "skipped"), "<span>+</span>",
                   part(sum.cancelled, "취소", "cancelled"), "<span>+</span>",
                   part(sum.pending, "대기", "pending"), "<span>+</span>",
                   part(sum.in_doubt, "불확실", "in doubt"), "</p>\n");
  if (!results.mails.known) return text;
  return absl::StrCat(
      text,
      fmt::format("<p class=\"note\">SMTP로 도착한 전자우편 {0}통, 서로 다른 Message-ID {1}개. "
                  "<span class=\"en\" lang=\"en\">{0} mails arrived by SMTP, with {1} different "
                  "Message-IDs; {2} in Korean, {3} in English.</span></p>\n",
                  results.mails.received, results.mails.distinct_ids, results.messages.in_korean,
                  results.messages.in_english));
}

std::string SourceRow(const Figure& figure) {
  return fmt::format(
      "<tr><td class=\"code\">{}</td><th scope=\"row\">{}</th><td class=\"n\">v{}</td>"
      "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
      "<td class=\"n actual\">{}</td><td>{}</td></tr>\n",
      Escaped(figure.code), Both(figure.metric.label_ko(), figure.metric.label_en()),
      figure.metric.definition_version(), figure.events, figure.undone, figure.made,
      Escaped(OrDash(figure.metric.printed_actual())),
      figure.Explained() ? "<span class=\"chip met\">일치 <span lang=\"en\">equal</span></span>"
                         : "<span class=\"chip missed\">불일치 <span lang=\"en\">differs</span>"
                           "</span>");
}

}  // namespace

std::string Tiles(const Results& results) {
  int rated = 0, met = 0, explained = 0;
  for (const Figure& figure : results.figures) {
    if (!figure.metric.rate_percent().empty()) ++rated;
    if (figure.metric.status() == reporting::v1::METRIC_STATUS_MET) ++met;
    if (figure.Explained()) ++explained;
  }
  int64_t events = 0;
  for (const auto& [service, count] : results.ledger_events) events += count;
  return absl::StrCat(
      "<ul class=\"tiles\">\n",
      Tile(fmt::format("{}<small>/{}</small>", met, rated), "목표 달성 지표", "targets met"),
      Tile(fmt::format("{}<small>/{}</small>", explained, results.figures.size()),
           "근거로 설명된 수치", "figures explained"),
      Tile(absl::StrCat(results.messages.total), "전달된 메시지", "messages handed over"),
      Tile(absl::StrCat(events), "원장의 사건", "events in the ledgers"), "</ul>\n");
}

std::string FigureRows(const Results& results) {
  std::string rows;
  for (const Figure& figure : results.figures) {
    if (figure.in_plan) rows += FigureRow(figure);
  }
  return Table(
      "wide", "지표별 목표, 실적, 달성률",
      absl::StrCat(Column("번호", "no."), Column("지표", "indicator"), Column("단위", "unit"),
                   Column("목표", "target", true), Column("실적", "actual", true),
                   Column("달성률", "rate", true), kBarScale, Column("상태", "status")),
      rows);
}

std::string FunnelCards(const Results& results) {
  std::string cards;
  int number = 0;
  for (const reporting::v1::Funnel& funnel : results.funnels) {
    absl::StrAppend(&cards, "<figure>\n<figcaption>", Both(funnel.label_ko(), funnel.label_en()),
                    "</figcaption>\n<div class=\"scroll\">",
                    FunnelChart(funnel, absl::StrCat("funnel-", ++number)), "</div></figure>\n");
  }
  return cards;
}

std::string ReminderRows(const Results& results) {
  std::string rows;
  for (const ReminderCounts& counts : results.reminders) rows += ReminderRow(counts);
  absl::StrAppend(&rows, "<tr><th scope=\"row\">", Both("방문일 변경 안내", "change notices"),
                  "</th><td></td><td></td><td></td><td></td><td></td><td class=\"n actual\">",
                  results.messages.change_notices, "</td></tr>\n");
  const std::string foot = fmt::format(
      "<tfoot><tr><th scope=\"row\" colspan=\"6\">{}</th><td class=\"n actual\">{}"
      "</td></tr></tfoot>\n",
      Both("합계", "total"), results.messages.total);
  return Table("wide", "규칙별 알림 계획과 결과",
               absl::StrCat(Column("규칙", "rule"), Column("계획", "planned", true),
                            Column("발송", "released", true), Column("건너뜀", "skipped", true),
                            Column("취소", "cancelled", true), "<td></td>",
                            Column("메시지", "messages", true)),
               rows, foot) +
         Balance(results);
}

std::string SourceRows(const Results& results) {
  std::string rows;
  for (const Figure& figure : results.figures) rows += SourceRow(figure);
  return Table(
      "dense", "수치마다 그 뒤에 있는 사건의 수",
      absl::StrCat(Column("번호", "no."), Column("지표", "indicator"),
                   Column("정의", "definition", true), Column("사건", "events", true),
                   Column("철회", "undone", true), Column("고유 키", "different keys", true),
                   Column("실적", "actual", true), Column("대조", "check")),
      rows);
}

std::string WatermarkRows(const Results& results) {
  if (results.figures.empty()) return "";
  std::string rows;
  for (const auto& producer : results.figures.front().metric.watermark().producers()) {
    int64_t events = 0;
    for (const int64_t position : producer.positions()) events += position;
    absl::StrAppend(&rows, "<tr><th scope=\"row\">", Escaped(producer.producer()),
                    "</th><td class=\"n\">", producer.epoch(), "</td><td class=\"n\">", events,
                    "</td></tr>\n");
  }
  return "<h3>" + std::string("워터마크 <span class=\"en\" lang=\"en\">watermark</span></h3>\n") +
         Table("dense", "어느 원장을 어디까지 반영했는가",
               absl::StrCat(Column("원장", "ledger"), Column("세대", "epoch", true),
                            Column("반영된 사건", "events applied", true)),
               rows);
}

}  // namespace ieum::play
