#include "bench/harness/report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "bench/harness/numbers.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

bool Reaches(const Line& line, double wanted) {
  switch (line.goal.of) {
    case Goal::Of::kRatio:
      return line.Ratio().value_or(0) >= wanted;
    case Goal::Of::kAtLeast:
      return line.ours >= wanted;
    case Goal::Of::kAtMost:
      return line.ours <= wanted;
    case Goal::Of::kNone:
      break;
  }
  return true;
}

std::string GoalWords(const Line& line) {
  if (line.goal.of == Goal::Of::kNone) return "";
  const std::string sign = line.goal.of == Goal::Of::kAtMost ? "≤ " : "≥ ";
  const std::string unit =
      line.goal.of == Goal::Of::kRatio || line.unit.starts_with('/') ? "" : " " + line.unit;
  std::string words;
  if (line.goal.must) words = absl::StrCat("must ", sign, Printed(*line.goal.must), unit);
  if (line.goal.aim) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", "aim ", sign, Printed(*line.goal.aim), unit);
  }
  return words;
}

std::string ValueWords(double value, const std::string& unit) {
  return unit.starts_with('/') ? Printed(value) + unit : absl::StrCat(Printed(value), " ", unit);
}

std::string LimitWords(const Line& line) {
  return line.limit ? absl::StrCat(ValueWords(*line.limit, line.unit), " (", line.limit_is, ")")
                    : "";
}

std::string RatioWords(const Line& line) {
  return line.Ratio() ? fmt::format("{:.2f}", *line.Ratio()) : "";
}

}  // namespace

std::optional<double> Line::Ratio() const {
  if (!limit || *limit == 0) return std::nullopt;
  return ours / *limit;
}

std::string Line::Verdict() const {
  if (goal.of == Goal::Of::kNone) return "";
  if (goal.must && !Reaches(*this, *goal.must)) return "missed";
  if (goal.aim && !Reaches(*this, *goal.aim)) return goal.must ? "must met" : "missed";
  return "met";
}

std::string LatencyWords(double p50_ms, double p99_ms) {
  return absl::StrCat("p50 ", Printed(p50_ms), ", p99 ", Printed(p99_ms), " ms");
}

std::string TerminalLine(const Line& line) {
  std::string text =
      fmt::format("{:<5} {:<62} {:>14}", line.row, line.what, ValueWords(line.ours, line.unit));
  if (line.Ratio()) absl::StrAppend(&text, "  = ", RatioWords(line), " × ", LimitWords(line));
  for (const std::string& part : {GoalWords(line), line.Verdict()}) {
    if (!part.empty()) absl::StrAppend(&text, "  ", part);
  }
  for (const std::string& part : {line.latency, line.cpu, line.note}) {
    if (!part.empty()) absl::StrAppend(&text, "\n        ", part);
  }
  return text;
}

std::string MarkdownTable(const std::vector<Line>& lines) {
  std::string text =
      "| Row | What | Ours | Limit | Ratio | Wanted | | p50, p99 | CPU s / 1,000 |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const Line& line : lines) {
    const std::string what = line.note.empty() ? line.what : line.what + "; " + line.note;
    absl::StrAppend(&text, "| ", line.row, " | ", what, " | ", ValueWords(line.ours, line.unit),
                    " | ", LimitWords(line), " | ", RatioWords(line), " | ", GoalWords(line), " | ",
                    line.Verdict(), " | ", line.latency, " | ", line.cpu, " |\n");
  }
  return text;
}

std::string Json(const std::vector<Line>& lines, const std::string& machine,
                 const std::string& how) {
  nlohmann::json all = nlohmann::json::array();
  for (const Line& line : lines) {
    nlohmann::json each = {{"row", line.row},
                           {"what", line.what},
                           {"unit", line.unit},
                           {"ours", line.ours},
                           {"rounds", line.our_rounds},
                           {"limit_rounds", line.limit_rounds},
                           {"limit_is", line.limit_is},
                           {"latency", line.latency},
                           {"cpu_seconds_per_1000", line.cpu},
                           {"verdict", line.Verdict()},
                           {"note", line.note}};
    if (line.limit) each["limit"] = *line.limit;
    if (line.Ratio()) each["ratio"] = *line.Ratio();
    all.push_back(std::move(each));
  }
  return nlohmann::json{{"machine", machine}, {"how", how}, {"lines", all}}.dump(2) + "\n";
}

}  // namespace ieum::bench
