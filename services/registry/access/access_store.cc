#include "services/registry/access/access_store.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define SUBJECT_COLUMNS                                                                    \
  "s.id, s.account, s.state, s.person_id, s.state_account, s.state_reason, s.created_at, " \
  "s.updated_at"
constexpr int kSubjectVersionColumn = 8;
constexpr int kOnlyHereColumn = 9;  // all that it ever held lies in the caller's centres

#define GRANT_COLUMNS                                                                \
  "g.id, g.subject_id, g.role, g.centre_id, g.kind, g.given_at, g.giver, g.reason, " \
  "g.cause, g.resource, g.expires_at, g.ended_at, g.ender, g.ended_by, g.end_reason"
constexpr int kAccountColumn = 15;
constexpr int kGrantVersionColumn = 16;

constexpr int kToldMax = 20;  // of one broken glass

Subject ReadSubject(const db::Row& row) {
  Subject subject;
  subject.id = db::AsUuid(row[0]);
  subject.account = db::AsText(row[1]);
  subject.state = static_cast<v1::SubjectState>(row[2].as<int>());
  subject.person = db::AsOptionalUuid(row[3]);
  subject.state_account = db::AsText(row[4]);
  subject.state_reason = db::AsText(row[5]);
  subject.created_at = db::AsTime(row[6]);
  subject.updated_at = db::AsTime(row[7]);
  return subject;
}

SubjectGrant ReadGrant(const db::Row& row) {
  SubjectGrant grant;
  grant.id = db::AsUuid(row[0]);
  grant.subject_id = db::AsUuid(row[1]);
  grant.role = db::AsText(row[2]);
  grant.centre = db::AsOptionalUuid(row[3]);
  grant.kind = static_cast<v1::GrantKind>(row[4].as<int>());
  grant.given_at = db::AsTime(row[5]);
  grant.giver = db::AsText(row[6]);
  grant.reason = db::AsText(row[7]);
  grant.cause = static_cast<v1::BreakGlassCause>(row[8].as<int>());
  grant.resource = db::AsText(row[9]);
  grant.expires_at = db::AsOptionalTime(row[10]);
  grant.ended_at = db::AsOptionalTime(row[11]);
  grant.ender = db::AsText(row[12]);
  grant.end = static_cast<v1::GrantEnd>(row[13].as<int>());
  grant.end_reason = db::AsText(row[14]);
  return grant;
}

std::vector<SubjectGrant> ReadGrants(const db::Rows& rows) {
  std::vector<SubjectGrant> grants;
  for (const auto& row : rows) grants.push_back(ReadGrant(row));
  return grants;
}

const db::Statement kFindSubject("subject_find",
                                 "SELECT " SUBJECT_COLUMNS " FROM subject s WHERE s.id = $1");

const db::Statement kFindSubjectView("subject_find_view", "SELECT " SUBJECT_COLUMNS R"(, a.version,
    $2::boolean OR NOT EXISTS (
      SELECT FROM subject_grant o WHERE o.subject_id = s.id
        AND (o.centre_id IS NULL OR o.centre_id <> ALL($3::uuid[])))
  FROM subject s JOIN aggregate a ON a.id = s.id
  WHERE s.id = $1 AND ($2::boolean OR EXISTS (
    SELECT FROM subject_grant g WHERE g.subject_id = s.id AND g.ended_at IS NULL
      AND g.centre_id = ANY($3::uuid[]))))");

const db::Statement kPutSubject("subject_put", R"(
  INSERT INTO subject (id, account, state, person_id, state_account, state_reason, created_at,
                       updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz)
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, person_id = excluded.person_id,
    state_account = excluded.state_account, state_reason = excluded.state_reason,
    updated_at = excluded.updated_at)");

const db::Statement kFindGrant("subject_grant_find", "SELECT " GRANT_COLUMNS R"(
  FROM subject_grant g WHERE g.id = $1 AND ($2::boolean OR g.centre_id = ANY($3::uuid[])))");

const db::Statement kFindGrantView("subject_grant_find_view",
                                   "SELECT " GRANT_COLUMNS R"(, s.account, a.version
  FROM subject_grant g JOIN subject s ON s.id = g.subject_id JOIN aggregate a ON a.id = s.id
  WHERE g.id = $1 AND ($2::boolean OR g.centre_id = ANY($3::uuid[])))");

const db::Statement kLiving("subject_grant_living", "SELECT " GRANT_COLUMNS R"(
  FROM subject_grant g WHERE g.subject_id = $1 AND g.ended_at IS NULL ORDER BY g.id)");

const db::Statement kInsertGrant("subject_grant_insert", R"(
  INSERT INTO subject_grant (id, subject_id, role, centre_id, kind, given_at, giver, reason, cause,
                             resource, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6::timestamptz, $7, $8, $9, $10, $11::timestamptz))");

const db::Statement kSaveEnd("subject_grant_end", R"(
  UPDATE subject_grant SET ended_at = $2::timestamptz, ender = $3, ended_by = $4, end_reason = $5
  WHERE id = $1)");

const db::Statement kSupervisors("subject_supervisors", R"(
  SELECT DISTINCT s.person_id FROM subject_grant g JOIN subject s ON s.id = g.subject_id
  WHERE g.role = $1 AND g.ended_at IS NULL AND (g.centre_id IS NULL OR g.centre_id = $2::uuid)
    AND s.state = 1 AND s.person_id IS NOT NULL AND s.id <> $3
    AND s.person_id IS DISTINCT FROM $5::uuid
  ORDER BY s.person_id LIMIT $4)");

const db::Statement kExpired("subject_grant_expired", "SELECT " GRANT_COLUMNS R"(
  FROM subject_grant g WHERE g.ended_at IS NULL AND g.expires_at <= $1::timestamptz
  ORDER BY g.expires_at, g.id LIMIT $2)");

const db::Statement kCountExpired("subject_grant_count_expired", R"(
  SELECT count(*) FROM subject_grant WHERE ended_at IS NULL AND expires_at <= $1::timestamptz)");

}  // namespace

std::optional<Subject> FindSubject(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindSubject, id);
  if (!row) return std::nullopt;
  return ReadSubject(*row);
}

void PutSubject(db::Tx& tx, const Subject& subject) {
  tx.Exec(kPutSubject, subject.id, subject.account, subject.state, subject.person,
          subject.state_account, subject.state_reason, subject.created_at, subject.updated_at);
}

std::optional<SubjectGrant> FindGrant(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindGrant, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadGrant(*row);
}

std::vector<SubjectGrant> LivingGrants(db::Tx& tx, const base::Uuid& subject) {
  return ReadGrants(tx.Exec(kLiving, subject));
}

void InsertGrant(db::Tx& tx, const SubjectGrant& grant) {
  tx.Exec(kInsertGrant, grant.id, grant.subject_id, grant.role, grant.centre, grant.kind,
          grant.given_at, grant.giver, grant.reason, grant.cause, grant.resource, grant.expires_at);
}

void SaveEnd(db::Tx& tx, const SubjectGrant& grant) {
  tx.Exec(kSaveEnd, grant.id, grant.ended_at, grant.ender, grant.end, grant.end_reason);
}

std::vector<base::Uuid> Supervisors(db::Tx& tx, const std::optional<base::Uuid>& centre,
                                    const Subject& except) {
  std::vector<base::Uuid> persons;
  for (const auto& row :
       tx.Exec(kSupervisors, kSupervisorRole, centre, except.id, kToldMax, except.person)) {
    persons.push_back(db::AsUuid(row[0]));
  }
  return persons;
}

std::vector<SubjectGrant> ExpiredGrants(db::Tx& tx, absl::Time now, int limit) {
  return ReadGrants(tx.Exec(kExpired, now, limit));
}

int64_t CountExpiredGrants(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountExpired, now)[0][0].as<int64_t>();
}

std::optional<SubjectView> FindSubjectView(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindSubjectView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  SubjectView view{ReadSubject(*row), (*row)[kSubjectVersionColumn].as<int64_t>()};
  if ((*row)[kOnlyHereColumn].as<bool>()) return view;
  view.subject.person = std::nullopt;
  view.subject.state_account.clear();
  view.subject.state_reason.clear();
  return view;
}

std::optional<GrantView> FindGrantView(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindGrantView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadGrantView(*row);
}

const filter::ListSpec& GrantList() {
  static const auto* spec = new filter::ListSpec{
      .columns = GRANT_COLUMNS ", s.account, a.version",
      .from =
          "subject_grant g JOIN subject s ON s.id = g.subject_id "
          "JOIN aggregate a ON a.id = s.id",
      .fields = {{"name", filter::Uuid("g.id").NotNull()},
                 {"account", filter::Text("s.account").NotNull()},
                 {"role", filter::Text("g.role").NotNull()},
                 {"centre", filter::Resource("g.centre_id", "organizations/{}")},
                 {"kind", filter::Enum<v1::GrantKind>("g.kind").NotNull()},
                 {"end", filter::Enum<v1::GrantEnd>("g.ended_by").NotNull()},
                 {"giver", filter::Text("g.giver").NotNull()},
                 {"give_time", filter::Timestamp("g.given_at").NotNull()},
                 {"end_time", filter::Timestamp("g.ended_at")}},
      .key = "name",
      .centres = {"g.centre_id"}};
  return *spec;
}

GrantView ReadGrantView(const db::Row& row) {
  return {ReadGrant(row), db::AsText(row[kAccountColumn]), row[kGrantVersionColumn].as<int64_t>()};
}

}  // namespace ieum::registry
