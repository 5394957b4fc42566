#include "services/registry/programmes/programme_store.h"

#include "services/registry/json_columns.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define PROGRAMME_COLUMNS \
  "p.code, p.display_name, p.display_name_en, p.created_at, p.updated_at, a.version"

#define EDITION_COLUMNS                                                                   \
  "e.programme, e.code, e.year, e.budget_year, e.lead_organization, e.manager, e.state, " \
  "e.copied_from, e.approved_at, e.created_at, e.updated_at, a.version"

const db::Statement kFindProgramme("programme_find", "SELECT " PROGRAMME_COLUMNS R"(
  FROM programme p JOIN aggregate a ON a.id = p.id WHERE p.code = $1)");

const db::Statement kInsertProgramme("programme_insert", R"(
  INSERT INTO programme (id, code, display_name, display_name_en, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5::timestamptz, $5::timestamptz) ON CONFLICT DO NOTHING)");

const db::Statement kSaveProgramme("programme_save", R"(
  UPDATE programme SET display_name = $2, display_name_en = $3, updated_at = $4::timestamptz
  WHERE code = $1)");

const db::Statement kFindEdition("edition_find", "SELECT " EDITION_COLUMNS R"(, e.plan
  FROM edition e JOIN aggregate a ON a.id = e.id WHERE e.name = $1)");

const db::Statement kInsertEdition("edition_insert", R"(
  INSERT INTO edition (id, name, programme, code, year, budget_year, lead_organization, manager,
                       state, plan, copied_from, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5::int, $6::int, $7, $8, $9, $10::jsonb, $11, $12::timestamptz,
          $12::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kSaveEdition("edition_save", R"(
  UPDATE edition SET year = $2::int, budget_year = $3::int, lead_organization = $4, manager = $5,
    state = $6, plan = $7::jsonb, approved_at = $8::timestamptz, updated_at = $9::timestamptz
  WHERE name = $1)");

const db::Statement kTakesCampaigns("edition_takes_campaigns", R"(
  SELECT NOT EXISTS (SELECT 1 FROM programme WHERE code = $1)
      OR EXISTS (SELECT 1 FROM edition WHERE name = $2 AND state <> $3 FOR SHARE))");

}  // namespace

ProgrammeView ReadProgramme(const db::Row& row) {
  ProgrammeView view;
  view.programme.code = db::AsText(row[0]);
  view.programme.display_name = db::AsText(row[1]);
  view.programme.display_name_en = db::AsText(row[2]);
  view.programme.created_at = db::AsTime(row[3]);
  view.programme.updated_at = db::AsTime(row[4]);
  view.version = row[5].as<int64_t>();
  return view;
}

std::optional<ProgrammeView> FindProgramme(db::Tx& tx, const std::string& code) {
  auto row = tx.ExecOptional(kFindProgramme, code);
  if (!row) return std::nullopt;
  return ReadProgramme(*row);
}

bool InsertProgramme(db::Tx& tx, const Programme& programme) {
  return tx.ExecCount(kInsertProgramme, ProgrammeId(programme.code), programme.code,
                      programme.display_name, programme.display_name_en, programme.created_at) == 1;
}

void SaveProgramme(db::Tx& tx, const Programme& programme) {
  tx.Exec(kSaveProgramme, programme.code, programme.display_name, programme.display_name_en,
          programme.updated_at);
}

const filter::ListSpec& ProgrammeList() {
  static const auto* spec =
      new filter::ListSpec{.columns = PROGRAMME_COLUMNS,
                           .from = "programme p JOIN aggregate a ON a.id = p.id",
                           .fields = {{"code", filter::Text("p.code").NotNull()},
                                      {"create_time", filter::Timestamp("p.created_at").NotNull()}},
                           .key = "code"};
  return *spec;
}

EditionView ReadEdition(const db::Row& row) {
  EditionView view;
  Edition& edition = view.edition;
  edition.key = {db::AsText(row[0]), db::AsText(row[1])};
  edition.year = row[2].as<int>();
  edition.budget_year = row[3].as<int>();
  edition.lead = db::AsOptionalUuid(row[4]);
  edition.manager = db::AsOptionalUuid(row[5]);
  edition.state = static_cast<v1::EditionState>(row[6].as<int>());
  edition.copied_from = db::AsText(row[7]);
  edition.approved_at = db::AsOptionalTime(row[8]);
  edition.created_at = db::AsTime(row[9]);
  edition.updated_at = db::AsTime(row[10]);
  view.version = row[11].as<int64_t>();
  return view;
}

std::optional<EditionView> FindEdition(db::Tx& tx, const EditionKey& key) {
  auto row = tx.ExecOptional(kFindEdition, EditionName(key));
  if (!row) return std::nullopt;
  EditionView view = ReadEdition(*row);
  FromJson(db::AsText((*row)[12]), &view.edition.plan);
  return view;
}

bool InsertEdition(db::Tx& tx, const Edition& edition) {
  return tx.ExecCount(kInsertEdition, EditionId(edition.key), EditionName(edition.key),
                      edition.key.programme, edition.key.code, edition.year, edition.budget_year,
                      edition.lead, edition.manager, edition.state, ToJson(edition.plan),
                      edition.copied_from, edition.created_at) == 1;
}

void SaveEdition(db::Tx& tx, const Edition& edition) {
  tx.Exec(kSaveEdition, EditionName(edition.key), edition.year, edition.budget_year, edition.lead,
          edition.manager, edition.state, ToJson(edition.plan), edition.approved_at,
          edition.updated_at);
}

const filter::ListSpec& EditionList() {
  static const auto* spec = new filter::ListSpec{
      .columns = EDITION_COLUMNS,
      .from = "edition e JOIN aggregate a ON a.id = e.id",
      .fields = {{"name", filter::Text("e.name").NotNull()},
                 {"code", filter::Text("e.code").NotNull()},
                 {"year", filter::Int("e.year").NotNull()},
                 {"budget_year", filter::Int("e.budget_year").NotNull()},
                 {"state", filter::Enum<v1::EditionState>("e.state").NotNull()},
                 {"create_time", filter::Timestamp("e.created_at").NotNull()}},
      .key = "name"};
  return *spec;
}

bool TakesCampaigns(db::Tx& tx, const EditionKey& key) {
  const db::Rows rows =
      tx.Exec(kTakesCampaigns, key.programme, EditionName(key), v1::EDITION_STATE_CLOSED);
  return rows[0][0].as<bool>();
}

}  // namespace ieum::registry
