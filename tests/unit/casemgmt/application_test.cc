// Goal: a form takes exactly the steps that its state allows, and verdict, grade and validity
// follow from their rules. Method: every state with every step against a table written by hand, and
// values on both sides of every bound.
#include "services/casemgmt/forms/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

constexpr auto kRules = registry::v1::ADMISSION_MODE_RULES;
constexpr auto kExternal = registry::v1::ADMISSION_MODE_EXTERNAL;

const std::map<char, v1::ApplicationState>& States() {
  static const auto* states = new std::map<char, v1::ApplicationState>{
      {'D', v1::APPLICATION_STATE_DRAFT},           {'S', v1::APPLICATION_STATE_SUBMITTED},
      {'R', v1::APPLICATION_STATE_RECEIVED},        {'E', v1::APPLICATION_STATE_ELIGIBLE},
      {'I', v1::APPLICATION_STATE_INELIGIBLE},      {'F', v1::APPLICATION_STATE_FORWARDED},
      {'O', v1::APPLICATION_STATE_RESULT_RECORDED}, {'W', v1::APPLICATION_STATE_WITHDRAWN}};
  return *states;
}

// Columns: revise, submit, receive, forward, record a result, withdraw, end with the engagement,
// admit, wait, refuse, end with the enrolment.
constexpr char kTable[] = R"(
D: D S . . . W W . . . .
S: . . R . . W W . . . .
R: . . . F . W W E E I W
E: . . . . . W . E . . W
I: . . . . . . . . . . .
F: . . . . O W . . . . .
O: . . . . . . . . . . .
W: . . . . . . . . . . .)";

char Told(v1::ApplicationState from, FormStep step) {
  const auto next = NextState(from, step);
  if (!next.ok()) return base::ReasonOf(next.status()) == "APPLICATION_STATE" ? '.' : '?';
  for (const auto& [letter, state] : States()) {
    if (state == *next) return letter;
  }
  return '?';
}

TEST(Form, TakesExactlyTheStepsThatItsStateAllows) {
  std::istringstream lines(kTable);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    std::istringstream cells(line.substr(2));
    for (int step = 0; step <= static_cast<int>(FormStep::kWithdrawWithEnrolment); ++step) {
      char expected = 0;
      cells >> expected;
      EXPECT_EQ(Told(States().at(line[0]), static_cast<FormStep>(step)), expected)
          << "state " << line[0] << ", step " << step;
    }
  }
}

TEST(Form, CompletesItsEngagementByReceiptOrByHandOver) {
  using registry::v1::TASK_KIND_CAMPAIGN;
  using registry::v1::TASK_KIND_FOCUS_CONSULTING;
  using registry::v1::TASK_KIND_INCENTIVE;
  EXPECT_TRUE(CompletesEngagement(TASK_KIND_CAMPAIGN, kRules, FormStep::kReceive));
  EXPECT_FALSE(CompletesEngagement(TASK_KIND_INCENTIVE, kExternal, FormStep::kReceive));
  EXPECT_TRUE(CompletesEngagement(TASK_KIND_INCENTIVE, kExternal, FormStep::kForward));
  EXPECT_FALSE(CompletesEngagement(TASK_KIND_FOCUS_CONSULTING, kRules, FormStep::kReceive));
  EXPECT_FALSE(CompletesEngagement(TASK_KIND_CAMPAIGN, kRules, FormStep::kSubmit));
}

TEST(Form, AnswersEachItemOnce) {
  EXPECT_TRUE(CheckAnswers({{"A", "1"}, {"B", "1"}}, "answers").ok());
  const auto refused = CheckAnswers({{"A", "1"}, {"A", "2"}}, "answers");
  EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused), ::testing::ElementsAre("answers"));
}

TEST(Form, ReceiptNumberNamesTheCampaign) {
  Application form;
  form.programme = "BSN";
  form.campaign_code = "WLB-CAMPAIGN";
  form.edition = "2023";
  EXPECT_EQ(ReceiptNumber(form, 7), "BSN.WLB-CAMPAIGN.2023.007");
  EXPECT_EQ(ReceiptNumber(form, 1234), "BSN.WLB-CAMPAIGN.2023.1234");
}

TEST(Form, ReceiptNumberIsOfOneCampaignOnly) {
  Application form, other;
  form.programme = "BSN";
  form.campaign_code = "WLB-CAMPAIGN";
  other.programme = "BSN-WLB";
  other.campaign_code = "CAMPAIGN";
  form.edition = other.edition = "2023";
  EXPECT_NE(ReceiptNumber(form, 7), ReceiptNumber(other, 7));
}

base::Uuid Id(int number) {
  return *base::Uuid::Parse("0190aaaa-0000-7000-8000-00000000000" + std::to_string(number));
}

Application InState(char letter, bool waiting = false) {
  Application form;
  form.state = States().at(letter);
  form.waiting = waiting;
  return form;
}

bool Moves(const Application& form, FormStep step, int enrolment = 1) {
  return Changes(form, {.enrolment_id = Id(enrolment), .step = step});
}

// row:C22
TEST(Verdict, MovesAReceivedFormWhateverItSays) {
  const Application received = InState('R');
  EXPECT_TRUE(Moves(received, FormStep::kAdmit));
  EXPECT_TRUE(Moves(received, FormStep::kWait));
  EXPECT_TRUE(Moves(received, FormStep::kRefuse));
  EXPECT_TRUE(Moves(received, FormStep::kWithdrawWithEnrolment));
}

TEST(Verdict, IsHeardOnceOnly) {
  EXPECT_FALSE(Moves(InState('E'), FormStep::kAdmit));
  EXPECT_FALSE(Moves(InState('E', true), FormStep::kWait));
  EXPECT_FALSE(Moves(InState('I'), FormStep::kRefuse));
  EXPECT_FALSE(Moves(InState('W'), FormStep::kWithdrawWithEnrolment));
}

TEST(Verdict, GivesASeatToAFormThatWaited) {
  EXPECT_TRUE(Moves(InState('E', true), FormStep::kAdmit));
}

TEST(Verdict, DoesNotBringBackAFormThatWasWithdrawn) {
  for (const FormStep step :
       {FormStep::kAdmit, FormStep::kWait, FormStep::kRefuse, FormStep::kWithdrawWithEnrolment}) {
    EXPECT_FALSE(Moves(InState('W'), step));
  }
}

TEST(Verdict, OfAnotherEnrolmentIsNotTheForms) {
  Application form = InState('E');
  form.enrolment = Id(1);
  EXPECT_TRUE(Moves(form, FormStep::kWithdrawWithEnrolment, 1));
  EXPECT_FALSE(Moves(form, FormStep::kWithdrawWithEnrolment, 2));
}

v1::Grade Grade(std::string_view score) {
  const auto result =
      JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, score, absl::CivilDay(2023, 11, 10));
  EXPECT_TRUE(result.ok()) << score;
  return result.ok() ? result->grade : v1::GRADE_UNSPECIFIED;
}

TEST(Grade, FollowsFromTheUnroundedScoreWithHalfOpenBounds) {
  EXPECT_EQ(Grade("1000"), v1::GRADE_SS);
  EXPECT_EQ(Grade("700"), v1::GRADE_SS);
  EXPECT_EQ(Grade("699.999999"), v1::GRADE_S);
  EXPECT_EQ(Grade("600"), v1::GRADE_S);
  EXPECT_EQ(Grade("600.0"), v1::GRADE_S);
  EXPECT_EQ(Grade("599.5"), v1::GRADE_A);
  EXPECT_EQ(Grade("599.999999"), v1::GRADE_A);
  EXPECT_EQ(Grade("500"), v1::GRADE_A);
  EXPECT_EQ(Grade("499.999999"), v1::GRADE_NONE);
  EXPECT_EQ(Grade("0"), v1::GRADE_NONE);
}

TEST(Result, KeepsTheScoreAsGiven) {
  const auto result =
      JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, "599.50", absl::CivilDay(2023, 11, 10));
  EXPECT_EQ(result->score, "599.50");
}

TEST(Result, HasNoScoreWithoutSelection) {
  const absl::CivilDay day(2023, 11, 10);
  EXPECT_TRUE(JudgeResult(v1::EXTERNAL_OUTCOME_REJECTED, "", day).ok());
  const auto refused = JudgeResult(v1::EXTERNAL_OUTCOME_REJECTED, "742", day);
  EXPECT_EQ(base::ReasonOf(refused.status()), "SCORE_INVALID");
  EXPECT_THAT(base::FieldsOf(refused.status()), ::testing::ElementsAre("score"));
}

TEST(Result, RefusesScoresThatCannotBe) {
  const absl::CivilDay day(2023, 11, 10);
  for (const char* score : {"-0.000001", "1000.000001", "x", "999999999999999.999999", "1e3"}) {
    EXPECT_EQ(base::ReasonOf(JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, score, day).status()),
              "SCORE_INVALID")
        << score;
  }
}

TEST(Result, IsValidForThreeYearsWhenItHasAGrade) {
  const absl::CivilDay day(2023, 11, 10);
  EXPECT_EQ(JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, "742", day)->valid_until,
            absl::CivilDay(2026, 11, 10));
  EXPECT_EQ(JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, "499", day)->valid_until, std::nullopt);
  EXPECT_EQ(JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, "", day)->grade, v1::GRADE_UNSPECIFIED);
  EXPECT_EQ(JudgeResult(v1::EXTERNAL_OUTCOME_SELECTED, "", day)->valid_until, std::nullopt);
}

// law:L41
TEST(ThreeYears, DoNotCountTheFirstDay) {
  EXPECT_EQ(ValidUntil(absl::CivilDay(2023, 11, 10)), absl::CivilDay(2026, 11, 10));
  EXPECT_EQ(ValidUntil(absl::CivilDay(2023, 12, 31)), absl::CivilDay(2026, 12, 31));
  EXPECT_EQ(ValidUntil(absl::CivilDay(2024, 2, 28)), absl::CivilDay(2027, 2, 28));
  EXPECT_EQ(ValidUntil(absl::CivilDay(2024, 2, 29)), absl::CivilDay(2027, 2, 28));
  EXPECT_EQ(ValidUntil(absl::CivilDay(2025, 2, 28)), absl::CivilDay(2028, 2, 29));
}

}  // namespace
}  // namespace ieum::casemgmt
