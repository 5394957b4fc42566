#include "services/registry/people/person_then_store.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/registry/organizations/organization_rows.h"
#include "services/registry/people/person_rows.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/person_wire.h"

namespace ieum::registry {
namespace {

using ledger::FieldChange;
using Changes = std::map<int64_t, std::vector<FieldChange>>;

// What holds now stands in `person`, what held before in `person_version`.
const db::Statement kFindThen("person_find_then", "SELECT " PERSON_COLUMNS("v.") R"(, e.version
  FROM person p
  CROSS JOIN LATERAL (
    SELECT )" PERSON_COLUMNS("n.") R"( FROM person n
    WHERE n.id = p.id AND coalesce(n.known_from, n.updated_at) <= $4::timestamptz
    UNION ALL
    SELECT )" PERSON_COLUMNS("h.") R"( FROM person_version h
    WHERE h.person_id = p.id AND h.known_from <= $4::timestamptz
      AND h.known_to > $4::timestamptz) v
  LEFT JOIN LATERAL (
    SELECT x.version FROM event_log x
    WHERE x.aggregate_id = p.id AND x.occurred_at <= $4::timestamptz
    ORDER BY x.version DESC LIMIT 1) e ON TRUE
  WHERE p.id = $1 AND )" PERSON_IN_SCOPE("$2", "$3"));

// Values said by an event of a version, each beside those before them; what holds now is the last.
const db::Statement kSteps("person_version_steps",
                           "SELECT n.version, " PERSON_COLUMNS("n.") ", " PERSON_COLUMNS("b.") R"(
  FROM person p
  CROSS JOIN LATERAL (
    SELECT h.seq, h.version, )" PERSON_COLUMNS("h.") R"( FROM person_version h
    WHERE h.person_id = p.id
    UNION ALL
    SELECT 9223372036854775807, c.version, )" PERSON_COLUMNS("c.") R"( FROM person c
    WHERE c.id = p.id) n
  LEFT JOIN LATERAL (
    SELECT * FROM person_version x WHERE x.person_id = p.id AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) b ON TRUE
  WHERE p.id = $1 AND n.version = ANY($4::bigint[]) AND )" PERSON_IN_SCOPE("$2", "$3") R"(
  ORDER BY n.seq)");

const db::Statement kAffiliationSteps(
    "affiliation_version_steps",
    "SELECT n.version, " AFFILIATION_COLUMNS("n.") ", " AFFILIATION_COLUMNS("b.") R"(
  FROM (
    SELECT h.seq, h.version, )" AFFILIATION_COLUMNS("h.") R"( FROM affiliation_version h
    WHERE h.person_id = $1
    UNION ALL
    SELECT 9223372036854775807, f.version, )" AFFILIATION_COLUMNS("f.") R"( FROM affiliation f
    WHERE f.person_id = $1) n
  LEFT JOIN LATERAL (
    SELECT * FROM affiliation_version x WHERE x.id = n.id AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) b ON TRUE
  JOIN person p ON p.id = n.person_id
  WHERE n.version = ANY($4::bigint[])
    AND ($2::boolean OR p.centre_id = ANY($3::uuid[])
         OR (n.role <> 5 AND n.organization_id = ANY($3::uuid[])))
  ORDER BY n.id, n.seq)");

// What a version says of itself; without a key only what is not personal.
absl::StatusOr<v1::Person> ValuesIn(const base::Uuid& id, const db::Row& row, int at,
                                    const Boxes* boxes) {
  v1::Person values;
  if (row[at].is_null()) return values;  // there was none before
  if (boxes == nullptr) {
    values.set_basis(static_cast<v1::LegalBasis>(row[at].as<int>()));
    values.set_preferred_language(static_cast<v1::Language>(row[at + 1].as<int>()));
    return values;
  }
  ASSIGN_OR_RETURN(const Person person, OpenPerson(id, row, at, *boxes));
  return PersonalOf(person);
}

v1::Affiliation AffiliationIn(const db::Row& row, int at) {
  return row[at].is_null() ? v1::Affiliation() : RecordedPart(ReadAffiliation(row, at));
}

void Add(int64_t version, std::vector<FieldChange> made, Changes* changes) {
  auto& all = (*changes)[version];
  for (FieldChange& change : made) all.push_back(std::move(change));
}

void AddAffiliations(const db::Rows& rows, Changes* changes) {
  constexpr auto kMarked = ledger::PersonalFields::kMarked;
  for (const auto& row : rows) {
    const std::string prefix = absl::StrCat("affiliations[", db::AsUuid(row[1]).ToString(), "].");
    Add(row[0].as<int64_t>(),
        ledger::FieldChanges(AffiliationIn(row, 1 + kAffiliationColumns), AffiliationIn(row, 1),
                             prefix, kMarked),
        changes);
  }
}

}  // namespace

absl::StatusOr<PersonThen> FindPersonThen(db::Tx& tx, const base::Scope& scope,
                                          const db::PersonKeys& keys, const base::Uuid& id,
                                          absl::Time instant) {
  const auto row = tx.ExecOptional(kFindThen, id, scope.everywhere(), scope.AsArray(), instant);
  if (!row) return base::NotFound(PersonName(id));
  ASSIGN_OR_RETURN(crypto::Key key, keys.Get(tx, id));
  PersonThen then;
  ASSIGN_OR_RETURN(then.person, OpenPerson(id, *row, 0, Boxes(keys.vault(), std::move(key))));
  const auto version = (*row)[kPersonColumns];
  if (!version.is_null()) then.version = version.as<int64_t>();
  return then;
}

namespace {

// What was ever said of affiliations; what holds now is the last of each.
#define AFFILIATIONS_SAID \
  "(SELECT " AFFILIATION_COLUMNS("c.") ", 9223372036854775807 AS seq, c.version, NULL::bigint AS " \
  "next_version FROM affiliation c UNION ALL SELECT " AFFILIATION_COLUMNS("h.") ", h.seq, "        \
  "h.version, h.next_version FROM affiliation_version h)"

// When `f` was said, and when something else. A merge, and its end, move an affiliation from one
// record to the other with an event of the survivor's alone: so each instant is asked for from what
// holds on either side of it.
constexpr char kSince[] =
    "coalesce(least("
    "(SELECT e.occurred_at FROM event_log e "
    "WHERE e.aggregate_id = f.person_id AND e.version = f.version), "
    "(SELECT e.occurred_at FROM (SELECT w.person_id, w.next_version FROM affiliation_version w "
    "WHERE w.id = f.id AND w.seq < f.seq ORDER BY w.seq DESC LIMIT 1) b "
    "JOIN event_log e ON e.aggregate_id = b.person_id AND e.version = b.next_version)), "
    "p.created_at)";
constexpr char kUntil[] =
    "least("
    "(SELECT e.occurred_at FROM event_log e "
    "WHERE e.aggregate_id = f.person_id AND e.version = f.next_version), "
    "(SELECT e.occurred_at FROM (SELECT x.person_id, x.version FROM ("
    "SELECT w.seq, w.person_id, w.version FROM affiliation_version w "
    "WHERE w.id = f.id AND w.seq > f.seq "
    "UNION ALL SELECT 9223372036854775807, c.person_id, c.version FROM affiliation c "
    "WHERE c.id = f.id) x ORDER BY x.seq LIMIT 1) n "
    "JOIN event_log e ON e.aggregate_id = n.person_id AND e.version = n.version))";

}  // namespace

// The instants of events are asked for row by row: so a page follows the ids and ends with its
// limit.
filter::ListSpec AffiliationListThen(absl::Time instant) {
  const std::string then = InstantLiteral(instant);
  return {
      .columns = absl::StrCat(AFFILIATION_COLUMNS("f."),
                              ", coalesce((SELECT e.version FROM event_log e WHERE e.aggregate_id "
                              "= f.person_id AND e.occurred_at <= ",
                              then, " ORDER BY e.version DESC LIMIT 1), 0)"),
      .from = AFFILIATIONS_SAID " f JOIN person p ON p.id = f.person_id",
      .fields = AffiliationFields(),
      .key = "name",
      .fixed =
          absl::StrCat(kSince, " <= ", then, " AND CASE WHEN f.next_version IS NULL THEN TRUE ",
                       "ELSE ", kUntil, " > ", then, " END"),
      // Who may read it is asked of who keeps her now.
      .centres = {"p.centre_id", "f.organization_id"}};
}

absl::StatusOr<Changes> PersonFieldChanges(db::Tx& tx, const base::Scope& scope,
                                           const db::PersonKeys& keys, const base::Uuid& person,
                                           const std::vector<int64_t>& versions) {
  Changes changes;
  if (versions.empty()) return changes;
  const db::Param wanted = db::ArrayOf(versions);
  auto key = keys.Get(tx, person);
  if (!key.ok() && base::ReasonOf(key.status()) != "PERSON_ERASED") return key.status();
  std::optional<Boxes> boxes;
  if (key.ok()) boxes.emplace(keys.vault(), *std::move(key));
  const Boxes* open = boxes ? &*boxes : nullptr;
  for (const auto& row : tx.Exec(kSteps, person, scope.everywhere(), scope.AsArray(), wanted)) {
    ASSIGN_OR_RETURN(const v1::Person before, ValuesIn(person, row, 1 + kPersonColumns, open));
    ASSIGN_OR_RETURN(const v1::Person now, ValuesIn(person, row, 1, open));
    Add(row[0].as<int64_t>(),
        ledger::FieldChanges(before, now, "", ledger::PersonalFields::kMarked), &changes);
  }
  AddAffiliations(tx.Exec(kAffiliationSteps, person, scope.everywhere(), scope.AsArray(), wanted),
                  &changes);
  return changes;
}

}  // namespace ieum::registry
