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
    R"(INSERT INTO campaign (id, programme, edition, code, display_name, task, admission, capacity,
         waiting_list, eligibility, state, centre_id, created_at, updated_at)
       SELECT md5('c' || n)::uuid, CASE n % 1000 WHEN 7 THEN 'RARE' ELSE 'P' || n % 3 END,
         CASE n % 1000 WHEN 8 THEN 'RARE' ELSE (2020 + n % 3)::text END, 'C' || n, 'x', 1 + n % 3,
         1 + n % 2, 0, false, '{}', CASE n % 1000 WHEN 9 THEN 1 ELSE 3 END, CENTRE, MADE, MADE
       FROM generate_series(1, 10000) n)",
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
    "INSERT INTO consent_text (id, code, version, language, purpose, wording, created_at) SELECT "
    "md5('t' || n)::uuid, 'T' || n, 1, 1, 1, '{}', MADE FROM generate_series(1, 300) n",
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
    R"(INSERT INTO aggregate (id, kind, version)
       SELECT id, 'x', 1 FROM organization UNION ALL SELECT id, 'x', 1 FROM campaign
       UNION ALL SELECT id, 'x', 1 FROM enrolment UNION ALL SELECT id, 'x', 1 FROM person
       UNION ALL SELECT id, 'x', 1 FROM lead UNION ALL SELECT id, 'x', 1 FROM duplicate_pair
       UNION ALL SELECT id, 'x', 1 FROM programme UNION ALL SELECT id, 'x', 1 FROM edition)",
    "ANALYZE"};

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
