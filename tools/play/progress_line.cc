#include "tools/play/progress_line.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"

namespace ieum::play {
namespace {

constexpr int kBarCells = 24;

std::string Bar(const Moment& moment) {
  const size_t full = moment.total == 0 ? kBarCells : kBarCells * moment.done / moment.total;
  std::string bar;
  for (size_t i = 0; i < kBarCells; ++i) bar += i < full ? "█" : "░";
  return bar;
}

}  // namespace

std::string ProgressLine::On(const Moment& moment) {
  const std::string day = base::FormatDay(base::KoreaDay(moment.time));
  const std::string words = fmt::format("{}  {:>4}/{} actions  {:>6} events", day, moment.done,
                                        moment.total, moment.events);
  if (terminal_) return fmt::format("\r{}  {}\033[K", Bar(moment), words);
  const std::string month = day.substr(0, 7);
  const bool is_last = moment.done == moment.total;
  if (month == month_ && !is_last) return "";
  month_ = month;
  return words + "\n";
}

std::string ProgressLine::End() { return terminal_ ? "\n" : ""; }

}  // namespace ieum::play
