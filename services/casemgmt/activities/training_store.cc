#include "services/casemgmt/activities/training_store.h"

namespace ieum::casemgmt {

const db::Statement kInsert("training_insert", R"(
  INSERT INTO training (activity_id, engagement_id, organization_id, duration)
  VALUES ($1, $2, $3, $4))");

void InsertTraining(db::Tx& tx, const Activity& activity) {
  const Training& training = *activity.training;
  tx.Exec(kInsert, activity.id, training.engagement, training.organization, training.duration);
}

const db::Statement kSaveResult("training_save_result", R"(
  UPDATE training SET result_id = $2, attendee_count = $3, completer_count = $4
  WHERE activity_id = $1)");

void SaveTrainingResult(db::Tx& tx, const Activity& activity) {
  const Training& training = *activity.training;
  tx.Exec(kSaveResult, activity.id, training.result, training.counts.attendees,
          training.counts.completers);
}

const db::Statement kTrainingsWith("training_list_with", R"(
  SELECT DISTINCT r.activity_id
  FROM unnest($1::uuid[]) AS record (id) CROSS JOIN LATERAL person_ids(record.id) AS same (id)
  JOIN attendance t ON t.person_id = same.id AND t.checked_in_at IS NOT NULL
  JOIN training r ON r.activity_id = t.activity_id
  ORDER BY r.activity_id)");

std::vector<base::Uuid> TrainingsWith(db::Tx& tx, const std::vector<base::Uuid>& records) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kTrainingsWith, db::ArrayOf(records))) {
    ids.push_back(db::AsUuid(row[0]));
  }
  return ids;
}

const db::Statement kCountNamed("training_count_named", R"(
  SELECT count(DISTINCT coalesce(person_survivor(t.person_id), t.id)),
         count(DISTINCT coalesce(person_survivor(t.person_id), t.id))
           FILTER (WHERE t.attended_duration::bigint * 100 >= $2::bigint * $3::bigint)
  FROM attendance t
  WHERE t.activity_id = $1 AND t.checked_in_at IS NOT NULL
    AND (t.person_id IS NOT NULL OR t.anonymised)
    AND ($4::boolean OR t.centre_id = ANY($5::uuid[])))");

NamedAttendees CountNamed(db::Tx& tx, const base::Scope& scope, const Activity& activity) {
  const auto row = tx.Exec(kCountNamed, activity.id, activity.training->duration,
                           kCompletionPercent, scope.everywhere(), scope.AsArray())[0];
  return {.persons = row[0].as<int>(), .completed = row[1].as<int>()};
}

}  // namespace ieum::casemgmt
