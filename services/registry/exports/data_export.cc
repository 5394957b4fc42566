#include "services/registry/exports/data_export.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

constexpr base::LegalPeriod kPeriod{.count = 10, .unit = base::LegalPeriod::Unit::kDays};

}  // namespace

std::string DataExportName(const base::Uuid& id) { return "dataExports/" + id.ToString(); }

absl::CivilDay AnswerDueDay(absl::CivilDay received, const base::BusinessCalendar& calendar) {
  return base::DueDay(kPeriod, received, calendar).value_or(base::EndOf(kPeriod, received));
}

bool IsToBeTold(const DataExport& request, absl::CivilDay today) {
  return request.outcome == v1::DATA_EXPORT_OUTCOME_UNSPECIFIED && !request.due_told_at &&
         NoticeDay(request) <= today;
}

absl::Status Settle(DataExport* request, v1::DataExportOutcome outcome,
                    const std::string& file_hash, absl::Time now) {
  if (request->outcome != v1::DATA_EXPORT_OUTCOME_UNSPECIFIED) {
    return base::Forbidden(v1::ERROR_REASON_DATA_EXPORT_SETTLED,
                           "the request has ended already; another one is to be made");
  }
  const bool handed_over = outcome == v1::DATA_EXPORT_OUTCOME_HANDED_OVER;
  if (handed_over == file_hash.empty()) {
    return base::InvalidField("INVALID_FIELD", "file_hash",
                              handed_over ? "must be the SHA-256 of the file that was handed over"
                                          : "must be empty: nothing was handed over");
  }
  request->outcome = outcome;
  request->file_hash = file_hash;
  request->settled_at = now;
  return absl::OkStatus();
}

}  // namespace ieum::registry
