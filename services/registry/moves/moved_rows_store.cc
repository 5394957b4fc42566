#include "services/registry/moves/moved_rows_store.h"

#include <algorithm>

namespace ieum::registry {
namespace {

const db::Statement kRecords("move_find_records", R"(
  SELECT p.id FROM person_records(ARRAY[$1::uuid]) r JOIN person p ON p.id = r.record_id
  WHERE p.centre_id IS NOT DISTINCT FROM $2::uuid ORDER BY p.id)");

// The states of GoesOn.
const db::Statement kEnrolmentsOfPerson("move_find_enrolments_of_person", R"(
  SELECT id, campaign_id FROM enrolment
  WHERE person_id = $1 AND centre_id IS NOT DISTINCT FROM $2::uuid AND state IN (1, 3, 4, 5, 8)
  ORDER BY id)");

const db::Statement kEnrolmentsOfFirms("move_find_enrolments_of_firms", R"(
  SELECT id, campaign_id FROM enrolment
  WHERE organization_id = ANY($1::uuid[]) AND centre_id IS NOT DISTINCT FROM $2::uuid
    AND state IN (1, 3, 4, 5, 8)
  ORDER BY id)");

const db::Statement kEnrolment("move_find_enrolment", R"(
  SELECT id, campaign_id FROM enrolment
  WHERE id = $1 AND centre_id IS NOT DISTINCT FROM $2::uuid AND state IN (1, 3, 4, 5, 8))");

const db::Statement kLeads("move_find_leads", R"(
  SELECT id FROM lead
  WHERE organization_id = ANY($1::uuid[]) AND centre_id IS NOT DISTINCT FROM $2::uuid
    AND state IN (1, 2, 3)
  ORDER BY id)");

const db::Statement kUndecided("move_find_undecided", R"(
  SELECT id FROM duplicate_pair WHERE person_id = ANY($1::uuid[]) AND state = 1
  UNION SELECT id FROM duplicate_pair WHERE other_person_id = ANY($1::uuid[]) AND state = 1
  UNION SELECT id FROM legal_hold WHERE person_id = ANY($1::uuid[]) AND released_at IS NULL
  UNION SELECT id FROM data_export WHERE person_id = ANY($1::uuid[]) AND outcome = 0
  ORDER BY id)");

const db::Statement kWorkplaces("move_find_workplaces", R"(
  SELECT id FROM organization WHERE parent_id = $1 AND kind = (
    SELECT f.kind FROM organization f WHERE f.id = $1) ORDER BY id)");

// Numbers of MovePartKind.
const db::Statement kCountFollowing("move_count_following", R"(
  SELECT 4, count(*) FROM affiliation WHERE person_id = ANY($1::uuid[])
  UNION ALL SELECT 5, count(*) FROM consent WHERE person_id = ANY($1::uuid[])
  UNION ALL SELECT 6, count(*) FROM legal_hold
    WHERE person_id = ANY($1::uuid[]) AND released_at IS NULL)");

// As the index lead_open has it.
const db::Statement kLeadInTheWay("move_lead_in_the_way", R"(
  SELECT o.id FROM lead l JOIN lead o ON o.organization_id = l.organization_id
    AND o.programme = l.programme AND o.edition = l.edition AND o.centre_id = $2::uuid
    AND o.state IN (1, 2, 3)
  WHERE l.id = ANY($1::uuid[]) ORDER BY o.id LIMIT 1)");

// $1 rows, $2 the receiving centre, $3 the move, $4 the instant. A clock that went back ends no
// period before it began.
#define HAND_OVER(table, more)                                                                 \
  "WITH held AS (SELECT t.id, t.centre_id, t.ownership_epoch, coalesce((SELECT max(b.to_at) "  \
  "FROM ownership_before b WHERE b.row_id = t.id), t.created_at) AS since FROM " table         \
  " t WHERE t.id = ANY($1::uuid[])), kept AS (INSERT INTO ownership_before (row_id, epoch, "   \
  "centre_id, from_at, to_at, move_id) SELECT h.id, h.ownership_epoch, h.centre_id, h.since, " \
  "greatest($4::timestamptz, h.since), $3::uuid FROM held h) UPDATE " table                    \
  " t SET centre_id = $2::uuid, ownership_epoch = t.ownership_epoch + 1" more                  \
  " FROM held h WHERE t.id = h.id RETURNING t.id, t.ownership_epoch"

const db::Statement kHandPersons("move_hand_persons",
                                 HAND_OVER("person", ", updated_at = $4::timestamptz"));
const db::Statement kHandEnrolments("move_hand_enrolments", HAND_OVER("enrolment", ""));
const db::Statement kHandLeads("move_hand_leads",
                               HAND_OVER("lead", ", updated_at = $4::timestamptz"));

// What belongs to whoever keeps the person: no entry says anything else than before.
const db::Statement kHandAffiliations("move_hand_affiliations", R"(
  UPDATE affiliation SET centre_id = $2::uuid WHERE person_id = ANY($1::uuid[]))");
const db::Statement kHandGuardianships("move_hand_guardianships", R"(
  UPDATE guardianship SET centre_id = $2::uuid WHERE person_id = ANY($1::uuid[]))");
const db::Statement kHandConsents("move_hand_consents", R"(
  UPDATE consent SET centre_id = $2::uuid WHERE person_id = ANY($1::uuid[]))");
const db::Statement kHandHolds("move_hand_holds", R"(
  UPDATE legal_hold SET centre_id = $2::uuid WHERE person_id = ANY($1::uuid[]))");

// Of what was asked for and nobody has decided the new keeper decides.
const db::Statement kHandChanges("move_hand_changes", R"(
  UPDATE change_request SET centre_id = $2::uuid WHERE person_id = ANY($1::uuid[]) AND state = 1)");

// Pairs and merges belong to the centre that keeps both, and to the suite where two do.
const db::Statement kHandPairs("move_hand_pairs", R"(
  UPDATE duplicate_pair d SET centre_id =
    CASE WHEN one.centre_id IS NOT DISTINCT FROM two.centre_id THEN one.centre_id END
  FROM person one, person two
  WHERE one.id = d.person_id AND two.id = d.other_person_id
    AND (d.person_id = ANY($1::uuid[]) OR d.other_person_id = ANY($1::uuid[])))");
const db::Statement kHandMerges("move_hand_merges", R"(
  UPDATE person_merge m SET centre_id =
    CASE WHEN one.centre_id IS NOT DISTINCT FROM two.centre_id THEN one.centre_id END
  FROM person one, person two
  WHERE one.id = m.survivor_id AND two.id = m.duplicate_id
    AND (m.survivor_id = ANY($1::uuid[]) OR m.duplicate_id = ANY($1::uuid[])))");

std::vector<base::Uuid> IdsIn(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

std::vector<EnrolmentPlace> PlacesIn(const db::Rows& rows) {
  std::vector<EnrolmentPlace> places;
  for (const auto& row : rows) places.push_back({db::AsUuid(row[0]), db::AsUuid(row[1])});
  return places;
}

void AddPart(v1::MovePartKind kind, int64_t count, std::vector<v1::MovePart>* parts) {
  if (count == 0) return;
  v1::MovePart& part = parts->emplace_back();
  part.set_kind(kind);
  part.set_count(count);
}

std::vector<base::Uuid> IdsOf(const std::vector<EnrolmentPlace>& places) {
  std::vector<base::Uuid> ids;
  for (const EnrolmentPlace& place : places) ids.push_back(place.id);
  return ids;
}

}  // namespace

std::vector<base::Uuid> MovedRows::ids() const {
  std::vector<base::Uuid> all = records;
  const std::vector<base::Uuid> places = IdsOf(enrolments);
  all.insert(all.end(), places.begin(), places.end());
  all.insert(all.end(), leads.begin(), leads.end());
  all.insert(all.end(), undecided.begin(), undecided.end());
  return all;
}

MovedRows FindMovedRows(db::Tx& tx, const Move& move) {
  MovedRows rows;
  if (move.kind == v1::MOVE_KIND_PERSON) {
    rows.records = IdsIn(tx.Exec(kRecords, *move.person_id, move.from_centre));
    rows.undecided = IdsIn(tx.Exec(kUndecided, db::ArrayOf(rows.records)));
    rows.enrolments = PlacesIn(tx.Exec(kEnrolmentsOfPerson, *move.person_id, move.from_centre));
  } else if (move.kind == v1::MOVE_KIND_ENROLMENT) {
    rows.enrolments = PlacesIn(tx.Exec(kEnrolment, *move.enrolment_id, move.from_centre));
  } else {
    const db::Param firms = db::ArrayOf(FirmsOf(tx, move));
    rows.enrolments = PlacesIn(tx.Exec(kEnrolmentsOfFirms, firms, move.from_centre));
    rows.leads = IdsIn(tx.Exec(kLeads, firms, move.from_centre));
  }
  return rows;
}

std::vector<v1::MovePart> CountParts(db::Tx& tx, const MovedRows& rows) {
  std::vector<v1::MovePart> parts;
  AddPart(v1::MOVE_PART_KIND_PERSON_RECORDS, static_cast<int64_t>(rows.records.size()), &parts);
  AddPart(v1::MOVE_PART_KIND_ENROLMENTS, static_cast<int64_t>(rows.enrolments.size()), &parts);
  AddPart(v1::MOVE_PART_KIND_LEADS, static_cast<int64_t>(rows.leads.size()), &parts);
  if (rows.records.empty()) return parts;
  for (const auto& row : tx.Exec(kCountFollowing, db::ArrayOf(rows.records))) {
    AddPart(static_cast<v1::MovePartKind>(row[0].as<int>()), row[1].as<int64_t>(), &parts);
  }
  return parts;
}

std::vector<base::Uuid> FirmsOf(db::Tx& tx, const Move& move) {
  if (!move.organization_id) return {};
  std::vector<base::Uuid> firms = {*move.organization_id};
  if (!move.with_workplaces) return firms;
  const std::vector<base::Uuid> below = IdsIn(tx.Exec(kWorkplaces, *move.organization_id));
  firms.insert(firms.end(), below.begin(), below.end());
  return firms;
}

std::optional<base::Uuid> FindLeadInTheWay(db::Tx& tx, const Move& move,
                                           const std::vector<base::Uuid>& leads) {
  if (leads.empty()) return std::nullopt;
  const auto row = tx.ExecOptional(kLeadInTheWay, db::ArrayOf(leads), move.to_centre);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

std::map<base::Uuid, int> HandOver(db::Tx& tx, const Move& move, const MovedRows& rows,
                                   absl::Time at) {
  std::map<base::Uuid, int> epochs;
  const auto hand = [&](const db::Statement& statement, const std::vector<base::Uuid>& ids) {
    if (ids.empty()) return;
    for (const auto& row : tx.Exec(statement, db::ArrayOf(ids), move.to_centre, move.id, at)) {
      epochs[db::AsUuid(row[0])] = row[1].as<int>();
    }
  };
  hand(kHandPersons, rows.records);
  hand(kHandEnrolments, IdsOf(rows.enrolments));
  hand(kHandLeads, rows.leads);
  if (rows.records.empty()) return epochs;
  const db::Param records = db::ArrayOf(rows.records);
  for (const db::Statement* follow :
       {&kHandAffiliations, &kHandGuardianships, &kHandConsents, &kHandHolds, &kHandChanges}) {
    tx.Exec(*follow, records, move.to_centre);
  }
  tx.Exec(kHandPairs, records);
  tx.Exec(kHandMerges, records);
  return epochs;
}

}  // namespace ieum::registry
