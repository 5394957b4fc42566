// INV8: left alone, a suite comes to rest within seconds, and its processes are what they were:
// none ended unasked, none grew.
//
// What processes did is told by a supervisor, one JSON line each:
//   {"kind":"process","service":"registry","pid":17,"event":"started","ns":81234567890}
//   {"kind":"process","service":"registry","pid":17,"event":"asked"}     told to stop
//   {"kind":"process","service":"registry","pid":17,"event":"killed"}    by a test
//   {"kind":"process","service":"registry","pid":17,"event":"exited","code":0}
//   {"kind":"process","service":"registry","pid":17,"event":"sample","label":"before",
//    "rss_kb":40000,"fds":30,"warm_s":60}                                 and "after"
// `warm_s`: how long the suite had been under load when it was looked at last.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
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
  int64_t warm_s = 0;
};

// Lines that cannot be read are left out. NOT_FOUND when there is no such file.
absl::StatusOr<std::vector<ProcessNote>> ReadProcessNotes(const std::string& path);

// More than a tenth, and more than allocators and pools breathe: 4 MiB where the suite was warm
// when it was looked at before, 8 MiB where it was not. Threads, connections, plans and statements
// that come for the first time take memory that never comes again; that is over after ten minutes.
bool GrewInMemory(int64_t before_kb, int64_t after_kb, absl::Duration warm);
bool GrewInFiles(int64_t before, int64_t after);

// Pure.
void JudgeProcesses(const std::vector<ProcessNote>& notes, Tally& tally);

// Waits for rest as the subject's options say and tells it to the subject.
absl::Status CheckRecovery(Subject& subject, Tally& tally);

}  // namespace ieum::audit
