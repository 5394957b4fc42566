// Goal: a case goes the ways of domain.md and no other, and is due when it should be. Method: every
// state with every step, in and out of a hold, against a table written down here; worked days; and
// random lives of a case. row:C1 row:C3
#include "services/casemgmt/cases/case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = CaseStep;
using ::testing::HasSubstr;

constexpr auto kReferred = v1::CASE_STATE_REFERRED;
constexpr auto kConsult = v1::CASE_STATE_INITIAL_CONSULT;
constexpr auto kIntake = v1::CASE_STATE_INTAKE;
constexpr auto kAssessment = v1::CASE_STATE_ASSESSMENT;
constexpr auto kConference = v1::CASE_STATE_CONFERENCE;
constexpr auto kClassified = v1::CASE_STATE_CLASSIFIED;
constexpr auto kPlan = v1::CASE_STATE_PLAN;
constexpr auto kDelivery = v1::CASE_STATE_DELIVERY;
constexpr auto kMonitoring = v1::CASE_STATE_MONITORING;
constexpr auto kReassessment = v1::CASE_STATE_REASSESSMENT;
constexpr auto kClosed = v1::CASE_STATE_CLOSED;
constexpr auto kFollowUp = v1::CASE_STATE_FOLLOW_UP;
constexpr auto kArchived = v1::CASE_STATE_ARCHIVED;
constexpr auto kRejected = v1::CASE_STATE_REJECTED;
constexpr auto kInfoOnly = v1::CASE_STATE_INFO_ONLY;

// What each state allows beside what all open states allow, and where that leads.
const std::map<v1::CaseState, std::map<Step, v1::CaseState>>& Own() {
  static const auto* own = new std::map<v1::CaseState, std::map<Step, v1::CaseState>>{
      {kReferred, {{Step::kContact, kConsult}, {Step::kReject, kRejected}}},
      {kConsult,
       {{Step::kReject, kRejected}, {Step::kInformOnly, kInfoOnly}, {Step::kTakeIn, kIntake}}},
      {kIntake, {{Step::kBeginAssessment, kAssessment}, {Step::kUrgentService, kIntake}}},
      {kAssessment, {{Step::kApproveAssessment, kConference}, {Step::kUrgentService, kAssessment}}},
      {kConference, {{Step::kClassify, kClassified}, {Step::kUrgentService, kConference}}},
      {kClassified, {{Step::kBeginPlan, kPlan}, {Step::kUrgentService, kClassified}}},
      {kPlan, {{Step::kSignPlan, kDelivery}, {Step::kUrgentService, kPlan}}},
      {kDelivery,
       {{Step::kFirstService, kMonitoring},
        {Step::kMonitor, kDelivery},
        {Step::kReassess, kReassessment}}},
      {kMonitoring,
       {{Step::kBackToDelivery, kDelivery},
        {Step::kMonitor, kMonitoring},
        {Step::kReassess, kReassessment}}},
      {kReassessment, {{Step::kApproveAssessment, kReassessment}, {Step::kPlanAnew, kPlan}}},
      {kClosed,
       {{Step::kFollowUp, kFollowUp},
        {Step::kArchive, kArchived},
        {Step::kReopen, kClosed},
        {Step::kCorrectClosing, kClosed},
        {Step::kRecordOutcome, kClosed},
        {Step::kAttach, kClosed}}},
      {kFollowUp,
       {{Step::kCheckRetention, kFollowUp},
        {Step::kArchive, kArchived},
        {Step::kReopen, kClosed},
        {Step::kCorrectClosing, kFollowUp},
        {Step::kRecordOutcome, kFollowUp},
        {Step::kReassign, kFollowUp},
        {Step::kAttach, kFollowUp}}},
      {kArchived, {}},
      {kRejected, {{Step::kAttach, kRejected}}},
      {kInfoOnly, {{Step::kAttach, kInfoOnly}}}};
  return *own;
}

std::map<Step, v1::CaseState> AllowedIn(v1::CaseState state) {
  std::map<Step, v1::CaseState> allowed = Own().at(state);
  if (state < kReferred || state > kReassessment) return allowed;
  for (const Step step :
       {Step::kAskClosure, Step::kReturnClosure, Step::kHold, Step::kResume, Step::kTransfer,
        Step::kReassign, Step::kChangeRisk, Step::kAttach, Step::kTryContact}) {
    allowed[step] = state;
  }
  allowed[Step::kClose] = kClosed;
  if (state < kIntake) return allowed;
  for (const Step step : {Step::kRecordSession, Step::kRecordOutcome, Step::kRefer}) {
    allowed[step] = state;
  }
  return allowed;
}

const std::vector<Step>& InHold() {
  static const auto* steps = new std::vector<Step>{
      Step::kResume,   Step::kAskClosure, Step::kReturnClosure, Step::kClose,
      Step::kTransfer, Step::kReassign,   Step::kRecordOutcome, Step::kChangeRisk,
      Step::kAttach,   Step::kTryContact};
  return *steps;
}

absl::CivilDay Day(const std::string& text) { return *base::ParseDay(text, "day"); }

// A case that stands there, with all that its steps ask for beside the state.
Case Standing(v1::CaseState state, Step step) {
  Case c;
  c.state = state;
  c.opened_day = c.last_step_day = Day("2024-03-04");
  c.risk_level = v1::RISK_LEVEL_CRISIS;
  c.classification = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT;
  if (step == Step::kReturnClosure || step == Step::kClose) c.closure = CaseClosureAsked();
  if (step == Step::kResume) {
    c.on_hold = true;
    c.hold = CaseHold{.from = Day("2024-03-04"), .until = Day("2024-03-20")};
  }
  return c;
}

void Hold(Case& c) {
  c.on_hold = true;
  c.hold = CaseHold{.from = Day("2024-03-04"), .until = Day("2024-03-20")};
}

template <class Do>
void ForEach(Do what) {
  for (int state = v1::CaseState_MIN + 1; state <= v1::CaseState_MAX; ++state) {
    for (int step = 0; step < kCaseSteps; ++step) {
      SCOPED_TRACE(absl::StrCat(v1::CaseState_Name(state), " step ", step));
      what(static_cast<v1::CaseState>(state), static_cast<Step>(step));
    }
  }
}

std::string ReasonOf(const absl::Status& status) { return base::ReasonOf(status); }

TEST(CaseStates, EveryStateWithEveryStepIsAsTheTableSays) {
  int allowed = 0, refused = 0;
  ForEach([&](v1::CaseState state, Step step) {
    const auto next = NextState(Standing(state, step), step);
    const auto expected = AllowedIn(state);
    const auto found = expected.find(step);
    if (found != expected.end()) {
      ++allowed;
      ASSERT_TRUE(next.ok()) << next.status();
      EXPECT_EQ(*next, found->second);
    } else {
      ++refused;
      EXPECT_EQ(ReasonOf(next.status()), "CASE_STATE");
      EXPECT_THAT(next.status().message(), HasSubstr("can be done while it is"));
    }
  });
  EXPECT_EQ(allowed + refused, 15 * kCaseSteps);
  EXPECT_EQ(allowed, 162);
}

TEST(CaseStates, WhileItIsHeldItOnlyGoesOnEndsOrChangesHands) {
  ForEach([&](v1::CaseState state, Step step) {
    if (!IsOpen(state) || !AllowedIn(state).contains(step)) return;
    Case c = Standing(state, step);
    Hold(c);
    const auto next = NextState(c, step);
    const bool goes = std::find(InHold().begin(), InHold().end(), step) != InHold().end();
    EXPECT_EQ(next.ok(), goes) << next.status();
    if (!goes) {
      EXPECT_EQ(ReasonOf(next.status()), "CASE_ON_HOLD");
      EXPECT_THAT(next.status().message(), HasSubstr("2024-03-20"));
    }
  });
}

TEST(CaseStates, AskForWhatAStepNeedsBesideTheState) {
  Case c = Standing(kPlan, Step::kUrgentService);
  c.risk_level = v1::RISK_LEVEL_HIGH;
  EXPECT_EQ(ReasonOf(NextState(c, Step::kUrgentService).status()), "CASE_NOT_CRISIS");
  c = Standing(kClassified, Step::kBeginPlan);
  for (const auto other :
       {v1::CASE_CLASSIFICATION_SERVICE_LINK, v1::CASE_CLASSIFICATION_NOT_ELIGIBLE}) {
    c.classification = other;
    EXPECT_EQ(ReasonOf(NextState(c, Step::kBeginPlan).status()), "CASE_CLASSIFICATION");
  }
  c = Standing(kDelivery, Step::kAskClosure);
  EXPECT_EQ(ReasonOf(NextState(c, Step::kClose).status()), "CLOSURE_NOT_ASKED");
  EXPECT_EQ(ReasonOf(NextState(c, Step::kReturnClosure).status()), "CLOSURE_NOT_ASKED");
  c.closure = CaseClosureAsked();
  EXPECT_EQ(ReasonOf(NextState(c, Step::kAskClosure).status()), "CLOSURE_ASKED_ALREADY");
  EXPECT_EQ(ReasonOf(NextState(c, Step::kResume).status()), "CASE_STATE");
  c = Standing(kClosed, Step::kReopen);
  c.next_case = base::Uuid::NewV7();
  EXPECT_EQ(ReasonOf(NextState(c, Step::kReopen).status()), "CASE_REOPENED_ALREADY");
}

TEST(CaseStates, AStepIsNotTakenBeforeTheOneThatLedToIt) {
  Case c = Standing(kReferred, Step::kContact);
  const absl::Status early = Advance(c, Step::kContact, Day("2024-03-03"));
  EXPECT_EQ(ReasonOf(early), "DATE_ORDER");
  EXPECT_EQ(c.state, kReferred);
  EXPECT_TRUE(Advance(c, Step::kContact, Day("2024-03-04")).ok());
}

struct Ending {
  v1::CaseCloseReason reason;
  v1::CaseState state;
  v1::CaseClassification classification;
  bool right;
};

// row:C16
TEST(CaseClosing, AReasonFitsWhereItCanBeTrue) {
  const auto managed = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT;
  const auto none = v1::CASE_CLASSIFICATION_UNSPECIFIED;
  const Ending endings[] = {
      {v1::CASE_CLOSE_REASON_GOALS_MET, kPlan, managed, false},
      {v1::CASE_CLOSE_REASON_GOALS_MET, kDelivery, managed, true},
      {v1::CASE_CLOSE_REASON_TIME_OVER, kIntake, none, false},
      {v1::CASE_CLOSE_REASON_TIME_OVER, kReassessment, managed, true},
      {v1::CASE_CLOSE_REASON_LINKED, kClassified, managed, false},
      {v1::CASE_CLOSE_REASON_LINKED, kClassified, v1::CASE_CLASSIFICATION_SERVICE_LINK, true},
      {v1::CASE_CLOSE_REASON_LINKED, kDelivery, managed, false},
      {v1::CASE_CLOSE_REASON_NOT_ELIGIBLE, kClassified, v1::CASE_CLASSIFICATION_NOT_ELIGIBLE, true},
      {v1::CASE_CLOSE_REASON_NOT_ELIGIBLE, kIntake, none, false},
  };
  for (const Ending& each : endings) {
    Case c = Standing(each.state, Step::kAskClosure);
    c.classification = each.classification;
    const absl::Status status = CheckCloseReason(c, each.reason);
    EXPECT_EQ(status.ok(), each.right) << each.reason << " in " << each.state;
    if (!each.right) EXPECT_EQ(ReasonOf(status), "CLOSE_REASON_NOT_OF_STATE");
  }
  for (int state = kReferred; state <= kReassessment; ++state) {
    for (const auto reason : {v1::CASE_CLOSE_REASON_WITHDRAWN, v1::CASE_CLOSE_REASON_MOVED,
                              v1::CASE_CLOSE_REASON_JOB_LOST, v1::CASE_CLOSE_REASON_LOST_CONTACT,
                              v1::CASE_CLOSE_REASON_DIED}) {
      EXPECT_TRUE(
          CheckCloseReason(Standing(static_cast<v1::CaseState>(state), Step::kAskClosure), reason)
              .ok());
    }
  }
}

// Whatever is tried in whatever order: what is refused changes nothing, days never go back, and
// only an open case waits for something.
TEST(CaseStates, StayRightInEveryLife) {
  EXPECT_TRUE(rc::check([](const std::vector<int>& tries) {
    Case c = Standing(kReferred, Step::kContact);
    absl::CivilDay day = c.opened_day;
    for (const int each : tries) {
      const auto step = static_cast<Step>(static_cast<unsigned>(each) % kCaseSteps);
      if (step == Step::kClose || step == Step::kReturnClosure) c.closure = CaseClosureAsked();
      day += static_cast<unsigned>(each) % 5;
      const Case before = c;
      const absl::Status taken = Advance(c, step, day);
      c.closure.reset();
      if (!taken.ok()) {
        RC_ASSERT(c.state == before.state && c.due_day == before.due_day);
        RC_ASSERT(!ReasonOf(taken).empty());
        continue;
      }
      RC_ASSERT(c.last_step_day >= before.last_step_day);
      RC_ASSERT(AllowedIn(before.state).contains(step));
      RC_ASSERT(IsOpen(c.state) || !c.due_day);
      // Nothing leads back from an end but a case of its own.
      RC_ASSERT(IsOpen(before.state) || !IsOpen(c.state));
    }
  }));
}

}  // namespace
}  // namespace ieum::casemgmt
