// Goal: a case has one owner at any instant; accepting a transfer changes it in one step, with all
// that belongs to the case, and the former owner writes nothing from then on. Method: two centres
// on a real database. row:C12 row:X13
#include <gmock/gmock.h>

#include <algorithm>

#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/transfers/transfer_due.h"
#include "tests/integration/casemgmt/plan_world.h"
#include "tests/integration/casemgmt/referral_world.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class Transfers : public ReferralWorld {
 protected:
  void Settle(const flow::DueWork& work) {
    const auto now = world_.ledger().clock().Now();
    ASSERT_TRUE(now.ok());
    for (int turn = 0; turn < 10; ++turn) {
      const auto more = work.step(*now);
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
    }
  }
  int Count(const base::Uuid& id, const std::string& type) {
    const auto types = TypesOf(id);
    return static_cast<int>(std::count(types.begin(), types.end(), type));
  }
  std::string Withdrawn(const base::Uuid& id, const base::Uuid& transfer,
                        const std::string& centre = kCentreA) {
    return Reason(As(centre, "staff/a", [&](auto& work) {
      return WithdrawTransfer(work, cases_.keys(), Of(id, transfer, centre), "not needed");
    }));
  }
  std::string Rejected(const base::Uuid& id, const base::Uuid& transfer,
                       const std::string& centre = kCentreB) {
    return Reason(As(centre, "staff/b", [&](auto& work) {
      return RejectTransfer(work, cases_.keys(), Of(id, transfer, centre),
                            v1::TRANSFER_REJECT_REASON_NO_CAPACITY, "no room");
    }));
  }
};

// Who is reminded of it is nobody of the former centre, and the case waits on no agenda there.
TEST_F(Transfers, GiveAwayWhatIsBookedAndLeaveNothingOnAnAgenda) {
  const base::Uuid id = CaseOfA();
  Sessions sessions(world_);
  const base::Uuid session = sessions.Booked(id, "2024-03-12 10:00");
  const base::Uuid appointment = sessions.AppointmentOf(session);
  EXPECT_EQ(world_.LastOf(appointment).As<v1::AppointmentBooked>().appointment().centre_id(),
            kCentreA);
  const base::Uuid transfer = AskedOfB(id);
  IdOf(AcceptAtB(Acceptance(id, transfer)));
  const auto moved = world_.LastOf(appointment).As<v1::AppointmentMoved>();
  EXPECT_EQ(moved.appointment().centre_id(), kCentreB);
  EXPECT_EQ(moved.appointment().host_person_id(), "");
  EXPECT_EQ(moved.appointment().appointment_date(), "2024-03-12");
  // Whoever was to hold it is free again, and does not come back with another time.
  EXPECT_EQ(sessions.Read(id, session).session.provider, std::nullopt);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "0");
  IdOf(sessions.Move(id, session,
                     {.start = Korea("2024-03-13 10:00"), .end = Korea("2024-03-13 11:00")}));
  const auto later = world_.LastOf(appointment).As<v1::AppointmentMoved>();
  EXPECT_EQ(later.appointment().host_person_id(), "");
  EXPECT_EQ(later.appointment().centre_id(), kCentreB);
  // It does not take place with nobody; whoever held it can be named when it is over.
  world_.SetClock("2024-03-13 12:00");
  EXPECT_EQ(Reason(sessions.Record(id, session)), "PROVIDER_MISSING");
  IdOf(sessions.Move(id, session, {.provider = taker_.person}));
  IdOf(sessions.Record(id, session));

  const base::Uuid waiting = CaseOfA(v1::CASE_STATE_CONFERENCE);
  Plans plans(cases_);
  const base::Uuid conference = plans.Conference({}, base::Uuid::Parse(kCentreA));
  const base::Uuid item = plans.OnAgenda(conference, waiting);
  IdOf(AcceptAtB(Acceptance(waiting, AskedOfB(waiting))));
  EXPECT_EQ(plans.Item(conference, item)->item.state, v1::AGENDA_ITEM_STATE_WITHDRAWN);
  EXPECT_EQ(Count(waiting, "CaseTakenOffAgenda"), 1);
}

TEST_F(Transfers, ChangeTheOwnerWithAllThatBelongsToTheCase) {
  const base::Uuid id = CaseOfA();
  const Case before = cases_.Read(id);
  const base::Uuid to_b = SentToB(id);  // the receiving centre works for it already
  SendReferralInput to_agency = ToB(id);
  to_agency.recipient = agency_;
  const base::Uuid kept = IdOf(Send(to_agency));
  const base::Uuid transfer = AskedOfB(id);
  EXPECT_EQ(cases_.Read(id).centre, base::Uuid::Parse(kCentreA)) << "asking moves nothing";
  EXPECT_EQ(ReadTransfer(id, transfer).answer_due, CivilDayOf("2024-03-08"));

  world_.SetClock("2024-03-07 14:00");
  const AcceptTransferInput acceptance = Acceptance(id, transfer);
  IdOf(AcceptAtB(acceptance));
  const Case after = cases_.Read(id);
  EXPECT_EQ(after.centre, base::Uuid::Parse(kCentreB));
  EXPECT_EQ(after.ownership_epoch, before.ownership_epoch + 1);
  EXPECT_EQ(after.manager_subject, taker_.subject);
  EXPECT_EQ(after.manager, taker_.person);
  EXPECT_EQ(after.supervisor, acceptance.supervisor);
  EXPECT_EQ(after.state, before.state);
  EXPECT_EQ(after.case_number, before.case_number);
  for (const Task& task : cases_.Tasks(id)) {
    EXPECT_EQ(task.centre, base::Uuid::Parse(kCentreB));
    EXPECT_EQ(task.owner_subject, taker_.subject);
    EXPECT_NE(task.kind, v1::CASE_TASK_KIND_TRANSFER_ANSWER);
  }
  EXPECT_EQ(Read(id, to_b).revoke_reason, v1::REFERRAL_REVOKE_REASON_OWNER_IS_RECIPIENT);
  EXPECT_EQ(Read(id, kept).state, v1::REFERRAL_STATE_SENT);
  EXPECT_EQ(ReadTransfer(id, transfer).ownership_epoch, after.ownership_epoch);

  const auto told = world_.LastOf(id).As<v1::CaseTransferred>();
  EXPECT_EQ(told.case_().centre_id(), kCentreB);
  EXPECT_EQ(told.case_().ownership_epoch(), 2);
  EXPECT_EQ(told.previous_centre_id(), kCentreA);
  EXPECT_EQ(told.previous_ownership_epoch(), 1);
  EXPECT_EQ(told.transferred_date(), "2024-03-07");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM provision WHERE kind = 2 AND allowed"), "2");
}

TEST_F(Transfers, LeaveTheFormerOwnerNothingToWriteOrRead) {
  const base::Uuid id = CaseOfA();
  const base::Uuid transfer = AskedOfB(id);
  IdOf(AcceptAtB(Acceptance(id, transfer)));
  EXPECT_EQ(Reason(Send(ToB(id))), "OWNERSHIP_MOVED");
  EXPECT_EQ(Reason(Ask(TransferToB(id))), "OWNERSHIP_MOVED");
  EXPECT_EQ(Withdrawn(id, transfer), "OWNERSHIP_MOVED");
  CaseInput late{.case_id = id, .etag = "", .reach = TeamOf(kCentreA)};
  EXPECT_EQ(Reason(AsA([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
              work.Lock({id});
              ASSIGN_OR_RETURN(const Case c, LoadCase(work, late));
              return DoneWith(c);
            })),
            "OWNERSHIP_MOVED");
  // An epoch that was read before is refused to everybody.
  CaseInput old = cases_.Of(id);
  old.ownership_epoch = 1;
  EXPECT_EQ(Reason(world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
              work.Lock({id});
              ASSIGN_OR_RETURN(const Case c, LoadCase(work, old));
              return DoneWith(c);
            })),
            "OWNERSHIP_MOVED");
}

TEST_F(Transfers, AreAcceptedByAnotherPersonOfTheReceivingCentre) {
  const base::Uuid id = CaseOfA();
  const base::Uuid transfer = AskedOfB(id);
  AcceptTransferInput same = Acceptance(id, transfer);
  same.accepter.person = giver_.person;  // another account of who asked
  EXPECT_EQ(Reason(AcceptAtB(same)), "TRANSFER_NEEDS_ANOTHER");
  EXPECT_EQ(Reason(As(kCentreB, "staff/a",
                      [&](auto& work) { return AcceptTransfer(work, Acceptance(id, transfer)); })),
            "TRANSFER_NEEDS_ANOTHER");
  AcceptTransferInput giver = Acceptance(id, transfer);
  giver.at = Of(id, transfer, kCentreA);
  EXPECT_EQ(
      Reason(As(kCentreA, "staff/other", [&](auto& work) { return AcceptTransfer(work, giver); })),
      "PERMISSION_DENIED");
  AcceptTransferInput stranger = Acceptance(id, transfer);
  stranger.at = Of(id, transfer, kCentreC);
  EXPECT_EQ(
      Reason(As(kCentreC, "staff/c", [&](auto& work) { return AcceptTransfer(work, stranger); })),
      "NOT_FOUND");
  EXPECT_EQ(Rejected(id, transfer, kCentreA), "PERMISSION_DENIED");
  EXPECT_EQ(Withdrawn(id, transfer, kCentreB), "PERMISSION_DENIED");
  EXPECT_EQ(Withdrawn(id, transfer, kCentreC), "NOT_FOUND");
  EXPECT_EQ(cases_.Read(id).ownership_epoch, 1);
  EXPECT_EQ(Reason(AcceptAtB(Acceptance(id, transfer))), "");
  EXPECT_EQ(Reason(AcceptAtB(Acceptance(id, transfer))), "TRANSFER_STATE");
}

// law:L02
TEST_F(Transfers, NeedHerConsentWhenTheyAreAskedForAndWhenTheyAreAccepted) {
  const base::Uuid id = CaseOfA();
  AskTransferInput none = TransferToB(id);
  none.provision->refusal = registry::v1::CONSENT_REFUSAL_MISSING;
  EXPECT_EQ(Reason(Ask(none)), "CONSENT_MISSING");
  const base::Uuid transfer = AskedOfB(id);
  AcceptTransferInput refused = Acceptance(id, transfer);
  refused.provision->refusal = registry::v1::CONSENT_REFUSAL_WITHDRAWN;
  EXPECT_EQ(Reason(AcceptAtB(refused)), "CONSENT_MISSING");
  refused.provision.reset();
  EXPECT_EQ(Reason(AcceptAtB(refused)), "CONSENT_MISSING");
  EXPECT_EQ(cases_.Read(id).centre, base::Uuid::Parse(kCentreA));
  EXPECT_EQ(ReadTransfer(id, transfer).state, v1::TRANSFER_STATE_ASKED);
}

TEST_F(Transfers, AreRefusedWhereTheyCannotGo) {
  const base::Uuid id = CaseOfA();
  const auto to = [&](const base::Uuid& centre) {
    AskTransferInput input = TransferToB(id);
    input.to_centre = centre;
    return Reason(Ask(input));
  };
  EXPECT_EQ(to(world_.HearFirm()), "INVALID_FIELD");
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreA)), "INVALID_FIELD");
  EXPECT_EQ(to(base::Uuid::NewV7()), "ORGANIZATION_UNKNOWN");
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreB)), "");
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreC)), "TRANSFER_OPEN_ALREADY");
  EXPECT_EQ(Reason(Ask(TransferToB(CaseOfA(v1::CASE_STATE_CLOSED)))), "CASE_STATE");
}

TEST_F(Transfers, TakeAHeldCaseAlong) {
  const base::Uuid id = CaseOfA();
  cases_.Hold(id, "2024-04-01");
  const base::Uuid transfer = AskedOfB(id);
  EXPECT_EQ(Reason(AcceptAtB(Acceptance(id, transfer))), "");
  EXPECT_TRUE(cases_.Read(id).on_hold);
}

TEST_F(Transfers, AreToldToBeLateOnceAndThenTheyAreOver) {
  const base::Uuid id = CaseOfA();
  const base::Uuid transfer = AskedOfB(id);
  world_.SetClock("2024-03-08 23:59");
  Settle(TransferAnswers(world_.ledger()));
  EXPECT_EQ(Count(id, "TransferAnswerOverdue"), 0);
  world_.SetClock("2024-03-09 00:00");
  Settle(TransferAnswers(world_.ledger()));
  Settle(TransferAnswers(world_.ledger()));
  EXPECT_EQ(Count(id, "TransferAnswerOverdue"), 1);
  world_.SetClock("2024-03-20 00:00");
  EXPECT_EQ(Reason(AcceptAtB(Acceptance(id, transfer))), "TRANSFER_STATE")
      << "its time is over, whether or not that was written down";
  Settle(TransferExpiry(world_.ledger()));
  Settle(TransferExpiry(world_.ledger()));
  EXPECT_EQ(Count(id, "TransferExpired"), 1);
  EXPECT_EQ(ReadTransfer(id, transfer).state, v1::TRANSFER_STATE_EXPIRED);
  EXPECT_EQ(Withdrawn(id, transfer), "TRANSFER_STATE");
  EXPECT_EQ(Reason(Ask(TransferToB(id))), "") << "it can be asked for anew";
}

TEST_F(Transfers, EndWithTheirRefusalAndAreAskedForAgain) {
  const base::Uuid id = CaseOfA();
  EXPECT_EQ(Rejected(id, AskedOfB(id)), "");
  EXPECT_EQ(world_.LastOf(id).As<v1::TransferRejected>().reason(),
            v1::TRANSFER_REJECT_REASON_NO_CAPACITY);
  EXPECT_EQ(Withdrawn(id, AskedOfB(id)), "");
  EXPECT_EQ(world_.LastOf(id).As<v1::TransferWithdrawn>().cause(),
            v1::TRANSFER_WITHDRAW_CAUSE_GIVER);
  EXPECT_EQ(cases_.Read(id).ownership_epoch, 1);
  EXPECT_EQ(Count(id, "CaseTransferred"), 0);
}

TEST_F(Transfers, EndWithTheCase) {
  const base::Uuid id = CaseOfA();
  const base::Uuid transfer = AskedOfB(id);
  cases_.Close(id);
  EXPECT_EQ(ReadTransfer(id, transfer).withdraw_cause, v1::TRANSFER_WITHDRAW_CAUSE_CASE_ENDED);
  EXPECT_EQ(Reason(AcceptAtB(Acceptance(id, transfer))), "TRANSFER_STATE");
  EXPECT_EQ(Count(id, "TransferWithdrawn"), 1);
}

TEST_F(Transfers, EndWithACaseThatIsRejected) {
  const base::Uuid id = CaseOfA(v1::CASE_STATE_REFERRED);
  const base::Uuid transfer = AskedOfB(id);
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return RejectCase(work, cases_.keys(), cases_.Of(id), v1::CASE_REJECT_REASON_OTHER,
                                "");
            })),
            "");
  EXPECT_EQ(ReadTransfer(id, transfer).withdraw_cause, v1::TRANSFER_WITHDRAW_CAUSE_CASE_ENDED);
  EXPECT_EQ(Count(id, "TransferWithdrawn"), 1);
}

// law:L14
TEST_F(Transfers, EndWithThePersonAndLoseTheirWords) {
  const base::Uuid id = CaseOfA();
  const base::Uuid person = *cases_.Read(id).person;
  const base::Uuid transfer = AskedOfB(id);
  for (const Told& told : world_.EventsOf(id)) {
    EXPECT_THAT(told.payload, Not(HasSubstr(person.ToString()))) << told.type;
    EXPECT_THAT(told.payload, Not(HasSubstr("planted words"))) << told.type;
  }
  cases_.Erase(person);
  EXPECT_EQ(ReadTransfer(id, transfer).withdraw_cause, v1::TRANSFER_WITHDRAW_CAUSE_PERSON_ERASED);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_transfer WHERE reason_box IS NOT NULL OR "
                       "decision_box IS NOT NULL"),
            "0");
  EXPECT_THAT(TypesOf(id), Contains("TransferWithdrawn"));
}

TEST_F(Transfers, LeaveNothingWhenTheyAreRefusedInTheMiddle) {
  const base::Uuid id = CaseOfA();
  const base::Uuid transfer = AskedOfB(id);
  const int64_t events = world_.EventCount();
  EXPECT_EQ(Reason(AsB([&](auto& work) -> absl::StatusOr<ledger::Done> {
              ASSIGN_OR_RETURN(const ledger::Done done,
                               AcceptTransfer(work, Acceptance(id, transfer)));
              return base::Forbidden("PLANTED", done.name);
            })),
            "PLANTED");
  EXPECT_EQ(world_.EventCount(), events);
  EXPECT_EQ(cases_.Read(id).centre, base::Uuid::Parse(kCentreA));
  EXPECT_EQ(ReadTransfer(id, transfer).state, v1::TRANSFER_STATE_ASKED);
  for (const Task& task : cases_.Tasks(id)) EXPECT_EQ(task.centre, base::Uuid::Parse(kCentreA));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
