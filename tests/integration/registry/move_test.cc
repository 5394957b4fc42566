// Goal: what one centre keeps goes over to another one as it is, with its ids and its history, and
// from then on that one alone sees and changes it. Method: two centres over gRPC. row:R24
#include <gmock/gmock.h>

#include "services/registry/moves/move_expiry.h"
#include "tests/integration/registry/move_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

TEST_F(Moves, TakeAPersonWithAllThatHangsOnHer) {
  const std::string person = PersonOf(at_a_.get());
  const std::string firm = world_.Firm(1);
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  const std::string enrolment = Enrol(at_a_.get(), campaign, person).name();
  ConsentToB(person);
  const auto before = Must(See(person, at_a_.get()));
  world_.SetClock("2024-03-05 11:00");
  const auto move = Must(Request(person, b_));
  EXPECT_EQ(move.kind(), v1::MOVE_KIND_PERSON);
  EXPECT_EQ(move.state(), v1::MOVE_STATE_REQUESTED);
  EXPECT_EQ(move.from_centre(), a_);
  EXPECT_EQ(move.to_centre(), b_);
  EXPECT_EQ(move.requester(), "staff/centre-a");
  EXPECT_EQ(move.basis(), v1::MOVE_BASIS_CONSENT);
  EXPECT_EQ(Part(move, v1::MOVE_PART_KIND_ENROLMENTS), 1);
  EXPECT_EQ(Part(move, v1::MOVE_PART_KIND_CONSENTS), 1);
  EXPECT_EQ(base::ReasonOf(See(person, at_b_.get()).status()), "NOT_FOUND") << "not yet";

  world_.SetClock("2024-03-06 11:00");
  const auto accepted = Must(Accept(move.name()));
  EXPECT_EQ(accepted.state(), v1::MOVE_STATE_ACCEPTED);
  EXPECT_EQ(accepted.decider(), "staff/centre-b");
  EXPECT_EQ(accepted.ownership_epoch(), 1);
  EXPECT_EQ(Part(accepted, v1::MOVE_PART_KIND_PERSON_RECORDS), 1);
  EXPECT_NE(accepted.consent_receipt(), "");
  const auto after = Must(See(person, at_b_.get()));
  EXPECT_EQ(after.name(), before.name());
  EXPECT_EQ(after.email(), before.email());
  EXPECT_EQ(after.centre(), b_);
  EXPECT_NE(after.etag(), before.etag());
  EXPECT_EQ(base::ReasonOf(See(person, at_a_.get()).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(SeeEnrolment(enrolment, at_a_.get()).status()), "NOT_FOUND");
  EXPECT_EQ(Must(SeeEnrolment(enrolment, at_b_.get())).centre(), b_);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent WHERE centre_id = '" + IdOf(b_) + "'"), "1");
  // Nothing was copied.
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "1");
  EXPECT_THAT(world_.EventTypes(person), IsSupersetOf({"PersonMoved"}));
  EXPECT_THAT(world_.EventTypes(move.name()),
              ElementsAre("OwnershipMoveRequested", "OwnershipMoveAccepted"));
}

TEST_F(Moves, LetTheReceivingCentreGoOnWithAnEnrolmentInAnothersCampaign) {
  const std::string firm = world_.Firm(1);
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  const std::string enrolment = Enrol(at_a_.get(), campaign, firm).name();
  Must(Accept(Must(Request(enrolment, b_)).name()));
  EXPECT_EQ(base::ReasonOf(Activate(enrolment, at_a_.get()).status()), "OWNERSHIP_MOVED");
  EXPECT_EQ(Must(Activate(enrolment, at_b_.get())).state(), v1::ENROLMENT_STATE_ACTIVE);
  const auto events = world_.Events(enrolment);
  EXPECT_EQ(events.back().As<v1::EnrolmentActivated>().enrolment().centre_id(), IdOf(b_));
  v1::EnrolmentMoved moved;
  for (const Told& told : events) {
    if (told.type == "EnrolmentMoved") moved = told.As<v1::EnrolmentMoved>();
  }
  EXPECT_EQ(moved.previous_centre_id(), IdOf(a_));
  EXPECT_EQ(moved.ownership_epoch(), 1);
  EXPECT_EQ(moved.state(), v1::ENROLMENT_STATE_CONFIRMED);
  // The campaign stays where it is, with its seats.
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
}

// A seat that is given back under B is A's campaign's, and goes to who waits there, whosever that
// is.
TEST_F(Moves, GiveSeatsBackToTheCampaign) {
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  v1::UpdateCampaignRequest one;
  one.mutable_campaign()->set_name(campaign);
  one.mutable_campaign()->set_capacity(1);
  one.mutable_campaign()->set_waiting_list(true);
  Must(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", one, at_a_.get()));
  const std::string seated = Enrol(at_a_.get(), campaign, world_.Firm(1)).name();
  const std::string waiting = Enrol(at_a_.get(), campaign, world_.Firm(2)).name();
  Must(Accept(Must(Request(seated, b_)).name()));
  v1::WithdrawEnrolmentRequest leave;
  leave.set_name(seated);
  leave.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
  Must(world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", leave, at_b_.get()));
  EXPECT_EQ(Must(SeeEnrolment(waiting, at_a_.get())).state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
  EXPECT_EQ(world_.GetCampaign(campaign).waiting_count(), 0);
}

TEST_F(Moves, TakeWhatTheCentreHasOfAFirmAndOfItsWorkplaces) {
  const std::string firm = world_.Firm(1), branch = world_.Firm(2), other = world_.Firm(3);
  PutBelow(branch, firm);
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  const std::string of_b = Enrol(at_b_.get(), CampaignOf(at_b_.get(), "B1"), firm).name();
  const std::string main = Enrol(at_a_.get(), campaign, firm).name();
  const std::string below = Enrol(at_a_.get(), campaign, branch).name();
  const std::string not_of_it = Enrol(at_a_.get(), campaign, other).name();
  const std::string lead = Must(Lead(at_a_.get(), firm)).name();

  auto wanted = Wanted(firm, b_);
  wanted.set_with_workplaces(true);
  const auto move = Must(Request(wanted, at_a_.get()));
  EXPECT_EQ(move.basis(), v1::MOVE_BASIS_NO_PERSON);
  EXPECT_EQ(Part(move, v1::MOVE_PART_KIND_ENROLMENTS), 2);
  EXPECT_EQ(Part(move, v1::MOVE_PART_KIND_LEADS), 1);
  EXPECT_EQ(Must(Accept(move.name())).ownership_epoch(), 0);
  for (const std::string& moved : {main, below, of_b}) {
    EXPECT_EQ(Must(SeeEnrolment(moved, at_b_.get())).centre(), b_);
  }
  EXPECT_EQ(Must(SeeEnrolment(not_of_it, at_a_.get())).centre(), a_);
  v1::SignLeadRequest sign;
  sign.set_name(lead);
  EXPECT_EQ(
      base::ReasonOf(world_.Call<v1::Lead>("LeadService/SignLead", sign, at_a_.get()).status()),
      "OWNERSHIP_MOVED");
  Must(world_.Call<v1::Lead>("LeadService/SignLead", sign, at_b_.get()));
  EXPECT_EQ(Must(Get(move.name(), at_a_.get())).parts_size(), 2) << "what came along then";
}

TEST_F(Moves, LeaveTheWorkplacesWhenNobodyAsksForThem) {
  const std::string firm = world_.Firm(1), branch = world_.Firm(2);
  PutBelow(branch, firm);
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  const std::string main = Enrol(at_a_.get(), campaign, firm).name();
  const std::string below = Enrol(at_a_.get(), campaign, branch).name();
  Must(Accept(Must(Request(firm, b_)).name()));
  EXPECT_EQ(Must(SeeEnrolment(main, at_b_.get())).centre(), b_);
  EXPECT_EQ(Must(SeeEnrolment(below, at_a_.get())).centre(), a_);
}

TEST_F(Moves, LeaveWhatHasEnded) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  const std::string over = Enrol(at_a_.get(), campaign, person).name();
  Must(Activate(over, at_a_.get()));
  Must(Step<v1::CompleteEnrolmentRequest>("CompleteEnrolment", over, at_a_.get()));
  EXPECT_EQ(base::ReasonOf(Request(over, b_).status()), "MOVE_STALE");
  Must(Accept(Must(Request(person, b_)).name()));
  EXPECT_EQ(Must(SeeEnrolment(over, at_a_.get())).centre(), a_);
}

TEST_F(Moves, RefuseAStaleWriterWithTheMoveThatTookIt) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string etag = Must(See(person, at_a_.get())).etag();
  const std::string move = Must(Request(person, b_)).name();
  EXPECT_EQ(Must(Rename(person, "BEFORE", at_a_.get(), etag)).latin_name(), "BEFORE");
  Must(Accept(move));
  const std::string events = world_.Ask("SELECT count(*) FROM event_log");
  const absl::Status refused = Rename(person, "AFTER", at_a_.get(), etag).status();
  EXPECT_EQ(base::ReasonOf(refused), "OWNERSHIP_MOVED");
  v1::CreateAffiliationRequest affiliate;
  affiliate.set_parent(person);
  affiliate.mutable_affiliation()->set_organization(world_.Firm(9));
  affiliate.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  affiliate.mutable_affiliation()->set_start_date("2024-01-02");
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", affiliate, at_a_.get())
              .status()),
      "OWNERSHIP_MOVED");
  EXPECT_EQ(base::ReasonOf(Request(person, c_).status()), "OWNERSHIP_MOVED");
  EXPECT_EQ(base::ReasonOf(Rename(person, "X", world_.PeerWith("case-a").get()).status()),
            "OWNERSHIP_MOVED");
  // Who never had her hears nothing of it.
  EXPECT_EQ(base::ReasonOf(
                Rename("persons/" + base::Uuid::NewV7().ToString(), "X", at_a_.get()).status()),
            "NOT_FOUND");
  EXPECT_EQ(Must(Rename(person, "AFTER", at_b_.get())).latin_name(), "AFTER");
  EXPECT_EQ(world_.Ask("SELECT count(*) - " + events + " FROM event_log"), "2")
      << "the firm, and B's change";
}

// row:R22 Whose it was then stays visible, to whose it is now.
TEST_F(Moves, TellWhoseItWas) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string enrolment = Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), person).name();
  world_.SetClock("2024-03-05 11:00");
  const std::string move = Must(Request(person, b_)).name();
  Must(Accept(move));
  world_.SetClock("2024-03-06 11:00");
  EXPECT_EQ(Must(See(person, at_b_.get(), "2024-03-04 12:00")).centre(), a_);
  EXPECT_EQ(Must(See(person, at_b_.get(), "2024-03-05 12:00")).centre(), b_);
  EXPECT_EQ(Must(SeeEnrolment(enrolment, at_b_.get(), "2024-03-04 12:00")).centre(), a_);
  EXPECT_EQ(Must(SeeEnrolment(enrolment, at_b_.get(), "2024-03-05 12:00")).centre(), b_);
  EXPECT_EQ(base::ReasonOf(See(person, at_a_.get(), "2024-03-04 12:00").status()), "NOT_FOUND")
      << "rights are those of today";
}

TEST_F(Moves, AreDeclinedCancelledAndAskedForAnew) {
  const std::string enrolment =
      Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), world_.Firm(1)).name();
  const std::string first = Must(Request(enrolment, b_)).name();
  EXPECT_EQ(base::ReasonOf(Request(enrolment, c_).status()), "MOVE_OPEN");
  EXPECT_EQ(base::ReasonOf(Decline(first, at_a_.get()).status()), "PERMISSION_DENIED");
  const auto declined = Must(Decline(first, at_b_.get()));
  EXPECT_EQ(declined.state(), v1::MOVE_STATE_DECLINED);
  EXPECT_EQ(declined.decision_reason(), "자리가 없음");
  EXPECT_EQ(base::ReasonOf(Accept(first).status()), "MOVE_STATE");

  const std::string second = Must(Request(enrolment, b_)).name();
  EXPECT_EQ(base::ReasonOf(Cancel(second, at_b_.get()).status()), "PERMISSION_DENIED");
  const auto cancelled = Must(Cancel(second, at_a_.get()));
  EXPECT_EQ(cancelled.cancel_cause(), v1::MOVE_CANCEL_CAUSE_WITHDRAWN);
  EXPECT_EQ(Must(SeeEnrolment(enrolment, at_a_.get())).centre(), a_);
  EXPECT_THAT(world_.EventTypes("moves/"),
              ElementsAre("OwnershipMoveRequested", "OwnershipMoveDeclined",
                          "OwnershipMoveRequested", "OwnershipMoveCancelled"));
  EXPECT_THAT(List("state = MOVE_STATE_DECLINED", at_b_.get()), SizeIs(1));
  EXPECT_THAT(List("from_centre = \"" + a_ + "\"", at_a_.get()), SizeIs(2));
  EXPECT_THAT(List("to_centre = \"" + a_ + "\"", at_a_.get()), IsEmpty());
}

TEST_F(Moves, NeedTwoPeople) {
  const std::string enrolment =
      Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), world_.Firm(1)).name();
  const std::string move = Must(Request(enrolment, b_, at_both_.get())).name();
  EXPECT_EQ(base::ReasonOf(Accept(move, at_both_.get()).status()), "MOVE_NEEDS_ANOTHER");
  EXPECT_EQ(base::ReasonOf(Accept(move, at_a_.get()).status()), "PERMISSION_DENIED");
  EXPECT_EQ(base::ReasonOf(Accept(move, at_b_.get(), "\"77\"").status()), "STALE_ETAG");
  EXPECT_EQ(Must(Accept(move)).state(), v1::MOVE_STATE_ACCEPTED);
}

TEST_F(Moves, EndByThemselves) {
  const std::string enrolment =
      Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), world_.Firm(1)).name();
  const std::string move = Must(Request(enrolment, b_)).name();
  world_.SetClock("2024-03-18 23:59");
  world_.DoDue(MoveExpiry(world_.ledger));
  EXPECT_EQ(Must(Get(move, at_b_.get())).state(), v1::MOVE_STATE_REQUESTED);
  world_.SetClock("2024-03-19 00:00");
  EXPECT_EQ(base::ReasonOf(Accept(move).status()), "MOVE_STATE")
      << "before it is written down, too";
  world_.DoDue(MoveExpiry(world_.ledger));
  world_.DoDue(MoveExpiry(world_.ledger));
  const auto expired = Must(Get(move, at_b_.get()));
  EXPECT_EQ(expired.state(), v1::MOVE_STATE_EXPIRED);
  EXPECT_EQ(expired.decider(), "");
  EXPECT_THAT(world_.EventTypes(move),
              ElementsAre("OwnershipMoveRequested", "OwnershipMoveExpired"));
  Must(Request(enrolment, b_));
}

TEST_F(Moves, RefuseWhatCannotMove) {
  const std::string firm = world_.Firm(1);
  const std::string enrolment = Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), firm).name();
  const auto faulty = [&](const v1::RequestMoveRequest& request) {
    return base::FieldsOf(Request(request, at_a_.get()).status());
  };
  auto two = Wanted(enrolment, b_);
  two.set_organization(firm);
  EXPECT_THAT(faulty(two), ElementsAre("person", "organization", "enrolment"));
  EXPECT_THAT(faulty(Wanted(enrolment, a_)), ElementsAre("to_centre"));
  EXPECT_THAT(faulty(Wanted(enrolment, firm)), ElementsAre("to_centre"));
  EXPECT_THAT(faulty(Wanted(world_.Firm(2), b_)), ElementsAre("organization"));
  EXPECT_THAT(faulty(Wanted(b_, b_)), ElementsAre("organization"));
  auto chatty = Wanted(enrolment, b_);
  chatty.set_reason("call 010-0000-1234");
  EXPECT_THAT(faulty(chatty), ElementsAre("reason"));
  auto elsewhere = Wanted(firm, b_);
  elsewhere.set_from_centre(c_);
  EXPECT_THAT(faulty(elsewhere), ElementsAre("from_centre"));
  EXPECT_EQ(base::ReasonOf(Request(enrolment, a_, at_b_.get()).status()), "NOT_FOUND");
  auto stale = Wanted(enrolment, b_);
  stale.set_etag("\"77\"");
  EXPECT_EQ(base::ReasonOf(Request(stale, at_a_.get()).status()), "STALE_ETAG");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM ownership_move"), "0");
}

TEST_F(Moves, LeaveNoTwoOpenLeadsOfAFirmInACentre) {
  const std::string firm = world_.Firm(1);
  const std::string given = Must(Lead(at_a_.get(), firm)).name();
  const std::string move = Must(Request(firm, b_)).name();
  const std::string own = Must(Lead(at_b_.get(), firm)).name();
  EXPECT_EQ(base::ReasonOf(Accept(move).status()), "MOVE_LEAD_EXISTS");
  EXPECT_EQ(world_.Ask("SELECT centre_id FROM lead WHERE id = '" + IdOf(given) + "'"), IdOf(a_));
  v1::LoseLeadRequest lose;
  lose.set_name(own);
  lose.set_reason(v1::LEAD_LOSS_REASON_ENTERED_IN_ERROR);
  Must(world_.Call<v1::Lead>("LeadService/LoseLead", lose, at_b_.get()));
  EXPECT_EQ(Must(Accept(move)).state(), v1::MOVE_STATE_ACCEPTED);
}

TEST_F(Moves, AreAnsweredOnce) {
  const std::string enrolment =
      Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), world_.Firm(1)).name();
  auto wanted = Wanted(enrolment, b_);
  wanted.set_request_id(base::Uuid::NewV7().ToString());
  const std::string move = Must(Request(wanted, at_a_.get())).name();
  EXPECT_EQ(Must(Request(wanted, at_a_.get())).name(), move);
  v1::AcceptMoveRequest accept;
  accept.set_name(move);
  accept.set_request_id(base::Uuid::NewV7().ToString());
  for (int turn = 0; turn < 2; ++turn) {
    const auto accepted =
        Must(world_.Call<v1::Move>("MoveService/AcceptMove", accept, at_b_.get()));
    EXPECT_EQ(accepted.ownership_epoch(), 1);
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM ownership_before"), "1");
}

}  // namespace
}  // namespace ieum::registry
