#include "tools/play/text_table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tools/play/display_width.h"

namespace ieum::play {

std::string TextTable::Line(const std::vector<std::string>& cells,
                            const std::vector<int>& widths) const {
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    absl::StrAppend(&line, "  ",
                    columns_[i].align == Align::kLeft ? PadRight(cells[i], widths[i])
                                                      : PadLeft(cells[i], widths[i]));
  }
  absl::StripTrailingAsciiWhitespace(&line);
  return line + "\n";
}

std::string TextTable::ToString() const {
  std::vector<std::string> titles, rules;
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    widths.push_back(DisplayWidth(titles[i]));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    std::string rule;
    for (int cell = 0; cell < widths[i]; ++cell) rule += "─";
    rules.push_back(std::move(rule));
  }
  std::string text = Line(titles, widths) + Line(rules, widths);
  for (const auto& row : rows_) text += Line(row, widths);
  return text;
}

}  // namespace ieum::play
