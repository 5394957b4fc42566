// Goal: whatever breaks a command of a case in its middle, nothing of it is left, and the caller
// who asks again under the same request has it done once. Method: every statement of every command
// fails once, on a real database. Their parts. row:C2 row:C4 row:C11 row:C12
#include "tests/integration/casemgmt/case_rollback.h"

namespace ieum::casemgmt::testing {
namespace {

using ledger::UnitOfWork;
using UseCase = ledger::Ledger::UseCase;

TEST_F(CaseRollback, LeavesNothingOfAnAssessmentOrAConference) {
  const auto& keys = cases_.keys();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  ExpectWholeOrNothing(
      Of("RecordAssessment", [&, input = plans_.Wanted(id, "RF02 4, RF07 3")](UnitOfWork& work) {
        return RecordAssessment(work, keys, input);
      }));
  const auto waiting = *base::Uuid::Parse(world_.Ask("SELECT id FROM assessment LIMIT 1"));
  const DecideAssessmentInput decide{.of = cases_.Of(id),
                                     .assessment_id = waiting,
                                     .decider = cases_.supervisor,
                                     .comment = "why?"};
  ExpectWholeOrNothing(Of("ReturnAssessment",
                          [&](UnitOfWork& work) { return ReturnAssessment(work, keys, decide); }));
  DecideAssessmentInput approve = decide;
  approve.assessment_id = plans_.Recorded(id);
  approve.comment.clear();
  ExpectWholeOrNothing(Of("ApproveAssessment", [&](UnitOfWork& work) {
    return ApproveAssessment(work, keys, approve);
  }));
  ExpectWholeOrNothing(Of("ScheduleConference", [&](UnitOfWork& work) {
    return ScheduleConference(work,
                              {.day = CivilDayOf("2024-03-05"), .members = {base::Uuid::NewV7()}});
  }));
  const base::Uuid conference = plans_.Conference();
  ExpectWholeOrNothing(Of("AddAgendaItem", [&](UnitOfWork& work) {
    return AddAgendaItem(work, keys,
                         {.of = cases_.Of(id), .conference_id = conference, .question = "what?"});
  }));
  AgendaItemInput item{
      .of = {.reach = Reach::Everything()},
      .conference_id = conference,
      .item_id = *base::Uuid::Parse(world_.Ask("SELECT id FROM agenda_item LIMIT 1"))};
  ExpectWholeOrNothing(Of("WithdrawAgendaItem",
                          [&](UnitOfWork& work) { return WithdrawAgendaItem(work, keys, item); }));
  item.item_id = plans_.OnAgenda(conference, id);
  ExpectWholeOrNothing(Of("HoldConference", [&](UnitOfWork& work) {
    return HoldConference(work, {.conference_id = conference}, std::nullopt);
  }));
  ExpectWholeOrNothing(Of("ClassifyCase", [&](UnitOfWork& work) {
    return ClassifyCase(
        work, keys, item,
        {.classification = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT, .minutes = "all agreed"});
  }));
}

TEST_F(CaseRollback, LeavesNothingOfAPlan) {
  const auto& keys = cases_.keys();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_PLAN);
  ExpectWholeOrNothing(Of(
      "DraftPlan", [&, input = plans_.Draft(id, {"2024-03-20", "2024-04-20"})](UnitOfWork& work) {
        return DraftPlan(work, keys, input);
      }));
  const auto plan = *base::Uuid::Parse(world_.Ask("SELECT id FROM case_plan LIMIT 1"));
  const CasePlanInput mine = plans_.Of(id, plan, cases_.manager);
  const CasePlanInput theirs = plans_.Of(id, plan, cases_.supervisor);
  const auto submit = [&](UnitOfWork& work) { return SubmitPlan(work, mine); };
  ExpectWholeOrNothing(Of("SubmitPlan", submit));
  ExpectWholeOrNothing(
      Of("ReturnPlan", [&](UnitOfWork& work) { return ReturnPlan(work, keys, theirs, "why?"); }));
  const DraftPlanInput anew = plans_.Draft(id, {"2024-03-21", "2024-04-21"});
  ExpectWholeOrNothing(Of("ChangePlan", [&](UnitOfWork& work) {
    return ChangePlan(work, keys, mine, anew.goals, anew.actions);
  }));
  IdOf(world_.Do(submit));
  ExpectWholeOrNothing(
      Of("ApprovePlan", [&](UnitOfWork& work) { return ApprovePlan(work, keys, theirs, "x"); }));
  ExpectWholeOrNothing(Of("SignPlan", [&](UnitOfWork& work) {
    return SignPlan(work, mine, {.agreement = v1::PLAN_AGREEMENT_PAPER, .calendar = Holidays()});
  }));
  ExpectWholeOrNothing(Of("RecordResult", [&](UnitOfWork& work) {
    return RecordResult(work, keys, mine,
                        {.number = 1, .result = v1::PLAN_ACTION_RESULT_DONE, .text = "x"});
  }));
  ExpectWholeOrNothing(Of("RecordAttainment", [&](UnitOfWork& work) {
    return RecordAttainment(work, mine, 1, v1::GOAL_ATTAINMENT_PARTLY);
  }));
}

TEST_F(CaseRollback, LeavesNothingOfASession) {
  const auto& keys = cases_.keys();
  const base::Uuid id = In(v1::CASE_STATE_DELIVERY);
  PlanSessionInput wish = sessions_.PlanOf(id, "2024-03-20 10:00");
  wish.session_id = base::Uuid::NewV7();
  wish.goal = "x";
  ExpectWholeOrNothing(
      Of("PlanSession", [&](UnitOfWork& work) { return PlanSession(work, keys, wish); }));
  const SessionInput of = InputOf(id, *wish.session_id);
  ExpectWholeOrNothing(
      Of("BookSession", [&](UnitOfWork& work) { return BookSession(work, of, {}); }));
  const SessionPlace later{.start = Korea("2024-03-21 10:00"), .end = Korea("2024-03-21 11:00")};
  ExpectWholeOrNothing(
      Of("MoveSession", [&](UnitOfWork& work) { return MoveSession(work, of, later); }));
  const SessionInput other = InputOf(id, sessions_.Booked(id, "2024-03-22 10:00"));
  ExpectWholeOrNothing(Of("CancelSession", [&](UnitOfWork& work) {
    return CancelSession(work, other, v1::SESSION_CANCELLER_CLIENT,
                         v1::SESSION_CANCEL_REASON_ILLNESS);
  }));
  world_.SetClock("2024-03-25 10:00");
  ExpectWholeOrNothing(Of("RecordSession", [&](UnitOfWork& work) {
    return RecordSession(work, of, {.outcome = v1::SESSION_OUTCOME_PROGRESS});
  }));
  ExpectWholeOrNothing(Of("AddNote", [&](UnitOfWork& work) {
    return AddNote(work, keys,
                   {.of = of,
                    .text = "x",
                    .sensitivity = v1::NOTE_SENSITIVITY_CONFIDENTIAL,
                    .author_subject = giver_.subject});
  }));
  ExpectWholeOrNothing(Of("RetractOutcome", [&](UnitOfWork& work) {
    return RetractOutcome(work, of, v1::SESSION_CORRECTION_WRONG_TIME);
  }));
  ExpectWholeOrNothing(Of("RecordAbsence", [&](UnitOfWork& work) {
    return RecordAbsence(work, of, v1::SESSION_ABSENCE_UNEXCUSED);
  }));
}

TEST_F(CaseRollback, LeavesNothingOfAReferralOrATransfer) {
  const auto& keys = cases_.keys();
  const auto as_b = [](const char* name, UseCase use_case) {
    return Try{name, std::move(use_case), ScopeOf(kCentreB)};
  };
  const base::Uuid id = CaseOfA();
  ExpectWholeOrNothing(Of("SendReferral", [&, input = ToB(id)](UnitOfWork& work) {
    return SendReferral(work, keys, Holidays(), input);
  }));
  const auto sent = *base::Uuid::Parse(world_.Ask("SELECT id FROM referral LIMIT 1"));
  ExpectWholeOrNothing(as_b("AcceptReferral", [&](UnitOfWork& work) {
    return AcceptReferral(work, keys, At(id, sent, kCentreB), "x");
  }));
  ExpectWholeOrNothing(as_b("CompleteReferral", [&](UnitOfWork& work) {
    return CompleteReferral(work, keys, At(id, sent, kCentreB),
                            {.outcome = v1::REFERRAL_OUTCOME_PROVIDED, .text = "x"});
  }));
  const base::Uuid refused = SentToB(id);
  ExpectWholeOrNothing(as_b("RejectReferral", [&](UnitOfWork& work) {
    return RejectReferral(work, keys, At(id, refused, kCentreB),
                          v1::REFERRAL_REJECT_REASON_NO_CAPACITY, "x");
  }));
  const base::Uuid revoked = SentToB(id);
  ExpectWholeOrNothing(Of("RevokeReferral", [&](UnitOfWork& work) {
    return RevokeReferral(work, At(id, revoked, kCentreA), v1::REFERRAL_REVOKE_REASON_NOT_NEEDED);
  }));
  SendReferralInput to_agency = ToB(id);
  to_agency.recipient = agency_;
  const base::Uuid outside = IdOf(Send(to_agency));
  ExpectWholeOrNothing(Of("RecordReferralAnswer", [&](UnitOfWork& work) {
    return RecordReferralAnswer(work, keys, At(id, outside, kCentreA),
                                {.accepted = true, .text = "x"});
  }));
  ExpectWholeOrNothing(Of("RecordReferralResult", [&](UnitOfWork& work) {
    return RecordReferralResult(work, keys, At(id, outside, kCentreA),
                                {.outcome = v1::REFERRAL_OUTCOME_PROVIDED, .text = "x"});
  }));
  ExpectWholeOrNothing(Of("AskTransfer", [&, input = TransferToB(id)](UnitOfWork& work) {
    return AskTransfer(work, keys, Holidays(), input);
  }));
  const auto asked = [&] {
    return *base::Uuid::Parse(world_.Ask("SELECT id FROM case_transfer WHERE state = 1"));
  };
  ExpectWholeOrNothing(Of("WithdrawTransfer", [&, transfer = asked()](UnitOfWork& work) {
    return WithdrawTransfer(work, keys, ReferralWorld::Of(id, transfer, kCentreA), "x");
  }));
  ExpectWholeOrNothing(as_b("RejectTransfer", [&, transfer = AskedOfB(id)](UnitOfWork& work) {
    return RejectTransfer(work, keys, ReferralWorld::Of(id, transfer, kCentreB),
                          v1::TRANSFER_REJECT_REASON_NO_CAPACITY, "x");
  }));
  // With everything that goes over: tasks, a session, a referral.
  sessions_.Booked(id, "2024-03-20 10:00");
  SentToB(id);
  ExpectWholeOrNothing(
      as_b("AcceptTransfer", [&, input = Acceptance(id, AskedOfB(id))](UnitOfWork& work) {
        return AcceptTransfer(work, input);
      }));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
