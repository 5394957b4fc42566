// Goal: the score of an assessment is exact and its level is the right one at every bound; who may
// say otherwise, who decides, and what compares. Method: worked scores, tables, properties.
// row:C2 law:L09
#include "services/casemgmt/assessments/assessment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Code(int number) { return (number < 10 ? "RF0" : "RF") + std::to_string(number); }

base::Decimal Dec(const std::string& text) { return *base::Decimal::Parse(text); }

// RF01–RF14 of weight 1; 24 is 100 points; RF08 and RF13 are about health.
Instrument Standard() {
  Instrument instrument{.id = base::Uuid::NewV7(), .code = kRiskInstrument, .version = 1};
  for (int number = 1; number <= 14; ++number) {
    instrument.factors.push_back({.code = Code(number), .sensitive = number == 8 || number == 13});
  }
  return instrument;
}

// One factor of that weight, asked with severity 1; `full` is 100 points.
Score Weighing(const std::string& weight, const std::string& full) {
  Instrument instrument{.code = kRiskInstrument, .full = Dec(full)};
  instrument.factors.push_back({.code = "RF01", .weight = Dec(weight)});
  return ScoreOf(instrument, {{"RF01", 1}});
}

TEST(RiskScore, IsWorkedOutAsTheDomainSays) {
  const Instrument risk = Standard();
  EXPECT_EQ(ScoreOf(risk, {}).points, "0.00");
  EXPECT_EQ(ScoreOf(risk, {{"RF02", 1}}).points, "4.17") << "100 / 24";
  EXPECT_EQ(ScoreOf(risk, {{"RF02", 3}, {"RF07", 2}}).points, "20.83") << "500 / 24";
  EXPECT_EQ(ScoreOf(risk, {{"RF02", 4}, {"RF07", 4}, {"RF10", 4}}).points, "50.00");
  const Severities all = {{"RF01", 4}, {"RF02", 4}, {"RF03", 4}, {"RF04", 4},
                          {"RF05", 4}, {"RF06", 4}, {"RF07", 4}};
  EXPECT_EQ(ScoreOf(risk, all).points, "100.00") << "28 of 24 are 100, not 116.67";
}

TEST(RiskScore, TakesWeightsExactly) {
  Instrument instrument = Standard();
  instrument.factors[0].weight = Dec("0.1");
  instrument.factors[1].weight = Dec("2.5");
  // 3 × 0.1 + 4 × 2.5 = 10.3
  EXPECT_EQ(ScoreOf(instrument, {{"RF01", 3}, {"RF02", 4}}).points, "42.92");
  instrument.full = Dec("10.3");
  EXPECT_EQ(ScoreOf(instrument, {{"RF01", 3}, {"RF02", 4}}).points, "100.00");
}

// Bounds are half-open, and the unrounded points decide.
TEST(RiskLevel, BeginsAtItsBound) {
  struct Row {
    const char* points;
    v1::RiskLevel level;
  };
  const Row rows[] = {{"0", v1::RISK_LEVEL_LOW},      {"24.99", v1::RISK_LEVEL_LOW},
                      {"25", v1::RISK_LEVEL_CAUTION}, {"49.99", v1::RISK_LEVEL_CAUTION},
                      {"50", v1::RISK_LEVEL_HIGH},    {"74.99", v1::RISK_LEVEL_HIGH},
                      {"75", v1::RISK_LEVEL_CRISIS},  {"99.99", v1::RISK_LEVEL_CRISIS},
                      {"100", v1::RISK_LEVEL_CRISIS}, {"400", v1::RISK_LEVEL_CRISIS}};
  for (const Row& row : rows) {
    EXPECT_EQ(Weighing(row.points, "100").level, row.level) << row.points;
  }
}

TEST(RiskLevel, IsOfTheUnroundedPoints) {
  // 24.9999 … prints 25.00 and is LOW: 5.9999 / 24.
  const Score below = Weighing("5.9999", "24");
  EXPECT_EQ(below.points, "25.00");
  EXPECT_EQ(below.level, v1::RISK_LEVEL_LOW);
  EXPECT_EQ(Weighing("6", "24").level, v1::RISK_LEVEL_CAUTION);
  EXPECT_EQ(Weighing("17.9999", "24").level, v1::RISK_LEVEL_HIGH);
  EXPECT_EQ(Weighing("18", "24").level, v1::RISK_LEVEL_CRISIS);
}

TEST(RiskScore, NamesTheFactorThatWeighsMost) {
  Instrument instrument = Standard();
  EXPECT_EQ(ScoreOf(instrument, {}).primary_factor, "");
  EXPECT_EQ(ScoreOf(instrument, {{"RF09", 2}, {"RF03", 3}}).primary_factor, "RF03");
  EXPECT_EQ(ScoreOf(instrument, {{"RF09", 3}, {"RF03", 3}}).primary_factor, "RF03")
      << "the first of equals";
  instrument.factors[8].weight = Dec("2");
  EXPECT_EQ(ScoreOf(instrument, {{"RF09", 2}, {"RF03", 3}}).primary_factor, "RF09");
}

rc::Gen<Severities> AnySeverities() {
  return rc::gen::map(rc::gen::container<std::vector<int>>(14, rc::gen::inRange(0, 5)),
                      [](const std::vector<int>& drawn) {
                        Severities severities;
                        for (size_t at = 0; at < drawn.size(); ++at) {
                          severities[Code(static_cast<int>(at) + 1)] = drawn[at];
                        }
                        return severities;
                      });
}

TEST(RiskScore, NeverFallsWhenOneFactorGetsWorse) {
  EXPECT_TRUE(rc::check([] {
    Instrument instrument = Standard();
    for (Factor& factor : instrument.factors) {
      factor.weight = Dec(std::to_string(*rc::gen::inRange(0, 300)) + ".5");
    }
    instrument.full = base::Decimal(*rc::gen::inRange(1, 2000));
    Severities severities = *AnySeverities();
    const std::string code = Code(*rc::gen::inRange(1, 15));
    const Score before = ScoreOf(instrument, severities);
    severities[code] = std::min(kMaxSeverity, severities[code] + 1);
    const Score after = ScoreOf(instrument, severities);
    RC_ASSERT(Dec(before.points) <= Dec(after.points));
    RC_ASSERT(before.level <= after.level);
    RC_ASSERT(Dec(after.points) <= base::Decimal(100));
  }));
}

TEST(Instrument, IsRefusedWhereItMeasuresNothing) {
  Instrument instrument = Standard();
  EXPECT_TRUE(CheckInstrument(instrument).ok());
  instrument.full = base::Decimal(0);
  absl::Status refused = CheckInstrument(instrument);
  EXPECT_EQ(base::ReasonOf(refused), "INSTRUMENT_INVALID");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("instrument.full"));
  instrument = Standard();
  instrument.factors.push_back({.code = "RF02"});
  refused = CheckInstrument(instrument);
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("instrument.factors"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("RF02"));
}

absl::Status Judged(const Answers& answers, Assessment* assessment) {
  return Judge(Standard(), answers, assessment);
}

TEST(Assessment, KeepsWhatWasFoundAndWithWhat) {
  Assessment assessment;
  ASSERT_TRUE(Judged({.severities = {{"RF02", 4}, {"RF05", 0}, {"RF07", 3}}}, &assessment).ok());
  EXPECT_EQ(assessment.score, "29.17");
  EXPECT_EQ(assessment.level, v1::RISK_LEVEL_CAUTION);
  EXPECT_EQ(assessment.computed_level, v1::RISK_LEVEL_CAUTION);
  EXPECT_EQ(assessment.primary_factor, "RF02");
  EXPECT_EQ(assessment.severities, (Severities{{"RF02", 4}, {"RF07", 3}})) << "0 says nothing";
  EXPECT_EQ(assessment.instrument_version, 1);
}

TEST(Assessment, MayBeOverriddenWithAReason) {
  Assessment assessment;
  Answers answers{.severities = {{"RF07", 4}}, .level = v1::RISK_LEVEL_CRISIS};
  absl::Status refused = Judged(answers, &assessment);
  EXPECT_EQ(base::ReasonOf(refused), "OVERRIDE_REASON_MISSING");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("assessment.override_reason"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("CRISIS and not LOW"));
  answers.override_reason = "a notice of dismissal is on its way";
  ASSERT_TRUE(Judged(answers, &assessment).ok());
  EXPECT_EQ(assessment.level, v1::RISK_LEVEL_CRISIS);
  EXPECT_EQ(assessment.computed_level, v1::RISK_LEVEL_LOW);
  // A reason for nothing is a mistake of the form.
  answers.level = v1::RISK_LEVEL_LOW;
  EXPECT_EQ(base::ReasonOf(Judged(answers, &assessment)), "OVERRIDE_REASON_MISSING");
  answers.override_reason.clear();
  EXPECT_TRUE(Judged(answers, &assessment).ok()) << "the computed level needs no reason";
}

TEST(Assessment, RefusesFactorsThatAreNotAskedFor) {
  Assessment assessment;
  EXPECT_EQ(base::ReasonOf(Judged({.severities = {{"RF15", 1}}}, &assessment)), "FACTOR_INVALID");
  const absl::Status twice = Judged({.severities = {{"RF01", 1}, {"RF01", 0}}}, &assessment);
  EXPECT_EQ(base::ReasonOf(twice), "FACTOR_INVALID");
  EXPECT_THAT(base::FieldsOf(twice), ElementsAre("assessment.factors"));
  const absl::Status weightless =
      Judged({.severities = {{"RF01", 1}, {"RF02", 0}}, .primary_factor = "RF02"}, &assessment);
  EXPECT_EQ(base::ReasonOf(weightless), "FACTOR_INVALID");
  EXPECT_THAT(base::FieldsOf(weightless), ElementsAre("assessment.primary_factor"));
  ASSERT_TRUE(
      Judged({.severities = {{"RF01", 1}, {"RF02", 3}}, .primary_factor = "RF01"}, &assessment)
          .ok());
  EXPECT_EQ(assessment.primary_factor, "RF01") << "whoever asked her knows better";
}

// law:L09
TEST(Assessment, KnowsWhichFactorsAreAboutHealth) {
  EXPECT_THAT(SensitiveOf(Standard(), {{"RF02", 4}}), IsEmpty());
  EXPECT_THAT(SensitiveOf(Standard(), {{"RF08", 1}, {"RF13", 2}}), ElementsAre("RF08", "RF13"));
  const absl::Status refused = SensitiveConsentMissing({"RF08"});
  EXPECT_EQ(base::ReasonOf(refused), "SENSITIVE_CONSENT_MISSING");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("RF08"));
}

TEST(Assessment, IsDecidedAboutOnceAndByAnotherPerson) {
  const Staff author{base::Uuid::NewV7(), base::Uuid::NewV7()};
  const Staff other{base::Uuid::NewV7(), base::Uuid::NewV7()};
  const Staff second_account{base::Uuid::NewV7(), author.person};
  const Staff unknown{base::Uuid::NewV7(), std::nullopt};
  Assessment assessment;
  assessment.author = author;
  const absl::CivilDay day(2024, 3, 11);
  for (const Staff& same : {author, second_account}) {
    const absl::Status refused = Decide(&assessment, v1::ASSESSMENT_STATE_APPROVED, same, day);
    EXPECT_EQ(base::ReasonOf(refused), "APPROVER_IS_AUTHOR");
    EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(assessment.state, v1::ASSESSMENT_STATE_SUBMITTED);
  }
  for (const Staff& another : {other, unknown}) {
    Assessment decided = assessment;
    EXPECT_TRUE(Decide(&decided, v1::ASSESSMENT_STATE_RETURNED, another, day).ok());
    EXPECT_EQ(decided.decider, another.subject);
    EXPECT_EQ(base::ReasonOf(Decide(&decided, v1::ASSESSMENT_STATE_APPROVED, other, day)),
              "ASSESSMENT_STATE");
  }
}

TEST(AssessmentChange, IsOfThePointsAsTheyArePrinted) {
  EXPECT_EQ(ScoreChange("62.50", "29.17"), "-33.33");
  EXPECT_EQ(ScoreChange("4.17", "4.17"), "0.00");
  EXPECT_EQ(ScoreChange("0.00", "100.00"), "100.00");
  EXPECT_EQ(ScoreChange("25.00", "24.95"), "-0.05");
}

TEST(AssessmentChange, NamesTheFactorsThatDiffer) {
  const auto changes = Changes({{"RF02", 4}, {"RF07", 3}}, {{"RF02", 4}, {"RF09", 1}});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].code, "RF07");
  EXPECT_EQ(changes[0].last, 0);
  EXPECT_EQ(changes[1].code, "RF09");
  EXPECT_EQ(changes[1].first, 0);
}

}  // namespace
}  // namespace ieum::casemgmt
