// Goal: a centre's page of referrals and transfers, and what is due of them, is found by an index
// among those of everybody. Method: 100,000 referrals and 50,000 transfers of 25 centres;
// PostgreSQL's plans. row:C11
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/referral_world.h"
#include "tests/support/list_plans.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ReferralLists : public ReferralWorld {
 protected:
  // Cases of 25 centres, each with two referrals to others of them and a transfer that was decided.
  void Fill() {
    const std::string id = CaseOfA().ToString();
    world_.Ask(absl::StrCat(R"(
      WITH centre AS (SELECT ARRAY[')",
                            kCentreA, "', '", kCentreB, R"(']::uuid[] || ARRAY(SELECT
          gen_random_uuid() FROM generate_series(1, 23)) AS ids),
      made AS (
        INSERT INTO casefile SELECT (x.r).* FROM (
          SELECT jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'person_id',
            NULL, 'case_number', NULL, 'centre_id', centre.ids[1 + n % 25])) AS r
          FROM casefile c, centre, generate_series(1, 50000) AS n WHERE c.id = ')",
                            id, R"(') x RETURNING id, centre_id),
      sent AS (
        INSERT INTO referral (id, case_id, centre_id, state, service, recipient_id, parts, items,
          sent_date, answer_due_date, end_date, overdue_told, created_at, updated_at, ended_at)
        SELECT gen_random_uuid(), made.id, made.centre_id, 4, n, centre.ids[1 + (n * 7 +
          get_byte(uuid_send(made.id), 15)) % 25], '{}', '{}', '2024-01-05', '2024-01-10',
          '2024-02-05', false, now(), now(), now()
        FROM made, centre, generate_series(1, 2) AS n RETURNING 1),
      given AS (
        INSERT INTO case_transfer (id, case_id, state, from_centre_id, to_centre_id, reason, items,
          asked_date, answer_due_date, requester, expires_at, decided_at, receipt_id, created_at)
        SELECT gen_random_uuid(), made.id, 3, made.centre_id, centre.ids[1 +
          get_byte(uuid_send(made.id), 15) % 25], 1, '{}', '2024-01-05', '2024-01-10', 'staff/x',
          now(), now(), gen_random_uuid(), now()
        FROM made, centre RETURNING 1)
      SELECT count(*) FROM sent, given LIMIT 1)"));
    world_.Ask("ANALYZE");
  }
  // As the door asks it, for staff of that centre who see its team's cases.
  filter::ListQuery Page(const filter::ListSpec& spec, const std::string& centre,
                         void (*narrow)(filter::ListQuery&, const Reach&, const base::Scope&),
                         const std::string& filter = "") {
    filter::ListQuery query = ieum::testing::FirstPage(spec, ScopeOf(centre), filter);
    narrow(query, TeamOf(centre), ScopeOf(centre));
    return query;
  }
};

TEST_F(ReferralLists, AreReadByTheirIndexes) {
  Fill();
  db::Database& db = world_.database();
  // Somebody who has next to nothing does not look through everybody's.
  for (const char* centre : {kCentreC, kCentreA}) {
    const auto referrals = Page(ReferralList(), centre, WhereEitherSide);
    const auto transfers = Page(TransferList(), centre, WhereEitherCentre);
    for (const filter::ListQuery& query : {referrals, transfers}) {
      const std::string plan = ieum::testing::PlanOf(db, query);
      EXPECT_THAT(plan, Not(HasSubstr("Seq Scan"))) << plan;
      const double milliseconds = ieum::testing::MillisecondsOf(db, query);
      EXPECT_LT(milliseconds, 20) << plan;
      std::printf("a page among 100,000: %.1f ms\n", milliseconds);
    }
  }
  EXPECT_THAT(ieum::testing::PlanOf(db, Page(ReferralList(), kCentreC, WhereEitherSide)),
              HasSubstr("referral_recipient"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
