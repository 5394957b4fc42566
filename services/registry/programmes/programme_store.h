// The tables `programme` and `edition`. All centres share them.
#pragma once

#include <optional>
#include <string>

#include "ieum/registry/v1/programme_service.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/programmes/edition.h"

namespace ieum::registry {

struct Programme {
  std::string code;
  std::string display_name;
  std::string display_name_en;
  absl::Time created_at;
  absl::Time updated_at;
};

struct ProgrammeView {
  Programme programme;
  int64_t version = 0;
};
std::optional<ProgrammeView> FindProgramme(db::Tx& tx, const std::string& code);
// False when there is one of this code; nothing was written then.
bool InsertProgramme(db::Tx& tx, const Programme& programme);
void SaveProgramme(db::Tx& tx, const Programme& programme);
const filter::ListSpec& ProgrammeList();
ProgrammeView ReadProgramme(const db::Row& row);

struct EditionView {
  Edition edition;
  int64_t version = 0;
};
std::optional<EditionView> FindEdition(db::Tx& tx, const EditionKey& key);
// False when there is one of this name; nothing was written then.
bool InsertEdition(db::Tx& tx, const Edition& edition);
void SaveEdition(db::Tx& tx, const Edition& edition);
// Rows without their lines.
const filter::ListSpec& EditionList();
EditionView ReadEdition(const db::Row& row);

// Whether a campaign may be planned in this edition: always while nobody has registered the
// programme; then for its editions that are not closed.
bool TakesCampaigns(db::Tx& tx, const EditionKey& key);

}  // namespace ieum::registry
