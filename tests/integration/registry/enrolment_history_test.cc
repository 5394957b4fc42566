// Goal: an enrolment goes along its arrows only, by whichever method; what was decided about it can
// be decided again from what is kept; and a later edition leaves an earlier episode alone.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/registry/enrolments/eligibility.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/participant_world.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Word(v1::EnrolmentState state) {
  return std::string(absl::StripPrefix(v1::EnrolmentState_Name(state), "ENROLMENT_STATE_"));
}

class EnrolmentHistory : public Participants {
 protected:
  absl::StatusOr<v1::Enrolment> Go(const std::string& step, const std::string& name) {
    if (step == "Activate") return Say<v1::ActivateEnrolmentRequest>("ActivateEnrolment", name);
    if (step == "Complete") return Say<v1::CompleteEnrolmentRequest>("CompleteEnrolment", name);
    if (step == "Accept") return Say<v1::AcceptOfferRequest>("AcceptOffer", name);
    if (step == "Decline") return Say<v1::DeclineOfferRequest>("DeclineOffer", name);
    return Withdraw(name);
  }
  // A new enrolment that stands there, each in a campaign of its own; APPLIED ends in its own
  // command, so nobody meets it.
  std::string In(v1::EnrolmentState state) {
    const bool full = state == v1::ENROLMENT_STATE_WAITING || state == v1::ENROLMENT_STATE_OFFERED;
    const std::string campaign = world_.OpenCampaign([&](v1::Campaign* wish) {
      wish->set_capacity(full ? 1 : 0);
      wish->set_offer_hours(24);
      if (state == v1::ENROLMENT_STATE_DENIED)
        wish->mutable_eligibility()->add_region_prefixes("28");
    });
    const std::string holder = full ? world_.Enrol(campaign, world_.Firm(++firms_)).name() : "";
    const std::string name = world_.Enrol(campaign, world_.Firm(++firms_)).name();
    if (state == v1::ENROLMENT_STATE_OFFERED) {
      EXPECT_TRUE(Withdraw(holder).ok());
    }
    if (state == v1::ENROLMENT_STATE_WITHDRAWN) {
      EXPECT_TRUE(Withdraw(name).ok());
    }
    if (state == v1::ENROLMENT_STATE_ACTIVE || state == v1::ENROLMENT_STATE_COMPLETED) {
      EXPECT_TRUE(Go("Activate", name).ok());
    }
    if (state == v1::ENROLMENT_STATE_COMPLETED) {
      EXPECT_TRUE(Go("Complete", name).ok());
    }
    EXPECT_EQ(Word(world_.GetEnrolment(name)->state()), Word(state));
    return name;
  }
  v1::ListEnrolmentsResponse List(const std::string& filter) {
    v1::ListEnrolmentsRequest request;
    request.set_parent("campaigns/-");
    request.set_filter(filter);
    request.set_order_by("create_time");
    const auto page =
        world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(v1::ListEnrolmentsResponse());
  }

  int firms_ = 0;
};

// Where each method leads from each state; what is not there is refused. row:R14
TEST_F(EnrolmentHistory, GoesFromEveryStateByEveryMethodWhereTheTableSays) {
  const std::map<std::pair<std::string, std::string>, std::string> table = {
      {{"WAITING", "Withdraw"}, "WITHDRAWN"}, {{"OFFERED", "Accept"}, "CONFIRMED"},
      {{"OFFERED", "Decline"}, "WITHDRAWN"},  {{"OFFERED", "Withdraw"}, "WITHDRAWN"},
      {{"CONFIRMED", "Activate"}, "ACTIVE"},  {{"CONFIRMED", "Withdraw"}, "WITHDRAWN"},
      {{"ACTIVE", "Complete"}, "COMPLETED"},  {{"ACTIVE", "Withdraw"}, "WITHDRAWN"}};
  for (int number = v1::ENROLMENT_STATE_DENIED; number < v1::EnrolmentState_ARRAYSIZE; ++number) {
    const auto state = static_cast<v1::EnrolmentState>(number);
    for (const char* step : {"Activate", "Complete", "Accept", "Decline", "Withdraw"}) {
      const std::string name = In(state);
      const v1::Enrolment before = world_.GetEnrolment(name).value();
      const auto after = Go(step, name);
      const auto expected = table.find({Word(state), step});
      if (expected != table.end()) {
        ASSERT_TRUE(after.ok()) << Word(state) << " " << step << after.status();
        EXPECT_EQ(Word(after->state()), expected->second) << Word(state) << " " << step;
        EXPECT_EQ(after->transitions_size(), before.transitions_size() + 1);
        EXPECT_EQ(after->transitions().rbegin()->date(), "2023-05-02");
        continue;
      }
      EXPECT_EQ(base::ReasonOf(after.status()), "ENROLMENT_STATE") << Word(state) << " " << step;
      EXPECT_THAT(std::string(after.status().message()), HasSubstr(Word(state)));
      EXPECT_EQ(world_.GetEnrolment(name)->etag(), before.etag()) << "a refusal changes nothing";
    }
  }
}

// row:R14
TEST_F(EnrolmentHistory, HasAReasonForEveryEndAndForNothingElse) {
  In(v1::ENROLMENT_STATE_DENIED);
  In(v1::ENROLMENT_STATE_OFFERED);
  In(v1::ENROLMENT_STATE_COMPLETED);
  EXPECT_TRUE(Go("Decline", In(v1::ENROLMENT_STATE_OFFERED)).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment_transition WHERE (state = 2) <> "
                       "(denial_reason > 0) OR (state = 7) <> (withdrawal_reason > 0)"),
            "0");
}

// Every verdict, given again from what a reader is shown of it. row:R16
TEST_F(EnrolmentHistory, ShowsEvidenceThatGivesTheVerdictAgain) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_capacity(2);
    wish->mutable_eligibility()->set_sme_only(true);
    wish->mutable_eligibility()->add_region_prefixes("26");
    wish->mutable_eligibility()->add_excluded_ksic("I");
  });
  const std::string first = world_.Firm(1);
  world_.Enrol(campaign, first);
  world_.Enrol(campaign, first);  // already enrolled
  world_.Enrol(campaign, world_.Firm(2, [](auto* facts) { facts->set_region_code("28177"); }));
  world_.Enrol(campaign, world_.Firm(3, [](auto* facts) { facts->clear_ksic_code(); }));
  world_.Enrol(campaign, world_.Firm(4, [](auto* facts) { facts->set_ksic_code("55101"); }));
  world_.Enrol(campaign, world_.Firm(5));
  world_.Enrol(campaign, world_.Firm(6));  // waits
  Form form;
  form.campaign = campaign;
  form.organization = "organizations/" + base::Uuid::NewV7().ToString();
  form.submitted = "2023-03-13 09:59";  // unknown, and too early
  ASSERT_TRUE(world_.Deliver(form.Received(), base::Uuid::NewV7()).ok());
  form.id = base::Uuid::NewV7();
  form.organization = world_.Firm(7);
  ASSERT_TRUE(world_.Deliver(form.Received(), base::Uuid::NewV7()).ok());

  // Everything that was looked at changes.
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(campaign);
  update.mutable_campaign()->set_capacity(20);
  update.mutable_campaign()->mutable_eligibility()->add_region_prefixes("28");
  *update.mutable_campaign()->mutable_window()->mutable_start_time() =
      ToTimestamp(Korea("2023-02-01 10:00"));
  *update.mutable_campaign()->mutable_window()->mutable_end_time() =
      ToTimestamp(Korea("2023-10-10 18:00"));
  ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update).ok());
  world_.Ask("UPDATE organization_facts SET region_code = '11110', sme = false RETURNING 1");

  std::vector<int> reasons;
  for (const v1::Enrolment& enrolment : world_.Enrolments(campaign)) {
    const v1::EligibilityVerdict& kept = enrolment.verdict();
    const Admission again =
        JudgeAdmission(kept.rules(), kept.evidence(), kept.has_facts() ? &kept.facts() : nullptr);
    EXPECT_EQ(again.reason, kept.reason());
    EXPECT_EQ(Word(again.state), Word(enrolment.transitions(1).state()));
    EXPECT_EQ(kept.rule_version(), 2);
    EXPECT_EQ(kept.eligible(), again.state != v1::ENROLMENT_STATE_DENIED);
    reasons.push_back(kept.reason());
  }
  EXPECT_THAT(reasons,
              ::testing::UnorderedElementsAre(
                  0, 0, 0, v1::DENIAL_REASON_ALREADY_ENROLLED, v1::DENIAL_REASON_REGION,
                  v1::DENIAL_REASON_FACTS_MISSING, v1::DENIAL_REASON_INDUSTRY,
                  v1::DENIAL_REASON_ORGANIZATION_UNKNOWN, v1::DENIAL_REASON_OUTSIDE_WINDOW));
}

TEST_F(EnrolmentHistory, ShowsTheInstantAndTheSeatsThatAVerdictSaw) {
  const v1::Enrolment enrolment = world_.Enrol(world_.OpenCampaign(), world_.Firm(1));
  const v1::EligibilityEvidence& evidence = enrolment.verdict().evidence();
  EXPECT_EQ(FromTimestamp(evidence.earliest_time()), Korea("2023-05-02 11:00"));
  EXPECT_EQ(FromTimestamp(evidence.latest_time()), Korea("2023-05-02 11:00"));
  EXPECT_EQ(evidence.capacity(), 30);
  EXPECT_EQ(evidence.seats_taken(), 0);
  EXPECT_TRUE(evidence.organization_active());
  EXPECT_EQ(evidence.campaign_state(), v1::CAMPAIGN_STATE_OPEN);
  // What is of before evidence was kept is shown without it.
  world_.Ask("UPDATE enrolment SET evidence = NULL RETURNING 1");
  EXPECT_FALSE(world_.GetEnrolment(enrolment.name())->verdict().has_evidence());
  EXPECT_TRUE(world_.GetEnrolment(enrolment.name())->verdict().eligible());
}

// row:R15
TEST_F(EnrolmentHistory, KeepsTheFirstEpisodeWhenALaterEditionBegins) {
  const std::string firm = world_.Firm(1);
  const v1::Enrolment first = world_.Enrol(world_.OpenCampaign(), firm);
  world_.SetClock("2023-06-01 09:00");
  ASSERT_TRUE(Go("Activate", first.name()).ok());
  world_.SetClock("2023-11-30 18:00");
  const v1::Enrolment done = Go("Complete", first.name()).value();

  world_.SetClock("2024-04-02 10:00");
  const std::string next = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_edition("2024");
    wish->set_capacity(1);
    *wish->mutable_window()->mutable_start_time() = ToTimestamp(Korea("2024-03-11 10:00"));
    *wish->mutable_window()->mutable_end_time() = ToTimestamp(Korea("2024-10-11 18:00"));
  });
  const v1::Enrolment second = world_.Enrol(next, firm);
  EXPECT_EQ(second.state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_NE(second.name(), first.name());
  ASSERT_TRUE(Withdraw(second.name()).ok());
  world_.SetClock("2024-04-03 10:00");
  const v1::Enrolment third = world_.Enrol(next, firm);
  EXPECT_EQ(third.state(), v1::ENROLMENT_STATE_CONFIRMED);

  const v1::Enrolment kept = world_.GetEnrolment(first.name()).value();
  EXPECT_TRUE(MessageDifferencer::Equals(kept, done)) << kept.DebugString();
  EXPECT_EQ(kept.edition(), "2023");
  EXPECT_EQ(kept.transitions_size(), 4);
  std::vector<std::string> episodes;
  const v1::ListEnrolmentsResponse page = List("organization = \"" + firm + "\"");
  for (const v1::Enrolment& one : page.enrolments()) {
    episodes.push_back(absl::StrCat(one.programme(), " ", one.edition(), " ", Word(one.state())));
  }
  EXPECT_THAT(episodes,
              ElementsAre("BSN 2023 COMPLETED", "BSN 2024 WITHDRAWN", "BSN 2024 CONFIRMED"));
  EXPECT_EQ(List("organization = \"" + firm + "\" AND edition = \"2024\"").enrolments_size(), 2);
  EXPECT_EQ(List("programme = \"BSN\" AND edition = \"2023\"").enrolments_size(), 1);
}

// However many enrolments there are, those of one firm are found by its id.
TEST_F(EnrolmentHistory, IsFoundByTheOrganization) {
  const std::string firm = world_.Firm(1);
  world_.Enrol(world_.OpenCampaign(), firm);
  world_.Ask(
      "WITH made AS (INSERT INTO enrolment (id, campaign_id, line, organization_id, "
      "organization_kind, applied_date, state, created_at, updated_at) SELECT gen_random_uuid(), "
      "(SELECT id FROM campaign), n + 10, gen_random_uuid(), 1, '2023-03-14', 4, now(), now() FROM "
      "generate_series(1, 50000) n RETURNING id) INSERT INTO aggregate (id, kind, version) SELECT "
      "id, 'enrolment', 1 FROM made RETURNING 1");
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
  const std::string plan =
      ieum::testing::PlanOf(world_.database.database(),
                            ieum::testing::FirstPage(EnrolmentList(), base::Scope::Everywhere(),
                                                     "organization = \"" + firm + "\""));
  EXPECT_THAT(plan, HasSubstr("enrolment_organization"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on enrolment")));
}

}  // namespace
}  // namespace ieum::registry
