// Goal: the doors of assessments say what the contract promises, and to each role only what it may
// hear. Method: real calls to a real server over a real database, by role. row:C2 row:C5 row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/casemgmt/case_plan_doors.h"

namespace ieum::casemgmt::testing {
namespace {

class AssessmentDoors : public CasePlanDoors {};

TEST_F(AssessmentDoors, ShowAnAssessmentWholeToWhoeverSeesTheCase) {
  const v1::Assessment made = Recorded();
  EXPECT_EQ(made.score(), "16.67");
  EXPECT_EQ(made.computed_level(), v1::RISK_LEVEL_LOW);
  EXPECT_EQ(made.level(), v1::RISK_LEVEL_LOW);
  EXPECT_EQ(made.primary_factor(), "RF02");
  EXPECT_EQ(made.needs_text(), kNeeds);
  EXPECT_EQ(made.assessed_date(), "2024-05-10");
  EXPECT_EQ(made.author(), "subjects/" + access::SubjectId(kCaseManager).ToString());
  EXPECT_FALSE(made.anonymised());
  const auto get = Named<v1::GetAssessmentRequest>(made.name());
  for (const char* token : {kCaseManagerToken, kSupervisorToken}) {
    EXPECT_EQ(
        Must<v1::Assessment>(token, "AssessmentService/GetAssessment", get).SerializeAsString(),
        made.SerializeAsString());
  }
}

TEST_F(AssessmentDoors, TellNobodyElse) {
  const auto get = Named<v1::GetAssessmentRequest>(Approved().name());
  v1::ListAssessmentsRequest list;
  list.set_parent(Case());
  v1::CompareAssessmentsRequest compare;
  compare.set_parent(Case());
  // Another manager of the same centre: as if it were not there.
  EXPECT_EQ(Refused<v1::Assessment>(kOtherCaseManagerToken, "AssessmentService/GetAssessment", get),
            "NOT_FOUND");
  EXPECT_EQ(Refused<v1::ListAssessmentsResponse>(kOtherCaseManagerToken,
                                                 "AssessmentService/ListAssessments", list),
            "NOT_FOUND");
  EXPECT_EQ(Refused<v1::CompareAssessmentsResponse>(
                kOtherCaseManagerToken, "AssessmentService/CompareAssessments", compare),
            "NOT_FOUND");
  for (const char* token : {kCentreHeadToken, kConferenceMemberToken}) {
    EXPECT_EQ(Refused<v1::Assessment>(token, "AssessmentService/GetAssessment", get),
              "PERMISSION_DENIED")
        << token;
  }
  EXPECT_EQ(Refused<v1::Assessment>(kAuditorToken, "AssessmentService/GetAssessment", get),
            "PERMISSION_DENIED")
      << "who looks at everything sees nobody's case";
}

TEST_F(AssessmentDoors, LetSupervisorsApproveAndManagersNot) {
  const auto approve = Named<v1::ApproveAssessmentRequest>(Recorded().name());
  EXPECT_EQ(
      Refused<v1::Assessment>(kCaseManagerToken, "AssessmentService/ApproveAssessment", approve),
      "PERMISSION_DENIED");
  const auto approved =
      Must<v1::Assessment>(kSupervisorToken, "AssessmentService/ApproveAssessment", approve);
  EXPECT_EQ(approved.state(), v1::ASSESSMENT_STATE_APPROVED);
  EXPECT_EQ(
      Refused<v1::Assessment>(kSupervisorToken, "AssessmentService/ApproveAssessment", approve),
      "ASSESSMENT_STATE");
}

TEST_F(AssessmentDoors, RefuseWhatIsNoAssessment) {
  auto wanted = Wanted();
  wanted.mutable_assessment()->mutable_factors(0)->set_severity(5);
  EXPECT_EQ(
      Refused<v1::Assessment>(kCaseManagerToken, "AssessmentService/RecordAssessment", wanted),
      "INVALID_FIELD");
  wanted = Wanted();
  wanted.mutable_assessment()->clear_factors();
  EXPECT_EQ(
      Refused<v1::Assessment>(kCaseManagerToken, "AssessmentService/RecordAssessment", wanted),
      "INVALID_FIELD");
  wanted = Wanted();
  wanted.mutable_assessment()->set_needs_text("900101-2345678");
  EXPECT_EQ(
      Refused<v1::Assessment>(kCaseManagerToken, "AssessmentService/RecordAssessment", wanted),
      "RESIDENT_NUMBER");
  wanted = Wanted();
  wanted.mutable_assessment()->set_assessed_date("2024-02-30");
  EXPECT_EQ(
      Refused<v1::Assessment>(kCaseManagerToken, "AssessmentService/RecordAssessment", wanted),
      "DATE_INVALID");
}

TEST_F(AssessmentDoors, ListAndCompareTheAssessmentsOfACase) {
  Approved();
  v1::ListAssessmentsRequest list;
  list.set_parent(Case());
  list.set_filter("state = ASSESSMENT_STATE_APPROVED");
  EXPECT_EQ(Must<v1::ListAssessmentsResponse>(kCaseManagerToken,
                                              "AssessmentService/ListAssessments", list)
                .assessments_size(),
            1);
  v1::CompareAssessmentsRequest compare;
  compare.set_parent(Case());
  const auto compared = Must<v1::CompareAssessmentsResponse>(
      kCaseManagerToken, "AssessmentService/CompareAssessments", compare);
  EXPECT_TRUE(compared.has_first());
  EXPECT_FALSE(compared.has_last()) << "there is one only";
  EXPECT_EQ(compared.score_change(), "");
}

TEST_F(AssessmentDoors, KeepInstrumentsForTheWholeSuite) {
  v1::ListInstrumentsRequest list;
  list.set_filter("code = \"RISK\"");
  const auto instruments = Must<v1::ListInstrumentsResponse>(
      kCaseManagerToken, "AssessmentService/ListInstruments", list);
  ASSERT_EQ(instruments.instruments_size(), 1);
  const v1::Instrument& risk = instruments.instruments(0);
  EXPECT_EQ(risk.full(), "24");
  ASSERT_EQ(risk.factors_size(), 14);
  EXPECT_EQ(risk.factors(1).label(), "육아·돌봄공백");
  EXPECT_TRUE(risk.factors(7).sensitive());
  EXPECT_TRUE(risk.factors(12).sensitive());
  v1::CreateInstrumentRequest create;
  *create.mutable_instrument() = risk;
  create.mutable_instrument()->mutable_factors(1)->set_weight("1.5");
  EXPECT_EQ(Refused<v1::Instrument>(kSupervisorToken, "AssessmentService/CreateInstrument", create),
            "PERMISSION_DENIED");
  create.set_validate_only(true);
  Must<v1::Instrument>(kManagerToken, "AssessmentService/CreateInstrument", create);
  create.set_validate_only(false);
  const auto next =
      Must<v1::Instrument>(kManagerToken, "AssessmentService/CreateInstrument", create);
  EXPECT_EQ(next.version(), 2);
  EXPECT_EQ(next.factors(1).weight(), "1.5");
  EXPECT_EQ(Must<v1::Instrument>(kManagerToken, "AssessmentService/GetInstrument",
                                 Named<v1::GetInstrumentRequest>(risk.name()))
                .factors(1)
                .weight(),
            "1")
      << "the version before stays";
  create.mutable_instrument()->set_full("0");
  EXPECT_EQ(Refused<v1::Instrument>(kManagerToken, "AssessmentService/CreateInstrument", create),
            "INSTRUMENT_INVALID");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
