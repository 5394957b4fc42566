// Goal: the doors of conferences and plans say what the contract promises, and to each role only
// what it may hear. Method: real calls to a real server over a real database, by role. row:C4
// row:C5 row:C36
#include "tests/integration/casemgmt/case_plan_doors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// row:C36 The agenda, field by field: numbers, codes and dates for who sits there.
TEST_F(CasePlanDoors, ShowAMemberTheAgendaAndNothingElse) {
  Approved();
  const v1::AgendaItem whole = OnAgenda();
  EXPECT_EQ(whole.case_(), Case());
  EXPECT_EQ(whole.question_text(), kQuestion);
  EXPECT_EQ(whole.person(), "persons/" + person_.ToString());
  const auto get = Named<v1::GetAgendaItemRequest>(whole.name());
  const auto item =
      Must<v1::AgendaItem>(kConferenceMemberToken, "ConferenceService/GetAgendaItem", get);
  EXPECT_THAT(item.case_number(), HasSubstr("2024-"));
  EXPECT_EQ(item.case_state(), v1::CASE_STATE_CONFERENCE);
  EXPECT_EQ(item.risk_level(), v1::RISK_LEVEL_LOW);
  EXPECT_EQ(item.primary_factor(), "RF02");
  ASSERT_EQ(item.factors_size(), 1);
  EXPECT_EQ(item.factors(0).severity(), 4);
  EXPECT_EQ(item.intake_date(), "2024-05-10");
  EXPECT_EQ(item.case_(), "");
  EXPECT_EQ(item.person(), "");
  EXPECT_EQ(item.question_text(), "");
  EXPECT_EQ(item.minutes_text(), "");
  EXPECT_EQ(item.etag(), "");
  EXPECT_THAT(item.DebugString(), Not(HasSubstr(case_.ToString())));
  EXPECT_THAT(item.DebugString(), Not(HasSubstr(person_.ToString())));
  EXPECT_EQ(Refused<v1::AgendaItem>(kOtherCaseManagerToken, "ConferenceService/GetAgendaItem", get),
            "NOT_FOUND");
  EXPECT_EQ(Refused<v1::Conference>(kConferenceMemberToken, "ConferenceService/GetConference",
                                    Named<v1::GetConferenceRequest>(ConferenceOf(whole.name()))),
            "PERMISSION_DENIED");
  v1::ListAgendaItemsRequest list;
  list.set_parent("conferences/-");
  const auto agenda = Must<v1::ListAgendaItemsResponse>(kConferenceMemberToken,
                                                        "ConferenceService/ListAgendaItems", list);
  ASSERT_EQ(agenda.agenda_items_size(), 1);
  EXPECT_EQ(agenda.agenda_items(0).SerializeAsString(), item.SerializeAsString());
  const auto others = Must<v1::ListAgendaItemsResponse>(kOtherCaseManagerToken,
                                                        "ConferenceService/ListAgendaItems", list);
  EXPECT_EQ(others.agenda_items_size(), 0);
}

TEST_F(CasePlanDoors, TellAMemberNoMoreOnceItIsDecided) {
  Approved();
  const std::string name = OnAgenda().name();
  const v1::AgendaItem decided = Classified(name);
  EXPECT_EQ(decided.minutes_text(), kMinutes);
  EXPECT_EQ(decided.classification(), v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  const auto item = Must<v1::AgendaItem>(kConferenceMemberToken, "ConferenceService/GetAgendaItem",
                                         Named<v1::GetAgendaItemRequest>(name));
  EXPECT_EQ(item.minutes_text(), "");
  EXPECT_EQ(item.classified_date(), "2024-05-10");
  // Nor that her data were erased since.
  cases_.Erase(person_);
  for (const char* token : {kSupervisorToken, kConferenceMemberToken}) {
    const auto later = Must<v1::AgendaItem>(token, "ConferenceService/GetAgendaItem",
                                            Named<v1::GetAgendaItemRequest>(name));
    EXPECT_EQ(later.anonymised(), token == kSupervisorToken);
  }
  // Whoever leaves the conference sees its agenda no more.
  v1::UpdateConferenceRequest update;
  update.mutable_conference()->set_name(ConferenceOf(name));
  update.mutable_update_mask()->add_paths("members");
  Must<v1::Conference>(kSupervisorToken, "ConferenceService/UpdateConference", update);
  EXPECT_EQ(Refused<v1::AgendaItem>(kConferenceMemberToken, "ConferenceService/GetAgendaItem",
                                    Named<v1::GetAgendaItemRequest>(name)),
            "NOT_FOUND");
}

TEST_F(CasePlanDoors, WriteAPlanUntilItIsApproved) {
  auto create = Planned();
  create.set_validate_only(true);
  EXPECT_EQ(Must<v1::CasePlan>(kCaseManagerToken, "PlanService/CreateCasePlan", create).state(),
            v1::CASE_PLAN_STATE_DRAFT);
  create.set_validate_only(false);
  const auto draft = Must<v1::CasePlan>(kCaseManagerToken, "PlanService/CreateCasePlan", create);
  EXPECT_EQ(draft.version(), 1);
  EXPECT_EQ(draft.goals(0).goal_text(), "계속 다니기");
  EXPECT_EQ(draft.actions(0).number(), 1);
  v1::UpdateCasePlanRequest update;
  *update.mutable_case_plan() = draft;
  update.mutable_case_plan()->mutable_actions(0)->set_due_date("2024-06-10");
  update.mutable_update_mask()->add_paths("actions");
  const auto changed = Must<v1::CasePlan>(kCaseManagerToken, "PlanService/UpdateCasePlan", update);
  EXPECT_EQ(changed.actions(0).due_date(), "2024-06-10");
  EXPECT_EQ(changed.goals(0).goal_text(), "계속 다니기");
  EXPECT_EQ(Refused<v1::CasePlan>(kCaseManagerToken, "PlanService/UpdateCasePlan", update),
            "STALE_ETAG");
  Must<v1::CasePlan>(kCaseManagerToken, "PlanService/SubmitCasePlan",
                     Named<v1::SubmitCasePlanRequest>(draft.name()));
  const auto approve = Named<v1::ApproveCasePlanRequest>(draft.name());
  EXPECT_EQ(Refused<v1::CasePlan>(kCaseManagerToken, "PlanService/ApproveCasePlan", approve),
            "PERMISSION_DENIED");
  auto back = Named<v1::ReturnCasePlanRequest>(draft.name());
  back.set_comment("목표를 하나 더");
  EXPECT_EQ(
      Must<v1::CasePlan>(kSupervisorToken, "PlanService/ReturnCasePlan", back).decision_comment(),
      "목표를 하나 더");
  update.mutable_case_plan()->clear_etag();
  EXPECT_EQ(Must<v1::CasePlan>(kCaseManagerToken, "PlanService/UpdateCasePlan", update).state(),
            v1::CASE_PLAN_STATE_DRAFT);
}

TEST_F(CasePlanDoors, LeadAPlanFromItsSignatureToItsResults) {
  const auto draft = Must<v1::CasePlan>(kCaseManagerToken, "PlanService/CreateCasePlan", Planned());
  Must<v1::CasePlan>(kCaseManagerToken, "PlanService/SubmitCasePlan",
                     Named<v1::SubmitCasePlanRequest>(draft.name()));
  Must<v1::CasePlan>(kSupervisorToken, "PlanService/ApproveCasePlan",
                     Named<v1::ApproveCasePlanRequest>(draft.name()));
  auto sign = Named<v1::SignCasePlanRequest>(draft.name());
  sign.set_agreement(v1::PLAN_AGREEMENT_PAPER);
  const auto on_paper = Must<v1::CasePlan>(kCaseManagerToken, "PlanService/SignCasePlan", sign);
  EXPECT_EQ(on_paper.state(), v1::CASE_PLAN_STATE_SIGNED);
  EXPECT_EQ(on_paper.legal_due_date(), "2024-06-10") << "06-09 is a Sunday";
  EXPECT_TRUE(on_paper.on_time());
  auto result = Named<v1::RecordActionResultRequest>(draft.name());
  result.set_number(1);
  result.set_result(v1::PLAN_ACTION_RESULT_DONE);
  result.set_result_text("자리를 얻음");
  EXPECT_EQ(Must<v1::CasePlan>(kCaseManagerToken, "PlanService/RecordActionResult", result)
                .actions(0)
                .result_text(),
            "자리를 얻음");
  auto goal = Named<v1::RecordGoalAttainmentRequest>(draft.name());
  goal.set_number(1);
  goal.set_attainment(v1::GOAL_ATTAINMENT_REACHED);
  EXPECT_EQ(Must<v1::CasePlan>(kCaseManagerToken, "PlanService/RecordGoalAttainment", goal)
                .goals(0)
                .attained_date(),
            "2024-05-10");
}

// row:C36
TEST_F(CasePlanDoors, ShowPlansToWhoeverSeesTheCase) {
  const auto draft = Must<v1::CasePlan>(kCaseManagerToken, "PlanService/CreateCasePlan", Planned());
  v1::ListCasePlansRequest list;
  list.set_parent(Case());
  for (const char* token : {kCaseManagerToken, kSupervisorToken}) {
    EXPECT_EQ(
        Must<v1::ListCasePlansResponse>(token, "PlanService/ListCasePlans", list).case_plans_size(),
        1);
  }
  const auto get = Named<v1::GetCasePlanRequest>(draft.name());
  EXPECT_EQ(Refused<v1::CasePlan>(kOtherCaseManagerToken, "PlanService/GetCasePlan", get),
            "NOT_FOUND");
  EXPECT_EQ(
      Refused<v1::ListCasePlansResponse>(kOtherCaseManagerToken, "PlanService/ListCasePlans", list),
      "NOT_FOUND");
  for (const char* token : {kCentreHeadToken, kConferenceMemberToken}) {
    EXPECT_EQ(Refused<v1::CasePlan>(token, "PlanService/GetCasePlan", get), "PERMISSION_DENIED");
  }
}

TEST_F(CasePlanDoors, CallAConferenceOff) {
  Approved();
  const std::string item = OnAgenda().name();
  const auto withdraw = Named<v1::WithdrawAgendaItemRequest>(item);
  EXPECT_EQ(
      Must<v1::AgendaItem>(kCaseManagerToken, "ConferenceService/WithdrawAgendaItem", withdraw)
          .state(),
      v1::AGENDA_ITEM_STATE_WITHDRAWN);
  const auto cancelled =
      Must<v1::Conference>(kSupervisorToken, "ConferenceService/CancelConference",
                           Named<v1::CancelConferenceRequest>(ConferenceOf(item)));
  EXPECT_EQ(cancelled.state(), v1::CONFERENCE_STATE_CANCELLED);
  EXPECT_EQ(cancelled.agenda_item_count(), 0);
  v1::ListConferencesRequest list;
  list.set_filter("state = CONFERENCE_STATE_CANCELLED");
  EXPECT_EQ(Must<v1::ListConferencesResponse>(kCaseManagerToken,
                                              "ConferenceService/ListConferences", list)
                .conferences_size(),
            1);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
