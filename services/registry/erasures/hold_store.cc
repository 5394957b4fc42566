#include "services/registry/erasures/hold_store.h"

#include "services/registry/people/forget_store.h"

namespace ieum::registry {
namespace {

#define HOLD_COLUMNS                                                              \
  "h.id, h.person_id, h.centre_id, h.reason, h.end_date, h.placed_at, h.placer, " \
  "h.released_at, h.releaser, h.release_reason, a.version"

const db::Statement kInsert("legal_hold_insert", R"(
  INSERT INTO legal_hold (id, person_id, centre_id, reason, end_date, placed_at, placer)
  VALUES ($1, $2, $3, $4, $5::date, $6::timestamptz, $7) ON CONFLICT (id) DO NOTHING)");

const db::Statement kRelease("legal_hold_release", R"(
  UPDATE legal_hold SET released_at = $2::timestamptz, releaser = $3, release_reason = $4
  WHERE id = $1 AND ($5::boolean OR centre_id = ANY($6::uuid[])))");

const db::Statement kFind("legal_hold_find", "SELECT " HOLD_COLUMNS R"(
  FROM legal_hold h JOIN aggregate a ON a.id = h.id
  WHERE h.id = $1 AND ($2::boolean OR h.centre_id = ANY($3::uuid[])))");

const db::Statement kForgetWords("legal_hold_forget_words", R"(
  UPDATE legal_hold SET reason = $2,
    release_reason = CASE WHEN release_reason = '' THEN '' ELSE $2 END
  WHERE person_id = $1)");

}  // namespace

bool InsertHold(db::Tx& tx, const LegalHold& hold) {
  return tx.ExecOne(kInsert, hold.id, hold.person_id, hold.centre, hold.reason, hold.end_date,
                    hold.placed_at, hold.placer);
}

void SaveRelease(db::Tx& tx, const base::Scope& scope, const LegalHold& hold) {
  tx.Exec(kRelease, hold.id, hold.released_at, hold.releaser, hold.release_reason,
          scope.everywhere(), scope.AsArray());
}

std::optional<LegalHoldView> FindHold(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadHoldView(*row);
}

void ForgetHoldWords(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetWords, person, std::string(kErasedWords));
}

const filter::ListSpec& LegalHoldList() {
  static const auto* spec = new filter::ListSpec{
      .columns = HOLD_COLUMNS,
      .from = "legal_hold h JOIN aggregate a ON a.id = h.id",
      .fields = {{"name", filter::Uuid("h.id").NotNull()},
                 {"person", filter::Resource("h.person_id", "persons/{}").NotNull()},
                 {"end_date", filter::Date("h.end_date")},
                 {"place_time", filter::Timestamp("h.placed_at").NotNull()},
                 {"release_time", filter::Timestamp("h.released_at")},
                 {"centre", filter::Resource("h.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"h.centre_id"}};
  return *spec;
}

LegalHoldView ReadHoldView(const db::Row& row) {
  LegalHoldView view;
  LegalHold& hold = view.hold;
  hold.id = db::AsUuid(row[0]);
  hold.person_id = db::AsUuid(row[1]);
  hold.centre = db::AsOptionalUuid(row[2]);
  hold.reason = db::AsText(row[3]);
  hold.end_date = db::AsOptionalDay(row[4]);
  hold.placed_at = db::AsTime(row[5]);
  hold.placer = db::AsText(row[6]);
  hold.released_at = db::AsOptionalTime(row[7]);
  hold.releaser = db::AsText(row[8]);
  hold.release_reason = db::AsText(row[9]);
  view.version = row[10].as<int64_t>();
  return view;
}

}  // namespace ieum::registry
