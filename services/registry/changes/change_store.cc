#include "services/registry/changes/change_store.h"

#include "absl/strings/str_split.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

// Names under which values are sealed; they are bound into the boxes and never change.
constexpr char kBeforeBox[] = "change_before";
constexpr char kAfterBox[] = "change_after";

// In the order in which they are read.
#define CHANGE_COLUMNS                                                                         \
  "c.id, c.kind, coalesce(c.organization_id, c.person_id), c.part, array_to_string(c.fields, " \
  "','), c.centre_id, c.state, c.reason, c.requester, c.created_at, c.expires_at, "            \
  "c.seen_version, c.decider, c.decided_at, c.decide_reason, c.applied_version"
constexpr int kVersionColumn = 16;

const db::Statement kInsert("change_request_insert", R"(
  INSERT INTO change_request (id, kind, organization_id, person_id, part, fields, before_value,
    after_value, before_box, after_box, centre_id, state, reason, requester, created_at, expires_at,
    seen_version)
  VALUES ($1, $2, $3, $4, $5, $6::text[], $7::jsonb, $8::jsonb, $9::bytea, $10::bytea, $11, $12,
    $13, $14, $15::timestamptz, $16::timestamptz, $17)
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kSaveEnd("change_request_end", R"(
  UPDATE change_request SET state = $2, decider = $3, decided_at = $4::timestamptz,
    decide_reason = $5, applied_version = $6
  WHERE id = $1 AND ($7::boolean OR centre_id = ANY($8::uuid[])))");

const db::Statement kSaveSeen("change_request_seen",
                              "UPDATE change_request SET seen_version = $2 WHERE id = $1");

const db::Statement kFind("change_request_find", "SELECT " CHANGE_COLUMNS R"(, a.version
  FROM change_request c JOIN aggregate a ON a.id = c.id
  WHERE c.id = $1 AND ($2::boolean OR c.centre_id = ANY($3::uuid[])))");

const db::Statement kValues("change_request_values", R"(
  SELECT before_value, after_value, before_box, after_box FROM change_request WHERE id = $1)");

const db::Statement kWaiting("change_request_waiting_for", R"(
  SELECT id FROM change_request
  WHERE coalesce(organization_id, person_id) = $1 AND state = 1 AND part = $2
    AND fields && $3::text[]
  ORDER BY id LIMIT 1)");

const db::Statement kWaitingOf("change_request_waiting_of", "SELECT " CHANGE_COLUMNS R"(
  FROM change_request c WHERE coalesce(c.organization_id, c.person_id) = $1 AND c.state = 1
  ORDER BY c.id)");

const db::Statement kForget("change_request_forget", R"(
  UPDATE change_request SET before_box = NULL, after_box = NULL, reason = '', decide_reason = ''
  WHERE person_id = $1)");

#define DUE                                                                             \
  "FROM change_request c JOIN aggregate t ON t.id = coalesce(c.organization_id, "       \
  "c.person_id) WHERE c.state = 1 AND (c.expires_at <= $1::timestamptz OR t.version > " \
  "c.seen_version)"

const db::Statement kDue("change_request_due", "SELECT " CHANGE_COLUMNS ", t.version " DUE
                                               " ORDER BY c.expires_at, c.id LIMIT $2");
const db::Statement kCountDue("change_request_count_due", "SELECT count(*) " DUE);

const db::Statement kReviewed("change_request_reviewed", R"(
  SELECT applied_version, id, requester FROM change_request
  WHERE coalesce(organization_id, person_id) = $1 AND state = 2
    AND applied_version = ANY($2::bigint[]))");

Change ReadChange(const db::Row& row) {
  Change change;
  change.id = db::AsUuid(row[0]);
  change.kind = static_cast<ChangeKind>(row[1].as<int>());
  change.target = db::AsUuid(row[2]);
  change.part = db::AsText(row[3]);
  change.fields = absl::StrSplit(db::AsText(row[4]), ',', absl::SkipEmpty());
  change.centre = db::AsOptionalUuid(row[5]);
  change.state = static_cast<v1::ChangeState>(row[6].as<int>());
  change.reason = db::AsText(row[7]);
  change.requester = db::AsText(row[8]);
  change.created_at = db::AsTime(row[9]);
  change.expires_at = db::AsTime(row[10]);
  change.seen_version = row[11].as<int64_t>();
  change.decider = db::AsText(row[12]);
  change.decided_at = db::AsOptionalTime(row[13]);
  change.decide_reason = db::AsText(row[14]);
  change.applied_version = row[15].as<int64_t>();
  return change;
}

absl::Status OpenBox(const crypto::Vault& vault, const crypto::Key& key, const char* name,
                     const pqxx::field& box, std::string* value) {
  if (box.is_null()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*value, vault.OpenValue(key, name, db::AsBytes(box)));
  return absl::OkStatus();
}

// The four columns of values.
struct Values {
  db::Param before = std::nullopt, after = std::nullopt;
  db::Param before_box = std::nullopt, after_box = std::nullopt;
};

absl::StatusOr<Values> ValuesOf(db::Tx& tx, const db::PersonKeys& keys, const Change& change) {
  Values values;
  if (!change.of_person()) {
    values.before = change.before;
    values.after = change.after;
    return values;
  }
  ASSIGN_OR_RETURN(const crypto::Key key, keys.Get(tx, change.target));
  const crypto::Vault& vault = keys.vault();
  values.before_box = db::Bytes(vault.SealValue(key, kBeforeBox, change.before));
  values.after_box = db::Bytes(vault.SealValue(key, kAfterBox, change.after));
  return values;
}

}  // namespace

absl::StatusOr<bool> InsertChange(db::Tx& tx, const db::PersonKeys& keys, const Change& change) {
  ASSIGN_OR_RETURN(const Values values, ValuesOf(tx, keys, change));
  std::optional<base::Uuid> organization, person;
  (change.of_person() ? person : organization) = change.target;
  return tx.ExecOne(kInsert, change.id, static_cast<int>(change.kind), organization, person,
                    change.part, db::ArrayOf(change.fields), values.before, values.after,
                    values.before_box, values.after_box, change.centre, change.state, change.reason,
                    change.requester, change.created_at, change.expires_at, change.seen_version);
}

void SaveEnd(db::Tx& tx, const base::Scope& scope, const Change& change) {
  const bool saved = tx.ExecCount(kSaveEnd, change.id, change.state, change.decider,
                                  change.decided_at, change.decide_reason, change.applied_version,
                                  scope.everywhere(), scope.AsArray()) == 1;
  // It was handed to another centre meanwhile: looked for again, it is not there.
  if (!saved) db::Conflict();
}

void SaveSeen(db::Tx& tx, const base::Uuid& id, int64_t version) {
  tx.Exec(kSaveSeen, id, version);
}

std::optional<ChangeView> FindChangeView(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadChangeView(*row);
}

std::optional<Change> FindChange(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  auto view = FindChangeView(tx, scope, id);
  if (!view) return std::nullopt;
  return std::move(view->change);
}

absl::Status OpenValues(db::Tx& tx, const db::PersonKeys& keys, Change* change) {
  const auto row = tx.ExecOptional(kValues, change->id);
  if (!row) return absl::OkStatus();
  if (!change->of_person()) {
    change->before = db::AsText((*row)[0]);
    change->after = db::AsText((*row)[1]);
    return absl::OkStatus();
  }
  if ((*row)[2].is_null() && (*row)[3].is_null()) return absl::OkStatus();
  const auto key = keys.Get(tx, change->target);
  // Erased beside this look: there is nothing to read any more.
  if (absl::IsFailedPrecondition(key.status())) return absl::OkStatus();
  RETURN_IF_ERROR(key.status());
  RETURN_IF_ERROR(OpenBox(keys.vault(), *key, kBeforeBox, (*row)[2], &change->before));
  return OpenBox(keys.vault(), *key, kAfterBox, (*row)[3], &change->after);
}

std::optional<base::Uuid> FindWaiting(db::Tx& tx, const Change& like) {
  const auto row = tx.ExecOptional(kWaiting, like.target, like.part, db::ArrayOf(like.fields));
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

std::vector<Change> WaitingOf(db::Tx& tx, const base::Uuid& target) {
  std::vector<Change> waiting;
  for (const auto& row : tx.Exec(kWaitingOf, target)) waiting.push_back(ReadChange(row));
  return waiting;
}

void ForgetValues(db::Tx& tx, const base::Uuid& person) { tx.Exec(kForget, person); }

std::vector<DueChange> FindChangesDue(db::Tx& tx, absl::Time now, int limit) {
  std::vector<DueChange> due;
  for (const auto& row : tx.Exec(kDue, now, limit)) {
    due.push_back({ReadChange(row), row[kVersionColumn].as<int64_t>()});
  }
  return due;
}

int64_t CountChangesDue(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountDue, now)[0][0].as<int64_t>();
}

std::map<int64_t, Reviewed> ReviewedOf(db::Tx& tx, const base::Uuid& target,
                                       const std::vector<int64_t>& versions) {
  std::map<int64_t, Reviewed> reviewed;
  for (const auto& row : tx.Exec(kReviewed, target, db::ArrayOf(versions))) {
    reviewed[row[0].as<int64_t>()] = {db::AsUuid(row[1]), db::AsText(row[2])};
  }
  return reviewed;
}

const filter::ListSpec& ChangeList() {
  static const auto* spec = new filter::ListSpec{
      .columns = CHANGE_COLUMNS ", a.version",
      .from = "change_request c JOIN aggregate a ON a.id = c.id",
      .fields = {{"name", filter::Uuid("c.id").NotNull()},
                 {"organization", filter::Resource("c.organization_id", "organizations/{}")},
                 {"person", filter::Resource("c.person_id", "persons/{}")},
                 {"state", filter::Enum<v1::ChangeState>("c.state").NotNull()},
                 {"requester", filter::Text("c.requester").NotNull()},
                 {"decider", filter::Text("c.decider").NotNull()},
                 {"create_time", filter::Timestamp("c.created_at").NotNull()},
                 {"expire_time", filter::Timestamp("c.expires_at").NotNull()},
                 {"centre", filter::Resource("c.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"c.centre_id"}};
  return *spec;
}

ChangeView ReadChangeView(const db::Row& row) {
  return {ReadChange(row), row[kVersionColumn].as<int64_t>()};
}

}  // namespace ieum::registry
