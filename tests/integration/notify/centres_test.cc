// Goal: a centre's staff sees the reminders and messages of its own affairs, and no count of
// others'. Method: three visits alike, of two centres and of the suite; every method of the
// contract. row:R11 row:R23
#include "tests/support/centres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/message_store.h"
#include "tests/integration/notify/world.h"
#include "tests/support/list_plans.h"

namespace ieum::notify::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.notify.v1";

const std::vector<Door>& Doors() {
  static const auto* doors = new std::vector<Door>{
      {"MessageService/GetMessage", "name: 'messages/{message}'"},
      {"MessageService/GetReminder", "name: 'reminders/{reminder}'"},
      {"MessageService/ResolveMessageDoubt",
       "name: 'messages/{message}' resolution: DOUBT_RESOLUTION_DELIVERED etag: '\"77\"'"}};
  return *doors;
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"MessageService/ListMessages", ""},
      {"MessageService/ListMessages", "filter: 'state = MESSAGE_STATE_PENDING' order_by: 'name'"},
      {"MessageService/ListReminders", ""},
      {"MessageService/ListReminders", "order_by: 'due_date desc'"},
      {"MessageService/ListBalances", ""}};
  return *lists;
}

class Centres : public ::testing::Test {
 protected:
  Centres() {
    world_.EnterScenario();
    world_.SetClock("2023-04-08 10:00");
    for (const char* centre : {kCentreA, kCentreB, ""}) {
      casemgmt::v1::VisitPlanned event = VisitPlanned("2023-04-10", base::Uuid::NewV7().ToString());
      event.mutable_engagement()->set_centre_id(centre);
      world_.Happen(event);
    }
    world_.SetClock("2023-04-09 09:00");
    world_.ReleaseOnly();
  }

  // What there is of the centre.
  Ids Of(const std::string& centre) {
    const std::string where = absl::StrCat(" WHERE centre_id = '", centre, "' ORDER BY id LIMIT 1");
    return {{"message", world_.Ask("SELECT id FROM message" + where)},
            {"reminder", world_.Ask("SELECT id FROM reminder" + where)}};
  }

  std::vector<std::string> AllOf(const std::string& centre) {
    std::vector<std::string> words = {centre};
    for (const char* table : {"message", "reminder"}) {
      const int count = world_.Count(absl::StrCat(table, " WHERE centre_id = '", centre, "'"));
      for (int at = 0; at < count; ++at) {
        words.push_back(world_.Ask(absl::StrCat("SELECT id FROM ", table, " WHERE centre_id = '",
                                                centre, "' ORDER BY id OFFSET ", at, " LIMIT 1")));
      }
    }
    return words;
  }

  ieum::testing::Calls CallsAs(const std::string& token) {
    return [peer = std::shared_ptr<rpc::Peer>(world_.PeerWith(token))](
               const std::string& method, const google::protobuf::Message& request,
               google::protobuf::Message* response) {
      return peer->Call(absl::StrCat("/", kPackage, ".", method), request, response,
                        absl::Seconds(30));
    };
  }

  World world_;
};

TEST_F(Centres, DoNotTellAnothersRowsFromRowsThatAreNotThere) {
  EXPECT_THAT(
      ieum::testing::DoorsThatTell(kPackage, Doors(), Of(kCentreB), {}, CallsAs("centre-a")),
      IsEmpty());
  EXPECT_THAT(
      ieum::testing::DoorsThatTell(kPackage, Doors(), Of(kCentreA), {}, CallsAs("centre-b")),
      IsEmpty());
}

TEST_F(Centres, ListTheirOwnRowsOnly) {
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), {}, AllOf(kCentreB), CallsAs("centre-a")),
      IsEmpty());
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), {}, AllOf(kCentreA), CallsAs("centre-b")),
      IsEmpty());
}

TEST_F(Centres, AreThoughtOfInEveryMethod) {
  const std::string shared = "texts and rules are the suite's; writing them is suite-wide";
  EXPECT_THAT(
      ieum::testing::Forgotten({"ieum.notify.v1.MessageService", "ieum.notify.v1.RuleService",
                                "ieum.notify.v1.TemplateService"},
                               Doors(), Lists(),
                               {{"RuleService/CreateRule", shared},
                                {"RuleService/GetRule", shared},
                                {"RuleService/ListRules", shared},
                                {"RuleService/UpdateRule", shared},
                                {"TemplateService/CreateTemplate", shared},
                                {"TemplateService/GetTemplate", shared},
                                {"TemplateService/ListTemplates", shared},
                                {"TemplateService/UpdateTemplate", shared}}),
      IsEmpty());
}

// Each line is of one centre; together they are what the suite's staff sees.
TEST_F(Centres, HaveTheirOwnBalance) {
  world_.ExpectBalanced();
  const auto sum = [&](const std::string& token) {
    v1::ListBalancesResponse lines;
    const absl::Status read =
        CallsAs(token)("MessageService/ListBalances", v1::ListBalancesRequest(), &lines);
    EXPECT_TRUE(read.ok()) << read;
    int64_t planned = 0;
    for (const v1::Balance& line : lines.balances()) {
      EXPECT_TRUE(line.balanced());
      planned += line.planned();
    }
    return planned;
  };
  EXPECT_GT(sum("centre-a"), 0);
  EXPECT_EQ(sum("centre-a"), sum("centre-b"));
  EXPECT_EQ(sum("centre-ab"), 2 * sum("centre-a"));
  EXPECT_EQ(sum("manager"), 3 * sum("centre-a"));
}

TEST_F(Centres, AreWhatTheEventsSay) {
  EXPECT_EQ(world_.Count("reminder WHERE coalesce(centre_id::text, '') <> "
                         "facts ->> 'engagement_centre_id'"),
            0);
  EXPECT_EQ(world_.Count("message m JOIN reminder r ON r.id = m.reminder_id "
                         "WHERE m.centre_id IS DISTINCT FROM r.centre_id"),
            0);
  EXPECT_EQ(world_.Ask("SELECT count(DISTINCT coalesce(centre_id::text, '')) FROM message"), "3");
}

TEST_F(Centres, LeaveTheRulesToTheSuite) {
  v1::UpdateRuleRequest change;
  v1::ListRulesResponse rules;
  ASSERT_TRUE(CallsAs("centre-a")("RuleService/ListRules", v1::ListRulesRequest(), &rules).ok());
  ASSERT_GT(rules.rules_size(), 0);
  *change.mutable_rule() = rules.rules(0);
  v1::Rule changed;
  EXPECT_EQ(base::ReasonOf(CallsAs("centre-a")("RuleService/UpdateRule", change, &changed)),
            "PERMISSION_DENIED");
}

// What is no id of a centre is the suite's, and stops no consumer.
TEST(Reminders, OfWhatNamesNoCentreAreTheSuites) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  casemgmt::v1::VisitPlanned event = VisitPlanned("2023-04-10");
  event.mutable_engagement()->set_centre_id("*");
  world.Happen(event);
  EXPECT_GT(world.Count("reminder"), 0);
  EXPECT_EQ(world.Count("reminder WHERE centre_id IS NOT NULL"), 0);
}

// Rows of 25 centres, 4,000 each.
TEST_F(Centres, ReadTheirMessagesByAnIndexOfTheirOwn) {
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction work(connection);
  work.exec(absl::StrCat(R"(
    INSERT INTO message (id, reminder_id, rule_code, rule_version, subject_id, kind, person_id,
      channel, law_class, template_code, template_version, due_date, due_at, expires_at,
      cause_event_id, correlation_id, facts, state, handed_over_at, created_at, updated_at)
    SELECT gen_random_uuid(), m.reminder_id, m.rule_code, m.rule_version, m.subject_id, 1,
      gen_random_uuid(), m.channel, m.law_class, m.template_code, m.template_version, m.due_date,
      m.due_at + n * interval '1 second', m.expires_at, gen_random_uuid(), '',
      jsonb_build_object('engagement_centre_id', centres[1 + n % 25]), 3, m.due_at, now(), now()
    FROM generate_series(1, 100000) AS n
    CROSS JOIN (SELECT * FROM message ORDER BY id LIMIT 1) m
    CROSS JOIN (SELECT ARRAY[')",
                         kCentreA, "', '", kCentreB, R"(']::uuid[] || ARRAY(SELECT gen_random_uuid()
                  FROM generate_series(1, 23)) AS centres) c)"));
  work.exec("ANALYZE");
  db::Database& db = world_.database.database();
  filter::ListSpec before = MessageList();
  before.centres.clear();
  const auto everything = ieum::testing::FirstPage(before, {});
  const auto everywhere = ieum::testing::FirstPage(MessageList(), base::Scope::Everywhere());
  const auto one = ieum::testing::FirstPage(MessageList(), base::Scope::Of({kCentreA}));
  const auto two = ieum::testing::FirstPage(MessageList(), base::Scope::Of({kCentreA, kCentreB}));
  EXPECT_EQ(ieum::testing::PlanOf(db, everywhere), ieum::testing::PlanOf(db, everything));
  const std::string plan = ieum::testing::PlanOf(db, one);
  EXPECT_THAT(plan, HasSubstr("using message_centre"));
  EXPECT_THAT(plan, Not(HasSubstr("Sort")));
  EXPECT_THAT(ieum::testing::PlanOf(db, two), Not(HasSubstr("Seq Scan on message m")));
  std::printf(
      "a page of 100,000 messages: %.1f ms before; %.1f ms everywhere, %.1f ms one centre, "
      "%.1f ms two\n",
      ieum::testing::MillisecondsOf(db, everything), ieum::testing::MillisecondsOf(db, everywhere),
      ieum::testing::MillisecondsOf(db, one), ieum::testing::MillisecondsOf(db, two));
}

}  // namespace
}  // namespace ieum::notify::testing
