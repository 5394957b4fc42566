// Goal: lists of peer groups are read by indexes of their own, whoever asks. Method: PostgreSQL's
// plans over the rows of 25 centres. row:C8
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCoachs[] = "0190c0de-0000-7000-8000-00000000c0ac";

// 20,000 groups with two members and a session each, half of them held; five are one coach's.
class GroupLists : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new ieum::testing::TestDatabase(casemgmt_migrations());
    database_->Ask(absl::StrCat(R"(
      WITH centre AS (SELECT ARRAY[')",
                                kCentreA, "', '", kCentreB, R"(']::uuid[] || ARRAY(SELECT
          gen_random_uuid() FROM generate_series(1, 23)) AS ids),
      made AS (
        INSERT INTO peer_group (id, code, label, programme, edition, line_code, centre_id, job_code,
          need_codes, coach_person_id, coach_subject, maker_subject, state, min_members,
          max_members, completion_percent, formed_date, cancel_reason, created_at, updated_at)
        SELECT gen_random_uuid(), '', 'x', 'P' || n % 100, '2024', 'L', centre.ids[1 + n % 25], '',
          '{}', md5((n % 500)::text)::uuid,
          CASE WHEN n % 4000 = 0 THEN ')",
                                kCoachs, R"('::uuid ELSE gen_random_uuid() END, gen_random_uuid(),
          1, 6, 10, 80, date '2014-01-01' + n % 3650, 0, now(), now()
        FROM generate_series(1, 20000) AS n CROSS JOIN centre RETURNING id),
      members AS (
        INSERT INTO group_member (id, group_id, participant_id, person_id, state, joins,
          invited_date, leave_reason, brought_attended, brought_held, created_at, updated_at)
        SELECT gen_random_uuid(), made.id, gen_random_uuid(), gen_random_uuid(), 1, 0, '2024-06-20',
          0, 0, 0, now(), now() FROM made CROSS JOIN generate_series(1, 2)),
      sessions AS (
        INSERT INTO group_session (id, group_id, number, state, start_time, end_time, session_date,
          place, cancel_reason, log_revision, created_at, updated_at)
        SELECT gen_random_uuid(), made.id, 1, 1 + (random() < 0.5)::int, now(),
          now() + interval '1 hour', '2024-06-24', '', 0, 0, now(), now() FROM made)
      INSERT INTO aggregate (id, kind, version) SELECT id, 'group', 1 FROM made RETURNING 1)"));
    pqxx::connection connection(database_->conninfo());
    pqxx::nontransaction(connection).exec("ANALYZE");
  }
  static void TearDownTestSuite() {
    delete database_;
    database_ = nullptr;
  }
  std::string Plan(filter::ListQuery query, const Reach& reach) {
    WhereGroupReach(query, reach);
    return ieum::testing::PlanOf(database_->database(), query);
  }
  filter::ListQuery Page(const filter::ListSpec& spec, const Reach& reach,
                         const std::string& asked = "") {
    return ieum::testing::FirstPage(spec, reach.own_in, asked);
  }

  static inline ieum::testing::TestDatabase* database_ = nullptr;
  const Reach suite_ = Reach::Everything();
  const Reach team_ = {.team = base::Scope::Of({kCentreA}), .own_in = base::Scope::Of({kCentreA})};
  const Reach own_ = {.own_in = base::Scope::Of({kCentreA}),
                      .subject = *base::Uuid::Parse(kCoachs)};
};

TEST_F(GroupLists, AreReadByAnIndexOfTheirOwn) {
  EXPECT_THAT(Plan(Page(GroupList(), suite_), suite_), HasSubstr("peer_group_pkey"));
  EXPECT_THAT(Plan(Page(GroupList(), team_), team_), HasSubstr("peer_group_centre"));
  const std::string own = Plan(Page(GroupList(), own_), own_);
  EXPECT_THAT(own, Not(HasSubstr("Seq Scan on peer_group"))) << own;
  for (const auto& [asked, index] : std::vector<std::pair<std::string, std::string>>{
           {"programme = \"P7\" AND edition = \"2024\"", "peer_group_line"},
           {"coach = \"persons/c4ca4238-a0b9-2382-0dcc-509a6f75849b\"", "peer_group_coach"}}) {
    EXPECT_THAT(Plan(Page(GroupList(), suite_, asked), suite_), HasSubstr(index)) << asked;
  }
}

TEST_F(GroupLists, OfOneGroupOrPersonReadNoOther) {
  const std::string group = database_->Ask("SELECT group_id FROM group_member ORDER BY id LIMIT 1");
  auto members = Page(GroupMemberList(), suite_);
  members.Where("m.group_id = {}::uuid", {group});
  EXPECT_THAT(Plan(members, suite_), HasSubstr("group_member_group"));
  auto of_person = Page(GroupMemberList(), suite_);
  of_person.Where(kMemberIsPerson,
                  {database_->Ask("SELECT person_id FROM group_member ORDER BY id LIMIT 1")});
  EXPECT_THAT(Plan(of_person, suite_), HasSubstr("group_member_of_person"));
  auto sessions = Page(GroupSessionList(), suite_);
  sessions.Where("s.group_id = {}::uuid", {group});
  EXPECT_THAT(Plan(sessions, suite_), HasSubstr("group_session_group_id_number_key"));
  const auto soon = *filter::ListQuery::Make(GroupSessionList(), "", "start_time", 50, {},
                                             base::Scope::Everywhere());
  EXPECT_THAT(Plan(soon, suite_), HasSubstr("group_session_start"));
}

// A page of all groups names members of as many: their sessions are looked up for them alone, not
// for whole groups.
TEST_F(GroupLists, OfAllGroupsReadTheSessionsOfThePageAlone) {
  const auto& all = db::Statement::All();
  const auto held = std::find_if(all.begin(), all.end(), [](const db::Statement* each) {
    return std::string_view(each->name()) == "group_member_held_sessions";
  });
  ASSERT_NE(held, all.end());
  const std::string members = database_->Ask(
      "SELECT array_agg(id)::text FROM (SELECT id FROM group_member ORDER BY id LIMIT 50) page");
  std::string plan;
  const absl::Status read = database_->database().Read("held_plan", [&](db::Tx& tx) {
    plan.clear();
    for (const auto& row : tx.RunDynamic(absl::StrCat("EXPLAIN (COSTS OFF) ", (*held)->sql()),
                                         {db::Param(members)})) {
      absl::StrAppend(&plan, row[0].c_str(), "\n");
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read;
  EXPECT_THAT(plan, HasSubstr("group_member_pkey"));
  EXPECT_THAT(plan, HasSubstr("group_session_group_id_number_key"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on group_member"))) << plan;
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on group_session"))) << plan;
  // And the page itself, whoever asks, walks members in the order of their ids.
  EXPECT_THAT(Plan(Page(GroupMemberList(), suite_), suite_), HasSubstr("group_member_pkey"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
