// Goal: a page of consents or of receipts is found by an index, of one person, of a centre and of
// all, and so is what a gate reads. Method: the plans over 100,000 entries of 20,000 people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_store.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

using base::Scope;
using ieum::testing::kCentreA;
using ieum::testing::PlanOf;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Every fifth person is one centre's; each has five matters.
constexpr char kFill[] = R"(
  INSERT INTO organization (id, kind, display_name, business_number, state, created_at, updated_at)
  VALUES ('0190c0de-0000-7000-8000-0000000000a0', 2, 'centre', '0000000010', 1, now(), now());
  INSERT INTO person (id, basis, preferred_language, full_name_box, created_at, updated_at, centre_id)
  SELECT gen_random_uuid(), 1, 0, '\x00', now(), now(),
         CASE WHEN n % 5 = 0 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END
  FROM generate_series(1, 20000) AS n;
  INSERT INTO aggregate (id, kind, version) SELECT id, 'person', 1 FROM person;
  INSERT INTO consent_text (id, code, version, language, purpose, wording, created_at)
  VALUES ('0190c0de-0000-7000-8000-000000000001', 'T', 1, 1, 1, '{}', now());
  INSERT INTO consent (id, person_id, centre_id, purpose, revision, state, text_id, act_id, channel,
                       decided_at, recorded_at, recorder)
  SELECT gen_random_uuid(), p.id, p.centre_id, k, 1, 1, '0190c0de-0000-7000-8000-000000000001',
         gen_random_uuid(), 1, now(), now(), 'staff/kim'
  FROM person p, generate_series(3, 7) AS k;
  INSERT INTO consent_head (person_id, purpose, consent_id, revision, state, text_id, decided_at,
                            due_at)
  SELECT person_id, purpose, id, revision, state, text_id, decided_at,
         CASE WHEN purpose = 5 THEN decided_at + interval '2 years' END FROM consent;
  INSERT INTO consent_receipt (id, person_id, centre_id, kind, items, refusal, asked_by, asked_at)
  SELECT gen_random_uuid(), id, centre_id, 1, '{}', 1, 'staff/kim', now() FROM person;
  ANALYZE)";

class ConsentLists : public ::testing::Test {
 protected:
  ConsentLists() {
    pqxx::connection connection(database_.conninfo());
    pqxx::nontransaction(connection).exec(kFill);
    person_ = database_.Ask("SELECT person_id FROM consent LIMIT 1");
  }

  std::string Plan(const filter::ListSpec& list, const Scope& scope,
                   const std::string& of_person = "") {
    auto query = ieum::testing::FirstPage(list, scope);
    if (!of_person.empty()) query.Where(absl::StrCat(of_person, " = {}::uuid"), {person_});
    return PlanOf(database_.database(), query);
  }
  // The plan of a statement of the store, its parameters filled in.
  std::string PlanOfSql(const std::string& sql) {
    pqxx::connection connection(database_.conninfo());
    std::string plan;
    for (const auto& row : pqxx::nontransaction(connection).exec("EXPLAIN (COSTS OFF) " + sql)) {
      plan += std::string(row[0].c_str()) + "\n";
    }
    return plan;
  }

  ieum::testing::TestDatabase database_{registry_migrations()};
  std::string person_;
};

TEST_F(ConsentLists, AreReadByAnIndexOfTheirOwn) {
  const struct {
    const filter::ListSpec& list;
    std::string table, person;
  } lists[] = {{ConsentList(), "consent", "c.person_id"},
               {ConsentReceiptList(), "consent_receipt", "r.person_id"}};
  for (const auto& [list, table, person] : lists) {
    const auto no_scan = Not(HasSubstr(absl::StrCat("Seq Scan on ", table, " ")));
    EXPECT_THAT(Plan(list, Scope::Of({kCentreA})),
                AllOf(HasSubstr("using " + table + "_centre"), no_scan));
    EXPECT_THAT(Plan(list, Scope::Everywhere()),
                AllOf(HasSubstr("using " + table + "_pkey"), no_scan));
    EXPECT_THAT(Plan(list, Scope::Everywhere(), person),
                AllOf(HasSubstr(table + "_person"), no_scan));
  }
}

TEST_F(ConsentLists, AreNotNeededByAGate) {
  EXPECT_THAT(PlanOfSql(absl::StrCat(
                  "SELECT h.consent_id FROM consent_head h WHERE h.person_id = ANY('{", person_,
                  "}'::uuid[]) ORDER BY h.person_id, h.purpose, h.recipient_id")),
              HasSubstr("consent_head_pkey"));
  EXPECT_THAT(PlanOfSql("SELECT h.consent_id FROM consent_head h WHERE h.due_at <= now() "
                        "ORDER BY h.due_at, h.consent_id LIMIT 20"),
              HasSubstr("consent_head_due"));
}

}  // namespace
}  // namespace ieum::registry
