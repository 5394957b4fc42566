// Goal: what is done beside a move, and after it, finds the rows of one keeper, and what a centre
// has given away it neither sees nor decides. Method: over gRPC, with people of two centres; a
// decision that is halted while somebody accepts. row:R24
#include <gmock/gmock.h>

#include <functional>
#include <future>
#include <pqxx/pqxx>

#include "ieum/registry/v1/data_export_service.pb.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "platform/access/subject_id.h"
#include "tests/integration/registry/move_world.h"
#include "tests/support/wait.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BesideMoves : public Moves {
 protected:
  std::string KnownPerson() {
    const std::string person = PersonOf(at_a_.get());
    ConsentToB(person);
    return person;
  }
  void Take(const std::string& what) { Must(Accept(Must(Request(what, b_)).name())); }
  absl::StatusOr<v1::Merge> Merge(const std::string& survivor, const std::string& duplicate,
                                  rpc::Peer* as) {
    v1::MergePersonsRequest request;
    request.set_survivor(survivor);
    request.set_duplicate(duplicate);
    request.set_reason("같은 사람");
    return world_.Call<v1::Merge>("MergeService/MergePersons", request, as);
  }
  absl::StatusOr<v1::Merge> Undo(const std::string& merge, rpc::Peer* as) {
    v1::UndoMergeRequest request;
    request.set_name(merge);
    request.set_reason("두 사람");
    return world_.Call<v1::Merge>("MergeService/UndoMerge", request, as);
  }
  std::string Hold(const std::string& person) {
    v1::CreateLegalHoldRequest request;
    request.mutable_legal_hold()->set_person(person);
    request.mutable_legal_hold()->set_reason("감사 2024-17");
    return Must(world_.Call<v1::LegalHold>("ErasureService/CreateLegalHold", request, at_a_.get()))
        .name();
  }
  void Affiliate(const std::string& person, v1::AffiliationRole role) {
    v1::CreateAffiliationRequest request;
    request.set_parent(person);
    request.mutable_affiliation()->set_organization(firm_);
    request.mutable_affiliation()->set_role(role);
    request.mutable_affiliation()->set_start_date("2024-01-02");
    Must(world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", request, at_a_.get()));
  }
  std::string AskForExport(const std::string& person) {
    v1::CreateDataExportRequest request;
    request.mutable_data_export()->set_person(person);
    request.mutable_data_export()->set_applicant(v1::DATA_EXPORT_APPLICANT_SELF);
    request.mutable_data_export()->set_channel(v1::DATA_EXPORT_CHANNEL_VISIT);
    request.mutable_data_export()->set_received_date("2024-03-04");
    return Must(world_.Call<v1::DataExport>("DataExportService/CreateDataExport", request,
                                            at_a_.get()))
        .name();
  }
  // Another record that looks like hers, and so a pair of both.
  std::string PairWith(const std::string& person) {
    v1::CreatePersonRequest again;
    again.mutable_person()->set_full_name("김이음");
    again.mutable_person()->set_email("ieum@example.test");
    again.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    again.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
    Must(world_.Call<v1::Person>("PersonService/CreatePerson", again, at_a_.get()));
    return "duplicatePairs/" +
           world_.Ask("SELECT max(id::text) FROM duplicate_pair WHERE '" + IdOf(person) +
                      "' IN (person_id::text, "
                      "other_person_id::text)");
  }
  std::vector<v1::Affiliation> Affiliations(const std::string& person, const std::string& then,
                                            rpc::Peer* as) {
    v1::ListAffiliationsRequest request;
    request.set_parent(person);
    *request.mutable_read_time() = ToTimestamp(Korea(then));
    const auto page = Must(
        world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request, as));
    return {page.affiliations().begin(), page.affiliations().end()};
  }
  bool SomebodyWaits() {
    return world_.Ask(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
               "AND wait_event_type = 'Lock'") != "0";
  }
  // Whether who accepts waits for somebody who holds the thing to decide about it.
  bool AcceptWaitsFor(const std::string& move, const std::string& thing) {
    pqxx::connection halt(world_.database.conninfo());
    pqxx::work halted(halt);
    halted.exec("SELECT 1 FROM aggregate WHERE id = '" + IdOf(thing) + "' FOR UPDATE");
    auto accepted = std::async(std::launch::async, [&] { return Accept(move); });
    const auto done = [&] {
      return accepted.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    bool waits = false;
    EXPECT_TRUE(testing::WaitFor([&] {
      waits = SomebodyWaits();
      return waits || done();
    }));
    halted.abort();
    Must(accepted.get());
    return waits;
  }

  const std::string firm_ = world_.Firm(1);
};

// Both are B's with what they take part in, though the campaign is A's; the seat that one of them
// gives back goes to who waits, who is A's.
TEST_F(BesideMoves, AMergeOfWhatWasTakenOverGivesTheSeatToWhoWaits) {
  const std::string survivor = KnownPerson(), duplicate = KnownPerson();
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  v1::UpdateCampaignRequest two;
  two.mutable_campaign()->set_name(campaign);
  two.mutable_campaign()->set_capacity(2);
  two.mutable_campaign()->set_waiting_list(true);
  Must(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", two, at_a_.get()));
  const std::string stays = Enrol(at_a_.get(), campaign, survivor).name();
  const std::string given_up = Enrol(at_a_.get(), campaign, duplicate).name();
  const std::string waits = Enrol(at_a_.get(), campaign, firm_).name();
  Take(survivor);
  Take(duplicate);
  Must(Merge(survivor, duplicate, at_b_.get()));
  EXPECT_EQ(Must(SeeEnrolment(stays, at_b_.get())).state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(Must(SeeEnrolment(given_up, at_b_.get())).state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_EQ(Must(SeeEnrolment(waits, at_a_.get())).state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 2);
}

// Both were taken over between its look at the merge and its locks.
TEST_F(BesideMoves, AnUndoThatWaitedForAMoveFindsNoMerge) {
  const std::string survivor = KnownPerson(), duplicate = PersonOf(at_a_.get());
  // Who has a gate to enter first waits for the locks after it.
  Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), survivor);
  const auto merged = Must(Merge(survivor, duplicate, at_a_.get()));
  pqxx::connection halt(world_.database.conninfo());
  pqxx::work halted(halt);
  halted.exec("SELECT 1 FROM aggregate WHERE id = '" + IdOf(survivor) + "' FOR UPDATE");
  auto undone = std::async(std::launch::async, [&] { return Undo(merged.name(), at_a_.get()); });
  EXPECT_TRUE(testing::WaitFor([&] { return SomebodyWaits(); }));
  halted.exec("UPDATE person_merge SET centre_id = '" + IdOf(b_) + "'");
  halted.exec("UPDATE person SET centre_id = '" + IdOf(b_) + "'");
  halted.commit();
  EXPECT_EQ(base::ReasonOf(undone.get().status()), "NOT_FOUND");
}

// What is decided by who sees it is written: nobody takes it away between the look and the writing.
TEST_F(BesideMoves, AcceptingWaitsForWhoDecidesAboutWhatFollows) {
  const std::vector<std::function<std::string(const std::string&)>> makers = {
      [&](const std::string& person) { return AskForExport(person); },
      [&](const std::string& person) { return Hold(person); },
      [&](const std::string& person) { return PairWith(person); }};
  for (const auto& make : makers) {
    const std::string person = KnownPerson();
    const std::string thing = make(person);
    const std::string move = Must(Request(person, b_)).name();
    EXPECT_TRUE(AcceptWaitsFor(move, thing)) << thing;
  }
}

// The words in which somebody said why she moves may say who she is.
TEST_F(BesideMoves, AnErasureTakesTheWordsOfMovesAlong) {
  const std::string person = KnownPerson();
  auto planted = Wanted(person, b_);
  planted.set_reason("planted: 김이음 이사");
  v1::DeclineMoveRequest decline;
  decline.set_name(Must(Request(planted, at_a_.get())).name());
  decline.set_reason("planted: 김이음 반대");
  Must(world_.Call<v1::Move>("MoveService/DeclineMove", decline, at_b_.get()));
  const std::string open = Must(Request(planted, at_a_.get())).name();
  v1::ErasePersonRequest erase;
  erase.set_name(person);
  erase.set_reason(v1::ERASURE_REASON_REQUEST);
  const auto erased =
      Must(world_.Call<v1::Erasure>("ErasureService/ErasePerson", erase, at_a_.get()));
  int64_t words = 0;
  for (const auto& part : erased.destroyed_parts()) {
    if (part.kind() == v1::PERSON_DATA_KIND_FREE_WORDS) words = part.count();
  }
  EXPECT_EQ(words, 2) << "of the declined one and of the open one";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM ownership_move m WHERE m::text LIKE '%planted%'"),
            "0");
  EXPECT_EQ(Must(Get(decline.name(), at_a_.get())).decision_reason(), "(erased)");
  EXPECT_EQ(Must(Get(open, at_a_.get())).decision_reason(), "");
}

// row:R22 Rights are those of today, of instants past, too.
TEST_F(BesideMoves, AffiliationsOfThePastAreReadByWhoKeepsHerNow) {
  const std::string person = KnownPerson();
  Affiliate(person, v1::AFFILIATION_ROLE_EMPLOYEE);
  world_.SetClock("2024-03-05 11:00");
  Take(person);
  world_.SetClock("2024-03-06 11:00");
  for (const char* then : {"2024-03-04 12:00", "2024-03-05 12:00"}) {
    EXPECT_THAT(Affiliations(person, then, at_b_.get()), SizeIs(1)) << then;
    EXPECT_THAT(Affiliations(person, then, at_a_.get()), IsEmpty()) << then;
  }
  v1::ListPersonChangesRequest history;
  history.set_parent(person);
  int fields = 0;
  const auto page = Must(world_.Call<v1::ListPersonChangesResponse>(
      "PersonService/ListPersonChanges", history, at_b_.get()));
  for (const auto& change : page.changes()) {
    for (const auto& field : change.fields()) fields += field.field().starts_with("affiliations[");
  }
  EXPECT_GT(fields, 0) << "said before it was B's";
}

TEST_F(BesideMoves, TwoAccountsOfOnePersonAreOnePerson) {
  const std::string somebody = PersonOf(at_a_.get(), "박직원");
  for (const char* account : {"staff/centre-a", "staff/centre-b"}) {
    world_.Ask(
        "INSERT INTO subject (id, account, state, person_id, created_at, updated_at) VALUES ('" +
        access::SubjectId(account).ToString() + "', '" + account + "', 1, '" + IdOf(somebody) +
        "', now(), now()) RETURNING 1");
  }
  const std::string enrolment = Enrol(at_a_.get(), CampaignOf(at_a_.get(), "A1"), firm_).name();
  const std::string move = Must(Request(enrolment, b_)).name();
  EXPECT_EQ(base::ReasonOf(Accept(move).status()), "MOVE_NEEDS_ANOTHER");
  EXPECT_EQ(Must(Get(move, at_a_.get())).state(), v1::MOVE_STATE_REQUESTED);
  EXPECT_EQ(Must(Accept(move, at_both_.get())).state(), v1::MOVE_STATE_ACCEPTED);
}

TEST_F(BesideMoves, AStaleWriterIsToldOfWhatHasMoved) {
  const std::string person = KnownPerson();
  Take(person);
  EXPECT_EQ(base::MetadataOf(Rename(person, "X", at_a_.get()).status(), "resource"), person);
}

}  // namespace
}  // namespace ieum::registry
