// Goal: a centre's staff sees and changes what is its centre's, and what is another's is as if it
// were not. Method: two centres side by side with the same kinds of data, every method of the
// contract. row:R11 row:R23
#include "tests/support/centres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/activity_world.h"
#include "tests/integration/casemgmt/centre_doors.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/list_plans.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.casemgmt.v1";
class Centres : public ::testing::Test {
 protected:
  Centres() {
    shared_["firm"] = served_.world().HearFirm().ToString();
    shared_["person"] = person_.ToString();
    a_ = Fill(kCentreA);
    b_ = Fill(kCentreB);
  }

  // A campaign of the centre, an engagement that was visited, and its draft.
  Ids Fill(const std::string& centre) {
    World& world = served_.world();
    Ids ids;
    const base::Uuid campaign = world.HearCampaign({.centre = centre});
    const base::Uuid engagement = world.Visited(campaign);
    const base::Uuid form = world.Draft(engagement);
    ids["campaign"] = campaign.ToString();
    ids["engagement"] = engagement.ToString();
    ids["visit"] = world.Ask(
        absl::StrCat("SELECT id FROM visit WHERE engagement_id = '", engagement.ToString(), "'"));
    ids["recommendation"] = world.Ask(absl::StrCat(
        "INSERT INTO recommendation (id, engagement_id, measure, scheme_code, recommended_date, "
        "state, created_at, updated_at) VALUES (gen_random_uuid(), '",
        engagement.ToString(),
        "', 'leave on time', '', '2023-05-10', 1, now(), now()) RETURNING id"));
    ids["form"] = form.ToString();
    const base::Uuid activity = ActivityOf(centre);
    ids["activity"] = activity.ToString();
    ids["attendance"] = Activities(world).Invited(activity, {.person = person_}).ToString();
    Sessions sessions(world);
    const base::Uuid of_case = sessions.InCase({.centre = base::Uuid::Parse(centre)});
    const base::Uuid session = sessions.Booked(of_case, "2023-05-17 10:00");
    ids["case"] = of_case.ToString();
    ids["session"] = session.ToString();
    Fill(of_case, centre, &ids);
    Refer(of_case, centre, &ids);
    ids["appointment"] = sessions.AppointmentOf(session).ToString();
    ids["note"] = IdOf(sessions.Note(of_case, session, "x")).ToString();
    return ids;
  }

  // A referral to an agency, and a transfer to a centre that nobody here acts for.
  void Refer(const base::Uuid& of_case, const std::string& centre, Ids* ids) {
    const std::string elsewhere = base::Uuid::NewV7().ToString();
    (*ids)["referral"] = served_.world().Ask(absl::StrCat(
        "INSERT INTO referral (id, case_id, centre_id, state, service, recipient_id, parts, items, "
        "sent_date, "
        "answer_due_date, end_date, created_at, updated_at) VALUES (gen_random_uuid(), '",
        of_case.ToString(), "', '", centre, "', 1, 1, '", elsewhere,
        "', '{}', '{}', '2023-05-10', '2023-05-15', '2023-08-08', now(), now()) RETURNING id"));
    (*ids)["transfer"] = served_.world().Ask(absl::StrCat(
        "INSERT INTO case_transfer (id, case_id, state, from_centre_id, to_centre_id, reason, "
        "items, asked_date, answer_due_date, requester, expires_at, receipt_id, created_at) "
        "VALUES (gen_random_uuid(), '",
        of_case.ToString(), "', 1, '", centre, "', '", elsewhere,
        "', 1, '{x}', '2023-05-10', '2023-05-15', 'staff/x', now() + interval '14 days', "
        "gen_random_uuid(), now()) RETURNING id"));
  }

  // What is assessed, conferred about and planned in the case.
  void Fill(const base::Uuid& of_case, const std::string& centre, Ids* ids) {
    const std::string id = of_case.ToString();
    const auto make = [&](const std::string& sql) {
      return served_.world().Ask(sql + " RETURNING id");
    };
    (*ids)["assessment"] = make(absl::StrCat(
        "INSERT INTO assessment (id, case_id, version, state, reassessment, instrument_id, score, "
        "computed_level, level, primary_factor, assessed_date, author, created_at, updated_at) "
        "SELECT gen_random_uuid(), '",
        id,
        "', 1, 1, false, id, '4.17', 1, 1, 'RF02', "
        "'2023-05-10', gen_random_uuid(), now(), now() FROM instrument"));
    (*ids)["conference"] = make(absl::StrCat(
        "WITH made AS (INSERT INTO aggregate (id, kind, version) VALUES (gen_random_uuid(), "
        "'conference', 1) RETURNING id) INSERT INTO conference (id, state, centre_id, "
        "conference_date, created_at, updated_at) SELECT id, 1, '",
        centre, "', '2023-05-10', now(), now() FROM made"));
    (*ids)["agenda_item"] = make(absl::StrCat(
        "INSERT INTO agenda_item (id, conference_id, case_id, state, created_at, updated_at) "
        "VALUES (gen_random_uuid(), '",
        (*ids)["conference"], "', '", id, "', 1, now(), now())"));
    (*ids)["plan"] = make(absl::StrCat(
        "INSERT INTO case_plan (id, case_id, version, state, author, created_at, updated_at) "
        "VALUES (gen_random_uuid(), '",
        id, "', 1, 1, gen_random_uuid(), now(), now())"));
  }

  // A meeting of the centre, confirmed.
  base::Uuid ActivityOf(const std::string& centre) {
    World& world = served_.world();
    const base::Uuid activity = IdOf(world.Do([&](auto& work) {
      return EnterActivity(work, {.start = Day("2023-05-10"),
                                  .end = Day("2023-05-10"),
                                  .label = "협의회",
                                  .centre = base::Uuid::Parse(centre)});
    }));
    IdOf(world.Do([&](auto& work) { return ConfirmActivity(work, {.activity_id = activity}); }));
    return activity;
  }

  ieum::testing::Calls CallsAs(const std::string& token) {
    return [this, token](const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
      return served_.CallAs(token, method, request, response);
    };
  }

  absl::Status Try(const std::string& token, const Door& door, const Ids& ids,
                   google::protobuf::Message* response) {
    Ids all = shared_;
    all.insert(ids.begin(), ids.end());
    return served_.CallAs(token, door.method, *ieum::testing::RequestOf(kPackage, door, all),
                          response);
  }

  static std::vector<std::string> IdsOf(const Ids& ids) {
    std::vector<std::string> words;
    for (const auto& [word, id] : ids) words.push_back(id);
    return words;
  }

  Served served_;
  const base::Uuid person_ = base::Uuid::NewV7();  // on lists of both centres
  Ids shared_, a_, b_;
};

TEST_F(Centres, DoNotTellAnothersRowsFromRowsThatAreNotThere) {
  const int64_t before = served_.world().EventCount();
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, shared_, CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, shared_, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(served_.world().EventCount(), before);
}

TEST_F(Centres, ListTheirOwnRowsOnly) {
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(b_), CallsAs("centre-a")),
      IsEmpty());
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(a_), CallsAs("centre-b")),
      IsEmpty());
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(a_), CallsAs("centre-ab")),
      Not(IsEmpty()));
}

TEST_F(Centres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(ieum::testing::Forgotten(
                  {"ieum.casemgmt.v1.EngagementService", "ieum.casemgmt.v1.FormService",
                   "ieum.casemgmt.v1.ActivityService", "ieum.casemgmt.v1.SessionService",
                   "ieum.casemgmt.v1.AppointmentService", "ieum.casemgmt.v1.ReferralService",
                   "ieum.casemgmt.v1.TransferService", "ieum.casemgmt.v1.AssessmentService",
                   "ieum.casemgmt.v1.ConferenceService", "ieum.casemgmt.v1.PlanService"},
                  Doors(), Lists(),
                  {{"ActivityService/ListMinutes", "has a test of its own"},
                   {"AssessmentService/CreateInstrument", "of the whole suite"},
                   {"AssessmentService/GetInstrument", "instruments are everybody's"},
                   {"AssessmentService/ListInstruments", "instruments are everybody's"},
                   {"SessionService/ListSessionNotes", "has a test of its own"},
                   {"ReferralService/RecordReferralResultByLink", "a link is nobody's centre's"}}),
              IsEmpty());
}

TEST_F(Centres, GiveTheirCentreToAllThatComesOfACampaign) {
  for (const char* table : {"engagement", "visit", "application", "activity", "attendance"}) {
    EXPECT_EQ(served_.world().Ask(absl::StrCat("SELECT string_agg(centre_id::text, ' ' ORDER BY ",
                                               "centre_id) FROM ", table)),
              absl::StrCat(kCentreA, " ", kCentreB))
        << table;
  }
  const auto told = served_.world().LastOf(*base::Uuid::Parse(b_.at("form")));
  EXPECT_EQ(told.As<v1::ApplicationDrafted>().application().centre_id(), kCentreB);
  v1::Engagement engagement;
  ASSERT_TRUE(
      Try("centre-b", {"EngagementService/GetEngagement", kEngagement}, b_, &engagement).ok());
  EXPECT_EQ(engagement.centre(), absl::StrCat("organizations/", kCentreB));
}

TEST_F(Centres, WorkOnTheirOwnRows) {
  v1::Engagement opened;
  const Door open = {"EngagementService/CreateEngagement",
                     "engagement { organization: 'organizations/{firm}' campaign: "
                     "'campaigns/{campaign}' lead_source: LEAD_SOURCE_REQUEST }"};
  const absl::Status made = Try("centre-a", open, a_, &opened);
  ASSERT_TRUE(made.ok()) << made;
  // A firm is consulted once at a time, whoever does it; the refusal does not say who.
  v1::Engagement second;
  const absl::Status refused = Try("centre-b", open, b_, &second);
  EXPECT_EQ(base::ReasonOf(refused), "ENGAGEMENT_OPEN_ALREADY");
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr(kCentreA)));
  v1::Application form;
  EXPECT_TRUE(Try("centre-a",
                  {"FormService/UpdateApplication",
                   "application { name: 'applications/{form}' form_version: '2' } update_mask { "
                   "paths: 'form_version' }"},
                  a_, &form)
                  .ok());
}

TEST_F(Centres, DoNotSeeWhatIsTheSuites) {
  const base::Uuid suites = served_.world().Open(served_.world().HearCampaign());
  v1::Engagement engagement;
  const Door get = {"EngagementService/GetEngagement", kEngagement};
  const Ids ids = {{"engagement", suites.ToString()}};
  EXPECT_EQ(base::ReasonOf(Try("centre-ab", get, ids, &engagement)), "NOT_FOUND");
  EXPECT_TRUE(Try(kManagerToken, get, ids, &engagement).ok());
  EXPECT_EQ(engagement.centre(), "");
}

// Rows of 25 centres, 4,000 each.
TEST(CentreLists, AreReadByAnIndexOfTheirOwn) {
  ieum::testing::TestDatabase database(casemgmt_migrations());
  database.Ask(absl::StrCat(R"(
    WITH campaign AS (
      INSERT INTO campaign_reference (id, code, programme, edition, task, admission, state, version)
      VALUES (gen_random_uuid(), 'C', 'P', '2023', 1, 1, 2, 1) RETURNING id),
    made AS (
      INSERT INTO engagement (id, organization_id, campaign_id, campaign_code, programme, edition,
        task, state, lead_source, lead_date, vulnerability_reasons, last_step_date, centre_id,
        created_at, updated_at)
      SELECT gen_random_uuid(), gen_random_uuid(), campaign.id, 'C', 'P', '2023', 1, 2, 1,
        '2023-03-14', '{}', '2023-03-14',
        (ARRAY[')",
                            kCentreA, "', '", kCentreB, R"(']::uuid[] || ARRAY(SELECT
          gen_random_uuid() FROM generate_series(1, 23)))[1 + n % 25], now(), now()
      FROM generate_series(1, 100000) AS n CROSS JOIN campaign RETURNING id)
    INSERT INTO aggregate (id, kind, version) SELECT id, 'engagement', 1 FROM made RETURNING 1)"));
  pqxx::connection connection(database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
  db::Database& db = database.database();
  filter::ListSpec before = EngagementList();
  before.centres.clear();
  const auto everything = ieum::testing::FirstPage(before, {});
  const auto everywhere = ieum::testing::FirstPage(EngagementList(), base::Scope::Everywhere());
  const auto one = ieum::testing::FirstPage(EngagementList(), base::Scope::Of({kCentreA}));
  const auto two =
      ieum::testing::FirstPage(EngagementList(), base::Scope::Of({kCentreA, kCentreB}));
  EXPECT_EQ(ieum::testing::PlanOf(db, everywhere), ieum::testing::PlanOf(db, everything));
  const std::string plan = ieum::testing::PlanOf(db, one);
  EXPECT_THAT(plan, HasSubstr("using engagement_centre"));
  EXPECT_THAT(plan, Not(HasSubstr("Sort")));
  EXPECT_THAT(ieum::testing::PlanOf(db, two), Not(HasSubstr("Seq Scan on engagement")));
  std::printf(
      "a page of 100,000 engagements: %.1f ms before; %.1f ms everywhere, %.1f ms one centre, "
      "%.1f ms two\n",
      ieum::testing::MillisecondsOf(db, everything), ieum::testing::MillisecondsOf(db, everywhere),
      ieum::testing::MillisecondsOf(db, one), ieum::testing::MillisecondsOf(db, two));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
