// Goal: what was known of people, and what happened with one of them or with one firm, is found by
// indexes however many there are. Method: the plans of lists over thousands of rows. row:R22 row:Y4
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/registry/people/person_then_store.h"
#include "services/registry/timelines/timeline_store.h"
#include "tests/support/list_plans.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// 5,000 people with a version of before and an affiliation that ended.
void AddPeople(ieum::testing::TestDatabase& database) {
  database.Ask(
      "INSERT INTO organization (id, kind, display_name, business_number, state, created_at, "
      "updated_at) VALUES ('0190b0c0-0000-7000-8000-000000000001', 1, 'x', '0000000001', 1, now(), "
      "now()) RETURNING 1");
  database.Ask(R"(WITH made AS (INSERT INTO person (id, basis, preferred_language, full_name_box,
      created_at, updated_at)
    SELECT gen_random_uuid(), 1, 1, 'x', now(), now() FROM generate_series(1, 5000) RETURNING id)
    , known AS (INSERT INTO affiliation (id, person_id, organization_id, role, start_date)
      SELECT gen_random_uuid(), id, '0190b0c0-0000-7000-8000-000000000001', 1, '2023-01-01'
      FROM made RETURNING 1)
    , said AS (INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject,
        occurred_at, actor, correlation_id, causation_id, traceparent, payload)
      SELECT 0, row_number() OVER (), gen_random_uuid(), id, 1, 'x', 'x', now(), 'a', 'c', '', '',
        '' FROM made RETURNING 1)
    SELECT (SELECT count(*) FROM known) + (SELECT count(*) FROM said))");
  database.Ask("WITH u AS (UPDATE person SET basis = 2 RETURNING 1) SELECT count(*) FROM u");
  database.Ask(
      "WITH u AS (UPDATE affiliation SET end_date = '2023-02-01' RETURNING 1) "
      "SELECT count(*) FROM u");
  database.Ask("ANALYZE");
}

TEST(PeopleThenPlans, FindVersionsByAnIndex) {
  ieum::testing::TestDatabase database(registry_migrations());
  AddPeople(database);
  const filter::ListSpec spec = AffiliationListThen(absl::Now());
  for (const char* whose : {"f.person_id = {}::uuid", "f.organization_id = {}::uuid"}) {
    filter::ListQuery query = ieum::testing::FirstPage(spec, base::Scope::Everywhere());
    query.Where(whose, {"0190b0c0-0000-7000-8000-000000000002"});
    const std::string plan = ieum::testing::PlanOf(database.database(), query);
    EXPECT_THAT(plan, HasSubstr("affiliation_version_")) << plan;
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on affiliation"))) << plan;
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on event_log"))) << plan;
  }
  const filter::ListQuery all = ieum::testing::FirstPage(spec, base::Scope::Everywhere());
  const std::string plan = ieum::testing::PlanOf(database.database(), all);
  EXPECT_THAT(plan, HasSubstr("affiliation_version_pkey")) << plan;
  EXPECT_THAT(plan, HasSubstr("event_log_aggregate_id_version_key")) << plan;
}

// Rows of 5,000 firms and people, none of them the one that is asked for.
void AddFirms(ieum::testing::TestDatabase& database) {
  database.Ask(R"(WITH firm AS (INSERT INTO organization (id, kind, display_name, business_number,
      state, created_at, updated_at)
    SELECT gen_random_uuid(), 1, 'x' || n, lpad(n::text, 10, '0'), 1, now(), now()
    FROM generate_series(1, 5000) n RETURNING id), one AS (
    INSERT INTO campaign (id, programme, edition, code, display_name, task, admission, capacity,
      waiting_list, eligibility, state, created_at, updated_at)
    VALUES (gen_random_uuid(), 'P', 'E', 'C', 'x', 1, 1, 0, false, '{}', 1, now(), now())
    RETURNING id), made AS (
    INSERT INTO enrolment (id, campaign_id, line, organization_id, organization_kind,
      contact_person_id, applied_date, state, created_at, updated_at)
    SELECT gen_random_uuid(), one.id, row_number() OVER (), firm.id, 1, gen_random_uuid(), now(), 4,
      now(), now() FROM firm, one RETURNING id), told AS (
    INSERT INTO told_entry (event_id, producer, shard, pos, kind, occurred_at, event_date, step,
      source, organization_id, person_id)
    SELECT gen_random_uuid(), 'casemgmt', 0, 1, 10, now(), now(), 'x', 'x', id, gen_random_uuid()
    FROM firm RETURNING 1)
    SELECT count(*) FROM told)");
  database.Ask(R"(WITH made AS (INSERT INTO person (id, basis, preferred_language, full_name_box,
      created_at, updated_at)
    SELECT gen_random_uuid(), 1, 1, 'x', now(), now() FROM generate_series(1, 5000) RETURNING id),
    known AS (INSERT INTO affiliation (id, person_id, organization_id, role, start_date)
      SELECT gen_random_uuid(), made.id, (SELECT id FROM organization LIMIT 1), 1, '2023-01-01'
      FROM made RETURNING 1), said AS (
    INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject,
        occurred_at, actor, correlation_id, causation_id, traceparent, payload)
      SELECT 0, row_number() OVER (), gen_random_uuid(), id, 1, 'x', 'x', now(), 'a', 'c', '', '',
        '' FROM made RETURNING 1)
    SELECT (SELECT count(*) FROM known) + (SELECT count(*) FROM said))");
  database.Ask(
      "WITH u AS (UPDATE affiliation SET end_date = '2023-02-01' RETURNING 1) "
      "SELECT count(*) FROM u");
  database.Ask(R"(WITH made AS (INSERT INTO enrolment_transition (enrolment_id, step, state, day,
    recorded_at) SELECT id, 1, 4, now(), now() FROM enrolment RETURNING 1)
    SELECT count(*) FROM made)");
  database.Ask("ANALYZE");
}

TEST(TimelinePlans, FindWhatConcernsOneByIndexes) {
  ieum::testing::TestDatabase database(registry_migrations());
  AddFirms(database);
  for (const TimelineOf of : {TimelineOf::kPerson, TimelineOf::kOrganization}) {
    filter::ListQuery query = ieum::testing::FirstPage(TimelineList(of), base::Scope::Everywhere());
    query.Where("t.subject_id = ANY({}::uuid[])",
                {"{0190b0c0-0000-7000-8000-000000000002,0190b0c0-0000-7000-8000-000000000003}"});
    const std::string plan = ieum::testing::PlanOf(database.database(), query);
    for (const char* table : {"enrolment", "affiliation", "event_log", "told_entry"}) {
      EXPECT_THAT(plan, Not(HasSubstr(absl::StrCat("Seq Scan on ", table)))) << plan;
    }
    EXPECT_THAT(plan, HasSubstr("told_entry_")) << plan;
  }
}

}  // namespace
}  // namespace ieum::registry
