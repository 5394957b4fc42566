#include "tests/faults/process_log.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ieum::faults {
namespace {

namespace fs = std::filesystem;

nlohmann::json Line(const std::string& process, pid_t pid, std::string_view event) {
  return {{"kind", "process"}, {"service", process}, {"pid", pid}, {"event", event}};
}

}  // namespace

Footprint FootprintOf(pid_t pid) {
  Footprint footprint;
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipWhitespace());
    if (words.size() > 1 && line.starts_with("VmRSS:")) {
      (void)absl::SimpleAtoi(words[1], &footprint.rss_kb);
    }
  }
  std::error_code gone;
  for (const auto& fd : fs::directory_iterator(absl::StrCat("/proc/", pid, "/fd"), gone)) {
    footprint.fds += fd.path().empty() ? 0 : 1;
  }
  return footprint;
}

void ProcessLog::Happened(const std::string& process, pid_t pid, std::string_view event) {
  Write(Line(process, pid, event).dump());
}

void ProcessLog::Exited(const std::string& process, pid_t pid, int code) {
  nlohmann::json line = Line(process, pid, "exited");
  line["code"] = code;
  Write(line.dump());
}

void ProcessLog::Sample(const std::string& process, pid_t pid, std::string_view label,
                        const Footprint& footprint) {
  nlohmann::json line = Line(process, pid, "sample");
  line["label"] = label;
  line["rss_kb"] = footprint.rss_kb;
  line["fds"] = footprint.fds;
  line["warm_s"] = footprint.warm_s;
  Write(line.dump());
}

void ProcessLog::Write(const std::string& line) {
  std::lock_guard<std::mutex> lock(mutex_);
  file_ << line << '\n' << std::flush;
}

}  // namespace ieum::faults
