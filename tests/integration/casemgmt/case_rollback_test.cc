// Goal: whatever breaks a command of a case in its middle, nothing of it is left, and the caller
// who asks again under the same request has it done once. Method: every statement of every command
// fails once, on a real database. Cases themselves. row:C1 row:C16 row:C17
#include "tests/integration/casemgmt/case_rollback.h"

#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/followups/retention_commands.h"

namespace ieum::casemgmt::testing {
namespace {

using ledger::UnitOfWork;

TEST_F(CaseRollback, LeavesNothingOfAStepOfACase) {
  const auto& keys = cases_.keys();
  const auto calendar = Holidays();
  ExpectWholeOrNothing(Of("OpenCase", [&, person = cases_.Person()](UnitOfWork& work) {
    return OpenCase(work, keys,
                    {.person = person,
                     .programme = "INC",
                     .edition = "2024",
                     .source = v1::CASE_SOURCE_SELF,
                     .crisis = true,
                     .source_words = "x"},
                    calendar);
  }));
  ExpectWholeOrNothing(
      Of("ContactCase", [&, of = cases_.Of(In(v1::CASE_STATE_REFERRED))](UnitOfWork& work) {
        return ContactCase(work, keys, of, "x");
      }));
  ExpectWholeOrNothing(
      Of("RejectCase", [&, of = cases_.Of(In(v1::CASE_STATE_REFERRED))](UnitOfWork& work) {
        return RejectCase(work, keys, of, v1::CASE_REJECT_REASON_OTHER, "x");
      }));
  ExpectWholeOrNothing(
      Of("InformCase", [&, of = cases_.Of(In(v1::CASE_STATE_INITIAL_CONSULT))](UnitOfWork& work) {
        return InformCase(work, keys, of, "x");
      }));
  ExpectWholeOrNothing(
      Of("TakeInCase", [&, of = cases_.Of(In(v1::CASE_STATE_INITIAL_CONSULT))](UnitOfWork& work) {
        return TakeInCase(work, of, calendar);
      }));
  ExpectWholeOrNothing(
      Of("MonitorCase", [&, of = cases_.Of(In(v1::CASE_STATE_DELIVERY))](UnitOfWork& work) {
        return MonitorCase(work, keys, of, "x");
      }));
  ExpectWholeOrNothing(
      Of("DeliverAgain", [&, of = cases_.Of(In(v1::CASE_STATE_MONITORING))](UnitOfWork& work) {
        return DeliverAgain(work, of);
      }));
}

TEST_F(CaseRollback, LeavesNothingOfWhatHappensToACaseOnItsWay) {
  const auto& keys = cases_.keys();
  const auto calendar = Holidays();
  const base::Uuid urgent = In(v1::CASE_STATE_INTAKE);
  ExpectWholeOrNothing(Of("DeclareCrisis", [&, of = cases_.Of(urgent)](UnitOfWork& work) {
    return DeclareCrisis(work, keys, of, "x");
  }));
  ExpectWholeOrNothing(Of("OpenUrgentService", [&, of = cases_.Of(urgent)](UnitOfWork& work) {
    return OpenUrgentService(work, of);
  }));
  const base::Uuid held = In(v1::CASE_STATE_MONITORING);
  ExpectWholeOrNothing(Of("HoldCase", [&, of = cases_.Of(held)](UnitOfWork& work) {
    return HoldCase(
        work, keys, of,
        {.reason = v1::CASE_HOLD_REASON_OTHER, .until = CivilDayOf("2024-03-20"), .words = "x"});
  }));
  ExpectWholeOrNothing(Of("LogContactAttempt", [&, of = cases_.Of(held)](UnitOfWork& work) {
    return LogContactAttempt(work, of, v1::ATTEMPT_CHANNEL_PHONE, v1::ATTEMPT_OUTCOME_NO_ANSWER);
  }));
  ExpectWholeOrNothing(Of("ResumeCase", [&, of = cases_.Of(held)](UnitOfWork& work) {
    return ResumeCase(work, of, calendar);
  }));
  ExpectWholeOrNothing(Of("ReassignCase", [&, of = cases_.Of(held)](UnitOfWork& work) {
    return ReassignCase(work, of, {.subject = giver_.subject, .manager = giver_.person});
  }));
  ExpectWholeOrNothing(Of("BeginReassignment", [&](UnitOfWork& work) {
    return BeginReassignment(
        work, {.from = giver_.subject, .to = taker_.subject, .to_person = *taker_.person});
  }));
  const auto reassignment =
      *base::Uuid::Parse(world_.Ask("SELECT id FROM case_reassignment LIMIT 1"));
  ExpectWholeOrNothing(
      Of("GivePiece", [&](UnitOfWork& work) { return GivePiece(work, reassignment); }));
}

TEST_F(CaseRollback, LeavesNothingOfTheEndOfACase) {
  const auto& keys = cases_.keys();
  ExpectWholeOrNothing(
      Of("AskClosure", [&, of = cases_.Of(In(v1::CASE_STATE_DELIVERY))](UnitOfWork& work) {
        return AskClosure(work, keys, of, cases_.manager,
                          {.reason = v1::CASE_CLOSE_REASON_MOVED, .words = "x"});
      }));
  ExpectWholeOrNothing(Of("ReturnClosure", [&, of = cases_.Of(Asked(v1::CASE_CLOSE_REASON_MOVED,
                                                                    false))](UnitOfWork& work) {
    return ReturnClosure(work, keys, of, cases_.supervisor, "x");
  }));
  // With everything that ends with it: a session, a transfer, a referral.
  const base::Uuid full = Asked(v1::CASE_CLOSE_REASON_WITHDRAWN, false);
  SentToB(full);
  AskedOfB(full);
  sessions_.Booked(full, "2024-03-20 10:00");
  ExpectWholeOrNothing(Of("CloseCase", [&, of = cases_.Of(full)](UnitOfWork& work) {
    return CloseCase(work, keys, of, cases_.supervisor, "x");
  }));
  const base::Uuid employed = Asked(v1::CASE_CLOSE_REASON_GOALS_MET, true);
  ExpectWholeOrNothing(Of("CloseCase with a job", [&, of = cases_.Of(employed)](UnitOfWork& work) {
    return CloseCase(work, keys, of, cases_.supervisor, "x");
  }));
  world_.SetClock("2024-03-06 10:00");
  ExpectWholeOrNothing(
      Of("CorrectClosing", [&, of = cases_.Of(employed, "2024-03-06")](UnitOfWork& work) {
        return CorrectClosing(work, of);
      }));
  ExpectWholeOrNothing(Of("ReopenCase", [&, of = cases_.Of(employed)](UnitOfWork& work) {
    return ReopenCase(work, keys, of, std::nullopt, "x", Holidays());
  }));
  ExpectWholeOrNothing(Of("BeginFollowUp", [&, of = cases_.Of(full)](UnitOfWork& work) {
    return BeginFollowUp(work, of);
  }));
  ExpectWholeOrNothing(Of("ArchiveCase", [&, of = cases_.Of(In(v1::CASE_STATE_CLOSED))](
                                             UnitOfWork& work) { return ArchiveCase(work, of); }));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
