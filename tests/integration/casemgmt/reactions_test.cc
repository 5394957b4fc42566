// Goal: what registry tells is taken in whatever order and however often it comes, and moves forms
// once. Method: its events through the event door, on a real database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/base/status.h"
#include "services/casemgmt/references/reference_store.h"
#include "tests/integration/casemgmt/world.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

namespace registry = ieum::registry::v1;

class Hearing : public ::testing::Test {
 protected:
  template <class Event>
  Event Enrolment(const base::Uuid& form, const base::Uuid& enrolment) {
    Event event;
    event.mutable_enrolment()->set_enrolment_id(enrolment.ToString());
    if (!form.nil()) event.mutable_enrolment()->set_application_id(form.ToString());
    return event;
  }
  absl::Status Confirm(const base::Uuid& form, const base::Uuid& enrolment) {
    auto event = Enrolment<registry::EnrolmentConfirmed>(form, enrolment);
    event.set_confirmed_date("2023-05-10");
    return world_.Hear(event, enrolment, 2);
  }
  absl::Status Wait(const base::Uuid& form, const base::Uuid& enrolment) {
    auto event = Enrolment<registry::EnrolmentWaitlisted>(form, enrolment);
    event.set_waitlisted_date("2023-05-10");
    return world_.Hear(event, enrolment, 2);
  }
  absl::Status Deny(const base::Uuid& form, const base::Uuid& enrolment) {
    auto event = Enrolment<registry::EnrolmentDenied>(form, enrolment);
    event.set_denied_date("2023-05-10");
    event.set_reason(registry::DENIAL_REASON_NOT_SME);
    return world_.Hear(event, enrolment, 2);
  }
  absl::Status WithdrawEnrolment(const base::Uuid& form, const base::Uuid& enrolment) {
    auto event = Enrolment<registry::EnrolmentWithdrawn>(form, enrolment);
    event.set_withdrawn_date("2023-05-10");
    return world_.Hear(event, enrolment, 3);
  }
  absl::Status Change(const base::Uuid& campaign, const CampaignWish& wish, int64_t version) {
    registry::CampaignChanged event;
    *event.mutable_campaign() = world_.Facts(campaign, wish);
    return world_.Hear(event, campaign, version);
  }
  v1::ApplicationState StateOf(const base::Uuid& form) {
    return world_.Form(form).application.state;
  }
  std::string Known(const std::string& column, const base::Uuid& campaign) {
    return world_.Ask("SELECT " + column + " FROM campaign_reference WHERE id = '" +
                      campaign.ToString() + "'");
  }

  World world_;
};

// A release that knew of no centres wrote the campaign down without; the event that it had heard
// comes again when what is known is learnt anew.
TEST_F(Hearing, ACampaignThatHasNoCentreYetGetsIt) {
  const base::Uuid campaign = world_.HearCampaign({.centre = ieum::testing::kCentreA});
  const auto version = Known("version", campaign);
  world_.Ask("UPDATE campaign_reference SET centre_id = NULL RETURNING 1");
  ASSERT_TRUE(Change(campaign, {.centre = ieum::testing::kCentreA}, std::stoll(version)).ok());
  EXPECT_EQ(Known("centre_id", campaign), ieum::testing::kCentreA);
  ASSERT_TRUE(Change(campaign, {.centre = ieum::testing::kCentreB}, std::stoll(version)).ok());
  EXPECT_EQ(Known("centre_id", campaign), ieum::testing::kCentreA) << "is known, and no newer";
  EXPECT_EQ(Known("version", campaign), version);
}

TEST_F(Hearing, AConfirmedEnrolmentMakesTheFormEligibleOnce) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  const base::Uuid enrolment = base::Uuid::NewV7();
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  EXPECT_EQ(StateOf(form), v1::APPLICATION_STATE_ELIGIBLE);
  const auto event = world_.LastOf(form).As<v1::ApplicationEligible>();
  EXPECT_EQ(event.enrolment_id(), enrolment.ToString());
  EXPECT_FALSE(event.waiting());
  const auto count = world_.EventCount();
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  EXPECT_EQ(world_.EventCount(), count);
}

// row:R24
TEST_F(Hearing, AnEnrolmentThatMovesTakesItsEngagementAlong) {
  const base::Uuid campaign = world_.HearCampaign({.centre = ieum::testing::kCentreA});
  const base::Uuid engagement = world_.Visited(campaign);
  const base::Uuid form = world_.Received(engagement);
  const base::Uuid enrolment = base::Uuid::NewV7();
  registry::EnrolmentMoved moved = Enrolment<registry::EnrolmentMoved>(form, enrolment);
  moved.mutable_enrolment()->set_engagement_id(engagement.ToString());
  moved.mutable_enrolment()->set_centre_id(ieum::testing::kCentreB);
  moved.set_previous_centre_id(ieum::testing::kCentreC);
  moved.set_move_id(base::Uuid::NewV7().ToString());
  const auto count = world_.EventCount();
  ASSERT_TRUE(world_.Hear(moved, enrolment, 2).ok());
  EXPECT_EQ(world_.EventCount(), count) << "it was another's";

  moved.set_previous_centre_id(ieum::testing::kCentreA);
  const int64_t version = world_.Engagement(engagement).version;
  ASSERT_TRUE(world_.Hear(moved, enrolment, 3).ok());
  EXPECT_EQ(world_.Engagement(engagement).engagement.centre->ToString(), ieum::testing::kCentreB);
  EXPECT_GT(world_.Engagement(engagement).version, version) << "a stale writer is refused";
  EXPECT_EQ(world_.Form(form).application.centre->ToString(), ieum::testing::kCentreB);
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT centre_id::text, ',') FROM visit"),
            ieum::testing::kCentreB);
  const auto told = world_.LastOf(engagement);
  EXPECT_EQ(told.type, "EngagementMoved");
  EXPECT_EQ(told.As<v1::EngagementMoved>().previous_centre_id(), ieum::testing::kCentreA);
  EXPECT_EQ(world_.LastOf(form).As<v1::ApplicationMoved>().application().centre_id(),
            ieum::testing::kCentreB);
  const auto after = world_.EventCount();
  ASSERT_TRUE(world_.Hear(moved, enrolment, 3).ok());
  EXPECT_EQ(world_.EventCount(), after);
  // What comes next in another's campaign is the new centre's.
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  EXPECT_EQ(world_.LastOf(form).As<v1::ApplicationEligible>().application().centre_id(),
            ieum::testing::kCentreB);
}

TEST_F(Hearing, AFormThatWaitsGetsItsSeatLater) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  const base::Uuid enrolment = base::Uuid::NewV7();
  ASSERT_TRUE(Wait(form, enrolment).ok());
  EXPECT_TRUE(world_.Form(form).application.waiting);
  EXPECT_TRUE(world_.LastOf(form).As<v1::ApplicationEligible>().waiting());
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  EXPECT_FALSE(world_.Form(form).application.waiting);
  EXPECT_FALSE(world_.LastOf(form).As<v1::ApplicationEligible>().waiting());
}

// row:C22
TEST_F(Hearing, ADenialIsKeptWithItsReason) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  ASSERT_TRUE(Deny(form, base::Uuid::NewV7()).ok());
  EXPECT_EQ(StateOf(form), v1::APPLICATION_STATE_INELIGIBLE);
  EXPECT_EQ(world_.Form(form).application.denial_reason, registry::DENIAL_REASON_NOT_SME);
  EXPECT_EQ(world_.LastOf(form).As<v1::ApplicationIneligible>().reason(),
            registry::DENIAL_REASON_NOT_SME);
}

TEST_F(Hearing, AnEndedEnrolmentEndsTheFormAndNothingComesBack) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  const base::Uuid enrolment = base::Uuid::NewV7();
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  ASSERT_TRUE(WithdrawEnrolment(form, enrolment).ok());
  const auto event = world_.LastOf(form).As<v1::ApplicationWithdrawn>();
  EXPECT_EQ(event.reason(), v1::APPLICATION_WITHDRAWAL_REASON_ENROLMENT_WITHDRAWN);
  EXPECT_EQ(event.previous_state(), v1::APPLICATION_STATE_ELIGIBLE);
  const auto count = world_.EventCount();
  ASSERT_TRUE(WithdrawEnrolment(form, enrolment).ok());
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  EXPECT_EQ(world_.EventCount(), count);
}

TEST_F(Hearing, AWithdrawnFormHearsOfItsEnrolmentInSilence) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  IdOf(world_.Do([&](auto& work) {
    return Withdraw(work, FormStepOf(form), v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
  }));
  const base::Uuid enrolment = base::Uuid::NewV7();
  const auto count = world_.EventCount();
  // Registry's verdict and its answer to the withdrawal, on their way when the form was withdrawn.
  ASSERT_TRUE(Confirm(form, enrolment).ok());
  ASSERT_TRUE(WithdrawEnrolment(form, enrolment).ok());
  EXPECT_EQ(world_.EventCount(), count);
  EXPECT_EQ(world_.Form(form).application.withdrawal_reason,
            v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
}

TEST_F(Hearing, EnrolmentsWithoutAFormOfOursConcernNobody) {
  ASSERT_TRUE(Confirm(base::Uuid(), base::Uuid::NewV7()).ok());
  ASSERT_TRUE(Deny(base::Uuid::NewV7(), base::Uuid::NewV7()).ok());
  EXPECT_EQ(world_.EventCount(), 0);
}

TEST_F(Hearing, AFirmsDeactivationOutlivesWhatWasSaidBefore) {
  const base::Uuid firm = world_.HearFirm();
  registry::OrganizationDeactivated gone;
  gone.set_kind(registry::ORGANIZATION_KIND_FIRM);
  gone.set_effective_date("2023-04-01");
  ASSERT_TRUE(world_.Hear(gone, firm, 3).ok());
  registry::OrganizationUpdated late;
  late.set_kind(registry::ORGANIZATION_KIND_AGENCY);
  ASSERT_TRUE(world_.Hear(late, firm, 2).ok());  // heard before: changes nothing
  EXPECT_EQ(world_.Ask("SELECT kind || ' ' || inactive_from FROM organization_reference"),
            "1 2023-04-01");
  ASSERT_TRUE(world_.Hear(late, firm, 4).ok());
  EXPECT_EQ(world_.Ask("SELECT kind || ' ' || inactive_from FROM organization_reference"),
            "4 2023-04-01");
}

TEST_F(Hearing, ACampaignIsKnownByItsLatestVersion) {
  const base::Uuid campaign = base::Uuid::NewV7();
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-09-30 18:00"}, 5).ok());
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-08-31 18:00"}, 4).ok());
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-07-31 18:00"}, 5).ok());
  EXPECT_EQ(Known("window_end_date", campaign), "2023-09-30");
  ASSERT_TRUE(Change(campaign, {.window_end = ""}, 6).ok());
  EXPECT_EQ(Known("coalesce(window_end_date::text, 'none')", campaign), "none");
}

TEST_F(Hearing, AMovedWindowIsToldByTheDraftsOnly) {
  const base::Uuid campaign = world_.HearCampaign();
  const base::Uuid draft = world_.Draft(world_.Visited(campaign));
  const base::Uuid submitted = world_.Submitted(world_.Visited(campaign));
  const base::Uuid elsewhere = world_.Draft(world_.Visited(world_.HearCampaign()));
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-10-20 18:00"}, 3).ok());
  const Told told = world_.LastOf(draft);
  ASSERT_EQ(told.type, "ApplicationWindowChanged");
  const auto event = told.As<v1::ApplicationWindowChanged>();
  EXPECT_EQ(event.previous_window_end_date(), "2023-10-10");
  EXPECT_EQ(event.application().window_end_date(), "2023-10-20");
  EXPECT_EQ(world_.LastOf(submitted).type, "ApplicationSubmitted");
  EXPECT_EQ(world_.LastOf(elsewhere).type, "ApplicationDrafted");
  const auto count = world_.EventCount();
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-10-20 18:00"}, 3).ok());  // again
  ASSERT_TRUE(Change(campaign, {.window_end = "2023-10-20 17:00"}, 4).ok());  // the same day
  EXPECT_EQ(world_.EventCount(), count);
}

TEST_F(Hearing, AWindowThatMovesWhileDraftsAreBegunIsKnownByAllOfThem) {
  const base::Uuid campaign = world_.HearCampaign();
  std::vector<base::Uuid> engagements(12), forms(12);
  for (base::Uuid& id : engagements) id = world_.Open(campaign);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < engagements.size(); ++i) {
    threads.emplace_back([&, i] { forms[i] = world_.Draft(engagements[i]); });
  }
  threads.emplace_back(
      [&] { EXPECT_TRUE(Change(campaign, {.window_end = "2023-10-20 18:00"}, 3).ok()); });
  for (std::thread& thread : threads) thread.join();
  for (const base::Uuid& form : forms) {
    const Told told = world_.LastOf(form);
    const std::string known =
        told.type == "ApplicationDrafted"
            ? told.As<v1::ApplicationDrafted>().application().window_end_date()
            : told.As<v1::ApplicationWindowChanged>().application().window_end_date();
    EXPECT_EQ(known, "2023-10-20") << told.type;
  }
}

TEST_F(Hearing, AnEventWithAnIdThatIsNoneIsAFault) {
  registry::EnrolmentConfirmed event;
  event.mutable_enrolment()->set_application_id("not-an-id");
  EXPECT_EQ(world_.Hear(event, base::Uuid::NewV7()).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
