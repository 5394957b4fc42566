// Goal: forms go from draft to their end by rule, complete the engagement behind them in the same
// transaction, and get numbers without a gap. Method: the use cases on a real database, many
// threads at once where it matters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "platform/base/status.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {
namespace {

CampaignWish ExternalWish() {
  return {.task = registry::v1::TASK_KIND_INCENTIVE,
          .admission = registry::v1::ADMISSION_MODE_EXTERNAL};
}

class FormUseCases : public ::testing::Test {
 protected:
  std::string DraftReason(const base::Uuid& engagement) {
    return Reason(
        world_.Do([&](auto& work) { return BeginDraft(work, {.engagement_id = engagement}); }));
  }
  std::string SubmitReason(const base::Uuid& form, const std::string& at = "") {
    std::optional<absl::Time> time;
    if (!at.empty()) time = Korea(at);
    return Reason(world_.Do([&](auto& work) { return Submit(work, FormStepOf(form), time); }));
  }
  std::string ReceiveReason(const base::Uuid& form, const std::string& day = "") {
    return Reason(world_.Do([&](auto& work) { return Receive(work, FormStepOf(form, day)); }));
  }
  std::string ForwardReason(const base::Uuid& form, const std::string& number,
                            const std::string& day = "") {
    return Reason(
        world_.Do([&](auto& work) { return Forward(work, FormStepOf(form, day), number); }));
  }
  std::string ResultReason(const base::Uuid& form, const std::string& score,
                           v1::ExternalOutcome outcome = v1::EXTERNAL_OUTCOME_SELECTED,
                           const std::string& day = "") {
    return Reason(world_.Do(
        [&](auto& work) { return RecordResult(work, FormStepOf(form, day), outcome, score); }));
  }
  std::string WithdrawReason(const base::Uuid& form) {
    return Reason(world_.Do([&](auto& work) {
      return Withdraw(work, FormStepOf(form), v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
    }));
  }
  v1::EngagementState StateOf(const base::Uuid& id) {
    return world_.Engagement(id).engagement.state;
  }

  World world_;
};

TEST_F(FormUseCases, ADraftTellsItsWindowAndItsPeople) {
  const base::Uuid engagement = world_.Visited(world_.HearCampaign());
  const base::Uuid form = world_.Draft(engagement);
  const auto facts = world_.LastOf(form).As<v1::ApplicationDrafted>().application();
  const auto behind = world_.Engagement(engagement).engagement;
  EXPECT_EQ(facts.engagement_id(), engagement.ToString());
  EXPECT_EQ(facts.organization_id(), behind.organization_id.ToString());
  EXPECT_EQ(facts.campaign_id(), behind.campaign_id.ToString());
  EXPECT_EQ(facts.programme(), "BSN");
  EXPECT_EQ(facts.edition(), "2023");
  EXPECT_EQ(facts.task(), registry::v1::TASK_KIND_CAMPAIGN);
  EXPECT_EQ(facts.admission(), registry::v1::ADMISSION_MODE_RULES);
  EXPECT_EQ(facts.window_end_date(), "2023-10-10");
  EXPECT_EQ(facts.consultant_person_id(), behind.consultant->ToString());
  EXPECT_EQ(facts.contact_person_id(), behind.contact_person->ToString());
  EXPECT_EQ(facts.state(), v1::APPLICATION_STATE_DRAFT);
  EXPECT_EQ(facts.draft_version(), 1);
}

TEST_F(FormUseCases, ADraftNeedsAnOpenEngagementAndACampaignWithForms) {
  EXPECT_EQ(DraftReason(base::Uuid::NewV7()), "NOT_FOUND");
  const base::Uuid ended = world_.Open(world_.HearCampaign());
  IdOf(world_.Do([&](auto& work) { return Drop(work, StepOf(ended), v1::DROP_REASON_MERGED); }));
  EXPECT_EQ(DraftReason(ended), "ENGAGEMENT_STATE");
  const base::Uuid focus =
      world_.Open(world_.HearCampaign({.task = registry::v1::TASK_KIND_FOCUS_CONSULTING,
                                       .admission = registry::v1::ADMISSION_MODE_NONE}));
  EXPECT_EQ(DraftReason(focus), "CAMPAIGN_WITHOUT_FORMS");
}

TEST_F(FormUseCases, AFirmHasOneLivingFormForACampaign) {
  const base::Uuid engagement = world_.Visited(world_.HearCampaign());
  const base::Uuid form = world_.Draft(engagement);
  EXPECT_EQ(DraftReason(engagement), "APPLICATION_OPEN_ALREADY");
  EXPECT_EQ(WithdrawReason(form), "");
  EXPECT_EQ(DraftReason(engagement), "");
}

// row:C19
TEST_F(FormUseCases, ASavedDraftIsTheNextVersion) {
  const base::Uuid form = world_.Draft(world_.Visited(world_.HearCampaign()), false);
  const auto revise = [&](const RevisionInput& input) {
    return Reason(world_.Do([&](auto& work) { return ReviseDraft(work, input); }));
  };
  EXPECT_EQ(revise({.application_id = form,
                    .answers = std::vector<FormAnswer>{{"PLEDGE-02", "연차 \"사용\""},
                                                       {"PLEDGE-03", "회의\n줄이기"}}}),
            "");
  EXPECT_EQ(revise({.application_id = form, .signed_by_representative = true}), "");
  EXPECT_EQ(
      revise({.application_id = form, .answers = std::vector<FormAnswer>{{"A", "1"}, {"A", "2"}}}),
      "INVALID_FIELD");
  EXPECT_EQ(revise({.application_id = form, .etag = "\"1\""}), "STALE_ETAG");
  const Application saved = world_.Form(form).application;
  EXPECT_EQ(saved.draft_version, 3);
  EXPECT_EQ(saved.form_version, "2023-1");
  EXPECT_TRUE(saved.signed_by_representative);
  EXPECT_THAT(saved.answers, ::testing::ElementsAre(FormAnswer{"PLEDGE-02", "연차 \"사용\""},
                                                    FormAnswer{"PLEDGE-03", "회의\n줄이기"}));
  EXPECT_EQ(SubmitReason(form), "");
  EXPECT_EQ(revise({.application_id = form}), "APPLICATION_STATE");
}

// row:C20
TEST_F(FormUseCases, AFormIsHandedInSignedOnly) {
  const base::Uuid form = world_.Draft(world_.Visited(world_.HearCampaign()), false);
  EXPECT_EQ(SubmitReason(form), "SIGNATURE_MISSING");
}

TEST_F(FormUseCases, TheWindowIsCheckedToTheSecond) {
  const base::Uuid campaign = world_.HearCampaign();
  const base::Uuid form = world_.Draft(world_.Visited(campaign));
  EXPECT_EQ(SubmitReason(form, "2023-03-13 09:59"), "WINDOW_CLOSED");
  EXPECT_EQ(SubmitReason(form, "2023-05-11 10:00"), "DATE_INVALID");
  world_.SetClock("2023-10-10 18:00");
  EXPECT_EQ(SubmitReason(form), "WINDOW_CLOSED");
  const auto last = Korea("2023-10-10 18:00") - absl::Seconds(1);
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return Submit(work, FormStepOf(form), last); })),
            "");
  const auto event = world_.LastOf(form).As<v1::ApplicationSubmitted>();
  EXPECT_EQ(event.submitted_time().seconds(), absl::ToUnixSeconds(last));
}

TEST_F(FormUseCases, AClosedCampaignTakesNoForm) {
  const base::Uuid campaign = world_.HearCampaign();
  const base::Uuid form = world_.Draft(world_.Visited(campaign));
  registry::v1::CampaignClosed closed;
  *closed.mutable_campaign() =
      world_.Facts(campaign, {.state = registry::v1::CAMPAIGN_STATE_CLOSED});
  ASSERT_TRUE(world_.Hear(closed, campaign, 3).ok());
  EXPECT_EQ(SubmitReason(form), "WINDOW_CLOSED");
}

TEST_F(FormUseCases, ReceiptCompletesACampaignEngagement) {
  const base::Uuid engagement = world_.Visited(world_.HearCampaign());
  const base::Uuid form = world_.Received(engagement);
  EXPECT_EQ(StateOf(engagement), v1::ENGAGEMENT_STATE_COMPLETED);
  const auto received = world_.LastOf(form).As<v1::ApplicationReceived>();
  EXPECT_EQ(received.received_date(), "2023-05-10");
  EXPECT_THAT(received.application().receipt_number(), ::testing::EndsWith(".2023.001"));
  const auto completed = world_.LastOf(engagement).As<v1::EngagementCompleted>();
  EXPECT_EQ(completed.completed_date(), "2023-05-10");
  EXPECT_EQ(completed.approver_person_id(), "");
  EXPECT_EQ(completed.visit_count(), 1);
}

TEST_F(FormUseCases, ReceiptNeedsAVisitedFirmAndADayInOrder) {
  const base::Uuid engagement = world_.Open(world_.HearCampaign());
  const base::Uuid form = world_.Submitted(engagement);
  EXPECT_EQ(ReceiveReason(form), "ENGAGEMENT_STATE");
  EXPECT_EQ(world_.Form(form).application.state, v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM receipt_counter"), "0");
  EXPECT_EQ(ReceiveReason(form, "2023-05-09"), "DATE_ORDER");
  EXPECT_EQ(ReceiveReason(form, "2023-05-11"), "DATE_INVALID");
}

TEST_F(FormUseCases, ReceiptNumbersHaveNoGapWhoeverReceivesAtOnce) {
  const base::Uuid campaign = world_.HearCampaign();
  std::vector<base::Uuid> forms;
  for (int i = 0; i < 12; ++i) {
    // Every third firm was not visited, so its receipt is refused and takes no number.
    const base::Uuid engagement = i % 3 == 2 ? world_.Open(campaign) : world_.Visited(campaign);
    forms.push_back(world_.Submitted(engagement));
  }
  std::vector<std::thread> threads;
  for (const base::Uuid& form : forms) {
    threads.emplace_back([this, form] { ReceiveReason(form); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> numbers;
  for (const base::Uuid& form : forms) {
    const std::string number = world_.Form(form).application.receipt_number;
    if (!number.empty()) numbers.insert(number.substr(number.size() - 3));
  }
  EXPECT_THAT(numbers,
              ::testing::ElementsAre("001", "002", "003", "004", "005", "006", "007", "008"));
}

TEST_F(FormUseCases, HandOverCompletesAnIncentiveEngagement) {
  const base::Uuid engagement = world_.Visited(world_.HearCampaign(ExternalWish()));
  const base::Uuid form = world_.Received(engagement);
  EXPECT_EQ(StateOf(engagement), v1::ENGAGEMENT_STATE_VISITED);
  EXPECT_EQ(ForwardReason(form, "WI-2023-26-0001"), "");
  EXPECT_EQ(StateOf(engagement), v1::ENGAGEMENT_STATE_COMPLETED);
  const auto event = world_.LastOf(form).As<v1::ApplicationForwarded>();
  EXPECT_EQ(event.external_receipt_number(), "WI-2023-26-0001");
  EXPECT_EQ(event.forwarded_date(), "2023-05-10");
}

TEST_F(FormUseCases, AnExternalReceiptNumberIsOneFormsOnly) {
  const base::Uuid campaign = world_.HearCampaign(ExternalWish());
  const base::Uuid first = world_.Received(world_.Visited(campaign));
  const base::Uuid engagement = world_.Visited(campaign);
  const base::Uuid second = world_.Received(engagement);
  EXPECT_EQ(ForwardReason(first, "WI-1"), "");
  EXPECT_EQ(ForwardReason(second, "WI-1"), "EXTERNAL_RECEIPT_TAKEN");
  EXPECT_EQ(StateOf(engagement), v1::ENGAGEMENT_STATE_VISITED);
  EXPECT_EQ(ForwardReason(second, "WI-2"), "");
}

TEST_F(FormUseCases, HandOverIsForOtherBodiesDecisionsAndReceivedForms) {
  const base::Uuid own = world_.Received(world_.Visited(world_.HearCampaign()));
  EXPECT_EQ(ForwardReason(own, "WI-1"), "ADMISSION_NOT_EXTERNAL");
  const base::Uuid form = world_.Submitted(world_.Visited(world_.HearCampaign(ExternalWish())));
  EXPECT_EQ(ForwardReason(form, "WI-1"), "APPLICATION_STATE");
  EXPECT_EQ(ReceiveReason(form), "");
  EXPECT_EQ(ForwardReason(form, "WI-1", "2023-05-09"), "DATE_ORDER");
}

TEST_F(FormUseCases, AResultHasItsGradeAndItsEnd) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign(ExternalWish())));
  EXPECT_EQ(ResultReason(form, "599.5"), "APPLICATION_STATE");
  EXPECT_EQ(ForwardReason(form, "WI-1"), "");
  world_.SetClock("2023-11-13 11:40");
  EXPECT_EQ(ResultReason(form, "1000.5"), "SCORE_INVALID");
  EXPECT_EQ(ResultReason(form, "500", v1::EXTERNAL_OUTCOME_REJECTED), "SCORE_INVALID");
  EXPECT_EQ(ResultReason(form, "599.5", v1::EXTERNAL_OUTCOME_SELECTED, "2023-05-09"), "DATE_ORDER");
  EXPECT_EQ(ResultReason(form, "599.5", v1::EXTERNAL_OUTCOME_SELECTED, "2023-11-10"), "");
  const auto event = world_.LastOf(form).As<v1::ApplicationExternalResultRecorded>();
  EXPECT_EQ(event.result_date(), "2023-11-10");
  EXPECT_EQ(event.score(), "599.5");
  EXPECT_EQ(event.grade(), v1::GRADE_A);
  EXPECT_EQ(event.valid_until_date(), "2026-11-10");
  const auto kept = world_.Form(form).application.result;
  EXPECT_EQ(kept->grade, v1::GRADE_A);
  EXPECT_EQ(kept->score, "599.5");
  EXPECT_EQ(ResultReason(form, "599.5"), "APPLICATION_STATE");
}

TEST_F(FormUseCases, WithdrawalTellsWhereTheFormStood) {
  const base::Uuid form = world_.Received(world_.Visited(world_.HearCampaign()));
  EXPECT_EQ(WithdrawReason(form), "");
  const auto event = world_.LastOf(form).As<v1::ApplicationWithdrawn>();
  EXPECT_EQ(event.previous_state(), v1::APPLICATION_STATE_RECEIVED);
  EXPECT_EQ(event.reason(), v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
  EXPECT_EQ(event.withdrawn_date(), "2023-05-10");
  EXPECT_EQ(WithdrawReason(form), "APPLICATION_STATE");
}

TEST_F(FormUseCases, AnUnknownFormIsNotFound) {
  EXPECT_EQ(ReceiveReason(base::Uuid::NewV7()), "NOT_FOUND");
  EXPECT_EQ(WithdrawReason(base::Uuid::NewV7()), "NOT_FOUND");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
