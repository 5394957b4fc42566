// The tables `import_job`, `import_chunk`, `import_row` and `import_identity`. An import is there
// for who acts for its centre; for another one it is as if it were not.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/imports/import.h"

namespace ieum::registry {

// False when one of the same content, kind, policy and centre runs.
bool InsertImport(db::Tx& tx, const ImportJob& job);
std::optional<base::Uuid> FindRunningImport(db::Tx& tx, const ImportJob& like);
// Nobody completes it before this transaction ends; others may bring rows meanwhile.
std::optional<ImportJob> HoldImport(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// The same, and nobody brings rows either.
std::optional<ImportJob> HoldImportAlone(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
void SaveImportState(db::Tx& tx, const base::Scope& scope, const ImportJob& job);

// An import as answered, with what has come and its version.
struct ImportView {
  ImportJob job;
  Tally tally;
  int chunks = 0;
  int next_chunk = 1;
  int64_t version = 0;
};
std::optional<ImportView> FindImport(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
const filter::ListSpec& ImportList();
ImportView ReadImportView(const db::Row& row);

struct ImportChunk {
  int number = 0;
  std::string rows_hash;
  Tally tally;
};
std::optional<ImportChunk> FindChunk(db::Tx& tx, const base::Uuid& import, int number);
// Ends the transaction as a conflict when it is there.
void InsertChunk(db::Tx& tx, const base::Uuid& import, const ImportChunk& chunk);

// Whether a row of these numbers has come.
bool HaveCome(db::Tx& tx, const base::Uuid& import, const std::vector<int64_t>& numbers);
// Ends the transaction as a conflict when one of them is there.
void InsertRows(db::Tx& tx, const base::Uuid& import, const std::vector<RowResult>& rows);
// Of all imports; the door narrows it to one.
const filter::ListSpec& ImportRowList();
RowResult ReadImportRow(const db::Row& row);

// Who was imported under each of these hashes; nullopt = somebody who was erased, or is kept apart.
std::map<std::string, std::optional<base::Uuid>> FindIdentities(
    db::Tx& tx, const std::vector<std::string>& hashes);
struct ImportIdentity {
  std::string hash;
  base::Uuid person;
};
// Ends the transaction as a conflict when one of them is there.
void InsertIdentities(db::Tx& tx, const std::vector<ImportIdentity>& identities);

}  // namespace ieum::registry
