// What can be done with requests for one's own data.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/registry/exports/data_export.h"

namespace ieum::registry {

struct RequestDataExportInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  base::Uuid person_id;
  v1::DataExportApplicant applicant = v1::DATA_EXPORT_APPLICANT_UNSPECIFIED;
  v1::DataExportChannel channel = v1::DATA_EXPORT_CHANNEL_UNSPECIFIED;
  std::string received_date;
};
// NOT_FOUND, PERSON_MERGED; DATE_INVALID for a day that is not there yet; ID_TAKEN. Also of a
// person who was erased: she hears that, and within the same days.
absl::StatusOr<ledger::Done> RequestDataExport(ledger::UnitOfWork& work,
                                               const RequestDataExportInput& input);

struct SettleDataExportInput {
  base::Uuid id;
  v1::DataExportOutcome outcome = v1::DATA_EXPORT_OUTCOME_UNSPECIFIED;
  std::string file_hash;
  std::string etag;
};
absl::StatusOr<ledger::Done> SettleDataExport(ledger::UnitOfWork& work,
                                              const SettleDataExportInput& input);

// Of a timer: tells that the answer is due; nothing for one that has ended or was told of.
absl::StatusOr<ledger::Done> TellDataExportDue(ledger::UnitOfWork& work, const base::Uuid& id,
                                               absl::CivilDay today);

}  // namespace ieum::registry
