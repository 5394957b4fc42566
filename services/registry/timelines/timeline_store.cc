#include "services/registry/timelines/timeline_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::registry {
namespace {

// Columns of every branch, in one order: subject_id, entry_key, entry_time, kind, state, step,
// detail, reason, code, event_date, source, organization_id, person_id, centre_id.
#define NO_DAY "NULL::date AS event_date"
#define NOBODY "NULL::uuid AS person_id"

// What the ledger says of the record itself and of its dated records. `TYPE`: "'Name'".
#define TYPE(name) "'ieum.registry.v1." name "'"
constexpr char kOrganizationRecords[] =
    "SELECT e.aggregate_id AS subject_id, 'v' || e.version AS entry_key, "
    "e.occurred_at AS entry_time, "
    "(CASE e.type WHEN " TYPE("OrganizationLabelRecorded") " THEN 6 WHEN " TYPE(
        "OrganizationFactsChanged") " THEN 7 WHEN " TYPE("CouncilTermRecorded") " THEN 8 ELSE 1 "
    "END)::smallint AS kind, 0::smallint AS state, "
    "CASE WHEN e.type IN (" TYPE("OrganizationLabelRecorded") ", " TYPE(
        "OrganizationFactsChanged") ", " TYPE("CouncilTermRecorded") ") THEN 'RECORDED' "
    "ELSE substring(e.type FROM '[^.]+$') END AS step, "
    "coalesce(c.sector, 0)::smallint AS detail, 0::smallint AS reason, "
    "coalesce(l.code, '') AS code, coalesce(l.valid_from, c.start_date) AS event_date, "
    "e.subject AS source, e.aggregate_id AS organization_id, " NOBODY ", "
    "NULL::uuid AS centre_id "
    "FROM event_log e "
    "LEFT JOIN organization_label l ON l.organization_id = e.aggregate_id "
    "AND l.version = e.version "
    "LEFT JOIN council_term c ON c.organization_id = e.aggregate_id AND c.version = e.version "
    "WHERE e.type IN (" TYPE("OrganizationRegistered") ", " TYPE("OrganizationUpdated") ", " TYPE(
        "OrganizationDeactivated") ", " TYPE("OrganizationLabelRecorded") ", " TYPE(
        "OrganizationFactsChanged") ", " TYPE("CouncilTermRecorded") ")";

constexpr char kPersonRecords[] =
    "SELECT e.aggregate_id, 'v' || e.aggregate_id || e.version, e.occurred_at, 1::smallint, "
    "0::smallint, substring(e.type FROM '[^.]+$'), 0::smallint, 0::smallint, '', " NO_DAY
    ", e.subject, NULL::uuid, e.aggregate_id, p.centre_id "
    "FROM event_log e JOIN person p ON p.id = e.aggregate_id "
    "WHERE e.type IN (" TYPE("PersonRegistered") ", " TYPE("PersonUpdated") ", " TYPE(
        "PersonsMerged") ", " TYPE("PersonsUnmerged") ", " TYPE("PersonErased") ")";

// Steps of enrolments; `of`: the column of whom they are listed for, `prefix`: of their keys.
std::string Enrolments(const char* of, const char* prefix) {
  return absl::StrCat(
      "SELECT e.", of, " AS subject_id, '", prefix,
      "' || e.id || s.step AS entry_key, s.recorded_at AS entry_time, 2::smallint AS kind, "
      "s.state, '' AS step, s.denial_reason AS detail, s.withdrawal_reason AS reason, '' AS code, "
      "s.day AS event_date, 'campaigns/' || e.campaign_id || '/enrolments/' || e.id AS source, "
      "e.organization_id, coalesce(e.person_id, e.contact_person_id) AS person_id, e.centre_id "
      "FROM enrolment e JOIN enrolment_transition s ON s.enrolment_id = e.id");
}

constexpr char kConsents[] =
    "SELECT c.person_id, 'c' || c.id, c.recorded_at, 3::smallint, c.state, '', c.purpose, "
    "0::smallint, '', (c.decided_at AT TIME ZONE 'Asia/Seoul')::date, "
    "'persons/' || c.person_id || '/consents/' || c.id, c.recipient_id, c.person_id, c.centre_id "
    "FROM consent c";

// Each thing that was said of an affiliation: beginning, end, and what was corrected.
std::string Affiliations(const char* of) {
  return absl::StrCat(
      "SELECT f.", of, ", 'f' || f.id || coalesce(f.version, 0), ",
      "coalesce(b.occurred_at, p.created_at), 4::smallint, 0::smallint, "
      "CASE WHEN w.seq IS NULL THEN 'STARTED' "
      "WHEN w.end_date IS NULL AND f.end_date IS NOT NULL THEN 'ENDED' ELSE 'RECORDED' END, "
      "f.role, 0::smallint, '', "
      "CASE WHEN w.seq IS NULL THEN f.start_date ELSE coalesce(f.end_date, f.start_date) END, "
      "'persons/' || f.person_id || '/affiliations/' || f.id, f.organization_id, f.person_id, "
      "p.centre_id FROM (SELECT 9223372036854775807 AS seq, id, person_id, organization_id, role, "
      "start_date, end_date, version FROM affiliation UNION ALL SELECT seq, id, "
      "person_id, organization_id, role, start_date, end_date, version "
      "FROM affiliation_version) f "
      "JOIN person p ON p.id = f.person_id "
      "LEFT JOIN event_log b ON b.aggregate_id = f.person_id AND b.version = f.version "
      "LEFT JOIN LATERAL (SELECT v.seq, v.end_date FROM affiliation_version v WHERE v.id = f.id "
      "AND v.seq < f.seq ORDER BY v.seq DESC LIMIT 1) w ON TRUE");
}

std::string Leads(const char* of) {
  return absl::StrCat(
      "SELECT l.", of,
      ", 'l' || l.id || s.step, s.recorded_at, 5::smallint, s.state, '', s.channel, "
      "s.loss_reason, '', s.day, 'leads/' || l.id, l.organization_id, l.contact_person_id, "
      "l.centre_id FROM lead l JOIN lead_transition s ON s.lead_id = l.id");
}

std::string Told(const char* of) {
  return absl::StrCat("SELECT o.", of,
                      ", 't' || o.event_id, o.occurred_at, o.kind, 0::smallint, o.step, "
                      "0::smallint, 0::smallint, '', o.event_date, o.source, o.organization_id, "
                      "o.person_id, o.centre_id FROM told_entry o");
}

std::string BranchesOf(TimelineOf of) {
  constexpr char kAnd[] = " UNION ALL ";
  if (of == TimelineOf::kOrganization) {
    return absl::StrCat(kOrganizationRecords, kAnd, Enrolments("organization_id", "e"), kAnd,
                        Affiliations("organization_id"), kAnd, Leads("organization_id"), kAnd,
                        Told("organization_id"));
  }
  return absl::StrCat(Enrolments("person_id", "e"), kAnd, Enrolments("contact_person_id", "k"),
                      " WHERE e.person_id IS DISTINCT FROM e.contact_person_id", kAnd,
                      kPersonRecords, kAnd, kConsents, kAnd, Affiliations("person_id"), kAnd,
                      Leads("contact_person_id"), kAnd, Told("person_id"));
}

filter::ListSpec MakeList(TimelineOf of) {
  return {.columns =
              "t.entry_time, t.kind, t.state, t.step, t.detail, t.reason, t.code, "
              "t.event_date, t.source, t.organization_id, t.person_id, t.centre_id",
          .from = absl::StrCat("(", BranchesOf(of), ") t"),
          .fields = {{"entry", filter::Text("t.entry_key").NotNull()},
                     {"entry_time", filter::Timestamp("t.entry_time").NotNull()},
                     {"kind", filter::Enum<v1::TimelineKind>("t.kind").NotNull()},
                     {"event_date", filter::Date("t.event_date")}},
          .key = "entry",
          .default_order = "entry_time desc"};
}

const db::Statement kKeep("told_entry_keep", R"(
  INSERT INTO told_entry (event_id, producer, shard, pos, kind, occurred_at, event_date, step,
                          source, organization_id, person_id, centre_id)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::bigint[], $5::smallint[],
                       $6::timestamptz[], $7::date[], $8::text[], $9::text[], $10::uuid[],
                       $11::uuid[], $12::uuid[])
  ON CONFLICT (event_id) DO NOTHING)");

const db::Statement kForget("told_entry_forget", R"(
  DELETE FROM told_entry WHERE producer = $1 AND shard = $2::smallint AND pos > $3::bigint)");

}  // namespace

const filter::ListSpec& TimelineList(TimelineOf of) {
  static const auto* person = new filter::ListSpec(MakeList(TimelineOf::kPerson));
  static const auto* organization = new filter::ListSpec(MakeList(TimelineOf::kOrganization));
  return of == TimelineOf::kPerson ? *person : *organization;
}

TimelineRow ReadTimelineRow(const db::Row& row) {
  TimelineRow entry;
  entry.at = db::AsTime(row[0]);
  entry.kind = static_cast<v1::TimelineKind>(row[1].as<int>());
  entry.state = row[2].as<int>();
  entry.step = db::AsText(row[3]);
  entry.detail = row[4].as<int>();
  entry.reason = row[5].as<int>();
  entry.code = db::AsText(row[6]);
  entry.day = db::AsOptionalDay(row[7]);
  entry.source = db::AsText(row[8]);
  entry.organization = db::AsOptionalUuid(row[9]);
  entry.person = db::AsOptionalUuid(row[10]);
  entry.centre = db::AsOptionalUuid(row[11]);
  return entry;
}

void KeepTold(db::Tx& tx, const std::vector<ToldEntry>& entries) {
  std::vector<db::Param> ids, producers, shards, places, kinds, times, days, steps, sources,
      organizations, persons, centres;
  for (const ToldEntry& entry : entries) {
    ids.emplace_back(entry.event_id);
    producers.emplace_back(entry.producer);
    shards.emplace_back(entry.shard);
    places.emplace_back(entry.pos);
    kinds.emplace_back(entry.kind);
    times.emplace_back(entry.at);
    days.emplace_back(entry.day);
    steps.emplace_back(entry.step);
    sources.emplace_back(entry.source);
    organizations.emplace_back(entry.organization);
    persons.emplace_back(entry.person);
    centres.emplace_back(entry.centre);
  }
  tx.Exec(kKeep, db::Array(ids), db::Array(producers), db::Array(shards), db::Array(places),
          db::Array(kinds), db::Array(times), db::Array(days), db::Array(steps), db::Array(sources),
          db::Array(organizations), db::Array(persons), db::Array(centres));
}

void ForgetTold(db::Tx& tx, const std::string& producer, int shard, int64_t kept) {
  tx.Exec(kForget, producer, shard, kept);
}

}  // namespace ieum::registry
