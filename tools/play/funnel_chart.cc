#include "tools/play/funnel_chart.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tools/play/html_text.h"

namespace ieum::play {
namespace {

using reporting::v1::Funnel;
using reporting::v1::FunnelStep;

// User units of the picture.
constexpr double kWidth = 960;
constexpr double kTop = 92;  // of the widest shape
constexpr double kTallest = 96;
constexpr double kThinnest = 3;  // so that a step of few is still seen
constexpr double kMiddle = kTop + kTallest / 2;
constexpr double kHeight = kTop + kTallest + 12;
constexpr double kPlateau = 0.62;  // part of a column before it narrows

double ColumnWidth(const Funnel& funnel) { return kWidth / std::max(1, funnel.steps_size()); }

double HeightOf(const Funnel& funnel, int step) {
  const double widest = std::max(1.0, std::atof(funnel.steps(0).count().c_str()));
  return std::max(kThinnest, kTallest * std::atof(funnel.steps(step).count().c_str()) / widest);
}

// Flat over the plateau, then a soft curve to the next step's height.
std::string Shape(const Funnel& funnel, int step) {
  const double width = ColumnWidth(funnel), left = step * width, right = left + width;
  const double half = HeightOf(funnel, step) / 2;
  const bool last = step + 1 == funnel.steps_size();
  const double next = last ? half : HeightOf(funnel, step + 1) / 2;
  const double bend = last ? right : left + width * kPlateau, pull = (bend + right) / 2;
  return fmt::format(
      "<path class=\"step step-{}\" d=\"M{:.1f} {:.1f} L{:.1f} {:.1f} C{:.1f} {:.1f} {:.1f} {:.1f} "
      "{:.1f} {:.1f} L{:.1f} {:.1f} C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f} L{:.1f} {:.1f} "
      "Z\"/>\n",
      std::min(step, 4), left, kMiddle - half, bend, kMiddle - half, pull, kMiddle - half, pull,
      kMiddle - next, right, kMiddle - next, right, kMiddle + next, pull, kMiddle + next, pull,
      kMiddle + half, bend, kMiddle + half, left, kMiddle + half);
}

std::string Words(const Funnel& funnel, int index) {
  const FunnelStep& step = funnel.steps(index);
  const double left = index * ColumnWidth(funnel) + (index == 0 ? 0 : 14);
  std::string rate;
  if (!step.rate_percent().empty()) {
    rate =
        fmt::format("<tspan class=\"rate\" dx=\"10\">{} %</tspan>", Escaped(step.rate_percent()));
  }
  return fmt::format(
      "<text class=\"count\" x=\"{0:.1f}\" y=\"34\">{1}{2}</text>\n"
      "<text class=\"label\" x=\"{0:.1f}\" y=\"58\">{3}</text>\n"
      "<text class=\"small\" x=\"{0:.1f}\" y=\"77\" lang=\"en\">{4}</text>\n",
      left, Escaped(step.count()), rate, Escaped(step.label_ko()), Escaped(step.label_en()));
}

std::string Divider(const Funnel& funnel, int index) {
  if (index == 0) return "";
  const double at = index * ColumnWidth(funnel);
  return fmt::format(
      "<line class=\"divider\" x1=\"{0:.1f}\" y1=\"10\" x2=\"{0:.1f}\" y2=\"{1:.1f}\"/>\n", at,
      kHeight - 2);
}

std::string InWords(const Funnel& funnel) {
  std::string words;
  for (const FunnelStep& step : funnel.steps()) {
    absl::StrAppend(&words, words.empty() ? "" : " → ", step.label_ko(), " ", step.count());
  }
  return words;
}

}  // namespace

std::string FunnelChart(const Funnel& funnel, const std::string& id) {
  std::string svg = fmt::format(
      "<svg class=\"funnel\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
      "aria-labelledby=\"{}-title {}-desc\">\n<title id=\"{}-title\">{}</title>\n"
      "<desc id=\"{}-desc\">{}</desc>\n",
      kWidth, kHeight, id, id, id, Escaped(funnel.label_ko()), id, Escaped(InWords(funnel)));
  for (int i = 0; i < funnel.steps_size(); ++i) svg += Shape(funnel, i);
  for (int i = 0; i < funnel.steps_size(); ++i) svg += Divider(funnel, i) + Words(funnel, i);
  return svg + "</svg>\n";
}

}  // namespace ieum::play
