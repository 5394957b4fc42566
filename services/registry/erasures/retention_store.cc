#include "services/registry/erasures/retention_store.h"

#include "absl/strings/str_split.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

#define RULE_COLUMNS "t.code, t.trigger, t.period, t.counting, t.review_required, t.source"

const db::Statement kRules("retention_rules",
                           "SELECT " RULE_COLUMNS " FROM retention_rule t ORDER BY t.code");

// Of `person p`. $1: the instant before which the rule's time has to have begun; $2: today; $3:
// whether those are asked for whom somebody holds; $4: how many; $5: the only one; NULL = all.
#define ALIVE_AND_HELD                                                                        \
  " AND p.erased_at IS NULL AND p.merged_into IS NULL AND $3::boolean = EXISTS (SELECT FROM " \
  "legal_hold h "                                                                             \
  "WHERE h.person_id = p.id AND h.released_at IS NULL "                                       \
  "AND (h.end_date IS NULL OR h.end_date >= $2::date))"
// Nor while a child takes part for whom she answers, under whichever record.
#define NOT_IN_USE                                                                  \
  " AND NOT EXISTS (SELECT FROM enrolment e WHERE e.person_id = p.id "              \
  "AND e.state IN (1, 3, 4, 5, 8))"                                                 \
  " AND NOT EXISTS (SELECT FROM enrolment e WHERE e.contact_person_id = p.id "      \
  "AND e.state IN (1, 3, 4, 5, 8))"                                                 \
  " AND NOT EXISTS (SELECT FROM enrolment e WHERE e.consultant_person_id = p.id "   \
  "AND e.state IN (1, 3, 4, 5, 8))"                                                 \
  " AND NOT EXISTS (SELECT FROM person_records(ARRAY[p.id]) r JOIN guardianship w " \
  "ON w.guardian_id = r.record_id JOIN enrolment e ON e.person_id = w.person_id "   \
  "WHERE w.ended_at IS NULL AND e.state IN (1, 3, 4, 5, 8))"
#define NO_AFFILIATION                                \
  " AND NOT EXISTS (SELECT FROM affiliation f WHERE " \
  "f.person_id = p.id AND (f.end_date IS NULL OR f.end_date >= "
// Under any record of hers.
#define NO_CONSENT                                                                  \
  " AND NOT EXISTS (SELECT FROM person_records(ARRAY[p.id]) r JOIN consent_head g " \
  "ON g.person_id = r.record_id WHERE g.state = 1 "                                 \
  "AND (g.expires_at IS NULL OR g.expires_at >= $2::date))"
#define IN_ORDER " AND ($5::uuid IS NULL OR p.id = $5::uuid) ORDER BY p.id LIMIT $4"

// A head of consent to collection that ended in time.
#define COLLECTION_ENDED "c.purpose = 1 AND c.state IN (3, 4) AND c.decided_at < $1::timestamptz"

// Under any record of hers. Where a public duty is the ground (DUTY), a withdrawn consent was not
// what the data rested on.
const db::Statement kConsentEnded(
    "retention_consent_ended",
    "SELECT p.id FROM person p WHERE p.id IN (SELECT c.person_id FROM consent_head c "
    "WHERE " COLLECTION_ENDED
    " UNION ALL SELECT person_now(m.id) FROM person m "
    "JOIN consent_head c ON c.person_id = m.id WHERE m.merged_into IS NOT NULL "
    "AND " COLLECTION_ENDED ") AND p.basis <> 2" ALIVE_AND_HELD NOT_IN_USE NO_AFFILIATION
    "$2::date))" NO_CONSENT IN_ORDER);

// Of one who never took part herself; the end of the last affiliation counts.
const db::Statement kAffiliationEnded(
    "retention_affiliation_ended",
    "SELECT p.id FROM person p WHERE p.id IN (SELECT a.person_id FROM affiliation a "
    "WHERE a.end_date IS NOT NULL AND a.end_date < "
    "($1::timestamptz AT TIME ZONE 'Asia/Seoul')::date)" ALIVE_AND_HELD NOT_IN_USE NO_AFFILIATION
    "($1::timestamptz AT TIME ZONE 'Asia/Seoul')::date))" NO_CONSENT
    " AND NOT EXISTS (SELECT FROM enrolment e WHERE e.person_id = p.id)" IN_ORDER);

// Where she works, she may go on to; what she does for a firm that takes part keeps her.
const db::Statement kParticipationEnded(
    "retention_participation_ended",
    "SELECT p.id FROM person p WHERE p.id IN (SELECT e.person_id FROM enrolment e "
    "WHERE e.person_id IS NOT NULL)" ALIVE_AND_HELD NOT_IN_USE
    " AND NOT EXISTS (SELECT FROM affiliation f WHERE f.person_id = p.id AND f.role <> 5 "
    "AND (f.end_date IS NULL OR f.end_date >= $2::date))"
    " AND NOT EXISTS (SELECT FROM enrolment e JOIN enrolment_transition s "
    "ON s.enrolment_id = e.id WHERE e.person_id = p.id "
    "AND s.day >= ($1::timestamptz AT TIME ZONE 'Asia/Seoul')::date)" IN_ORDER);

const db::Statement& StatementOf(v1::RetentionTrigger trigger) {
  switch (trigger) {
    case v1::RETENTION_TRIGGER_AFFILIATION_ENDED:
      return kAffiliationEnded;
    case v1::RETENTION_TRIGGER_PARTICIPATION_ENDED:
      return kParticipationEnded;
    default:
      return kConsentEnded;
  }
}

const db::Statement kInsertRun("retention_run_insert", R"(
  INSERT INTO retention_run (id, rules, run_at, runner)
  VALUES ($1, $2::text[], $3::timestamptz, $4))");

const db::Statement kFindRun("retention_run_find", R"(
  SELECT id, array_to_string(rules, ','), run_at, runner FROM retention_run WHERE id = $1)");

const db::Statement kSwept("retention_swept", "SELECT swept_through FROM retention_sweep");

const db::Statement kSaveSwept("retention_save_swept", R"(
  UPDATE retention_sweep SET swept_through = $1::date
  WHERE swept_through IS NULL OR swept_through < $1::date)");

std::vector<base::Uuid> Over(db::Tx& tx, const RetentionRule& rule, absl::Time now, bool held,
                             int limit, const std::optional<base::Uuid>& only) {
  const absl::CivilDay today = base::KoreaDay(now);
  const absl::Time before = base::KoreaInstant(LastTriggerDay(rule, today) + 1, 0);
  std::vector<base::Uuid> persons;
  for (const auto& row : tx.Exec(StatementOf(rule.trigger), before, today, held, limit, only)) {
    persons.push_back(db::AsUuid(row[0]));
  }
  return persons;
}

}  // namespace

absl::StatusOr<RetentionRule> ReadRetentionRule(const db::Row& row) {
  RetentionRule rule;
  rule.code = db::AsText(row[0]);
  rule.trigger = static_cast<v1::RetentionTrigger>(row[1].as<int>());
  rule.period_text = db::AsText(row[2]);
  ASSIGN_OR_RETURN(rule.period, ReadPeriod(rule.period_text));
  rule.counting = static_cast<v1::RetentionCounting>(row[3].as<int>());
  rule.review_required = row[4].as<bool>();
  rule.source = db::AsText(row[5]);
  return rule;
}

absl::StatusOr<std::vector<RetentionRule>> FindRetentionRules(db::Tx& tx) {
  std::vector<RetentionRule> rules;
  for (const auto& row : tx.Exec(kRules)) {
    ASSIGN_OR_RETURN(RetentionRule rule, ReadRetentionRule(row));
    rules.push_back(std::move(rule));
  }
  return rules;
}

const filter::ListSpec& RetentionRuleList() {
  static const auto* spec = new filter::ListSpec{
      .columns = RULE_COLUMNS,
      .from = "retention_rule t",
      .fields = {{"code", filter::Text("t.code").NotNull()},
                 {"trigger", filter::Enum<v1::RetentionTrigger>("t.trigger").NotNull()},
                 {"review_required", filter::Bool("t.review_required").NotNull()}},
      .key = "code"};
  return *spec;
}

std::vector<base::Uuid> PersonsOver(db::Tx& tx, const RetentionRule& rule, absl::Time now,
                                    bool held, int limit) {
  return Over(tx, rule, now, held, limit, std::nullopt);
}

bool IsOver(db::Tx& tx, const RetentionRule& rule, absl::Time now, bool held,
            const base::Uuid& person) {
  return !Over(tx, rule, now, held, 1, person).empty();
}

void InsertRun(db::Tx& tx, const RetentionRun& run) {
  tx.Exec(kInsertRun, run.id, db::ArrayOf(run.rules), run.run_at, run.runner);
}

std::optional<RetentionRun> FindRun(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindRun, id);
  if (!row) return std::nullopt;
  return RetentionRun{db::AsUuid((*row)[0]),
                      absl::StrSplit(db::AsText((*row)[1]), ',', absl::SkipEmpty()),
                      db::AsTime((*row)[2]), db::AsText((*row)[3])};
}

std::optional<absl::CivilDay> SweptThrough(db::Tx& tx) {
  return db::AsOptionalDay(tx.Exec(kSwept)[0][0]);
}

void SaveSweptThrough(db::Tx& tx, absl::CivilDay day) { tx.Exec(kSaveSwept, day); }

}  // namespace ieum::registry
