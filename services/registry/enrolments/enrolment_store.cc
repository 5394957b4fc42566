#include "services/registry/enrolments/enrolment_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/registry/json_columns.h"
#include "services/registry/organizations/organization_rows.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define ENROLMENT_COLUMNS                                                            \
  "e.id, e.campaign_id, e.line, e.organization_id, e.organization_kind, "            \
  "e.application_id, e.engagement_id, e.contact_person_id, e.consultant_person_id, " \
  "e.applied_date, e.rule_version, e.rules, e.facts, e.created_at, e.centre_id, "    \
  "e.offered_until, e.evidence, e.person_id, e.employer_id, e.attribution"
constexpr int kVersionColumn = 20;
constexpr int kWaitingColumn = 21;
constexpr int kProgrammeColumn = 22;
constexpr int kEditionColumn = 23;
constexpr int kCentreColumn = 24;

Enrolment ReadEnrolment(const db::Row& row) {
  Enrolment enrolment;
  enrolment.id = db::AsUuid(row[0]);
  enrolment.campaign_id = db::AsUuid(row[1]);
  enrolment.line = row[2].as<int64_t>();
  enrolment.organization_id = db::AsOptionalUuid(row[3]);
  enrolment.organization_kind = static_cast<v1::OrganizationKind>(row[4].as<int>());
  enrolment.application_id = db::AsOptionalUuid(row[5]);
  enrolment.engagement_id = db::AsOptionalUuid(row[6]);
  enrolment.contact_person_id = db::AsOptionalUuid(row[7]);
  enrolment.consultant_person_id = db::AsOptionalUuid(row[8]);
  enrolment.applied_date = db::AsDay(row[9]);
  enrolment.rule_version = row[10].as<int64_t>();
  if (!row[11].is_null()) FromJson(db::AsText(row[11]), &enrolment.rules);
  if (!row[12].is_null()) FromJson(db::AsText(row[12]), &enrolment.facts.emplace());
  enrolment.created_at = db::AsTime(row[13]);
  enrolment.centre = db::AsOptionalUuid(row[14]);
  enrolment.offered_until = db::AsOptionalTime(row[15]);
  if (!row[16].is_null()) FromJson(db::AsText(row[16]), &enrolment.evidence.emplace());
  enrolment.person_id = db::AsOptionalUuid(row[17]);
  enrolment.employer_id = db::AsOptionalUuid(row[18]);
  enrolment.attribution = row[19].as<int>();
  return enrolment;
}

const db::Statement kFindSteps("enrolment_find_steps", R"(
  SELECT enrolment_id, state, day, denial_reason, withdrawal_reason, recorded_at
  FROM enrolment_transition WHERE enrolment_id = ANY($1::uuid[]) ORDER BY enrolment_id, step)");

void ReadSteps(db::Tx& tx, const absl::flat_hash_map<base::Uuid, Enrolment*>& by_id) {
  std::vector<base::Uuid> ids;
  for (const auto& [id, enrolment] : by_id) ids.push_back(id);
  for (const auto& row : tx.Exec(kFindSteps, db::ArrayOf(ids))) {
    EnrolmentStep step;
    step.state = static_cast<v1::EnrolmentState>(row[1].as<int>());
    step.day = db::AsDay(row[2]);
    step.denial_reason = static_cast<v1::DenialReason>(row[3].as<int>());
    step.withdrawal_reason = static_cast<v1::WithdrawalReason>(row[4].as<int>());
    step.recorded_at = db::AsTime(row[5]);
    by_id.at(db::AsUuid(row[0]))->steps.push_back(step);
  }
}

const db::Statement kFind("enrolment_find", "SELECT " ENROLMENT_COLUMNS R"(
  FROM enrolment e
  WHERE e.id = ANY($1::uuid[]) AND ($2::boolean OR e.centre_id = ANY($3::uuid[]))
  ORDER BY e.campaign_id, e.line)");

const db::Statement kPut("enrolment_put", R"(
  INSERT INTO enrolment (id, campaign_id, line, organization_id, organization_kind, application_id,
    engagement_id, contact_person_id, consultant_person_id, applied_date, state, denial_reason,
    rule_version, rules, facts, created_at, updated_at, centre_id, offered_until, evidence,
    person_id, employer_id, attribution)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date, $11, $12, $13, $14::jsonb, $15::jsonb,
          $16::timestamptz, $17::timestamptz, $18, $19::timestamptz, $20::jsonb,
          $21, $22, $23)
  ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, updated_at = EXCLUDED.updated_at,
    offered_until = EXCLUDED.offered_until
  WHERE $24::boolean OR enrolment.centre_id = ANY($25::uuid[]))");

const db::Statement kSaveEmployer("enrolment_save_employer", R"(
  UPDATE enrolment SET employer_id = $2, attribution = $3
  WHERE id = $1 AND ($4::boolean OR centre_id = ANY($5::uuid[])))");

const db::Statement kPutSteps("enrolment_put_steps", R"(
  INSERT INTO enrolment_transition (enrolment_id, step, state, day, denial_reason,
                                    withdrawal_reason, recorded_at)
  SELECT $1, s.step, s.state, s.day, s.denial_reason, s.withdrawal_reason, s.recorded_at
  FROM unnest($2::smallint[], $3::smallint[], $4::date[], $5::smallint[], $6::smallint[],
              $7::timestamptz[])
    AS s (step, state, day, denial_reason, withdrawal_reason, recorded_at)
  ON CONFLICT (enrolment_id, step) DO NOTHING)");

void PutSteps(db::Tx& tx, const Enrolment& enrolment) {
  std::vector<db::Param> numbers, states, days, denials, withdrawals, instants;
  for (const EnrolmentStep& step : enrolment.steps) {
    numbers.emplace_back(numbers.size() + 1);
    states.emplace_back(step.state);
    days.emplace_back(step.day);
    denials.emplace_back(step.denial_reason);
    withdrawals.emplace_back(step.withdrawal_reason);
    instants.emplace_back(step.recorded_at);
  }
  tx.Exec(kPutSteps, enrolment.id, db::Array(numbers), db::Array(states), db::Array(days),
          db::Array(denials), db::Array(withdrawals), db::Array(instants));
}

// The states of enrolment_living_or_offered: all but DENIED and WITHDRAWN.
const db::Statement kIsEnrolled("enrolment_is_enrolled", R"(
  SELECT 1 FROM enrolment
  WHERE campaign_id = $1 AND organization_id = $2 AND state IN (1, 3, 4, 5, 6, 8))");

const db::Statement kIsPersonEnrolled("enrolment_is_person_enrolled", R"(
  SELECT 1 FROM enrolment
  WHERE campaign_id = $1 AND person_id = $2 AND state IN (1, 3, 4, 5, 6, 8))");

const db::Statement kFirstInLine("enrolment_first_in_line", R"(
  SELECT id FROM enrolment
  WHERE campaign_id = $1 AND state = 3 AND id <> ALL($3::uuid[])
  ORDER BY line LIMIT $2::bigint)");

const db::Statement kFindByApplication(
    "enrolment_find_by_application",
    "SELECT id, campaign_id FROM enrolment WHERE application_id = $1");

const db::Statement kOfOrganization("enrolment_of_organization", R"(
  SELECT id, campaign_id FROM enrolment WHERE organization_id = $1 AND state IN (3, 4, 8)
  ORDER BY id)");

const db::Statement kOfPerson(
    "enrolment_of_person",
    "SELECT id, campaign_id FROM enrolment WHERE person_id = $1 ORDER BY id");

const db::Statement kEndedOffers("enrolment_ended_offers", R"(
  SELECT id, campaign_id, offered_until FROM enrolment
  WHERE state = 8 AND offered_until <= $1::timestamptz ORDER BY offered_until, id LIMIT $2::bigint)");

const db::Statement kCountEndedOffers("enrolment_count_ended_offers", R"(
  SELECT count(*) FROM enrolment WHERE state = 8 AND offered_until <= $1::timestamptz)");

const db::Statement kKeepWithdrawn("withdrawn_application_keep", R"(
  INSERT INTO withdrawn_application (application_id, withdrawn_date, recorded_at)
  VALUES ($1, $2::date, $3::timestamptz) ON CONFLICT (application_id) DO NOTHING)");

const db::Statement kFindWithdrawn(
    "withdrawn_application_find",
    "SELECT withdrawn_date FROM withdrawn_application WHERE application_id = $1");

std::vector<EnrolmentPlace> PlacesIn(const db::Rows& rows) {
  std::vector<EnrolmentPlace> places;
  for (const auto& row : rows) places.push_back({db::AsUuid(row[0]), db::AsUuid(row[1])});
  return places;
}

}  // namespace

std::optional<Enrolment> FindEnrolment(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  std::vector<Enrolment> found = FindEnrolments(tx, scope, {id});
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

std::vector<Enrolment> FindEnrolments(db::Tx& tx, const base::Scope& scope,
                                      const std::vector<base::Uuid>& ids) {
  std::vector<Enrolment> enrolments;
  if (ids.empty()) return enrolments;
  for (const auto& row : tx.Exec(kFind, db::ArrayOf(ids), scope.everywhere(), scope.AsArray())) {
    enrolments.push_back(ReadEnrolment(row));
  }
  absl::flat_hash_map<base::Uuid, Enrolment*> by_id;
  for (Enrolment& enrolment : enrolments) by_id[enrolment.id] = &enrolment;
  ReadSteps(tx, by_id);
  return enrolments;
}

void PutEnrolment(db::Tx& tx, const base::Scope& scope, const Enrolment& enrolment) {
  std::optional<std::string> rules, facts, evidence;
  if (enrolment.rule_version != 0) rules = ToJson(enrolment.rules);
  if (enrolment.facts) facts = ToJson(*enrolment.facts);
  if (enrolment.rule_version != 0 && enrolment.evidence) evidence = ToJson(*enrolment.evidence);
  tx.Exec(kPut, enrolment.id, enrolment.campaign_id, enrolment.line, enrolment.organization_id,
          enrolment.organization_kind, enrolment.application_id, enrolment.engagement_id,
          enrolment.contact_person_id, enrolment.consultant_person_id, enrolment.applied_date,
          enrolment.state(), enrolment.denial_reason(), enrolment.rule_version, rules, facts,
          enrolment.created_at, enrolment.updated_at(), enrolment.centre, enrolment.offered_until,
          evidence, enrolment.person_id, enrolment.employer_id, enrolment.attribution,
          scope.everywhere(), scope.AsArray());
  PutSteps(tx, enrolment);
}

void SaveEmployer(db::Tx& tx, const base::Scope& scope, const Enrolment& enrolment) {
  tx.Exec(kSaveEmployer, enrolment.id, enrolment.employer_id, enrolment.attribution,
          scope.everywhere(), scope.AsArray());
}

bool IsEnrolled(db::Tx& tx, const Enrolment& enrolment) {
  if (enrolment.person_id) {
    return !tx.Exec(kIsPersonEnrolled, enrolment.campaign_id, *enrolment.person_id).empty();
  }
  return !tx.Exec(kIsEnrolled, enrolment.campaign_id, *enrolment.organization_id).empty();
}

std::vector<base::Uuid> FirstInLine(db::Tx& tx, const base::Uuid& campaign, int64_t limit,
                                    const std::vector<base::Uuid>& except) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kFirstInLine, campaign, limit, db::ArrayOf(except))) {
    ids.push_back(db::AsUuid(row[0]));
  }
  return ids;
}

std::optional<EnrolmentPlace> FindByApplication(db::Tx& tx, const base::Uuid& application) {
  auto row = tx.ExecOptional(kFindByApplication, application);
  if (!row) return std::nullopt;
  return EnrolmentPlace{db::AsUuid((*row)[0]), db::AsUuid((*row)[1])};
}

std::vector<EnrolmentPlace> WaitingAndConfirmedOf(db::Tx& tx, const base::Uuid& organization) {
  return PlacesIn(tx.Exec(kOfOrganization, organization));
}

std::vector<EnrolmentPlace> EnrolmentsOf(db::Tx& tx, const base::Uuid& person) {
  return PlacesIn(tx.Exec(kOfPerson, person));
}

std::vector<EndedOffer> EndedOffers(db::Tx& tx, absl::Time now, int limit) {
  std::vector<EndedOffer> ended;
  for (const auto& row : tx.Exec(kEndedOffers, now, limit)) {
    ended.push_back({{db::AsUuid(row[0]), db::AsUuid(row[1])}, db::AsTime(row[2])});
  }
  return ended;
}

int64_t CountEndedOffers(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountEndedOffers, now)[0][0].as<int64_t>();
}

void KeepWithdrawnApplication(db::Tx& tx, const base::Uuid& application, absl::CivilDay withdrawn,
                              absl::Time now) {
  tx.Exec(kKeepWithdrawn, application, withdrawn, now);
}

std::optional<absl::CivilDay> FindWithdrawnApplication(db::Tx& tx, const base::Uuid& application) {
  auto row = tx.ExecOptional(kFindWithdrawn, application);
  if (!row) return std::nullopt;
  return db::AsDay((*row)[0]);
}

namespace {

// `state` and `offered`: the columns that a step changes; `centre`: the one that a move changes.
filter::FieldMap EnrolmentFields(const std::string& state, const std::string& offered,
                                 const std::string& centre) {
  return {{"name", filter::Uuid("e.id").NotNull()},
          {"organization", filter::Resource("e.organization_id", "organizations/{}")},
          {"person", filter::Resource("e.person_id", "persons/{}")},
          {"employer", filter::Resource("e.employer_id", "organizations/{}")},
          {"state", filter::Enum<v1::EnrolmentState>(state).NotNull()},
          {"application", filter::Resource("e.application_id", "applications/{}")},
          {"applied_date", filter::Date("e.applied_date").NotNull()},
          {"create_time", filter::Timestamp("e.created_at").NotNull()},
          {"offer_expire_time", filter::Timestamp(offered)},
          {"programme", filter::Text("c.programme").NotNull()},
          {"edition", filter::Text("c.edition").NotNull()},
          {"centre", filter::Resource(centre, "organizations/{}")}};
}

}  // namespace

const filter::ListSpec& EnrolmentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = ENROLMENT_COLUMNS
      ", a.version, CASE WHEN e.state = 3 THEN (SELECT count(*) "
      "FROM enrolment w WHERE w.campaign_id = e.campaign_id "
      "AND w.state = 3 AND w.line <= e.line) ELSE 0 END, c.programme, c.edition, e.centre_id",
      .from = "enrolment e JOIN aggregate a ON a.id = e.id JOIN campaign c ON c.id = e.campaign_id",
      .fields = EnrolmentFields("e.state", "e.offered_until", "e.centre_id"),
      .key = "name",
      .centres = {"e.centre_id"}};
  return *spec;
}

// Whose it was then; who may read it is asked of whose it is now.
constexpr char kCentreThen[] = "CASE WHEN w.moved THEN w.centre_id ELSE e.centre_id END";

filter::ListSpec EnrolmentListThen(absl::Time instant) {
  const std::string then = InstantLiteral(instant);
  return {.columns =
              absl::StrCat(ENROLMENT_COLUMNS ", coalesce((SELECT v.version FROM event_log v WHERE "
                                             "v.aggregate_id = e.id AND v.occurred_at <= ",
                           then,
                           " ORDER BY v.version DESC LIMIT 1), 0), 0, c.programme, "
                           "c.edition, ",
                           kCentreThen),
          .from = absl::StrCat("enrolment e JOIN campaign c ON c.id = e.campaign_id "
                               "JOIN LATERAL (SELECT s.state FROM enrolment_transition s WHERE "
                               "s.enrolment_id = e.id AND s.recorded_at <= ",
                               then,
                               " ORDER BY s.step DESC LIMIT 1) h ON TRUE "
                               "LEFT JOIN LATERAL (SELECT b.centre_id, TRUE AS moved FROM "
                               "ownership_before b WHERE b.row_id = e.id AND b.from_at <= ",
                               then, " AND b.to_at > ", then, " LIMIT 1) w ON TRUE"),
          .fields = EnrolmentFields(
              "h.state",
              absl::StrCat("(SELECT e.offered_until FROM enrolment_transition o WHERE "
                           "o.enrolment_id = e.id AND o.state = 8 AND o.recorded_at <= ",
                           then, " LIMIT 1)"),
              kCentreThen),
          .key = "name",
          .centres = {"e.centre_id"}};
}

EnrolmentView ReadEnrolmentView(const db::Row& row) {
  EnrolmentView view{ReadEnrolment(row), row[kVersionColumn].as<int64_t>(),
                     row[kWaitingColumn].as<int>(), db::AsText(row[kProgrammeColumn]),
                     db::AsText(row[kEditionColumn])};
  view.enrolment.centre = db::AsOptionalUuid(row[kCentreColumn]);
  return view;
}

void AddSteps(db::Tx& tx, std::vector<EnrolmentView>* views) {
  absl::flat_hash_map<base::Uuid, Enrolment*> by_id;
  for (EnrolmentView& view : *views) by_id[view.enrolment.id] = &view.enrolment;
  ReadSteps(tx, by_id);
}

}  // namespace ieum::registry
