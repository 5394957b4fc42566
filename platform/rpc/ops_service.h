// The door of `ieum.platform.v1.OpsService`: the same for every service. It knows the ledger; what
// else it answers is given as functions, so that it knows no relay and no consumer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/clock.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::rpc {

struct DeadLetterPage {
  std::vector<platform::v1::DeadLetter> dead_letters;  // oldest first
  filter::Cursor next;                                 // empty = no more
};

// All are thread-safe and called on the executor.
struct OpsFunctions {
  std::function<absl::StatusOr<platform::v1::Progress>()> progress;
  // Takes as long as the database and the broker take to answer, or not to.
  std::function<absl::StatusOr<platform::v1::Diagnosis>()> diagnosis;
  // `after`: the cursor that the page before ended with, or empty.
  std::function<absl::StatusOr<DeadLetterPage>(int page_size, const filter::Cursor& after)>
      list_dead_letters;
  // How many were applied; REPLAY_FAILED or DEAD_LETTER_NOT_FOUND.
  std::function<absl::StatusOr<int>(const std::string& producer, const base::Uuid& aggregate,
                                    const std::string& actor)>
      replay;
  // How many were given up; DEAD_LETTER_NOT_FOUND.
  std::function<absl::StatusOr<int>(const std::string& producer, const base::Uuid& aggregate,
                                    const std::string& reason, const std::string& actor)>
      discard;
  base::SimulatedClock* clock = nullptr;  // null = the process runs with the system's clock
};

inline constexpr int kDefaultLogEvents = 1000;
inline constexpr size_t kMaxLogBytes = 256 * 1024;

class OpsDoor {
 public:
  // All must outlive the door.
  OpsDoor(ledger::Ledger& ledger, OpsFunctions functions, const crypto::Key& page_key);
  void Serve(Router& router);

 private:
  absl::StatusOr<platform::v1::Progress> GetProgress(Call&,
                                                     const platform::v1::GetProgressRequest&);
  absl::StatusOr<platform::v1::Diagnosis> GetDiagnosis(Call&,
                                                       const platform::v1::GetDiagnosisRequest&);
  absl::StatusOr<platform::v1::ReadLogResponse> ReadLog(Call&, const platform::v1::ReadLogRequest&);
  absl::StatusOr<platform::v1::ListDeadLettersResponse> ListDeadLetters(
      Call&, const platform::v1::ListDeadLettersRequest&);
  absl::StatusOr<platform::v1::ReplayDeadLettersResponse> ReplayDeadLetters(
      Call&, const platform::v1::ReplayDeadLettersRequest&);
  absl::StatusOr<platform::v1::DiscardDeadLettersResponse> DiscardDeadLetters(
      Call&, const platform::v1::DiscardDeadLettersRequest&);
  absl::StatusOr<platform::v1::SetClockResponse> SetClock(Call&,
                                                          const platform::v1::SetClockRequest&);

  ledger::Ledger& ledger_;
  OpsFunctions functions_;
  crypto::Key page_key_;
};

}  // namespace ieum::rpc
