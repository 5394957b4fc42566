#include "services/registry/merges/merge_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/registry/json_columns.h"
#include "services/registry/merges/merge_rules.h"
#include "services/registry/people/forget_store.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read; the version is the survivor's.
#define MERGE_COLUMNS                                                                           \
  "m.id, m.survivor_id, m.duplicate_id, m.centre_id, m.state, array_to_string(m.taken_fields, " \
  "','), m.reason, m.effects, m.created_at, m.merger, m.undone_at, m.undoer, m.undo_reason, "   \
  "a.version"
constexpr int kVersionColumn = 13;

const db::Statement kFind("person_merge_find", "SELECT " MERGE_COLUMNS R"(
  FROM person_merge m JOIN aggregate a ON a.id = m.survivor_id
  WHERE m.id = $1 AND ($2::boolean OR m.centre_id = ANY($3::uuid[])))");

const db::Statement kInsert("person_merge_insert", R"(
  INSERT INTO person_merge (id, survivor_id, duplicate_id, centre_id, state, taken_fields, reason,
    effects, created_at, merger, basis, preferred_language, full_name_box, latin_name_box,
    birth_year_box, birth_date_box, email_box, phone_box, phone_e164_box, updated_at)
  SELECT $1, p.id, $3::uuid, $4::uuid, $5, $6::text[], $7, $8::jsonb, $9::timestamptz, $10, p.basis,
    p.preferred_language, p.full_name_box, p.latin_name_box, p.birth_year_box, p.birth_date_box,
    p.email_box, p.phone_box, p.phone_e164_box, p.updated_at
  FROM person p WHERE p.id = $2
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kSaveUndo("person_merge_undo", R"(
  UPDATE person_merge SET state = $2, undone_at = $3::timestamptz, undoer = $4, undo_reason = $5
  WHERE id = $1 AND ($6::boolean OR centre_id = ANY($7::uuid[])))");

const db::Statement kForgetWords("person_merge_forget_words", R"(
  UPDATE person_merge SET reason = $2,
    undo_reason = CASE WHEN undo_reason = '' THEN '' ELSE $2 END
  WHERE survivor_id = $1 OR duplicate_id = $1)");

const db::Statement kLater("person_merge_later", R"(
  SELECT l.id FROM person_merge l
  WHERE l.state = 1 AND (l.survivor_id = $2 OR l.duplicate_id = $2)
    AND l.seq > (SELECT m.seq FROM person_merge m WHERE m.id = $1)
  ORDER BY l.seq DESC LIMIT 1)");

const db::Statement kGuards("person_merge_guardian", R"(
  SELECT 1 FROM guardianship
  WHERE (person_id = $1 AND guardian_id = $2) OR (person_id = $2 AND guardian_id = $1) LIMIT 1)");

const db::Statement kPointTo("person_merge_point", R"(
  UPDATE person SET merged_into = $2
  WHERE id = $1 AND merged_into IS NULL AND ($3::boolean OR centre_id = ANY($4::uuid[])))");

const db::Statement kPointBack("person_merge_point_back", R"(
  UPDATE person SET merged_into = NULL
  WHERE id = $1 AND merged_into = $2 AND ($3::boolean OR centre_id = ANY($4::uuid[])))");

// Of pairs of the duplicate ($3) those with somebody with whom the survivor ($2) has no pair become
// hers; any other one that is open is closed, and that of the two in any case.
const db::Statement kMovePairs("person_merge_pairs", R"(
  WITH hers AS (
    SELECT d.*, CASE WHEN d.person_id = $3::uuid THEN d.other_person_id ELSE d.person_id END AS third
    FROM duplicate_pair d WHERE d.person_id = $3::uuid OR d.other_person_id = $3::uuid FOR UPDATE
  ), free AS (
    SELECT h.id, h.third, t.centre_id FROM hers h JOIN person t ON t.id = h.third
    WHERE h.third <> $2::uuid AND NOT EXISTS (
      SELECT 1 FROM duplicate_pair e WHERE e.person_id = least(h.third, $2::uuid)
        AND e.other_person_id = greatest(h.third, $2::uuid))
  ), closed AS (
    SELECT h.id FROM hers h WHERE h.id NOT IN (SELECT f.id FROM free f)
      AND (h.state = 1 OR (h.state = 2 AND h.third = $2::uuid))
  ), moved AS (
    UPDATE duplicate_pair d SET person_id = least(f.third, $2::uuid),
      other_person_id = greatest(f.third, $2::uuid),
      centre_id = CASE WHEN f.centre_id IS NOT DISTINCT FROM $4::uuid THEN f.centre_id END
    FROM free f WHERE d.id = f.id
  ), ended AS (
    UPDATE duplicate_pair d SET state = 3, decided_at = $5::timestamptz, decider = $6
    FROM closed c WHERE d.id = c.id
  )
  INSERT INTO merge_move (merge_id, place, row_key, before)
  SELECT $1, 'duplicate_pair', h.id::text, jsonb_build_object('person_id', h.person_id,
    'other_person_id', h.other_person_id, 'centre_id', h.centre_id, 'state', h.state,
    'decided_at', h.decided_at, 'decider', h.decider)
  FROM hers h WHERE h.id IN (SELECT f.id FROM free f UNION ALL SELECT c.id FROM closed c))");

// The survivor's side of a pair is the duplicate's again ($2 and $3): the other side may have been
// merged since, and goes back by itself.
#define SIDE_BACK(side, other) \
  "CASE WHEN d." side " = $2::uuid AND d." other " <> $3::uuid THEN $3::uuid ELSE d." side " END"
#define ONE_BACK SIDE_BACK("person_id", "other_person_id")
#define TWO_BACK SIDE_BACK("other_person_id", "person_id")

// What somebody decided since stays decided.
const db::Statement kMovePairsBack("person_merge_pairs_back", R"(
  UPDATE duplicate_pair d SET person_id = least()" ONE_BACK ", " TWO_BACK R"(),
    other_person_id = greatest()" ONE_BACK ", " TWO_BACK R"(),
    centre_id = (SELECT one.centre_id FROM person one, person two
      WHERE one.id = )" ONE_BACK " AND two.id = " TWO_BACK R"(
        AND one.centre_id = two.centre_id),
    state = CASE WHEN d.state = 3 THEN (b.before ->> 'state')::smallint ELSE d.state END,
    decided_at = CASE WHEN d.state = 3 THEN (b.before ->> 'decided_at')::timestamptz
      ELSE d.decided_at END,
    decider = CASE WHEN d.state = 3 THEN b.before ->> 'decider' ELSE d.decider END
  FROM merge_move b
  WHERE b.merge_id = $1 AND b.place = 'duplicate_pair' AND d.id = b.row_key::uuid)");

const db::Statement kNoteFormer("person_merge_note_former", R"(
  INSERT INTO merge_move (merge_id, place, row_key, before)
  VALUES ($1, 'person_match_key', $2, '{}'::jsonb))");

const db::Statement kHadFormer("person_merge_had_former", R"(
  SELECT 1 FROM merge_move WHERE merge_id = $1 AND place = 'person_match_key' AND row_key = $2)");

#define RESTORED(field, column) \
  column " = CASE WHEN '" field "' = ANY($3::text[]) THEN m." column " ELSE p." column " END"

const db::Statement kRestore("person_merge_restore", R"(
  UPDATE person p SET )" RESTORED("basis", "basis") ", "
    RESTORED("preferred_language", "preferred_language") ", "
    RESTORED("full_name", "full_name_box") ", " RESTORED("latin_name", "latin_name_box") ", "
    RESTORED("birth_year", "birth_year_box") ", " RESTORED("birth_year", "birth_date_box") ", "
    RESTORED("email", "email_box") ", " RESTORED("phone", "phone_box") ", "
    RESTORED("phone", "phone_e164_box") R"(,
    updated_at = CASE WHEN p.updated_at IN (m.created_at, m.updated_at) THEN m.updated_at
      ELSE $4::timestamptz END
  FROM person_merge m
  WHERE m.id = $1 AND p.id = $2 AND ($5::boolean OR p.centre_id = ANY($6::uuid[])))");

std::string PlaceName(const MergePlace& place) {
  return absl::StrCat(place.table, ".", place.column);
}

// Rows and columns come from merge_rules.h, values are parameters.
std::string MoveSql(const MergePlace& place) {
  const std::string centre = place.of_persons_centre ? ", centre_id = $4::uuid" : "";
  const std::string before =
      place.of_persons_centre ? "jsonb_build_object('centre_id', t.centre_id)" : "'{}'::jsonb";
  const std::string stays =
      place.stays[0] == '\0' ? "" : absl::StrCat(" AND NOT (", place.stays, ")");
  return absl::StrCat(
      "WITH named AS (SELECT t.", place.key, " AS row_key, ", before, " AS before FROM ",
      place.table, " t WHERE t.", place.column, " = $2::uuid", stays,
      " FOR UPDATE), moved AS (UPDATE ", place.table, " t SET ", place.column, " = $3::uuid",
      centre, " FROM named n WHERE t.", place.key,
      " = n.row_key) INSERT INTO merge_move (merge_id, place, row_key, before) SELECT $1::uuid, '",
      PlaceName(place), "', n.row_key::text, n.before FROM named n");
}

// What was pointed elsewhere since stays there; whoever keeps the duplicate now keeps what is hers.
std::string MoveBackSql(const MergePlace& place) {
  const std::string centre =
      place.of_persons_centre
          ? ", centre_id = (SELECT p.centre_id FROM person p WHERE p.id = $2::uuid)"
          : "";
  return absl::StrCat("UPDATE ", place.table, " t SET ", place.column, " = $2::uuid", centre,
                      " FROM merge_move b WHERE b.merge_id = $1::uuid AND b.place = '",
                      PlaceName(place), "' AND t.", place.key, " = b.row_key::uuid AND t.",
                      place.column, " = $3::uuid");
}

std::string EffectsAsJson(const std::vector<v1::MergeEffect>& effects) {
  v1::Merge kept;
  kept.mutable_effects()->Assign(effects.begin(), effects.end());
  return ToJson(kept);
}

std::vector<v1::MergeEffect> EffectsIn(const std::string& json) {
  v1::Merge kept;
  FromJson(json, &kept);
  return {kept.effects().begin(), kept.effects().end()};
}

}  // namespace

std::optional<PersonMergeView> FindMerge(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadMergeView(*row);
}

const filter::ListSpec& MergeList() {
  static const auto* spec = new filter::ListSpec{
      .columns = MERGE_COLUMNS,
      .from = "person_merge m JOIN aggregate a ON a.id = m.survivor_id",
      .fields = {{"name", filter::Uuid("m.id").NotNull()},
                 {"survivor", filter::Resource("m.survivor_id", "persons/{}").NotNull()},
                 {"duplicate", filter::Resource("m.duplicate_id", "persons/{}").NotNull()},
                 {"state", filter::Enum<v1::MergeState>("m.state").NotNull()},
                 {"merger", filter::Text("m.merger").NotNull()},
                 {"create_time", filter::Timestamp("m.created_at").NotNull()},
                 {"centre", filter::Resource("m.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"m.centre_id"}};
  return *spec;
}

PersonMergeView ReadMergeView(const db::Row& row) {
  PersonMergeView view;
  PersonMerge& merge = view.merge;
  merge.id = db::AsUuid(row[0]);
  merge.survivor = db::AsUuid(row[1]);
  merge.duplicate = db::AsUuid(row[2]);
  merge.centre = db::AsOptionalUuid(row[3]);
  merge.state = static_cast<v1::MergeState>(row[4].as<int>());
  merge.taken_fields = absl::StrSplit(db::AsText(row[5]), ',', absl::SkipEmpty());
  merge.reason = db::AsText(row[6]);
  merge.effects = EffectsIn(db::AsText(row[7]));
  merge.created_at = db::AsTime(row[8]);
  merge.merger = db::AsText(row[9]);
  merge.undone_at = db::AsOptionalTime(row[10]);
  merge.undoer = db::AsText(row[11]);
  merge.undo_reason = db::AsText(row[12]);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

bool InsertMerge(db::Tx& tx, const PersonMerge& merge) {
  return tx.ExecCount(kInsert, merge.id, merge.survivor, merge.duplicate, merge.centre, merge.state,
                      db::ArrayOf(merge.taken_fields), merge.reason, EffectsAsJson(merge.effects),
                      merge.created_at, merge.merger) == 1;
}

void SaveUndo(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge) {
  tx.Exec(kSaveUndo, merge.id, merge.state, merge.undone_at, merge.undoer, merge.undo_reason,
          scope.everywhere(), scope.AsArray());
}

void ForgetMergeWords(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetWords, person, std::string(kErasedWords));
}

std::optional<base::Uuid> FindLaterMerge(db::Tx& tx, const PersonMerge& merge) {
  const auto row = tx.ExecOptional(kLater, merge.id, merge.survivor);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

std::vector<v1::MergeEffect> CountNamed(db::Tx& tx, const base::Uuid& duplicate) {
  std::string sql;
  const auto places = MergePlaces();
  for (size_t at = 0; at < places.size(); ++at) {
    if (!places[at].counted) continue;
    absl::StrAppend(&sql, sql.empty() ? "" : " UNION ALL ", "SELECT ", at, " AS at, count(*) FROM ",
                    places[at].table, " WHERE ", places[at].column, " = $1::uuid");
  }
  std::vector<v1::MergeEffect> effects;
  for (const auto& row : tx.RunDynamic(sql + " ORDER BY at", {duplicate})) {
    const MergePlace& place = places[row[0].as<size_t>()];
    const int64_t count = row[1].as<int64_t>();
    if (count == 0) continue;
    v1::MergeEffect& effect = effects.emplace_back();
    effect.set_place(PlaceName(place));
    effect.set_rule(place.rule);
    effect.set_row_count(count);
    effect.set_why(place.why);
  }
  return effects;
}

bool GuardsTheOther(db::Tx& tx, const base::Uuid& one, const base::Uuid& other) {
  return !tx.Exec(kGuards, one, other).empty();
}

void PointTo(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge) {
  tx.Exec(kPointTo, merge.duplicate, merge.survivor, scope.everywhere(), scope.AsArray());
}

void PointBack(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge) {
  tx.Exec(kPointBack, merge.duplicate, merge.survivor, scope.everywhere(), scope.AsArray());
}

void MoveRows(db::Tx& tx, const PersonMerge& merge, const std::optional<base::Uuid>& centre) {
  for (const MergePlace& place : MergePlaces()) {
    if (!place.moves()) continue;
    std::vector<db::Param> params = {merge.id, merge.duplicate, merge.survivor};
    if (place.of_persons_centre) params.emplace_back(centre);
    tx.RunDynamic(MoveSql(place), params);
  }
}

void MovePairs(db::Tx& tx, const PersonMerge& merge, const std::optional<base::Uuid>& centre) {
  tx.Exec(kMovePairs, merge.id, merge.survivor, merge.duplicate, centre, merge.created_at,
          merge.merger);
}

void MoveBack(db::Tx& tx, const PersonMerge& merge) {
  for (const MergePlace& place : MergePlaces()) {
    if (!place.moves()) continue;
    tx.RunDynamic(MoveBackSql(place), {merge.id, merge.duplicate, merge.survivor});
  }
  tx.Exec(kMovePairsBack, merge.id, merge.survivor, merge.duplicate);
}

void NoteFormerPhone(db::Tx& tx, const base::Uuid& merge, FormerPhone which) {
  tx.Exec(kNoteFormer, merge, which == FormerPhone::kOwn ? "own" : "taken");
}

bool HadFormerPhone(db::Tx& tx, const base::Uuid& merge, FormerPhone which) {
  return !tx.Exec(kHadFormer, merge, which == FormerPhone::kOwn ? "own" : "taken").empty();
}

void RestoreValues(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge,
                   const std::vector<std::string>& fields, absl::Time now) {
  tx.Exec(kRestore, merge.id, merge.survivor, db::ArrayOf(fields), now, scope.everywhere(),
          scope.AsArray());
}

}  // namespace ieum::registry
