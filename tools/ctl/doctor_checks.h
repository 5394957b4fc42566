// What `ieumctl doctor` makes of what it was told. Pure: from answers to findings.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"

namespace ieum::ctl {

enum class Verdict { kUnknown, kOk, kWarn, kFail };  // unknown: could not be seen from here

struct Finding {
  std::string check;    // "clocks"
  std::string subject;  // "registry", "registry ← casemgmt"
  Verdict verdict = Verdict::kOk;
  std::string found;
  std::string todo;  // empty when there is nothing to do
};

// One service's answers, and by how much its clock is ahead of ours.
struct Answers {
  platform::v1::Progress progress;
  platform::v1::Diagnosis diagnosis;
  absl::Duration lead;
};

Finding JudgeCertificate(const Answers& answers, absl::Time now);
Finding JudgeClocks(const Answers& answers);
std::vector<Finding> JudgeSchema(const Answers& answers);
Finding JudgeRelay(const Answers& answers);
Finding JudgeStream(const Answers& answers);
// `all`: by service; the producers of those that are not in it are unknown.
std::vector<Finding> JudgeConsumers(const Answers& answers,
                                    const std::map<std::string, Answers>& all);
Finding JudgeDeadLetters(const Answers& answers);
Finding JudgeEpochs(const Answers& answers);
Finding JudgeDoubts(int64_t in_doubt, bool or_more);
Finding JudgeDisk(const std::string& name, int64_t free_bytes, int64_t all_bytes);

// Everything that one service's answers tell.
std::vector<Finding> JudgeService(const Answers& answers, const std::map<std::string, Answers>& all,
                                  absl::Time now);

// The worst of them; kOk when there are none. What is unknown is no worse than good.
Verdict Worst(const std::vector<Finding>& findings);
const char* Word(Verdict verdict);  // "ok", "warn", "fail", "unknown"

}  // namespace ieum::ctl
