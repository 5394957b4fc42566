#include "services/registry/merges/double_enrolment_store.h"

namespace ieum::registry {
namespace {

// The states of enrolment_living_person.
const db::Statement kDoubles("merge_double_enrolments", R"(
  SELECT a.campaign_id, a.id, b.id
  FROM enrolment a JOIN enrolment b ON b.campaign_id = a.campaign_id AND b.person_id = $2
  WHERE a.person_id = $1 AND a.state IN (1, 3, 4, 5, 6, 8) AND b.state IN (1, 3, 4, 5, 6, 8)
  ORDER BY a.campaign_id)");

const db::Statement kNote("merge_note_given_up", R"(
  INSERT INTO merge_move (merge_id, place, row_key, before)
  VALUES ($1, 'enrolment', $2, '{}'::jsonb))");

const db::Statement kGivenUp("merge_given_up", R"(
  SELECT e.id, e.campaign_id
  FROM merge_move b JOIN enrolment e ON e.id = b.row_key::uuid
  WHERE b.merge_id = $1 AND b.place = 'enrolment' ORDER BY e.campaign_id)");

const db::Statement kAskedSince("merge_asked_since", R"(
  SELECT e.id FROM enrolment g JOIN enrolment e
    ON e.campaign_id = g.campaign_id AND e.person_id = g.person_id AND e.id <> g.id
  WHERE g.id = $2 AND e.state IN (1, 3, 4, 5, 6, 8)
    AND NOT EXISTS (SELECT FROM merge_move b
                    WHERE b.merge_id = $1 AND b.place = 'enrolment.person_id'
                      AND b.row_key IN (g.id::text, e.id::text))
  LIMIT 1)");

const db::Statement kDropStep("merge_drop_step", R"(
  DELETE FROM enrolment_transition t
  WHERE t.enrolment_id = $1 AND t.withdrawal_reason = 9
    AND t.step = (SELECT max(l.step) FROM enrolment_transition l WHERE l.enrolment_id = $1))");

}  // namespace

std::vector<EnrolmentDouble> FindDoubles(db::Tx& tx, const base::Uuid& person,
                                         const base::Uuid& other) {
  std::vector<EnrolmentDouble> doubles;
  for (const auto& row : tx.Exec(kDoubles, person, other)) {
    doubles.push_back({db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsUuid(row[2])});
  }
  return doubles;
}

void NoteGivenUp(db::Tx& tx, const base::Uuid& merge, const base::Uuid& enrolment) {
  tx.Exec(kNote, merge, enrolment.ToString());
}

std::vector<EnrolmentPlace> FindGivenUp(db::Tx& tx, const base::Uuid& merge) {
  std::vector<EnrolmentPlace> places;
  for (const auto& row : tx.Exec(kGivenUp, merge)) {
    places.push_back({db::AsUuid(row[0]), db::AsUuid(row[1])});
  }
  return places;
}

std::optional<base::Uuid> FindAskedSince(db::Tx& tx, const base::Uuid& merge,
                                         const base::Uuid& enrolment) {
  const auto row = tx.ExecOptional(kAskedSince, merge, enrolment);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

void DropMergedStep(db::Tx& tx, const base::Uuid& enrolment) { tx.Exec(kDropStep, enrolment); }

}  // namespace ieum::registry
