// Goal: a referral is sent with her consent alone, answered by its recipient, told to be late once,
// and ended by whatever it rests on. Method: two centres and an agency on a real database. row:C11
// row:C13 law:L02
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "services/casemgmt/referrals/provision_commands.h"
#include "services/casemgmt/referrals/referral_due.h"
#include "tests/integration/casemgmt/referral_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class Referrals : public ReferralWorld {
 protected:
  // What due work does, until it has nothing to do.
  void Settle(const flow::DueWork& work) {
    const auto now = world_.ledger().clock().Now();
    ASSERT_TRUE(now.ok());
    for (int turn = 0; turn < 10; ++turn) {
      const auto more = work.step(*now);
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
    }
    const auto left = work.count_due(*now);
    ASSERT_TRUE(left.ok());
    EXPECT_EQ(*left, 0);
  }
  int Count(const base::Uuid& id, const std::string& type) {
    const auto types = TypesOf(id);
    return static_cast<int>(std::count(types.begin(), types.end(), type));
  }
  ReferralResult Provided(const std::string& text = "") {
    return {.outcome = v1::REFERRAL_OUTCOME_PROVIDED, .text = text};
  }
};

TEST_F(Referrals, GoThereAndBack) {
  const base::Uuid id = CaseOfA();
  const base::Uuid referral = SentToB(id);
  EXPECT_EQ(Read(id, referral).answer_due, CivilDayOf("2024-03-08"));
  const auto tasks = cases_.Tasks(id);
  EXPECT_TRUE(std::any_of(tasks.begin(), tasks.end(), [](const Task& task) {
    return task.kind == v1::CASE_TASK_KIND_REFERRAL_ANSWER && task.due == CivilDayOf("2024-03-08");
  }));
  const auto sent = world_.LastOf(id).As<v1::ReferralSent>();
  EXPECT_EQ(sent.referral().recipient_id(), kCentreB);
  EXPECT_EQ(sent.case_().centre_id(), kCentreA);
  EXPECT_EQ(sent.parts_size(), 2);

  world_.SetClock("2024-03-06 10:00");
  IdOf(AcceptAtB(id, referral));
  EXPECT_EQ(Read(id, referral).state, v1::REFERRAL_STATE_ACCEPTED);
  for (const Task& task : cases_.Tasks(id)) {
    EXPECT_NE(task.kind, v1::CASE_TASK_KIND_REFERRAL_ANSWER) << "it was answered";
  }
  world_.SetClock("2024-03-20 10:00");
  IdOf(AsB([&](auto& work) {
    return CompleteReferral(work, cases_.keys(), At(id, referral, kCentreB), Provided("went well"));
  }));
  const auto done = world_.LastOf(id).As<v1::ReferralCompleted>();
  EXPECT_EQ(done.completed_date(), "2024-03-20");
  EXPECT_EQ(done.way(), v1::REFERRAL_ANSWER_WAY_RECIPIENT);
  EXPECT_EQ(done.case_().centre_id(), kCentreA) << "the sender's case learns of it";
  EXPECT_FALSE(CheckShared(Read(id, referral), Korea("2024-03-20 10:01")).ok());
}

TEST_F(Referrals, SayNothingOfHerInEventsAndKeepNoWordsInTheClear) {
  const base::Uuid id = CaseOfA();
  const base::Uuid person = *cases_.Read(id).person;
  const base::Uuid referral = SentToB(id);
  IdOf(AcceptAtB(id, referral));
  for (const Told& told : world_.EventsOf(id)) {
    EXPECT_THAT(told.payload, Not(HasSubstr(person.ToString()))) << told.type;
    EXPECT_THAT(told.payload, Not(HasSubstr("planted words"))) << told.type;
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM referral WHERE position('planted'::bytea IN "
                       "request_box) > 0"),
            "0");
}

TEST_F(Referrals, AreSentWithHerConsentAlone) {
  const base::Uuid id = CaseOfA();
  const int64_t before = world_.EventCount();
  SendReferralInput none = ToB(id);
  none.provision.reset();
  EXPECT_EQ(Reason(Send(none)), "CONSENT_MISSING");
  SendReferralInput refused = ToB(id);
  refused.provision->refusal = registry::v1::CONSENT_REFUSAL_NOT_COVERED;
  EXPECT_EQ(Reason(Send(refused)), "CONSENT_MISSING");
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM referral"), "0");
  // What shares nothing needs none.
  SendReferralInput nothing = none;
  nothing.parts.clear();
  EXPECT_EQ(Reason(Send(nothing)), "");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM provision"), "0");
}

TEST_F(Referrals, KeepThatHerConsentRefused) {
  const base::Uuid id = CaseOfA();
  ProvisionAnswer no = Yes();
  no.refusal = registry::v1::CONSENT_REFUSAL_WITHDRAWN;
  const auto keep = [&](auto& work) {
    return KeepRefusal(work, {.of = cases_.Of(id),
                              .kind = v1::PROVISION_KIND_REFERRAL,
                              .recipient = *base::Uuid::Parse(kCentreB),
                              .items = {"성명"},
                              .answer = no});
  };
  const base::Uuid request = base::Uuid::NewV7();
  IdOf(world_.DoAs(request, "body", keep));
  IdOf(world_.DoAs(request, "body", keep));
  EXPECT_EQ(Count(id, "ProvisionRefused"), 1);
  const auto told = world_.LastOf(id).As<v1::ProvisionRefused>();
  EXPECT_EQ(told.refusal(), registry::v1::CONSENT_REFUSAL_WITHDRAWN);
  EXPECT_EQ(told.recipient_id(), kCentreB);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM provision WHERE NOT allowed AND refusal = 3"), "1");
}

// A receipt that is older than a withdrawal that was heard allows nothing.
TEST_F(Referrals, AreNotSentOnAReceiptThatAWithdrawalOvertook) {
  const base::Uuid id = CaseOfA();
  const base::Uuid person = *cases_.Read(id).person;
  const base::Uuid b = *base::Uuid::Parse(kCentreB);
  const auto purpose = registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
  cases_.Consent(person, purpose, true, b);   // revision 2: the first is to collection
  cases_.Consent(person, purpose, false, b);  // revision 3
  SendReferralInput input = ToB(id);
  input.provision = Yes(2);
  EXPECT_EQ(Reason(Send(input)), "CONSENT_MISSING");
  input.provision = Yes(4);  // she has consented anew, which is not heard yet
  EXPECT_EQ(Reason(Send(input)), "");
}

// law:L11
TEST_F(Referrals, EndWithTheConsentThatTheyRestOn) {
  const base::Uuid id = CaseOfA();
  const base::Uuid person = *cases_.Read(id).person;
  const base::Uuid b = *base::Uuid::Parse(kCentreB);
  const auto purpose = registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
  cases_.Consent(person, purpose, true, b);
  SendReferralInput input = ToB(id);
  input.provision = Yes(2);
  const base::Uuid referral = IdOf(Send(input));
  SendReferralInput elsewhere = ToB(id);
  elsewhere.recipient = agency_;
  const base::Uuid other = IdOf(Send(elsewhere));
  IdOf(AcceptAtB(id, referral));
  cases_.Consent(person, purpose, false, b);
  EXPECT_EQ(base::ReasonOf(CheckShared(Read(id, referral), Korea("2024-03-05 09:31"))),
            "REFERRAL_SHARING_ENDED")
      << "from the transaction on that heard of it";
  Settle(GrantWithdrawal(world_.ledger()));
  EXPECT_EQ(Read(id, referral).state, v1::REFERRAL_STATE_REVOKED);
  EXPECT_EQ(Count(id, "ReferralRevoked"), 1);
  EXPECT_EQ(world_.LastOf(id).As<v1::ReferralRevoked>().reason(),
            v1::REFERRAL_REVOKE_REASON_CONSENT_WITHDRAWN);
  EXPECT_EQ(Read(id, other).state, v1::REFERRAL_STATE_SENT);
  Settle(GrantWithdrawal(world_.ledger()));
  EXPECT_EQ(Count(id, "ReferralRevoked"), 1);
}

TEST_F(Referrals, AreToldToBeLateOnceAndThenTheyAreOver) {
  const base::Uuid id = CaseOfA();
  SendReferralInput input = ToB(id);
  input.end_day = CivilDayOf("2024-03-20");
  const base::Uuid referral = IdOf(Send(input));
  world_.SetClock("2024-03-08 23:59");
  Settle(ReferralAnswers(world_.ledger()));
  EXPECT_EQ(Count(id, "ReferralAnswerOverdue"), 0) << "its last day is not over";
  world_.SetClock("2024-03-09 00:00");
  Settle(ReferralAnswers(world_.ledger()));
  Settle(ReferralAnswers(world_.ledger()));
  EXPECT_EQ(Count(id, "ReferralAnswerOverdue"), 1);
  EXPECT_NE(world_.LastOf(id).As<v1::ReferralAnswerOverdue>().case_().supervisor_person_id(), "");
  IdOf(AcceptAtB(id, referral));
  world_.SetClock("2024-03-20 23:59");
  Settle(GrantExpiry(world_.ledger()));
  EXPECT_EQ(Count(id, "ReferralExpired"), 0);
  world_.SetClock("2024-03-21 08:00");
  Settle(GrantExpiry(world_.ledger()));
  Settle(GrantExpiry(world_.ledger()));
  EXPECT_EQ(Count(id, "ReferralExpired"), 1);
  EXPECT_EQ(world_.LastOf(id).As<v1::ReferralExpired>().expired_date(), "2024-03-21");
  EXPECT_EQ(Read(id, referral).ended_at, Korea("2024-03-21 00:00"));
}

TEST_F(Referrals, AreRefusedWhereTheyCannotGo) {
  const base::Uuid id = CaseOfA();
  const auto to = [&](const base::Uuid& recipient) {
    SendReferralInput input = ToB(id);
    input.recipient = recipient;
    return Reason(Send(input));
  };
  EXPECT_EQ(to(world_.HearFirm()), "INVALID_FIELD") << "an employer never learns who is a client";
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreA)), "INVALID_FIELD");
  EXPECT_EQ(to(base::Uuid::NewV7()), "ORGANIZATION_UNKNOWN");
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreB)), "");
  EXPECT_EQ(to(*base::Uuid::Parse(kCentreB)), "REFERRAL_OPEN_ALREADY");
  SendReferralInput early = ToB(CaseOfA(v1::CASE_STATE_INITIAL_CONSULT));
  EXPECT_EQ(Reason(Send(early)), "CASE_STATE");
  SendReferralInput foreign = ToB(id);
  foreign.of.reach = TeamOf(kCentreC);
  EXPECT_EQ(Reason(Send(foreign)), "NOT_FOUND");
  SendReferralInput stale = ToB(id);
  stale.of.etag = "\"1\"";
  EXPECT_EQ(Reason(Send(stale)), "STALE_ETAG");
  SendReferralInput epoch = ToB(id);
  epoch.of.ownership_epoch = 2;
  EXPECT_EQ(Reason(Send(epoch)), "OWNERSHIP_MOVED");
}

TEST_F(Referrals, AreAnsweredByTheirRecipientAndTakenBackByTheirSender) {
  const base::Uuid id = CaseOfA();
  const base::Uuid referral = SentToB(id);
  const auto accept = [&](const std::string& centre) {
    return Reason(As(centre, "staff/x", [&](auto& work) {
      return AcceptReferral(work, cases_.keys(), At(id, referral, centre), "");
    }));
  };
  const auto revoke = [&](const std::string& centre) {
    return Reason(As(centre, "staff/x", [&](auto& work) {
      return RevokeReferral(work, At(id, referral, centre), v1::REFERRAL_REVOKE_REASON_NOT_NEEDED);
    }));
  };
  EXPECT_EQ(accept(kCentreA), "PERMISSION_DENIED");
  EXPECT_EQ(accept(kCentreC), "NOT_FOUND");
  EXPECT_EQ(revoke(kCentreB), "PERMISSION_DENIED");
  EXPECT_EQ(revoke(kCentreC), "NOT_FOUND");
  // What a centre says it says itself.
  EXPECT_EQ(Reason(AsA([&](auto& work) {
              return RecordReferralAnswer(work, cases_.keys(), At(id, referral, kCentreA),
                                          {.accepted = true});
            })),
            "PERMISSION_DENIED");
  ReferralInput stale = At(id, referral, kCentreB);
  stale.etag = "\"9\"";
  EXPECT_EQ(Reason(AsB([&](auto& work) { return AcceptReferral(work, cases_.keys(), stale, ""); })),
            "STALE_ETAG");
  EXPECT_EQ(revoke(kCentreA), "");
  EXPECT_EQ(accept(kCentreB), "REFERRAL_STATE");
  EXPECT_EQ(revoke(kCentreA), "REFERRAL_STATE");
}

TEST_F(Referrals, OfAnAgencyAreRecordedByTheSender) {
  const base::Uuid id = CaseOfA();
  SendReferralInput input = ToB(id);
  input.recipient = agency_;
  const base::Uuid referral = IdOf(Send(input));
  world_.SetClock("2024-03-12 10:00");
  const auto record = [&](const ReferralAnswer& answer) {
    return Reason(AsA([&](auto& work) {
      return RecordReferralAnswer(work, cases_.keys(), At(id, referral, kCentreA), answer);
    }));
  };
  EXPECT_EQ(record({.accepted = false}), "INVALID_FIELD");
  EXPECT_EQ(record({.accepted = true, .reason = v1::REFERRAL_REJECT_REASON_OTHER}),
            "INVALID_FIELD");
  EXPECT_EQ(record({.accepted = true, .day = CivilDayOf("2024-03-13")}), "DATE_INVALID");
  EXPECT_EQ(record({.accepted = true, .day = CivilDayOf("2024-03-04")}), "DATE_ORDER");
  EXPECT_EQ(record({.accepted = true, .day = CivilDayOf("2024-03-07")}), "");
  EXPECT_EQ(Reason(AsA([&](auto& work) {
              return RecordReferralResult(work, cases_.keys(), At(id, referral, kCentreA),
                                          Provided());
            })),
            "");
  EXPECT_EQ(world_.LastOf(id).As<v1::ReferralCompleted>().way(), v1::REFERRAL_ANSWER_WAY_RECORDED);
  EXPECT_EQ(Count(id, "ReferralAccepted"), 1);
}

// law:L14 law:L15
TEST_F(Referrals, LoseTheirWordsWithThePersonAndStayCounted) {
  const base::Uuid id = CaseOfA();
  const base::Uuid person = *cases_.Read(id).person;
  const base::Uuid open = SentToB(id);
  IdOf(AcceptAtB(id, open));
  cases_.Erase(person);
  EXPECT_EQ(Read(id, open).state, v1::REFERRAL_STATE_REVOKED);
  EXPECT_THAT(TypesOf(id), Contains("ReferralRevoked"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM referral WHERE request_box IS NOT NULL OR answer_box "
                       "IS NOT NULL OR outside_box IS NOT NULL OR result_box IS NOT NULL"),
            "0");
  EXPECT_EQ(Count(id, "ReferralAccepted"), 1);
}

// Each of the five steps of sending it, made to fail: the case is as it was.
TEST_F(Referrals, LeaveNothingWhenTheyAreRefusedInTheMiddle) {
  const base::Uuid id = CaseOfA();
  const auto rows = [&] {
    return world_.Ask(
        "SELECT (SELECT count(*) FROM referral) || ' ' || (SELECT count(*) FROM "
        "provision) || ' ' || (SELECT count(*) FROM case_task) || ' ' || (SELECT "
        "count(*) FROM person_key)");
  };
  const std::string before = rows();
  const int64_t events = world_.EventCount();
  EXPECT_EQ(Reason(AsA([&](auto& work) -> absl::StatusOr<ledger::Done> {
              ASSIGN_OR_RETURN(const ledger::Done done,
                               SendReferral(work, cases_.keys(), Holidays(), ToB(id)));
              return base::Forbidden("PLANTED", done.name);
            })),
            "PLANTED");
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(world_.EventCount(), events);
}

// row:C11
TEST_F(Referrals, EndOnceWhateverComesAtTheSameMoment) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid id = CaseOfA();
    const base::Uuid referral = SentToB(id);
    std::vector<std::string> reasons(3);
    std::thread accept([&] { reasons[0] = Reason(AcceptAtB(id, referral)); });
    std::thread revoke([&] {
      reasons[1] = Reason(AsA([&](auto& work) {
        return RevokeReferral(work, At(id, referral, kCentreA),
                              v1::REFERRAL_REVOKE_REASON_CLIENT_ASKED);
      }));
    });
    std::thread reject([&] {
      reasons[2] = Reason(AsB([&](auto& work) {
        return RejectReferral(work, cases_.keys(), At(id, referral, kCentreB),
                              v1::REFERRAL_REJECT_REASON_NO_CAPACITY, "");
      }));
    });
    accept.join();
    revoke.join();
    reject.join();
    EXPECT_THAT(reasons, Each(::testing::AnyOf("", "REFERRAL_STATE")));
    const int ends = Count(id, "ReferralRevoked") + Count(id, "ReferralRejected");
    EXPECT_EQ(ends, IsOpen(Read(id, referral).state) ? 0 : 1);
    EXPECT_LE(Count(id, "ReferralAccepted") + Count(id, "ReferralRejected"), 1);
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
