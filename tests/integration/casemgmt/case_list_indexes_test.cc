// Goal: a page of cases, sessions and referrals is found by an index among many, whatever it is
// filtered by and for whomever. Method: 40,000 cases with a session and a referral each, every
// field of every list, for one manager, a centre's team, two teams and the suite; no page reads a
// whole table of them. row:C17
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/referrals/referral_store.h"
#include "services/casemgmt/sessions/session_store.h"
#include "tests/integration/casemgmt/world.h"
#include "tests/support/list_plans.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCentre[] = "00000000-0000-4000-9000-000000000003";
constexpr char kOtherCentre[] = "00000000-0000-4000-9000-000000000004";
constexpr char kManager[] = "00000000-0000-4000-8000-000000000007";
constexpr char kCase[] = "00000000-0000-4000-a000-00000000004d";

// A field and what is asked of it.
using Asked = std::vector<std::pair<std::string, std::string>>;

void Fill(World& world) {
  world.Ask(
      "INSERT INTO participant (token, created_at) "
      "VALUES ('00000000-0000-4000-b000-000000000000', now()) RETURNING 1");
  world.Ask(
      "WITH n AS (SELECT n, ('00000000-0000-4000-a000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, "
      "  ('00000000-0000-4000-9000-' || lpad((n % 10)::text, 12, '0'))::uuid AS centre, "
      "  ('00000000-0000-4000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid AS manager, "
      "  date '2024-01-01' + (n % 200)::int AS day FROM generate_series(1, 40000) n), "
      "a AS (INSERT INTO aggregate (id, kind, version) SELECT id, 'case', 1 FROM n), "
      "c AS (INSERT INTO casefile (id, participant, person_id, case_number, programme, edition, "
      "  line_code, centre_id, ownership_epoch, manager_subject, state, on_hold, risk_level, "
      "  classification, primary_factor, urgent, source, opened_date, intake_date, closed_date, "
      "  due_date, plan_due_date, last_step_date, close_reason, reject_reason, hold_reason, "
      "  held_days, closure_reason, closure_employed, template_version, created_at, updated_at) "
      "SELECT id, '00000000-0000-4000-b000-000000000000', id, '2024-' || n, 'INC', '2024', "
      "  'INC-2', centre, 1, manager, 1 + n % 11, false, 1 + n % 4, n % 4, '', false, 1 + n % 5, "
      "  day, day, CASE WHEN n % 11 = 10 THEN day END, day, day, day, 0, 0, 0, 0, 0, false, 0, "
      "  now(), now() FROM n), "
      "s AS (INSERT INTO case_session (id, case_id, type, purpose, channel, state, start_time, "
      "  end_time, service_date, record_date, provider_id, participants, urgent, created_at, "
      "  updated_at) "
      "SELECT id, id, 1 + n % 5, 1 + n % 3, 1 + n % 4, 1 + n % 5, day, day + interval '1 hour', "
      "  day, day, manager, '{}', n % 10 = 0, now(), now() FROM n), "
      "f AS (INSERT INTO referral (id, case_id, centre_id, state, service, recipient_id, parts, "
      "  items, sent_date, answer_due_date, end_date, ended_at, created_at, updated_at) "
      "SELECT id, id, centre, 1 + n % 6, 1 + n % 4, "
      "  ('00000000-0000-4000-9000-' || lpad(((n + 1) % 10)::text, 12, '0'))::uuid, '{}', '{}', "
      "  day, day + 3, day + 90, CASE WHEN n % 6 > 1 THEN now() END, now(), now() FROM n) "
      "SELECT 1");
  for (const char* table : {"casefile", "case_session", "referral", "aggregate"}) {
    world.Ask(absl::StrCat("ANALYZE ", table));
  }
}

Asked OfCases() {
  return {{"name", absl::StrCat("name = \"cases/", kCase, "\"")},
          {"person", absl::StrCat("person = \"persons/", kCase, "\"")},
          {"programme", "programme = INC"},
          {"edition", "edition = \"2024\""},
          {"centre", absl::StrCat("centre = \"organizations/", kCentre, "\"")},
          {"manager", absl::StrCat("manager = \"subjects/", kManager, "\"")},
          {"case_number", "case_number = \"2024-77\""},
          {"line_code", "line_code = \"INC-2\""},
          {"state", "state = CASE_STATE_DELIVERY"},
          {"on_hold", "on_hold = false"},
          {"risk_level", "risk_level = RISK_LEVEL_CRISIS"},
          {"classification", "classification = CASE_CLASSIFICATION_SERVICE_LINK"},
          {"source", "source = CASE_SOURCE_FIRM"},
          {"participant", "participant = \"participants/00000000-0000-4000-b000-000000000000\""},
          {"opened_date", "opened_date = \"2024-03-05\""},
          {"intake_date", "intake_date >= \"2024-03-05\""},
          {"due_date", "due_date < \"2024-03-05\""},
          {"plan_due_date", "plan_due_date < \"2024-03-05\""},
          {"closed_date", "closed_date >= \"2024-03-05\""},
          {"create_time", "create_time > \"2024-01-02T00:00:00Z\""}};
}

Asked OfSessions() {
  return {{"name", absl::StrCat("name = \"cases/", kCase, "/sessions/", kCase, "\"")},
          {"type", "type = SESSION_TYPE_CAREER"},
          {"purpose", "purpose = SESSION_PURPOSE_CONSULTATION"},
          {"channel", "channel = SESSION_CHANNEL_PHONE"},
          {"state", "state = SESSION_STATE_BOOKED"},
          {"start_time", "start_time > \"2024-01-02T00:00:00Z\""},
          {"service_date", "service_date = \"2024-03-05\""},
          {"record_date", "record_date >= \"2024-03-05\""},
          {"provider", absl::StrCat("provider = \"persons/", kManager, "\"")},
          {"urgent", "urgent = true"}};
}

Asked OfReferrals() {
  return {{"name", absl::StrCat("name = \"cases/", kCase, "/referrals/", kCase, "\"")},
          {"state", "state = REFERRAL_STATE_SENT"},
          {"service", "service = REFERRAL_SERVICE_KIND_CAREER"},
          {"recipient", absl::StrCat("recipient = \"organizations/", kCentre, "\"")},
          {"sent_date", "sent_date = \"2024-03-05\""},
          {"answer_due_date", "answer_due_date < \"2024-03-05\""},
          {"end_date", "end_date >= \"2024-06-05\""},
          {"answer_overdue", "answer_overdue = false"}};
}

class CaseListIndexes : public ::testing::Test {
 protected:
  CaseListIndexes() { Fill(world_); }

  using Narrow = std::function<void(filter::ListQuery&, const Reach&)>;
  void ExpectQuick(const filter::ListSpec& spec, const Asked& asked, const char* table,
                   const Narrow& narrow) {
    std::set<std::string> known;
    for (const auto& [field, text] : asked) known.insert(field);
    const std::set<std::string> all = absl::StrSplit(spec.fields.Names(), ", ");
    EXPECT_EQ(known, all) << table << ": which of its fields has an index?";
    const auto manager = *base::Uuid::Parse(kManager);
    const auto one = base::Scope::Of({kCentre}), two = base::Scope::Of({kCentre, kOtherCentre});
    const std::vector<std::pair<const char*, Reach>> callers = {
        {"a manager", {.own_in = one, .subject = manager}},
        {"a team", {.team = one, .own_in = one, .subject = manager}},
        {"two teams", {.team = two, .own_in = two, .subject = manager}},
        {"everybody", Reach::Everything()}};
    for (const auto& [who, reach] : callers) {
      Asked filters = asked;
      filters.push_back({"", ""});
      for (const auto& [field, text] : filters) {
        auto query = ieum::testing::FirstPage(spec, base::Scope::Everywhere(), text);
        narrow(query, reach);
        const std::string plan = ieum::testing::PlanOf(world_.database(), query);
        EXPECT_THAT(plan, Not(HasSubstr(absl::StrCat("Seq Scan on ", table))))
            << who << ": " << text << "\n"
            << plan;
      }
    }
  }

  World world_{"2024-03-04 10:00"};
};

TEST_F(CaseListIndexes, FindAPageOfEveryListOfCases) {
  const auto reached = [](filter::ListQuery& query, const Reach& reach) {
    WhereReach(query, "c", reach);
  };
  ExpectQuick(CaseList(), OfCases(), "casefile", reached);
  ExpectQuick(SessionList(), OfSessions(), "case_session", reached);
  // Who takes in what is sent to his centre, and who manages cases alone.
  for (const bool receives : {true, false}) {
    ExpectQuick(ReferralList(), OfReferrals(), "referral",
                [&](filter::ListQuery& query, const Reach& reach) {
                  WhereEitherSide(query, reach, receives ? reach.own_in : reach.team);
                });
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
