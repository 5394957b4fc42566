// A request for what is held of a person, and until when it is to be answered. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/data_export_types.pb.h"
#include "platform/base/business_days.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

struct DataExport {
  base::Uuid id;
  base::Uuid person_id;
  std::optional<base::Uuid> centre;  // that keeps the person
  v1::DataExportApplicant applicant = v1::DATA_EXPORT_APPLICANT_UNSPECIFIED;
  v1::DataExportChannel channel = v1::DATA_EXPORT_CHANNEL_UNSPECIFIED;
  absl::CivilDay received;
  absl::CivilDay due;  // last day for the answer
  absl::Time created_at;
  std::optional<absl::Time> due_told_at;
  v1::DataExportOutcome outcome = v1::DATA_EXPORT_OUTCOME_UNSPECIFIED;  // that: it is open
  std::optional<absl::Time> settled_at;
  std::string file_hash;  // hexadecimal
};

std::string DataExportName(const base::Uuid& id);  // "dataExports/…"

// Ten days after the day of receipt, which is not counted; when that is a Saturday or a holiday,
// the next business day (개인정보 보호법 시행령 제41조 제4항, 민법 제157조·제161조).
// In a year whose holidays are not loaded it is the tenth day itself: a holiday could only make it
// later, and nobody's request waits for a table. law:L16 law:L41
absl::CivilDay AnswerDueDay(absl::CivilDay received, const base::BusinessCalendar& calendar);

// So many days before the last one somebody is told, by the calendar.
inline constexpr int kNoticeDays = 3;
inline absl::CivilDay NoticeDay(const DataExport& request) { return request.due - kNoticeDays; }
// Whether it is to be told on `today` that the answer is due.
bool IsToBeTold(const DataExport& request, absl::CivilDay today);

// Ends it: DATA_EXPORT_SETTLED for one that has ended; INVALID_FIELD blaming `file_hash` when what
// was handed over has none, or something else has one.
absl::Status Settle(DataExport* request, v1::DataExportOutcome outcome,
                    const std::string& file_hash, absl::Time now);

}  // namespace ieum::registry
