// Goal: an engagement takes exactly the steps that its task and state allow. Method: every state
// with every step, for a task with a form and for consulting, against a table written by
// hand.
#include "services/casemgmt/engagements/engagement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::IsEmpty;

constexpr auto kFocus = registry::v1::TASK_KIND_FOCUS_CONSULTING;
constexpr auto kCulture = registry::v1::TASK_KIND_CULTURE_CONSULTING;
constexpr auto kCampaign = registry::v1::TASK_KIND_CAMPAIGN;
constexpr auto kIncentive = registry::v1::TASK_KIND_INCENTIVE;

// The letters of the tables.
const std::map<char, v1::EngagementState>& States() {
  static const auto* states = new std::map<char, v1::EngagementState>{
      {'L', v1::ENGAGEMENT_STATE_LEAD},          {'C', v1::ENGAGEMENT_STATE_CONTACTED},
      {'P', v1::ENGAGEMENT_STATE_VISIT_PLANNED}, {'V', v1::ENGAGEMENT_STATE_VISITED},
      {'D', v1::ENGAGEMENT_STATE_DIAGNOSED},     {'A', v1::ENGAGEMENT_STATE_PLAN_AGREED},
      {'I', v1::ENGAGEMENT_STATE_IN_PROGRESS},   {'R', v1::ENGAGEMENT_STATE_RESULT_REPORTED},
      {'M', v1::ENGAGEMENT_STATE_COMPLETED},     {'F', v1::ENGAGEMENT_STATE_FOLLOWED_UP},
      {'X', v1::ENGAGEMENT_STATE_DECLINED},      {'Z', v1::ENGAGEMENT_STATE_DROPPED}};
  return *states;
}

// Columns: reassign, contact, plan, move, lose and hold a visit, diagnose, agree a plan, start,
// adopt a scheme, report, complete, draft a form, complete by form, follow up, decline, drop,
// diagnose again, recommend, check an adoption. A letter is where the step leads, `.` a state that
// does not allow it, `!` a task without it.
constexpr char kConsultingTable[] = R"(
L: L C . . . . . . . . . . L ! . X Z . . .
C: C . P . . . . . . . . . C ! . X Z . . .
P: P . P P C V . . . . . . P ! . X Z . . .
V: V . V V . V D . . . . . V ! . X Z . . .
D: D . D D . D . A . . . . D ! . X Z . D D
A: A . A A . A . . I . . . A ! . X Z . A A
I: I . I I . I . . . I R . I ! . X Z I I I
R: R . . R . R . . . R . M R ! . X Z R R R
M: . . . . . M . . . M . . . ! F . . M M M
F: . . . . . F . . . F . . . ! . . . F . F
X: . . . . . . . . . . . . . ! . . . . . .
Z: . . . . . . . . . . . . . ! . . . . . .)";
// Without diagnosis the states between VISITED and COMPLETED are never reached.
constexpr char kFormTable[] = R"(
L: L C . . . . ! ! ! . ! ! L . . X Z ! ! !
C: C . P . . . ! ! ! . ! ! C . . X Z ! ! !
P: P . P P C V ! ! ! . ! ! P . . X Z ! ! !
V: V . V V . V ! ! ! . ! ! V M . X Z ! ! !
M: . . . . . M ! ! ! M ! ! . . F . . ! ! !
F: . . . . . F ! ! ! F ! ! . . . . . ! ! !
X: . . . . . . ! ! ! . ! ! . . . . . ! ! !
Z: . . . . . . ! ! ! . ! ! . . . . . ! ! !)";

char Told(registry::v1::TaskKind task, v1::EngagementState from, EngagementStep step) {
  const auto next = NextState(task, from, step);
  if (!next.ok()) {
    EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
    return base::ReasonOf(next.status()) == "STEP_NOT_OF_TASK"   ? '!'
           : base::ReasonOf(next.status()) == "ENGAGEMENT_STATE" ? '.'
                                                                 : '?';
  }
  for (const auto& [letter, state] : States()) {
    if (state == *next) return letter;
  }
  return '?';
}

void ExpectTable(registry::v1::TaskKind task, const std::string& table) {
  std::istringstream lines(table);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    std::istringstream cells(line.substr(2));
    for (int step = 0; step <= static_cast<int>(EngagementStep::kCheckAdoption); ++step) {
      char expected = 0;
      cells >> expected;
      EXPECT_EQ(Told(task, States().at(line[0]), static_cast<EngagementStep>(step)), expected)
          << "state " << line[0] << ", step " << step << ", task " << task;
    }
  }
}

// row:C9
TEST(Engagement, OfConsultingGoesThroughDiagnosisPlanAndReport) {
  ExpectTable(kFocus, kConsultingTable);
  ExpectTable(kCulture, kConsultingTable);
}

TEST(Engagement, OfATaskWithAFormGoesFromTheVisitToCompletion) {
  ExpectTable(kCampaign, kFormTable);
  ExpectTable(kIncentive, kFormTable);
}

TEST(Engagement, MovesAreUnambiguousAndNeverLeaveAnEnd) {
  std::map<std::pair<int, int>, int> targets;
  for (const EngagementMove& move : EngagementMoves()) {
    EXPECT_TRUE(targets.emplace(std::pair{static_cast<int>(move.step), move.from}, move.to).second);
    EXPECT_NE(move.from, v1::ENGAGEMENT_STATE_DECLINED);
    EXPECT_NE(move.from, v1::ENGAGEMENT_STATE_DROPPED);
  }
}

TEST(Engagement, RefusalNamesTheState) {
  const auto refused = NextState(kFocus, v1::ENGAGEMENT_STATE_LEAD, EngagementStep::kComplete);
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("LEAD"));
}

base::Uuid Person(int number) {
  return *base::Uuid::Parse("0190aaaa-0000-7000-8000-00000000000" + std::to_string(number));
}

Engagement Focus(int planned_visits) {
  Engagement engagement;
  engagement.task = kFocus;
  engagement.state = v1::ENGAGEMENT_STATE_RESULT_REPORTED;
  engagement.consultant = Person(1);
  engagement.plan = ConsultingPlan{.planned_visit_count = planned_visits};
  engagement.terms = {.min_visits = 3};
  return engagement;
}

std::vector<Visit> Held(int count, const std::string& minutes = "met") {
  std::vector<Visit> visits(count);
  for (Visit& visit : visits) {
    visit.state = v1::VISIT_STATE_HELD;
    visit.consultant = Person(1);
    visit.minutes = minutes;
  }
  return visits;
}

std::string Refusal(const Engagement& engagement, const std::vector<Visit>& visits, int approver) {
  return base::ReasonOf(CheckCompletion(engagement, visits, Person(approver)));
}

TEST(Completion, NeedsThreeVisitsOrAsManyAsThePlanSays) {
  EXPECT_EQ(Refusal(Focus(1), Held(2), 2), "VISITS_MISSING");
  EXPECT_EQ(Refusal(Focus(1), Held(3), 2), "");
  EXPECT_EQ(Refusal(Focus(5), Held(4), 2), "VISITS_MISSING");
  EXPECT_EQ(Refusal(Focus(5), Held(5), 2), "");
}

TEST(Completion, CountsHeldVisitsOnly) {
  std::vector<Visit> visits = Held(3);
  visits[0].state = v1::VISIT_STATE_CANCELLED;
  EXPECT_EQ(Refusal(Focus(3), visits, 2), "VISITS_MISSING");
  visits[0].state = v1::VISIT_STATE_PLANNED;
  EXPECT_EQ(Refusal(Focus(3), visits, 2), "VISITS_MISSING");
}

TEST(Completion, IsNotApprovedByWhoAdvisedTheFirm) {
  EXPECT_EQ(Refusal(Focus(3), Held(3), 1), "APPROVER_IS_CONSULTANT");
  std::vector<Visit> visits = Held(3);
  visits[1].consultant = Person(2);  // stood in for the consultant once
  EXPECT_EQ(Refusal(Focus(3), visits, 2), "APPROVER_IS_CONSULTANT");
  EXPECT_EQ(Refusal(Focus(3), visits, 3), "");
}

TEST(Completion, OfConsultingOnCultureNeedsTwoVisitsAndASecondDiagnosis) {
  Engagement culture = Focus(1);
  culture.task = kCulture;
  culture.terms = {.min_visits = 2, .second_diagnosis = true};
  culture.diagnosis = Diagnosis{.score = "61.2"};
  EXPECT_EQ(Refusal(culture, Held(1), 2), "VISITS_MISSING");
  EXPECT_EQ(Refusal(culture, Held(2), 2), "DIAGNOSIS_MISSING");
  culture.second_diagnosis = Diagnosis{.score = "70.5"};
  EXPECT_EQ(Refusal(culture, Held(2), 2), "");
}

TEST(Diagnosis, IsComparedExactly) {
  Engagement culture;
  EXPECT_EQ(DiagnosisGain(culture), "") << "nothing was found out yet";
  culture.diagnosis = Diagnosis{.score = "61.2"};
  EXPECT_EQ(DiagnosisGain(culture), "");
  culture.second_diagnosis = Diagnosis{.score = "70.5"};
  EXPECT_EQ(DiagnosisGain(culture), "9.3");
  culture.second_diagnosis->score = "61.15";
  EXPECT_EQ(DiagnosisGain(culture), "-0.05") << "what was lost";
  culture.diagnosis->score = "";
  EXPECT_EQ(DiagnosisGain(culture), "") << "nothing to compare with";
  culture.diagnosis->score = "999999999999999.5";
  EXPECT_EQ(DiagnosisGain(culture), "") << "too large to be compared";
}

TEST(Diagnosis, IsRepeatedWithAScore) {
  EXPECT_TRUE(CheckSecondScore("70.5").ok());
  EXPECT_TRUE(CheckSecondScore("0").ok());
  for (const char* wrong : {"", "much", "1000000.1", "-1000001"}) {
    EXPECT_THAT(base::FieldsOf(CheckSecondScore(wrong)), ::testing::ElementsAre("diagnosis.score"))
        << wrong;
  }
}

TEST(Completion, NeedsMinutesOfEveryHeldVisit) {
  std::vector<Visit> visits = Held(4);
  visits[2].minutes.clear();
  EXPECT_EQ(Refusal(Focus(3), visits, 2), "MINUTES_MISSING");
  visits[2].state = v1::VISIT_STATE_CANCELLED;
  EXPECT_EQ(Refusal(Focus(3), visits, 2), "");
}

TEST(Vulnerability, IsAReasonForFocusConsultingOnly) {
  const std::vector<v1::VulnerabilityReason> reasons = {v1::VULNERABILITY_REASON_LONG_HOURS};
  EXPECT_TRUE(CheckReasons(kFocus, reasons).ok());
  EXPECT_TRUE(CheckReasons(kCampaign, {}).ok());
  const auto refused = CheckReasons(kCampaign, reasons);
  EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused), ::testing::ElementsAre("engagement.vulnerability_reasons"));
}

}  // namespace
}  // namespace ieum::casemgmt
