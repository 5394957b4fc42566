// INV8: left alone, a suite comes to rest within seconds, and its processes are what they were:
// none ended unasked, none grew.
//
// What processes did is told by a supervisor, one JSON line each:
//   {"kind":"process","service":"registry","pid":17,"event":"started","ns":81234567890}
//   {"kind":"process","service":"registry","pid":17,"event":"asked"}     told to stop
//   {"kind":"process","service":"registry","pid":17,"event":"killed"}    by a test
//   {"kind":"process","service":"registry","pid":17,"event":"exited","code":0}
//   {"kind":"process","service":"registry","pid":17,"event":"sample","label":"before",
//    "rss_kb":40000,"fds":30}                                             and "after"
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

struct ProcessNote {
  std::string service;
  int64_t pid = 0;
  std::string event;
  int code = 0;
  std::string label;  // of a sample
  int64_t rss_kb = 0;
  int64_t fds = 0;
};

// Lines that cannot be read are left out. NOT_FOUND when there is no such file.
absl::StatusOr<std::vector<ProcessNote>> ReadProcessNotes(const std::string& path);

// More than a tenth, and more than what allocators and pools breathe.
bool GrewInMemory(int64_t before_kb, int64_t after_kb);
bool GrewInFiles(int64_t before, int64_t after);

// Pure.
void JudgeProcesses(const std::vector<ProcessNote>& notes, Tally& tally);

// Waits for rest as the subject's options say and tells it to the subject.
absl::Status CheckRecovery(Subject& subject, Tally& tally);

}  // namespace ieum::audit
