#include "tools/play/report_page.h"

#include "absl/strings/str_cat.h"
#include "tools/play/expectations.h"
#include "tools/play/html_text.h"
#include "tools/play/report_parts.h"

namespace ieum::play {
namespace {

std::string Head(const Scenario& scenario) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{} — 성과보고</title>\n"
      "<style>\n{}</style>\n</head>\n",
      Escaped(scenario.title_ko), kReportStyle);
}

std::string Banner(const Scenario& scenario, const Results& results) {
  return fmt::format(
      "<header>\n<p class=\"over\">성과보고 <span lang=\"en\">Results report</span></p>\n"
      "<h1>{}</h1>\n<p class=\"sub\" lang=\"en\">{}</p>\n<dl class=\"meta\">\n"
      "<div><dt>사업 <span lang=\"en\">programme</span></dt><dd>{}</dd></div>\n"
      "<div><dt>차수 <span lang=\"en\">edition</span></dt><dd>{}</dd></div>\n"
      "<div><dt>기준일 <span lang=\"en\">cut-off</span></dt><dd>{}</dd></div>\n</dl>\n</header>\n",
      Escaped(scenario.title_ko), Escaped(scenario.title_en), Escaped(results.programme),
      Escaped(results.edition), Escaped(results.cut_off_date));
}

std::string Verdict(const Scenario& scenario, const std::vector<std::string>& faults) {
  if (faults.empty()) {
    const std::string checked =
        scenario.expected.is_null()
            ? ""
            : fmt::format(
                  " 기대값 {0}개와 모두 같습니다. <span class=\"en\" lang=\"en\">All {0} "
                  "expected values came out.</span>",
                  CountValues(scenario.expected));
    return fmt::format(
        "<p class=\"verdict good\"><b>확인됨</b> 모든 수치가 근거 사건과 일치합니다.{}</p>\n",
        checked);
  }
  std::string list;
  for (const std::string& fault : faults) {
    absl::StrAppend(&list, "<li lang=\"en\">", Escaped(fault), "</li>\n");
  }
  return fmt::format(
      "<div class=\"verdict bad\"><b>불일치 {}건</b> <span class=\"en\" lang=\"en\">does not "
      "agree</span>\n<ul>\n{}</ul>\n</div>\n",
      faults.size(), list);
}

std::string Section(std::string_view id, std::string_view ko, std::string_view en,
                    const std::string& body) {
  return fmt::format(
      "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1} <span class=\"en\" "
      "lang=\"en\">{2}</span></h2>\n{3}</section>\n",
      id, ko, en, body);
}

}  // namespace

std::string ReportPage(const Scenario& scenario, const Results& results,
                       const std::vector<std::string>& faults) {
  return absl::StrCat(
      Head(scenario), "<body>\n<main>\n", Banner(scenario, results), Tiles(results),
      Section("figures", "목표와 실적", "Targets and actuals", FigureRows(results)),
      Section("funnels", "단계별 인원·기업 수", "Funnels", FunnelCards(results)),
      Section("reminders", "알림과 메시지", "Reminders and messages", ReminderRows(results)),
      Section("sources", "수치의 근거", "Where each figure comes from",
              Verdict(scenario, faults) + SourceRows(results) + WatermarkRows(results)),
      "</main>\n<footer>이음 <span lang=\"en\">Ieum</span> · 실적은 사건 원장에서 계산되며, 정의와 "
      "사건만 있으면 다시 계산할 수 있습니다. <span class=\"en\" lang=\"en\">Figures are computed "
      "from the ledgers of events; definition and events are enough to compute them again."
      "</span></footer>\n</body>\n</html>\n");
}

}  // namespace ieum::play
