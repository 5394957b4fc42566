// An import and what became of its rows. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

struct ImportJob {
  base::Uuid id;
  v1::ImportKind kind = v1::IMPORT_KIND_UNSPECIFIED;
  v1::DuplicatePolicy policy = v1::DUPLICATE_POLICY_UNSPECIFIED;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite
  std::string source;
  std::string content_hash;  // 32 bytes
  v1::ImportState state = v1::IMPORT_STATE_RUNNING;
  std::string creator;
  absl::Time created_at;
  std::optional<absl::Time> completed_at;
};

// What became of a row; no value of it.
struct RowResult {
  int64_t number = 0;
  v1::ImportOutcome outcome = v1::IMPORT_OUTCOME_UNSPECIFIED;
  std::string field, error_reason;  // of a refused one
  std::optional<base::Uuid> organization, person;
};

// How many rows of each outcome there are.
struct Tally {
  int64_t rows = 0, created = 0, linked = 0, unchanged = 0, review = 0, refused = 0;
  bool operator==(const Tally&) const = default;
};
Tally TallyOf(const std::vector<RowResult>& results);

std::string ImportName(const base::Uuid& id);  // "imports/{uuid}"
std::string ImportRowName(const base::Uuid& import, int64_t number);
// The aggregate of a chunk, and of what a row makes: the same however often the row comes.
base::Uuid ChunkId(const base::Uuid& import, int chunk);
base::Uuid RowId(const base::Uuid& import, int64_t number);

// A row that is refused: for what `refusal` says of its first field.
RowResult Refused(int64_t number, const absl::Status& refusal);

// The 32 bytes of 64 hexadecimal digits, which the contract has checked.
std::string BytesOfHex(const std::string& hex);
std::string HexOf(const std::string& bytes);

// INVALID_ARGUMENT (IMPORT_ROW_KIND) for a row that has not exactly what an import of this kind
// takes, and INVALID_FIELD where numbers do not rise.
absl::Status CheckRows(v1::ImportKind kind, const v1::UploadImportRowsRequest& request);

// FAILED_PRECONDITION (IMPORT_COMPLETED).
absl::Status RequireRunning(const ImportJob& job);
// Ends it. FAILED_PRECONDITION (IMPORT_INCOMPLETE) unless the chunks 1 to `chunks` have come, and
// no other. `come`: how many have; `next`: the first that has not.
absl::Status Complete(ImportJob* job, int chunks, int come, int next, absl::Time now);

}  // namespace ieum::registry
