// Goal: nobody's data go to another body without her consent, and a move stands beside merges,
// holds and erasures as they are decided. Method: over gRPC, with people of two centres. row:R24
#include <gmock/gmock.h>

#include <map>

#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "tests/integration/registry/move_world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class MoveGate : public Moves {
 protected:
  absl::StatusOr<v1::Erasure> Erase(const std::string& person) {
    v1::ErasePersonRequest request;
    request.set_name(person);
    request.set_reason(v1::ERASURE_REASON_REQUEST);
    return world_.Call<v1::Erasure>("ErasureService/ErasePerson", request);
  }
  absl::StatusOr<v1::Merge> Merge(const std::string& survivor, const std::string& duplicate) {
    v1::MergePersonsRequest request;
    request.set_survivor(survivor);
    request.set_duplicate(duplicate);
    request.set_reason("같은 사람");
    return world_.Call<v1::Merge>("MergeService/MergePersons", request);
  }
  absl::StatusOr<v1::Consent> SayNoToB(const std::string& person) {
    return consents_.Say(person, v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION,
                         consents_.Text(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, b_),
                         v1::CONSENT_STATE_REFUSED);
  }
};

// law:L02
TEST_F(MoveGate, AsksForConsentToAnotherBody) {
  const std::string person = PersonOf(at_a_.get());
  EXPECT_EQ(base::ReasonOf(Request(person, b_).status()), "MOVE_BASIS_MISSING");
  ConsentToB(person);
  auto nothing = Wanted(person, b_);
  nothing.clear_items();
  EXPECT_THAT(base::FieldsOf(Request(nothing, at_a_.get()).status()), ElementsAre("items"));
  auto more = Wanted(person, b_);
  more.add_items("주민등록상 주소");
  EXPECT_EQ(base::ReasonOf(Request(more, at_a_.get()).status()), "MOVE_BASIS_MISSING");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM ownership_move"), "0");
  EXPECT_EQ(Must(Request(person, b_)).basis(), v1::MOVE_BASIS_CONSENT);
}

TEST_F(MoveGate, LooksAgainWhenItIsAccepted) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string move = Must(Request(person, b_)).name();
  Must(consents_.Withdraw(person));
  EXPECT_EQ(base::ReasonOf(Accept(move).status()), "MOVE_BASIS_MISSING");
  EXPECT_EQ(Must(See(person, at_a_.get())).centre(), a_);
  ConsentToB(person);
  const auto accepted = Must(Accept(move));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_receipt WHERE refusal = 0 AND centre_id = '" +
                       IdOf(a_) + "' AND recipient_id = '" + IdOf(b_) +
                       "' AND asked_by = "
                       "'staff/centre-b' AND id = '" +
                       IdOf(accepted.consent_receipt()) + "'"),
            "1");
}

// What stays below one lead centre goes to no third party.
TEST_F(MoveGate, AsksForNoneBelowOneLeadCentre) {
  const std::string person = PersonOf(at_a_.get());
  Must(SayNoToB(person));
  const auto move = Must(Request(person, c_));
  EXPECT_EQ(move.basis(), v1::MOVE_BASIS_SAME_LEAD);
  const auto accepted = Must(Accept(move.name(), world_.manager.get()));
  EXPECT_EQ(accepted.consent_receipt(), "");
  EXPECT_EQ(Must(See(person, world_.manager.get())).centre(), c_);
}

TEST_F(MoveGate, AsksForWhoTakesPartToo) {
  const std::string person = PersonOf(at_a_.get());
  const std::string enrolment = Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), person).name();
  EXPECT_EQ(base::ReasonOf(Request(enrolment, b_).status()), "MOVE_BASIS_MISSING");
  ConsentToB(person);
  const auto move = Must(Request(enrolment, b_));
  EXPECT_EQ(move.person(), person);
  Must(Accept(move.name()));
  EXPECT_EQ(Must(See(person, at_a_.get())).centre(), a_) << "her data stay";
}

TEST_F(MoveGate, IsCancelledByAnErasure) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string move = Must(Request(person, b_)).name();
  Must(Erase(person));
  const auto cancelled = Must(Get(move, at_a_.get()));
  EXPECT_EQ(cancelled.state(), v1::MOVE_STATE_CANCELLED);
  EXPECT_EQ(cancelled.cancel_cause(), v1::MOVE_CANCEL_CAUSE_PERSON_ERASED);
  EXPECT_EQ(base::ReasonOf(Accept(move).status()), "MOVE_STATE");
  EXPECT_THAT(world_.EventTypes(move), Contains("OwnershipMoveCancelled"));
  EXPECT_EQ(base::ReasonOf(Request(person, b_).status()), "PERSON_ERASED");
}

TEST_F(MoveGate, FollowsAMerge) {
  const std::string survivor = PersonOf(at_a_.get()), duplicate = PersonOf(at_a_.get());
  ConsentToB(duplicate);
  const std::string move = Must(Request(duplicate, b_)).name();
  Must(Merge(survivor, duplicate));
  EXPECT_EQ(Must(Get(move, at_a_.get())).person(), survivor);
  EXPECT_EQ(base::ReasonOf(Request(duplicate, b_).status()), "PERSON_MERGED");
  const auto accepted = Must(Accept(move));
  EXPECT_EQ(Part(accepted, v1::MOVE_PART_KIND_PERSON_RECORDS), 2);
  EXPECT_EQ(Must(See(survivor, at_b_.get())).centre(), b_);
  // The losing id leads there as ever, and the merge can be undone there.
  EXPECT_EQ(Must(See(duplicate, at_b_.get())).name(), survivor);
  EXPECT_EQ(world_.Ask("SELECT centre_id FROM person_merge"), IdOf(b_));
}

TEST_F(MoveGate, LeavesOneOpenMoveWhenTwoMerge) {
  const std::string survivor = PersonOf(at_a_.get()), duplicate = PersonOf(at_a_.get());
  ConsentToB(survivor);
  ConsentToB(duplicate);
  const std::string kept = Must(Request(survivor, b_)).name();
  const std::string left = Must(Request(duplicate, b_)).name();
  Must(Merge(survivor, duplicate));
  EXPECT_EQ(base::ReasonOf(Accept(left).status()), "MOVE_STALE");
  EXPECT_EQ(Must(Accept(kept)).state(), v1::MOVE_STATE_ACCEPTED);
}

TEST_F(MoveGate, LetsAMergeBeUndoneWhereTheyAreNow) {
  const std::string survivor = PersonOf(at_a_.get()), duplicate = PersonOf(at_a_.get());
  v1::CreateAffiliationRequest affiliate;
  affiliate.set_parent(duplicate);
  affiliate.mutable_affiliation()->set_organization(world_.Firm(1));
  affiliate.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  affiliate.mutable_affiliation()->set_start_date("2024-01-02");
  Must(world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", affiliate, at_a_.get()));
  ConsentToB(survivor);
  const std::string merge = Must(Merge(survivor, duplicate)).name();
  Must(Accept(Must(Request(survivor, b_)).name()));
  v1::UndoMergeRequest undo;
  undo.set_name(merge);
  undo.set_reason("다른 사람");
  EXPECT_EQ(
      base::ReasonOf(world_.Call<v1::Merge>("MergeService/UndoMerge", undo, at_a_.get()).status()),
      "NOT_FOUND");
  Must(world_.Call<v1::Merge>("MergeService/UndoMerge", undo, at_b_.get()));
  EXPECT_EQ(Must(See(duplicate, at_b_.get())).centre(), b_);
  EXPECT_EQ(
      world_.Ask("SELECT (centre_id = '" + IdOf(b_) + "')::text || person_id FROM affiliation"),
      "true" + IdOf(duplicate));
}

// Both in A's campaign, of which one is B's to change.
TEST_F(MoveGate, LetsNobodyGiveUpAnothersEnrolmentByAMerge) {
  const std::string one = PersonOf(at_a_.get()), other = PersonOf(at_a_.get());
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  Enrol(at_a_.get(), campaign, one);
  ConsentToB(other);
  Must(Accept(Must(Request(Enrol(at_a_.get(), campaign, other).name(), b_)).name()));
  v1::MergePersonsRequest request;
  request.set_survivor(one);
  request.set_duplicate(other);
  request.set_reason("같은 사람");
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Merge>("MergeService/MergePersons", request, at_a_.get()).status()),
            "PERMISSION_DENIED");
  Must(Merge(one, other));
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
}

TEST_F(MoveGate, TakesHoldsAndPairsAlong) {
  const std::string person = PersonOf(at_a_.get());
  v1::CreatePersonRequest again;
  again.mutable_person()->set_full_name("김이음");
  again.mutable_person()->set_email("ieum@example.test");
  again.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  again.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
  Must(world_.Call<v1::Person>("PersonService/CreatePerson", again, at_a_.get()));
  EXPECT_EQ(world_.Ask("SELECT centre_id FROM duplicate_pair"), IdOf(a_));
  v1::CreateLegalHoldRequest hold;
  hold.mutable_legal_hold()->set_person(person);
  hold.mutable_legal_hold()->set_reason("감사 2024-17");
  const auto held =
      Must(world_.Call<v1::LegalHold>("ErasureService/CreateLegalHold", hold, at_a_.get()));
  ConsentToB(person);
  Must(Accept(Must(Request(person, b_)).name()));
  EXPECT_EQ(world_.Ask("SELECT centre_id IS NULL FROM duplicate_pair"), "t")
      << "of two centres now";
  v1::ReleaseLegalHoldRequest release;
  release.set_name(held.name());
  release.set_reason("감사 종료");
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::LegalHold>("ErasureService/ReleaseLegalHold", release, at_a_.get())
                    .status()),
            "NOT_FOUND");
  Must(world_.Call<v1::LegalHold>("ErasureService/ReleaseLegalHold", release, at_b_.get()));
}

TEST_F(MoveGate, IsStaleWhenAnotherMoveWasFaster) {
  const std::string person = PersonOf(at_a_.get());
  const std::string enrolment = Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), person).name();
  ConsentToB(person);
  const std::string hers = Must(Request(person, b_)).name();
  const std::string one = Must(Request(enrolment, b_)).name();
  Must(Accept(hers));
  EXPECT_EQ(base::ReasonOf(Accept(one).status()), "MOVE_STALE");
  EXPECT_EQ(Must(Decline(one, at_b_.get())).state(), v1::MOVE_STATE_DECLINED);
}

// A new table of a person's that belongs to a centre has to be thought of here, too.
TEST_F(MoveGate, KnowsEveryTableOfAPersonThatBelongsToACentre) {
  const std::map<std::string, std::string> known = {
      {"affiliation", "follows"},
      {"affiliation_version", "whose it was then"},
      {"change_request", "follows while nobody has decided"},
      {"consent", "follows"},
      {"consent_receipt", "who handed on answers for it"},
      {"duplicate_pair", "of both keepers, now as before"},
      {"enrolment", "moves while it goes on"},
      {"erasure_record", "a proof"},
      {"guardianship", "follows"},
      {"legal_hold", "follows"},
      {"person_version", "whose it was then"},
      {"told_entry", "what casemgmt said of whose engagement then"}};
  std::string tables;
  for (const auto& [table, why] : known) absl::StrAppend(&tables, tables.empty() ? "" : ",", table);
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT p.table_name::text, ',' ORDER BY "
                       "p.table_name::text) FROM information_schema.columns p JOIN "
                       "information_schema.columns c USING (table_schema, table_name) WHERE "
                       "p.table_schema = 'public' AND p.column_name = 'person_id' AND "
                       "c.column_name = 'centre_id'"),
            tables);
}

// Whoever sees a move sees who is moved, so it stands in the access log.
TEST_F(MoveGate, StandsInTheAccessLog) {
  const std::string person = PersonOf(at_a_.get());
  ConsentToB(person);
  const std::string move = Must(Request(person, b_)).name();
  const std::string count = "SELECT count(*) FROM access_log WHERE method LIKE '%GetMove'";
  const std::string before = world_.Ask(count);
  Must(Get(move, at_b_.get()));
  EXPECT_EQ(world_.Ask("SELECT (" + count + ") - " + before), "1");
}

}  // namespace
}  // namespace ieum::registry
