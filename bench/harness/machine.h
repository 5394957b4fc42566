// What the kernel says about processes and the machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace ieum::bench {

// Seconds of processor time that `pid` and its children, living and reaped, have used so far.
double CpuSeconds(pid_t pid);
// … that our own children which have ended used.
double ReapedCpuSeconds();
int64_t ResidentBytes(pid_t pid);

// Processor time of named processes between two moments.
class CpuMeter {
 public:
  explicit CpuMeter(std::map<std::string, pid_t> processes);
  // Since construction, by name.
  std::map<std::string, double> Read() const;

 private:
  std::map<std::string, pid_t> processes_;
  std::map<std::string, double> before_;
};

// Cores, memory, kernel and the servers' versions; no name of the machine.
std::string DescribeMachine();

}  // namespace ieum::bench
