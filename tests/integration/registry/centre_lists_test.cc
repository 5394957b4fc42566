// Goal: a page for a centre holds its rows, all of them, in order, and is found by an index.
// Method: rows of three centres and of the suite mixed, random filters, orders and page sizes
// against what the whole suite's staff sees; the plans of lists of 100,000 rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/enrolment_store.h"
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
using ieum::testing::kCentreB;
using ieum::testing::kCentreC;
using ::testing::HasSubstr;
using ::testing::Not;

// The suite's rows are the fourth kind.
std::string OneOfFour(const std::string& number) {
  return absl::StrCat("(ARRAY['", kCentreA, "', '", kCentreB, "', '", kCentreC,
                      "', NULL]::uuid[])[(", number, ") % 4 + 1]");
}

// Organizations of these ids, so that campaigns may name them.
void AddCentres(ieum::testing::TestDatabase& database) {
  int number = 0;
  for (const char* id : {kCentreA, kCentreB, kCentreC}) {
    database.Ask(absl::StrCat(
        "INSERT INTO organization (id, kind, display_name, business_number, state, created_at, "
        "updated_at) VALUES ('",
        id, "', 2, 'centre', '00000000", 10 + number++, "', 1, now(), now()) RETURNING 1"));
  }
}

void AddCampaigns(ieum::testing::TestDatabase& database, int count) {
  database.Ask(absl::StrCat(
      R"(WITH made AS (
        INSERT INTO campaign (id, programme, edition, code, display_name, task, admission, capacity,
                              waiting_list, eligibility, state, centre_id, created_at, updated_at)
        SELECT gen_random_uuid(), 'P' || n % 3, (2020 + n % 4)::text, 'C' || n, 'x', 1 + n % 3,
               1 + n % 2, 0, false, '{}', 1 + n * 7 % 3, )",
      OneOfFour("n * 5 + n / 3"),
      R"(, '2023-01-01'::timestamptz + n % 17 * interval '1 day', now()
        FROM generate_series(1, )",
      count, R"() AS n RETURNING id)
      INSERT INTO aggregate (id, kind, version) SELECT id, 'campaign', 1 FROM made RETURNING 1)"));
}

std::vector<Campaign> ReadAll(db::Database& database, const std::string& filter,
                              const std::string& order, int page_size, const Scope& scope) {
  std::vector<Campaign> all;
  filter::Cursor after;
  do {
    const auto query =
        filter::ListQuery::Make(CampaignList(), filter, order, page_size, after, scope);
    RC_ASSERT(query.ok());
    std::vector<Campaign> page;
    const absl::Status read = database.Read("page", [&](db::Tx& tx) {
      page.clear();
      after = query->Read(
          tx, [&](const db::Row& row) { page.push_back(ReadCampaignView(row).campaign); });
      return absl::OkStatus();
    });
    RC_ASSERT(read.ok());
    RC_ASSERT(page.size() <= static_cast<size_t>(page_size));
    all.insert(all.end(), page.begin(), page.end());
  } while (!after.empty());
  return all;
}

std::string RandomFilter() {
  const auto term = [] {
    const std::string plain = *rc::gen::elementOf(std::vector<std::string>{
        "programme = P1", "edition != \"2021\"", "state = CAMPAIGN_STATE_OPEN", "code = \"C1*\"",
        "task = TASK_KIND_CAMPAIGN", "create_time > \"2023-01-09T00:00:00Z\"", "centre:*",
        absl::StrCat("centre = \"organizations/", kCentreB, "\""),
        absl::StrCat("centre != \"organizations/", kCentreA, "\"")});
    return *rc::gen::arbitrary<bool>() ? plain : absl::StrCat("NOT ", plain);
  };
  std::string text;
  const int terms = *rc::gen::inRange(0, 4);
  for (int at = 0; at < terms; ++at) {
    if (at > 0) absl::StrAppend(&text, *rc::gen::arbitrary<bool>() ? " AND " : " OR ");
    absl::StrAppend(&text, "(", term(), ")");
  }
  return text;
}

Scope RandomScope() {
  std::vector<std::string> centres;
  for (const char* centre : {kCentreA, kCentreB, kCentreC}) {
    if (*rc::gen::arbitrary<bool>()) centres.push_back(centre);
  }
  return Scope::Of(std::move(centres));
}

std::string Text(const std::optional<base::Uuid>& centre) {
  return centre ? centre->ToString() : "";
}

TEST(CentreLists, HoldExactlyTheCentresRowsWhateverIsAsked) {
  ieum::testing::TestDatabase database(registry_migrations());
  AddCentres(database);
  AddCampaigns(database, 120);
  EXPECT_TRUE(rc::check([&] {
    const std::string filter = RandomFilter();
    const std::string order = *rc::gen::elementOf(std::vector<std::string>{
        "", "code", "programme desc", "create_time desc", "centre", "centre desc, edition"});
    const Scope scope = RandomScope();
    std::vector<std::string> wanted, seen;
    for (const Campaign& campaign :
         ReadAll(database.database(), filter, order, 500, Scope::Everywhere())) {
      if (scope.Holds(Text(campaign.centre))) wanted.push_back(campaign.id.ToString());
    }
    for (const Campaign& campaign :
         ReadAll(database.database(), filter, order, *rc::gen::inRange(1, 40), scope)) {
      seen.push_back(campaign.id.ToString());
    }
    RC_ASSERT(seen == wanted);
  }));
}

TEST(CentreLists, AreEmptyForWhoSaysNoScope) {
  ieum::testing::TestDatabase database(registry_migrations());
  AddCentres(database);
  AddCampaigns(database, 8);
  EXPECT_TRUE(rc::check(
      [&] { RC_ASSERT(ReadAll(database.database(), RandomFilter(), "", 10, Scope()).empty()); }));
}

void AddEnrolments(ieum::testing::TestDatabase& database, int count) {
  database.Ask(absl::StrCat(R"(WITH made AS (
      INSERT INTO enrolment (id, campaign_id, line, organization_id, organization_kind, applied_date,
                             state, centre_id, created_at, updated_at)
      SELECT gen_random_uuid(), c.id, n, gen_random_uuid(), 1, '2023-03-14', 4, c.centre_id, now(),
             now()
      FROM generate_series(1, )",
                            count, R"() AS n
      JOIN (SELECT id, centre_id, row_number() OVER (ORDER BY id) - 1 AS place FROM campaign) c
        ON c.place = n % 40
      RETURNING id)
    INSERT INTO aggregate (id, kind, version) SELECT id, 'enrolment', 1 FROM made RETURNING 1)"));
  pqxx::connection connection(database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
}

TEST(CentreLists, AreReadByAnIndexOfTheirOwn) {
  ieum::testing::TestDatabase database(registry_migrations());
  AddCentres(database);
  AddCampaigns(database, 40);
  AddEnrolments(database, 100'000);
  db::Database& db = database.database();
  const filter::ListSpec& list = EnrolmentList();
  filter::ListSpec before = list;
  before.centres.clear();
  const auto everything = ieum::testing::FirstPage(before, Scope());
  const auto everywhere = ieum::testing::FirstPage(list, Scope::Everywhere());
  const auto one = ieum::testing::FirstPage(list, Scope::Of({kCentreA}));
  const auto two = ieum::testing::FirstPage(list, Scope::Of({kCentreA, kCentreB}));

  EXPECT_EQ(ieum::testing::PlanOf(db, everywhere), ieum::testing::PlanOf(db, everything));
  const std::string plan = ieum::testing::PlanOf(db, one);
  EXPECT_THAT(plan, HasSubstr("using enrolment_centre"));
  EXPECT_THAT(plan, Not(HasSubstr("Sort")));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on enrolment")));
  EXPECT_THAT(ieum::testing::PlanOf(db, two), Not(HasSubstr("Seq Scan on enrolment")));
  std::printf(
      "a page of 100,000 enrolments: %.1f ms before; %.1f ms everywhere, %.1f ms one centre, "
      "%.1f ms two\n",
      ieum::testing::MillisecondsOf(db, everything), ieum::testing::MillisecondsOf(db, everywhere),
      ieum::testing::MillisecondsOf(db, one), ieum::testing::MillisecondsOf(db, two));
}

}  // namespace
}  // namespace ieum::registry
