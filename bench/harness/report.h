// The table: what was measured, what it is compared with, and what was wanted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ieum::bench {

// What a line must and wants to reach.
struct Goal {
  enum class Of { kRatio, kAtLeast, kAtMost, kNone };  // ratio: ours ÷ limit, at least
  Of of = Of::kNone;
  std::optional<double> must, aim;
};

struct Line {
  std::string row;   // "G1"
  std::string what;  // "acknowledged commands through gRPC, everything live"
  std::string unit;  // "/s", "ms", "MB"
  double ours = 0;   // median of the rounds
  std::optional<double> limit;
  std::string limit_is;  // "pgbench, same SQL"
  Goal goal;
  std::string latency;  // "p50 8.1, p99 22 ms"
  std::string cpu;      // processor seconds for 1,000
  std::string note;
  std::vector<double> our_rounds, limit_rounds;

  std::optional<double> Ratio() const;
  // "met", "aim missed", "missed", or "" without a goal.
  std::string Verdict() const;
};

std::string LatencyWords(double p50_ms, double p99_ms);
// For a terminal: one line of text for each line.
std::string TerminalLine(const Line& line);
std::string MarkdownTable(const std::vector<Line>& lines);
std::string Json(const std::vector<Line>& lines, const std::string& machine,
                 const std::string& how);

}  // namespace ieum::bench
