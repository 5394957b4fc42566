#include "services/registry/moves/move_store.h"

#include "services/registry/json_columns.h"
#include "services/registry/people/forget_store.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define MOVE_COLUMNS                                                                            \
  "v.id, v.kind, v.person_id, v.organization_id, v.campaign_id, v.enrolment_id, "               \
  "v.with_workplaces, v.from_centre_id, v.to_centre_id, v.reason, to_jsonb(v.items), v.state, " \
  "v.basis, v.consent_receipt_id, v.parts, v.created_at, v.requester, v.expires_at, "           \
  "v.decided_at, v.decider, v.decision_reason, v.cancel_cause, v.ownership_epoch, a.version"
constexpr int kVersionColumn = 23;

#define IN_SCOPE(everywhere, centres)                           \
  "(" everywhere "::boolean OR v.from_centre_id = ANY(" centres \
  "::uuid[]) "                                                  \
  "OR v.to_centre_id = ANY(" centres "::uuid[]))"

const db::Statement kFind("ownership_move_find", "SELECT " MOVE_COLUMNS R"(
  FROM ownership_move v JOIN aggregate a ON a.id = v.id
  WHERE v.id = $1 AND )" IN_SCOPE("$2", "$3"));

const db::Statement kInsert("ownership_move_insert", R"(
  INSERT INTO ownership_move (id, kind, person_id, organization_id, campaign_id, enrolment_id,
    with_workplaces, from_centre_id, to_centre_id, reason, items, state, basis, created_at,
    requester, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text[], $12, $13, $14::timestamptz, $15,
          $16::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kSave("ownership_move_save", R"(
  UPDATE ownership_move v SET state = $2, basis = $3, consent_receipt_id = $4, parts = $5::jsonb,
    decided_at = $6::timestamptz, decider = $7, decision_reason = $8, cancel_cause = $9,
    ownership_epoch = $10
  WHERE v.id = $1 AND )" IN_SCOPE("$11", "$12"));

const db::Statement kFindOpen("ownership_move_find_open", R"(
  SELECT id FROM ownership_move
  WHERE state = 1 AND kind = $1 AND CASE $1 WHEN 1 THEN person_id = $2
    WHEN 2 THEN organization_id = $3 AND from_centre_id IS NOT DISTINCT FROM $5::uuid
    ELSE enrolment_id = $4 END)");

const db::Statement kOpenOf("ownership_move_open_of", R"(
  SELECT id FROM ownership_move WHERE person_id = $1 AND state = 1 ORDER BY id)");

const db::Statement kEnded("ownership_move_ended", R"(
  SELECT id FROM ownership_move WHERE state = 1 AND expires_at <= $1::timestamptz
  ORDER BY expires_at, id LIMIT $2::bigint)");

const db::Statement kCountEnded("ownership_move_count_ended", R"(
  SELECT count(*) FROM ownership_move WHERE state = 1 AND expires_at <= $1::timestamptz)");

const db::Statement kForgetWords("ownership_move_forget_words", R"(
  UPDATE ownership_move SET reason = $2,
    decision_reason = CASE WHEN decision_reason = '' THEN '' ELSE $2 END
  WHERE person_id = $1)");

// Each with all that stand above it; UNION ends a loop, which nobody can make.
const db::Statement kOneLead("ownership_one_lead", R"(
  WITH RECURSIVE above(side, id) AS (
    SELECT s.side, s.id FROM unnest(ARRAY[1, 2], ARRAY[$1::uuid, $2::uuid]) AS s(side, id)
    UNION
    SELECT u.side, o.parent_id FROM above u JOIN organization o ON o.id = u.id
    WHERE o.parent_id IS NOT NULL)
  SELECT 1 FROM above one JOIN above other ON other.id = one.id
  WHERE one.side = 1 AND other.side = 2 LIMIT 1)");

std::vector<std::string> ItemsIn(const std::string& json) {
  v1::Move kept;
  FromJson("{\"items\":" + json + "}", &kept);
  return {kept.items().begin(), kept.items().end()};
}

std::string PartsAsJson(const std::vector<v1::MovePart>& parts) {
  v1::Move kept;
  kept.mutable_parts()->Assign(parts.begin(), parts.end());
  return ToJson(kept);
}

std::vector<v1::MovePart> PartsIn(const std::string& json) {
  v1::Move kept;
  FromJson(json, &kept);
  return {kept.parts().begin(), kept.parts().end()};
}

std::vector<base::Uuid> IdsOf(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace

std::optional<MoveView> FindMove(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadMoveView(*row);
}

const filter::ListSpec& MoveList() {
  static const auto* spec = new filter::ListSpec{
      .columns = MOVE_COLUMNS,
      .from = "ownership_move v JOIN aggregate a ON a.id = v.id",
      .fields = {{"name", filter::Uuid("v.id").NotNull()},
                 {"kind", filter::Enum<v1::MoveKind>("v.kind").NotNull()},
                 {"state", filter::Enum<v1::MoveState>("v.state").NotNull()},
                 {"person", filter::Resource("v.person_id", "persons/{}")},
                 {"organization", filter::Resource("v.organization_id", "organizations/{}")},
                 {"from_centre", filter::Resource("v.from_centre_id", "organizations/{}")},
                 {"to_centre", filter::Resource("v.to_centre_id", "organizations/{}").NotNull()},
                 {"create_time", filter::Timestamp("v.created_at").NotNull()},
                 {"expire_time", filter::Timestamp("v.expires_at").NotNull()}},
      .key = "name",
      .centres = {"v.from_centre_id", "v.to_centre_id"}};
  return *spec;
}

MoveView ReadMoveView(const db::Row& row) {
  MoveView view;
  Move& move = view.move;
  move.id = db::AsUuid(row[0]);
  move.kind = static_cast<v1::MoveKind>(row[1].as<int>());
  move.person_id = db::AsOptionalUuid(row[2]);
  move.organization_id = db::AsOptionalUuid(row[3]);
  move.campaign_id = db::AsOptionalUuid(row[4]);
  move.enrolment_id = db::AsOptionalUuid(row[5]);
  move.with_workplaces = row[6].as<bool>();
  move.from_centre = db::AsOptionalUuid(row[7]);
  move.to_centre = db::AsUuid(row[8]);
  move.reason = db::AsText(row[9]);
  move.items = ItemsIn(db::AsText(row[10]));
  move.state = static_cast<v1::MoveState>(row[11].as<int>());
  move.basis = static_cast<v1::MoveBasis>(row[12].as<int>());
  move.consent_receipt = db::AsOptionalUuid(row[13]);
  if (!row[14].is_null()) move.parts = PartsIn(db::AsText(row[14]));
  move.created_at = db::AsTime(row[15]);
  move.requester = db::AsText(row[16]);
  move.expires_at = db::AsTime(row[17]);
  move.decided_at = db::AsOptionalTime(row[18]);
  move.decider = db::AsText(row[19]);
  move.decision_reason = db::AsText(row[20]);
  move.cancel_cause = static_cast<v1::MoveCancelCause>(row[21].as<int>());
  move.ownership_epoch = row[22].as<int>();
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

bool InsertMove(db::Tx& tx, const Move& move) {
  return tx.ExecCount(kInsert, move.id, move.kind, move.person_id, move.organization_id,
                      move.campaign_id, move.enrolment_id, move.with_workplaces, move.from_centre,
                      move.to_centre, move.reason, db::ArrayOf(move.items), move.state, move.basis,
                      move.created_at, move.requester, move.expires_at) == 1;
}

void SaveMove(db::Tx& tx, const base::Scope& scope, const Move& move) {
  tx.Exec(kSave, move.id, move.state, move.basis, move.consent_receipt, PartsAsJson(move.parts),
          move.decided_at, move.decider, move.decision_reason, move.cancel_cause,
          move.ownership_epoch, scope.everywhere(), scope.AsArray());
}

std::optional<base::Uuid> FindOpenMove(db::Tx& tx, const Move& move) {
  const auto row = tx.ExecOptional(kFindOpen, move.kind, move.person_id, move.organization_id,
                                   move.enrolment_id, move.from_centre);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

std::vector<base::Uuid> OpenMovesOf(db::Tx& tx, const base::Uuid& person) {
  return IdsOf(tx.Exec(kOpenOf, person));
}

std::vector<base::Uuid> EndedMoves(db::Tx& tx, absl::Time now, int limit) {
  return IdsOf(tx.Exec(kEnded, now, limit));
}

int64_t CountEndedMoves(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountEnded, now)[0][0].as<int64_t>();
}

void ForgetMoveWords(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetWords, person, std::string(kErasedWords));
}

bool HaveOneLead(db::Tx& tx, const base::Uuid& one, const base::Uuid& other) {
  return !tx.Exec(kOneLead, one, other).empty();
}

}  // namespace ieum::registry
