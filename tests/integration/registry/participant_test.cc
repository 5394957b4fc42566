// Goal: a person takes part for herself by the same steps, seats and lines as a firm, and what is
// told of it names her and her employer by their ids. row:R13 row:R14
#include <gmock/gmock.h>

#include "ieum/registry/v1/timeline_service.pb.h"
#include "services/registry/enrolments/eligibility.h"
#include "services/registry/enrolments/offer_expiry.h"
#include "tests/integration/registry/participant_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Participants, GoThroughAllSteps) {
  const std::string campaign = world_.OpenCampaign();
  const std::string person = world_.Person("김하나"), firm = world_.Firm(1);
  Employ(person, firm, "2022-01-03");
  const v1::Enrolment asked = Enrol(campaign, person);
  EXPECT_EQ(asked.state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(asked.person(), person);
  EXPECT_EQ(asked.organization(), "");
  EXPECT_EQ(asked.employer(), firm);
  EXPECT_EQ(asked.verdict().facts().region_code(), "26110") << "the employer's";
  EXPECT_EQ(asked.verdict().evidence().participant(), v1::PARTICIPANT_KIND_PERSON);
  ASSERT_TRUE(Say<v1::ActivateEnrolmentRequest>("ActivateEnrolment", asked.name()).ok());
  const auto done = Say<v1::CompleteEnrolmentRequest>("CompleteEnrolment", asked.name());
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->state(), v1::ENROLMENT_STATE_COMPLETED);
  EXPECT_THAT(world_.EventTypes(asked.name()),
              ElementsAre("EnrolmentApplied", "EnrolmentConfirmed", "EnrolmentActivated",
                          "EnrolmentCompleted"));
  for (const Told& told : world_.Events(asked.name())) {
    const auto facts = told.As<v1::EnrolmentApplied>().enrolment();  // the first field of all
    EXPECT_EQ(facts.person_id(), IdOf(person)) << told.type;
    EXPECT_EQ(facts.employer_id(), IdOf(firm)) << told.type;
    EXPECT_EQ(facts.organization_id(), "") << told.type;
    EXPECT_EQ(facts.organization_kind(), v1::ORGANIZATION_KIND_UNSPECIFIED) << told.type;
    EXPECT_NE(facts.attribution_id(), "") << told.type;
    EXPECT_THAT(told.payload, ::testing::Not(HasSubstr("김하나")));
  }
  const auto firms = world_.Events(world_.Enrol(campaign, world_.Firm(2)).name());
  EXPECT_EQ(firms[0].As<v1::EnrolmentApplied>().enrolment().attribution_id(), "");
  EXPECT_EQ(firms[0].As<v1::EnrolmentApplied>().enrolment().person_id(), "");
}

TEST_F(Participants, AreOneOfAPersonAndAnOrganization) {
  const std::string campaign = world_.OpenCampaign();
  const std::string person = world_.Person("김하나"), firm = world_.Firm(1);
  const auto both = TryEnrol(campaign, person, [&](v1::CreateEnrolmentRequest* request) {
    request->mutable_enrolment()->set_organization(firm);
  });
  const auto none = TryEnrol(campaign, "");
  for (const auto& refused : {both.status(), none.status()}) {
    EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(refused.ToString(), HasSubstr("organization or a person"));
  }
  EXPECT_EQ(
      base::ReasonOf(TryEnrol(campaign, "persons/" + base::Uuid::NewV7().ToString()).status()),
      "NOT_FOUND");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "0");
  const auto rehearsed = TryEnrol(campaign, person, [](v1::CreateEnrolmentRequest* request) {
    request->set_validate_only(true);
  });
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->person(), person);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "0");
}

TEST_F(Participants, AreEnrolledOnceInACampaignAndAgainInTheNext) {
  const std::string campaign = world_.OpenCampaign(), next = world_.OpenCampaign();
  const std::string person = world_.Person("김하나");
  const v1::Enrolment first = Enrol(campaign, person);
  const v1::Enrolment again = Enrol(campaign, person);
  EXPECT_EQ(again.state(), v1::ENROLMENT_STATE_DENIED);
  EXPECT_EQ(again.verdict().reason(), v1::DENIAL_REASON_ALREADY_ENROLLED);
  EXPECT_EQ(Enrol(next, person).state(), v1::ENROLMENT_STATE_CONFIRMED);
  ASSERT_TRUE(Withdraw(first.name()).ok());
  EXPECT_EQ(Enrol(campaign, person).state(), v1::ENROLMENT_STATE_CONFIRMED);
}

TEST_F(Participants, AreAnsweredByRequestIdOnce) {
  const std::string campaign = world_.OpenCampaign(), person = world_.Person("김하나");
  const std::string id = base::Uuid::NewV7().ToString();
  const auto once = [&](v1::CreateEnrolmentRequest* request) { request->set_request_id(id); };
  const auto first = TryEnrol(campaign, person, once), second = TryEnrol(campaign, person, once);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->name(), second->name());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "1");
}

// row:R16
TEST_F(Participants, AreJudgedByTheirEmployerOfTheDay) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->mutable_eligibility()->add_region_prefixes("26");
    wish->mutable_eligibility()->add_size_bands(v1::SIZE_BAND_10_TO_29);
    wish->mutable_eligibility()->add_participants(v1::PARTICIPANT_KIND_PERSON);
  });
  const std::string here = world_.Firm(1),
                    elsewhere = world_.Firm(2, [](auto*facts) { facts->set_region_code("28110"); });
  const std::string moved = world_.Person("이두리"), jobless = world_.Person("박세나");
  Employ(moved, elsewhere, "2022-01-03", "2023-04-30");
  Employ(moved, here, "2023-05-01");
  const v1::Enrolment before = Enrol(campaign, moved, "2023-04-30");
  EXPECT_EQ(before.verdict().reason(), v1::DENIAL_REASON_REGION);
  EXPECT_EQ(before.employer(), elsewhere);
  const v1::Enrolment after = Enrol(campaign, moved, "2023-05-01");
  EXPECT_EQ(after.state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(after.employer(), here);
  const v1::Enrolment none = Enrol(campaign, jobless);
  EXPECT_EQ(none.verdict().reason(), v1::DENIAL_REASON_FACTS_MISSING);
  EXPECT_EQ(none.employer(), "");
  EXPECT_EQ(world_.Enrol(campaign, here).verdict().reason(), v1::DENIAL_REASON_PARTICIPANT_KIND);
  // What is shown gives the verdict again.
  for (const v1::Enrolment& one : {before, after, none}) {
    const v1::EligibilityVerdict& verdict = one.verdict();
    const Admission again = JudgeAdmission(verdict.rules(), verdict.evidence(),
                                           verdict.has_facts() ? &verdict.facts() : nullptr);
    EXPECT_EQ(again.reason, verdict.reason());
  }
}

TEST_F(Participants, WaitInOneLineWithFirmsAndAreOfferedSeats) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_capacity(1);
    wish->set_offer_hours(48);
  });
  const v1::Enrolment seated = Enrol(campaign, world_.Person("김하나"));
  const v1::Enrolment second = Enrol(campaign, world_.Person("이두리"));
  const v1::Enrolment firm = world_.Enrol(campaign, world_.Firm(1));
  const v1::Enrolment fourth = Enrol(campaign, world_.Person("박세나"));
  EXPECT_EQ(Get(second).waiting_position(), 1);
  EXPECT_EQ(Get(fourth).waiting_position(), 3);
  ASSERT_TRUE(Withdraw(seated.name()).ok());
  EXPECT_EQ(Get(second).state(), v1::ENROLMENT_STATE_OFFERED);
  ASSERT_TRUE(Say<v1::DeclineOfferRequest>("DeclineOffer", second.name()).ok());
  EXPECT_EQ(Get(firm).state(), v1::ENROLMENT_STATE_OFFERED);
  world_.SetClock("2023-05-04 11:00");
  world_.DoDue(OfferExpiry(world_.ledger));
  EXPECT_EQ(Get(firm).state(), v1::ENROLMENT_STATE_WITHDRAWN);
  const auto accepted = Say<v1::AcceptOfferRequest>("AcceptOffer", fourth.name());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
}

TEST_F(Participants, WhoGivesUpAPlaceInTheLineIsNotPromotedInIt) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(1); });
  const v1::Enrolment seated = Enrol(campaign, world_.Person("김하나"));
  const v1::Enrolment waits = Enrol(campaign, world_.Person("이두리"));
  ASSERT_TRUE(Withdraw(waits.name()).ok());
  EXPECT_EQ(Get(waits).state(), v1::ENROLMENT_STATE_WITHDRAWN);
  ASSERT_TRUE(Withdraw(seated.name()).ok());
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 0);
  EXPECT_EQ(world_.GetCampaign(campaign).waiting_count(), 0);
}

TEST_F(Participants, AreListedByPersonAndByEmployer) {
  const std::string campaign = world_.OpenCampaign(), next = world_.OpenCampaign();
  const std::string firm = world_.Firm(1), person = world_.Person("김하나");
  Employ(person, firm, "2022-01-03");
  Enrol(campaign, person);
  Enrol(next, person);
  Enrol(next, world_.Person("이두리"));
  world_.Enrol(next, firm);
  EXPECT_EQ(Count("person = \"" + person + "\""), 2);
  EXPECT_EQ(Count("employer = \"" + firm + "\""), 2);
  EXPECT_EQ(Count("organization = \"" + firm + "\""), 1);
  EXPECT_EQ(Count(""), 4);
}

// row:R23
TEST_F(Participants, AreNobodysWhomTheCallerDoesNotSee) {
  world_.Centre(ieum::testing::kCentreA, 901);
  world_.Centre(ieum::testing::kCentreB, 902);
  const auto centre_a = world_.PeerWith("centre-a"), centre_b = world_.PeerWith("centre-b");
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("김하나");
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto of_a = world_.Call<v1::Person>("PersonService/CreatePerson", request, centre_a.get());
  ASSERT_TRUE(of_a.ok()) << of_a.status();
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_centre("organizations/" + std::string(ieum::testing::kCentreB));
  });
  EXPECT_EQ(base::ReasonOf(TryEnrol(campaign, of_a->name(), {}, centre_b.get()).status()),
            "NOT_FOUND");
  // That she works for B shows her to nobody there: to work is not to act for it.
  const std::string employment =
      Employ(of_a->name(), "organizations/" + std::string(ieum::testing::kCentreB), "2023-01-02");
  v1::GetPersonRequest get;
  get.set_name(of_a->name());
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Person>("PersonService/GetPerson", get, centre_b.get()).status()),
            "NOT_FOUND");
  v1::ListAffiliationsRequest list;
  list.set_parent("persons/-");
  const auto listed = world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations",
                                                                list, centre_b.get());
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->affiliations_size(), 0);
  v1::EndAffiliationRequest end;
  end.set_name(employment);
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end, centre_b.get())
                    .status()),
            "NOT_FOUND");
}

// Whom she works for is told to who keeps her data, in lists of what happened, too. row:R23 row:Y4
TEST_F(Participants, AreToldNowhereToACentreThatEmploysThem) {
  world_.Centre(ieum::testing::kCentreA, 901);
  world_.Centre(ieum::testing::kCentreB, 902);
  const auto centre_a = world_.PeerWith("centre-a"), centre_b = world_.PeerWith("centre-b");
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("김하나");
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto of_a = world_.Call<v1::Person>("PersonService/CreatePerson", request, centre_a.get());
  ASSERT_TRUE(of_a.ok()) << of_a.status();
  const std::string b = "organizations/" + std::string(ieum::testing::kCentreB);
  Employ(of_a->name(), b, "2023-01-02");
  ASSERT_TRUE(TryEmploy(of_a->name(), b, "2023-01-02", "", v1::AFFILIATION_ROLE_CONTACT).ok());
  const auto timeline = [&](const std::string& parent, rpc::Peer* as) {
    v1::ListTimelineEntriesRequest list;
    list.set_parent(parent);
    const auto page = world_.Call<v1::ListTimelineEntriesResponse>(
        "TimelineService/ListTimelineEntries", list, as);
    return page.ok() ? page->ShortDebugString() : page.status().ToString();
  };
  const auto changes = [&](rpc::Peer* as) {
    v1::ListPersonChangesRequest list;
    list.set_parent(of_a->name());
    const auto page =
        world_.Call<v1::ListPersonChangesResponse>("PersonService/ListPersonChanges", list, as);
    return page.ok() ? page->ShortDebugString() : page.status().ToString();
  };
  const auto told = [&](rpc::Peer* as) {
    return std::vector<std::string>{timeline(b, as), timeline(of_a->name(), as), changes(as)};
  };
  EXPECT_THAT(told(centre_b.get()), Each(AllOf(HasSubstr("AFFILIATION_ROLE_CONTACT"),
                                               Not(HasSubstr("AFFILIATION_ROLE_EMPLOYEE")))));
  EXPECT_THAT(told(centre_a.get()), Each(HasSubstr("AFFILIATION_ROLE_EMPLOYEE")));
}

TEST_F(Participants, AreNotThoseWhoWereErased) {
  const std::string campaign = world_.OpenCampaign(), person = world_.Person("김하나");
  world_.Ask("UPDATE person_key SET wrapped = NULL, destroyed_at = now() WHERE person_id = '" +
             IdOf(person) + "' RETURNING 1");
  EXPECT_EQ(base::ReasonOf(TryEnrol(campaign, person).status()), "PERSON_ERASED");
}

}  // namespace
}  // namespace ieum::registry
