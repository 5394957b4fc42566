#include "bench/harness/machine.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "tests/support/process.h"

namespace ieum::bench {
namespace {

// Places behind the program's name in /proc/PID/stat.
constexpr size_t kParent = 1, kUser = 11, kSystem = 12, kChildUser = 13, kChildSystem = 14;

std::vector<int64_t> StatOf(const std::string& pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string text;
  std::getline(file, text);
  std::vector<int64_t> values;
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return values;
  for (const auto& word : absl::StrSplit(text.substr(name_end + 2), ' ')) {
    int64_t value = 0;
    (void)absl::SimpleAtoi(word, &value);
    values.push_back(value);
  }
  return values;
}

double Seconds(int64_t ticks) {
  return static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string FirstLineOf(const std::vector<std::string>& command) {
  const auto output = testing::RunToEnd({.argv = command});
  if (!output.ok()) return "unknown";
  return std::string(absl::StripAsciiWhitespace(output->substr(0, output->find('\n'))));
}

}  // namespace

double CpuSeconds(pid_t pid) {
  const auto own = StatOf(std::to_string(pid));
  if (own.size() <= kChildSystem) return 0;
  int64_t ticks = own[kUser] + own[kSystem] + own[kChildUser] + own[kChildSystem];
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = StatOf(name);
    if (stat.size() > kSystem && stat[kParent] == pid) ticks += stat[kUser] + stat[kSystem];
  }
  return Seconds(ticks);
}

double ReapedCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int64_t ResidentBytes(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/statm"));
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

CpuMeter::CpuMeter(std::map<std::string, pid_t> processes) : processes_(std::move(processes)) {
  for (const auto& [name, pid] : processes_) before_[name] = CpuSeconds(pid);
}

std::map<std::string, double> CpuMeter::Read() const {
  std::map<std::string, double> used;
  for (const auto& [name, pid] : processes_) used[name] = CpuSeconds(pid) - before_.at(name);
  return used;
}

std::string DescribeMachine() {
  utsname kernel{};
  uname(&kernel);
  std::ifstream file("/proc/meminfo");
  std::string word;
  int64_t kilobytes = 0;
  file >> word >> kilobytes;
  return fmt::format("{} cores, {:.0f} GiB of memory, Linux {}; {}; {}",
                     std::thread::hardware_concurrency(),
                     static_cast<double>(kilobytes) / (1 << 20), kernel.release,
                     FirstLineOf({"/usr/lib/postgresql/15/bin/postgres", "--version"}),
                     FirstLineOf({"nats-server", "--version"}));
}

}  // namespace ieum::bench
