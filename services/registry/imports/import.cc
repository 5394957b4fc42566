#include "services/registry/imports/import.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"

namespace ieum::registry {
namespace {

// What the row has beside its number.
int Contents(const v1::RowToImport& row) {
  return (row.has_organization() ? 1 : 0) + (row.has_person() ? 1 : 0) +
         (row.has_unreadable() ? 1 : 0);
}

bool Fits(v1::ImportKind kind, const v1::RowToImport& row) {
  if (Contents(row) != 1) return false;
  if (row.has_facts() && !row.has_organization()) return false;
  return row.has_unreadable() ||
         (kind == v1::IMPORT_KIND_FIRMS ? row.has_organization() : row.has_person());
}

}  // namespace

Tally TallyOf(const std::vector<RowResult>& results) {
  Tally tally;
  for (const RowResult& result : results) {
    ++tally.rows;
    tally.created += result.outcome == v1::IMPORT_OUTCOME_CREATED;
    tally.linked += result.outcome == v1::IMPORT_OUTCOME_LINKED;
    tally.unchanged += result.outcome == v1::IMPORT_OUTCOME_UNCHANGED;
    tally.review += result.outcome == v1::IMPORT_OUTCOME_REVIEW;
    tally.refused += result.outcome == v1::IMPORT_OUTCOME_REFUSED;
  }
  return tally;
}

std::string ImportName(const base::Uuid& id) { return "imports/" + id.ToString(); }

std::string ImportRowName(const base::Uuid& import, int64_t number) {
  return absl::StrCat(ImportName(import), "/importRows/", number);
}

base::Uuid ChunkId(const base::Uuid& import, int chunk) {
  return base::Uuid::Derive(import, absl::StrCat("chunk/", chunk));
}

base::Uuid RowId(const base::Uuid& import, int64_t number) {
  return base::Uuid::Derive(import, absl::StrCat("row/", number));
}

RowResult Refused(int64_t number, const absl::Status& refusal) {
  RowResult result;
  result.number = number;
  result.outcome = v1::IMPORT_OUTCOME_REFUSED;
  result.error_reason = base::ReasonOf(refusal);
  const std::vector<std::string> fields = base::FieldsOf(refusal);
  if (!fields.empty()) result.field = fields[0];
  return result;
}

std::string BytesOfHex(const std::string& hex) { return absl::HexStringToBytes(hex); }

std::string HexOf(const std::string& bytes) { return absl::BytesToHexString(bytes); }

absl::Status CheckRows(v1::ImportKind kind, const v1::UploadImportRowsRequest& request) {
  base::FieldErrors errors;
  int64_t before = 0;
  for (int at = 0; at < request.rows_size(); ++at) {
    const v1::RowToImport& row = request.rows(at);
    if (!Fits(kind, row)) {
      errors.Add(v1::ERROR_REASON_IMPORT_ROW_KIND, absl::StrCat("rows[", at, "]"),
                 kind == v1::IMPORT_KIND_FIRMS ? "must have one organization, or be unreadable"
                                               : "must have one person, or be unreadable");
    }
    if (row.number() <= before) {
      errors.Add("INVALID_FIELD", absl::StrCat("rows[", at, "].number"),
                 "must be greater than that of the row before");
    }
    before = row.number();
  }
  return errors.ToStatus();
}

absl::Status RequireRunning(const ImportJob& job) {
  if (job.state == v1::IMPORT_STATE_RUNNING) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_IMPORT_COMPLETED,
                         "the import is completed; begin another one for other rows",
                         {{"import", ImportName(job.id)}});
}

absl::Status Complete(ImportJob* job, int chunks, int come, int next, absl::Time now) {
  RETURN_IF_ERROR(RequireRunning(*job));
  if (next <= chunks || come > chunks) {
    return base::Forbidden(v1::ERROR_REASON_IMPORT_INCOMPLETE,
                           next <= chunks
                               ? absl::StrCat("chunk ", next, " of ", chunks, " has not come")
                               : absl::StrCat(come, " chunks have come, not ", chunks),
                           {{"next_chunk", absl::StrCat(next)}});
  }
  job->state = v1::IMPORT_STATE_COMPLETED;
  job->completed_at = now;
  return absl::OkStatus();
}

}  // namespace ieum::registry
