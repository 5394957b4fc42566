#include "tests/integration/registry/many_rows.h"

#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "pqxx/pqxx"

namespace ieum::registry {
namespace {

constexpr const char* kFill[] = {
    "INSERT INTO organization (id, kind, display_name, business_number, state, created_at, "
    "updated_at) VALUES ('0190c0de-0000-7000-8000-0000000000a0', 2, 'a', '0000099991', 1, "
    "'2022-01-01', "
    "'2022-01-01'), ('0190c0de-0000-7000-8000-0000000000b0', 2, 'b', '0000099992', 1, "
    "'2022-01-01', '2022-01-01')",
    R"(INSERT INTO organization (id, kind, display_name, business_number, external_code, state,
         deactivation_date, created_at, updated_at, parent_id)
       SELECT ORG(n)::uuid, CASE n % 1000 WHEN 2 THEN 4 ELSE 1 END, 'x', lpad(n::text, 10, '0'),
         'C' || n, CASE n % 1000 WHEN 3 THEN 2 ELSE 1 END,
         CASE n % 1000 WHEN 3 THEN '2023-01-01'::date END, MADE, MADE,
         CASE n % 1000 WHEN 4 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO organization_facts (organization_id, valid_from, region_code, ksic_section,
         size_class, size_band, sme)
       SELECT ORG(n)::uuid, d::date, CASE n % 1000 WHEN 5 THEN '26710' ELSE '26110' END,
         CASE n % 1000 WHEN 6 THEN 'B' ELSE 'C' END, 0, 1 + n % 3, n % 2 = 0
       FROM generate_series(1, 20000) n, unnest('{2022-01-01,2023-01-01}'::text[]) d)",
    "UPDATE organization SET updated_at = updated_at + interval '1 day'",
    "UPDATE organization_facts SET recorded_at = recorded_at + interval '1 day'",
    R"(INSERT INTO campaign (id, programme, edition, code, display_name, task, admission, capacity,
         waiting_list, eligibility, state, centre_id, created_at, updated_at)
       SELECT md5('c' || n)::uuid, CASE n % 1000 WHEN 7 THEN 'RARE' ELSE 'P' || n % 3 END,
         CASE n % 1000 WHEN 8 THEN 'RARE' ELSE (2020 + n % 3)::text END, 'C' || n, 'x', 1 + n % 3,
         1 + n % 2, 0, false, '{}', CASE n % 1000 WHEN 9 THEN 1 ELSE 3 END, CENTRE, MADE, MADE
       FROM generate_series(1, 10000) n)",
    "UPDATE campaign SET updated_at = updated_at + interval '1 day'",
    R"(INSERT INTO person (id, basis, preferred_language, full_name_box, created_at, updated_at,
         centre_id)
       SELECT PERSON(n)::uuid, 1, 1, '\x00', MADE, MADE, CENTRE FROM generate_series(1, 10000) n)",
    R"(INSERT INTO enrolment (id, campaign_id, line, organization_id, person_id, employer_id,
         organization_kind, application_id, applied_date, state, offered_until, centre_id, created_at,
         updated_at)
       SELECT md5('e' || n)::uuid, md5('c' || 1 + n % 10000)::uuid, n,
         CASE WHEN n % 1000 <> 31 THEN ORG(n % 9000)::uuid END,
         CASE n % 1000 WHEN 31 THEN PERSON(77)::uuid END,
         CASE n % 1000 WHEN 31 THEN ORG(77)::uuid END, 1, md5('a' || n)::uuid, DAY,
         CASE n % 1000 WHEN 10 THEN 7 ELSE 2 END, CASE n % 1000 WHEN 11 THEN MADE END, CENTRE, MADE,
         MADE
       FROM generate_series(1, 30000) n)",
    R"(INSERT INTO affiliation (id, person_id, organization_id, role, start_date, end_date,
         centre_id)
       SELECT md5('f' || n)::uuid, PERSON(1 + n % 10000)::uuid, ORG(n)::uuid, 1 + n % 3, DAY,
         CASE n % 1000 WHEN 12 THEN DAY + 1 END, CENTRE
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO lead (id, organization_id, programme, edition, task, source_code, state,
         contact_due_date, centre_id, created_at, updated_at)
       SELECT md5('l' || n)::uuid, ORG(n)::uuid,
         CASE n % 1000 WHEN 13 THEN 'RARE' ELSE 'P' || n % 3 END,
         CASE n % 1000 WHEN 14 THEN 'RARE' ELSE (2020 + n % 3)::text END, 1,
         CASE n % 1000 WHEN 15 THEN 'RARE' ELSE '' END, CASE n % 1000 WHEN 16 THEN 3 ELSE 5 END,
         CASE WHEN n % 1000 IN (16, 17) THEN DAY END, CENTRE, MADE, MADE
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO duplicate_pair (id, person_id, other_person_id, score, matched, state, centre_id,
         created_at, decided_at)
       SELECT md5('d' || n)::uuid, least(PERSON(a)::uuid, PERSON(b)::uuid),
         greatest(PERSON(a)::uuid, PERSON(b)::uuid), CASE n % 1000 WHEN 18 THEN 99 ELSE 60 + n % 9 END,
         '{1}', CASE n % 1000 WHEN 19 THEN 1 ELSE 2 END, CENTRE, MADE,
         CASE WHEN n % 1000 <> 19 THEN MADE END
       FROM (SELECT n, 1 + n % 10000 AS a, 1 + (n + 1 + n / 10000) % 10000 AS b
             FROM generate_series(1, 20000) n) p)",
    R"(INSERT INTO consent_text (id, code, version, language, purpose, recipient_id, wording,
         created_at)
       SELECT md5('t' || n)::uuid, 'T' || n, CASE n % 1000 WHEN 32 THEN 99 ELSE 1 + n % 3 END,
         CASE n % 1000 WHEN 33 THEN 2 ELSE 1 END, CASE n % 1000 WHEN 34 THEN 6 ELSE 1 END,
         CASE n % 1000 WHEN 35 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END, '{}', MADE
       FROM generate_series(1, 10000) n)",
    R"(INSERT INTO consent (id, person_id, centre_id, purpose, recipient_id, revision, state,
         text_id, act_id, channel, decided_at, recorded_at, recorder, expires_at)
       SELECT md5('s' || n)::uuid, PERSON(1 + n % 10000)::uuid, CENTRE,
         CASE n % 1000 WHEN 20 THEN 6 ELSE 1 + n / 10000 END,
         CASE n % 1000 WHEN 21 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END, n,
         CASE n % 1000 WHEN 22 THEN 3 ELSE 1 END,
         CASE n % 1000 WHEN 23 THEN md5('t1')::uuid ELSE md5('t2')::uuid END, md5('act' || n)::uuid,
         1 + n % 2, MADE, MADE, 'staff/kim', CASE n % 1000 WHEN 24 THEN MADE END
       FROM generate_series(1, 30000) n)",
    "INSERT INTO consent_head (person_id, purpose, recipient_id, consent_id, revision, state, "
    "text_id, decided_at) SELECT person_id, purpose, coalesce(recipient_id, "
    "'00000000-0000-0000-0000-000000000000'), id, revision, state, text_id, decided_at FROM "
    "consent "
    "ON CONFLICT DO NOTHING",
    R"(INSERT INTO consent_receipt (id, person_id, centre_id, kind, recipient_id, items,
         publication, refusal, asked_by, asked_at, overridden_id, ground, reason)
       SELECT md5('r' || n)::uuid, PERSON(1 + n % 10000)::uuid, CENTRE, 1,
         CASE n % 1000 WHEN 25 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END, '{}',
         CASE n % 1000 WHEN 26 THEN 2 ELSE 0 END, CASE n % 1000 WHEN 27 THEN 3 ELSE 0 END,
         CASE n % 1000 WHEN 28 THEN 'staff/rare' ELSE 'staff/kim' END, MADE,
         CASE n % 1000 WHEN 29 THEN md5('r' || n - 1)::uuid END, CASE n % 1000 WHEN 29 THEN 2 ELSE 0 END,
         CASE n % 1000 WHEN 29 THEN 'x' ELSE '' END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO programme (id, code, display_name, display_name_en, created_at, updated_at)
       SELECT md5('g' || n)::uuid, 'P' || n, 'x', '', MADE, MADE FROM generate_series(1, 3000) n)",
    R"(INSERT INTO edition (id, name, programme, code, year, budget_year, state, plan, approved_at,
         created_at, updated_at)
       SELECT md5('i' || n)::uuid, 'programmes/P' || p || '/editions/' || y, 'P' || p, y::text, y, y,
         CASE n % 1000 WHEN 30 THEN 1 ELSE 5 END, '{}', CASE WHEN n % 1000 <> 30 THEN MADE END, MADE,
         MADE
       FROM (SELECT p * 100 + y - 2000 AS n, p, y
             FROM generate_series(1, 100) p, generate_series(2000, 2099) y) e)",
    R"(INSERT INTO enrolment_transition (enrolment_id, step, state, day, recorded_at)
       SELECT md5('e' || n)::uuid, s, CASE WHEN s = 2 AND n % 1000 = 10 THEN 7 ELSE s END, DAY,
         '2022-01-01'::timestamptz + s * interval '1 day'
       FROM generate_series(1, 30000) n, generate_series(1, 2) s)",
    R"(INSERT INTO person_merge (id, survivor_id, duplicate_id, centre_id, state, taken_fields,
         reason, effects, created_at, merger, undone_at, undoer, undo_reason, basis,
         preferred_language, full_name_box, updated_at)
       SELECT md5('m' || n)::uuid, PERSON(1 + n % 10000)::uuid, PERSON(1 + (n + 1) % 10000)::uuid,
         CENTRE, CASE n % 1000 WHEN 36 THEN 2 ELSE 1 END, '{}', 'x', '[]', MADE,
         CASE n % 1000 WHEN 37 THEN 'staff/rare' ELSE 'staff/kim' END,
         CASE n % 1000 WHEN 36 THEN MADE END, '', '', 1, 1, '\x00', MADE
       FROM generate_series(1, 10000) n)",
    // The chain is of no interest here, and a row of it for each would take long.
    "ALTER TABLE erasure_record DISABLE TRIGGER erasure_chained",
    R"(INSERT INTO erasure_record (id, number, person_id, centre_id, reason, rule_code, erased_at,
         eraser, parts, hash)
       SELECT md5('x' || n)::uuid, n, PERSON(n)::uuid, CENTRE,
         CASE n % 1000 WHEN 38 THEN 5 ELSE 1 + n % 2 END,
         CASE n % 1000 WHEN 39 THEN 'RARE' ELSE '' END, MADE, 'staff/kim', '{}', '\x00'
       FROM generate_series(1, 10000) n)",
    R"(INSERT INTO legal_hold (id, person_id, centre_id, reason, end_date, placed_at, placer,
         released_at, releaser, release_reason)
       SELECT md5('h' || n)::uuid, PERSON(1 + n % 10000)::uuid, CENTRE, 'x',
         CASE n % 1000 WHEN 40 THEN DAY END, MADE, 'staff/kim',
         CASE WHEN n % 1000 <> 41 THEN MADE END, CASE WHEN n % 1000 <> 41 THEN 'staff/kim' ELSE '' END,
         CASE WHEN n % 1000 <> 41 THEN 'x' ELSE '' END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO subject (id, account, state, created_at, updated_at)
       SELECT md5('u' || n)::uuid, 'staff/' || n, 1, MADE, MADE FROM generate_series(1, 10000) n)",
    R"(INSERT INTO subject_grant (id, subject_id, role, centre_id, kind, given_at, giver, reason,
         cause, expires_at, ended_at, ended_by)
       SELECT md5('v' || n)::uuid, md5('u' || 1 + n % 10000)::uuid,
         CASE WHEN n % 1000 = 42 AND n < 10000 THEN 'rare' ELSE 'role' || n / 10000 END, CENTRE,
         CASE n % 1000 WHEN 43 THEN 2 ELSE 1 END, MADE,
         CASE n % 1000 WHEN 44 THEN 'staff/rare' ELSE 'staff/kim' END, 'x',
         CASE n % 1000 WHEN 43 THEN 1 ELSE 0 END, CASE n % 1000 WHEN 43 THEN MADE END,
         CASE WHEN n % 1000 IN (45, 46) THEN MADE END,
         CASE n % 1000 WHEN 45 THEN 2 WHEN 46 THEN 3 ELSE 0 END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO import_job (id, kind, policy, centre_id, source, content_hash, state, creator,
         created_at, completed_at)
       SELECT md5('j' || n)::uuid, CASE n % 1000 WHEN 47 THEN 2 ELSE 1 END, 1, CENTRE, 'x',
         sha256(n::text::bytea), CASE n % 1000 WHEN 48 THEN 1 ELSE 2 END, 'staff/kim', MADE,
         CASE WHEN n % 1000 <> 48 THEN MADE END
       FROM generate_series(1, 10000) n)",
    R"(INSERT INTO import_chunk (import_id, number, rows_hash, row_count, created, linked, unchanged,
         review, refused)
       SELECT md5('j' || n)::uuid, 1, '\x00', 1, 1, 0, 0, 0, 0 FROM generate_series(1, 10000) n)",
    R"(INSERT INTO data_export (id, person_id, applicant, channel, received_date, due_date,
         created_at, outcome, settled_at, file_hash)
       SELECT md5('de' || n)::uuid, PERSON(1 + n % 10000)::uuid, 1, 1, DAY, DAY + 10, MADE,
         CASE n % 1000 WHEN 57 THEN 0 ELSE 1 END, CASE WHEN n % 1000 <> 57 THEN MADE END,
         CASE WHEN n % 1000 <> 57 THEN 'x' ELSE '' END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO import_row (import_id, number, outcome, field, error_reason)
       SELECT md5('j77')::uuid, n, CASE WHEN n % 2 = 0 THEN 5 WHEN n % 1000 = 49 THEN 4 ELSE 1 END,
         CASE WHEN n % 2 = 0 THEN CASE n % 1000 WHEN 50 THEN 'rare' ELSE 'person.phone' END END,
         CASE WHEN n % 2 = 0 THEN CASE n % 1000 WHEN 52 THEN 'RARE' ELSE 'PHONE_INVALID' END END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO organization_label (known_from, version, organization_id, code, valid_from)
       SELECT MADE, 1, ORG(1 + n % 10000)::uuid, 'FAMILY_FRIENDLY', DAY
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO council_term (known_from, version, organization_id, start_date, sector,
         representative)
       SELECT MADE, 1, ORG(1 + n % 10000)::uuid, DAY, 1 + n % 5, n % 3 = 0
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO told_entry (event_id, producer, shard, pos, kind, occurred_at, event_date, step,
         source, organization_id, person_id, centre_id)
       SELECT md5('w' || n)::uuid, 'casemgmt', 0, n, 9, MADE, DAY, 'x', 'x',
         ORG(1 + n % 10000)::uuid, PERSON(1 + n % 10000)::uuid, CENTRE
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO lead_transition (lead_id, step, state, day, recorded_at)
       SELECT md5('l' || n)::uuid, 1, 1, DAY, MADE FROM generate_series(1, 20000) n)",
    R"(INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject,
         occurred_at, actor, correlation_id, causation_id, traceparent, payload)
       SELECT 0, n * 2 + v, md5('ev' || n * 2 + v)::uuid, PERSON(n)::uuid, v,
         'ieum.registry.v1.PersonUpdated', 'x', MADE, 'staff/kim', md5('q' || n), '', '', ''
       FROM generate_series(1, 10000) n, generate_series(1, 2) v)",
    R"(INSERT INTO change_request (id, kind, organization_id, person_id, fields, centre_id, state,
         reason, requester, created_at, expires_at, seen_version, decider, decided_at,
         applied_version)
       SELECT md5('y' || n)::uuid, CASE n % 3 WHEN 1 THEN 4 ELSE 1 END,
         CASE WHEN n % 3 <> 1 THEN ORG(1 + n % 10000)::uuid END,
         CASE WHEN n % 3 = 1 THEN PERSON(1 + n % 10000)::uuid END, '{person.phone}', CENTRE,
         CASE n % 1000 WHEN 53 THEN 1 WHEN 54 THEN 3 ELSE 2 END, 'x',
         CASE n % 1000 WHEN 55 THEN 'staff/rare' ELSE 'staff/kim' END, MADE, MADE, 1,
         CASE n % 1000 WHEN 56 THEN 'staff/rare' ELSE 'staff/kim' END,
         CASE WHEN n % 1000 <> 53 THEN MADE END,
         CASE WHEN n % 1000 IN (53, 54) THEN 0 ELSE n END
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO ownership_move (id, kind, person_id, organization_id, campaign_id, enrolment_id,
         with_workplaces, from_centre_id, to_centre_id, reason, items, state, basis, created_at,
         requester, expires_at, decided_at)
       SELECT md5('z' || n)::uuid, k, CASE WHEN k <> 2 THEN PERSON(1 + n % 10000)::uuid END,
         CASE k WHEN 2 THEN ORG(1 + n % 10000)::uuid END,
         CASE k WHEN 3 THEN md5('c' || 1 + n % 10000)::uuid END,
         CASE k WHEN 3 THEN md5('e' || n)::uuid END, false, CENTRE,
         CASE n % 1000 WHEN 59 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid
           ELSE ORG(9)::uuid END, 'x', '{}', CASE n % 1000 WHEN 58 THEN 3 ELSE 2 END, 1, MADE,
         'staff/kim', MADE, MADE
       FROM (SELECT n, CASE WHEN n % 1000 = 57 THEN 3 WHEN n % 3 = 1 THEN 2 ELSE 1 END AS k
             FROM generate_series(1, 20000) n) m)",
    R"(INSERT INTO ownership_before (row_id, epoch, centre_id, from_at, to_at, move_id)
       SELECT md5('e' || n)::uuid, 0, CENTRE, MADE, MADE, md5('z' || n)::uuid
       FROM generate_series(1, 20000) n)",
    R"(INSERT INTO aggregate (id, kind, version)
       SELECT id, 'x', 1 FROM organization UNION ALL SELECT id, 'x', 1 FROM campaign
       UNION ALL SELECT id, 'x', 1 FROM enrolment UNION ALL SELECT id, 'x', 1 FROM person
       UNION ALL SELECT id, 'x', 1 FROM lead UNION ALL SELECT id, 'x', 1 FROM duplicate_pair
       UNION ALL SELECT id, 'x', 1 FROM programme UNION ALL SELECT id, 'x', 1 FROM edition
       UNION ALL SELECT id, 'x', 1 FROM change_request
       UNION ALL SELECT id, 'x', 1 FROM ownership_move
       UNION ALL SELECT id, 'x', 1 FROM legal_hold UNION ALL SELECT id, 'x', 1 FROM subject
       UNION ALL SELECT id, 'x', 1 FROM data_export UNION ALL SELECT id, 'x', 1 FROM import_job)",
    // What was said of each before.
    "UPDATE affiliation SET end_date = start_date + 2 WHERE end_date IS NOT NULL",
    "UPDATE affiliation SET start_date = start_date + 1", "ANALYZE"};

}  // namespace

void FillManyRows(const std::string& conninfo) {
  const std::vector<std::pair<std::string, std::string>> words = {
      {"CENTRE",
       "CASE WHEN n % 5 = 0 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid "
       "WHEN n % 1000 = 1 THEN '0190c0de-0000-7000-8000-0000000000b0'::uuid END"},
      {"ORG(", "md5('o' || "},
      {"PERSON(", "md5('p' || "},
      {"MADE", "'2023-01-01'::timestamptz + n * interval '1 minute'"},
      {"DAY", "'2000-01-01'::date + n / 10"}};
  pqxx::connection connection(conninfo);
  pqxx::nontransaction sql(connection);
  for (const char* fill : kFill) sql.exec(absl::StrReplaceAll(fill, words));
}

}  // namespace ieum::registry
