// What the supervisor knows of its processes, as the auditor reads it (tools/audit/recovery.h):
// when each began and ended and whether that was asked for, and how much it held before and after.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>

namespace ieum::faults {

struct Footprint {
  int64_t rss_kb = 0;
  int64_t fds = 0;     // 0 = there is no such process
  int64_t warm_s = 0;  // how long its suite had been under load
};
Footprint FootprintOf(pid_t pid);

// Thread-safe.
class ProcessLog {
 public:
  explicit ProcessLog(std::string path) : path_(std::move(path)), file_(path_) {}
  const std::string& path() const { return path_; }

  // "started", "asked", "killed"
  void Happened(const std::string& process, pid_t pid, std::string_view event);
  void Exited(const std::string& process, pid_t pid, int code);
  // `label`: "before" or "after" all faults.
  void Sample(const std::string& process, pid_t pid, std::string_view label,
              const Footprint& footprint);

 private:
  void Write(const std::string& line);

  const std::string path_;
  std::mutex mutex_;
  std::ofstream file_;
};

}  // namespace ieum::faults
