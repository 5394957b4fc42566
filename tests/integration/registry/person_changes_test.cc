// Goal: of every change of a person it can be read who made it, when, by which request, and what
// became of each field; values by those alone who may read the person, and each look is logged.
// row:R21 row:R28
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/change_lines.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PersonChanges : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ListPersonChangesResponse> Ask(const v1::ListPersonChangesRequest& request,
                                                    rpc::Peer* as = nullptr) {
    return world_.Call<v1::ListPersonChangesResponse>("PersonService/ListPersonChanges", request,
                                                      as);
  }
  v1::ListPersonChangesResponse ListOf(const std::string& name, rpc::Peer* as = nullptr,
                                       const std::string& filter = "") {
    v1::ListPersonChangesRequest request;
    request.set_parent(name);
    request.set_filter(filter);
    const auto page = Ask(request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(v1::ListPersonChangesResponse());
  }
  v1::UpdatePersonRequest Mail(const std::string& to) const {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(person_);
    request.mutable_person()->set_email(to);
    return request;
  }
  absl::StatusOr<v1::Person> Update(const v1::UpdatePersonRequest& request) {
    return world_.Call<v1::Person>("PersonService/UpdatePerson", request);
  }

  World world_{"2023-05-02 11:00"};
  std::string person_ = world_.Person("윤건우");
};

TEST_F(PersonChanges, SayWhoWhenByWhichRequestAndFromWhatToWhat) {
  ASSERT_TRUE(Update(Mail("first@firms.test")).ok());
  v1::UpdatePersonRequest change = Mail("second@firms.test");
  change.mutable_person()->set_basis(v1::LEGAL_BASIS_DUTY);
  change.set_request_id("0190b0c0-0000-7000-8000-00000000abcd");
  world_.SetClock("2023-05-03 11:00");
  ASSERT_TRUE(Update(change).ok());
  const auto changes = ListOf(person_);
  ASSERT_EQ(changes.changes_size(), 3);
  const v1::PersonChange& last = changes.changes(0);
  EXPECT_EQ(last.version(), 3);
  EXPECT_EQ(last.event_type(), "ieum.registry.v1.PersonUpdated");
  EXPECT_EQ(last.change_time().seconds(), absl::ToUnixSeconds(Korea("2023-05-03 11:00")));
  EXPECT_EQ(last.actor(), "staff/manager");
  EXPECT_EQ(last.request_id(), change.request_id());
  EXPECT_THAT(Lines(last), ElementsAre("email: first@firms.test > second@firms.test",
                                       "basis: LEGAL_BASIS_CONTRACT > LEGAL_BASIS_DUTY"));
  EXPECT_THAT(Lines(changes.changes(1)), ElementsAre("email:  > first@firms.test"));
  EXPECT_THAT(Lines(changes.changes(2)), Contains("full_name:  > 윤건우"));
}

TEST_F(PersonChanges, TellAffiliationsWithTheirDays) {
  v1::CreateAffiliationRequest begin;
  begin.set_parent(person_);
  begin.mutable_affiliation()->set_organization(world_.Firm(1));
  begin.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  begin.mutable_affiliation()->set_start_date("2023-01-02");
  const auto made = world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", begin);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::EndAffiliationRequest end;
  end.set_name(made->name());
  end.set_end_date("2023-04-30");
  ASSERT_TRUE(world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end).ok());
  const std::string prefix = "affiliations[" + IdOf(made->name()) + "].";
  const auto changes = ListOf(person_);
  EXPECT_THAT(Lines(changes.changes(0)), ElementsAre(prefix + "end_date:  > 2023-04-30"));
  EXPECT_THAT(Lines(changes.changes(1)),
              ElementsAre(prefix + "organization:  > " + begin.affiliation().organization(),
                          prefix + "role:  > AFFILIATION_ROLE_CONTACT",
                          prefix + "start_date:  > 2023-01-02"));
}

// An auditor sees that a field was changed and by whom, and not what was in it.
TEST_F(PersonChanges, WithholdValuesFromWhoMayNotReadThePerson) {
  ASSERT_TRUE(Update(Mail("first@firms.test")).ok());
  const auto auditor = world_.PeerWith("auditor");
  const auto changes = ListOf(person_, auditor.get());
  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_THAT(Lines(changes.changes(0)), ElementsAre("email:  >  withheld"));
  EXPECT_EQ(changes.changes(0).actor(), "staff/manager");
  EXPECT_THAT(changes.ShortDebugString(), Not(HasSubstr("firms.test")));
  EXPECT_THAT(changes.ShortDebugString(), Not(HasSubstr("윤건우")));
  EXPECT_THAT(Lines(changes.changes(1)), Contains("basis:  > LEGAL_BASIS_CONTRACT"));
}

// law:L17
TEST_F(PersonChanges, LeaveARowInTheAccessLog) {
  ListOf(person_);
  EXPECT_EQ(world_.Ask("SELECT action || ' ' || outcome || ' ' || subjects[1] FROM access_log "
                       "ORDER BY recorded_at DESC, number DESC LIMIT 1"),
            "registry.persons.list_changes OK " + person_);
}

TEST_F(PersonChanges, ComeInPagesAndFiltered) {
  for (const char* name : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(Update(Mail(absl::StrCat(name, "@firms.test"))).ok());
  }
  v1::ListPersonChangesRequest request;
  request.set_parent(person_);
  request.set_page_size(2);
  std::vector<int64_t> versions;
  do {
    const auto page = Ask(request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& change : page->changes()) versions.push_back(change.version());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(versions, ElementsAre(5, 4, 3, 2, 1));
  request.set_page_token(Ask(request)->next_page_token());
  request.set_parent(world_.Person("이서연"));
  EXPECT_EQ(base::ReasonOf(Ask(request).status()), "PAGE_TOKEN_INVALID");
  const auto some = ListOf(person_, nullptr, "version > 3 AND version < 5");
  ASSERT_EQ(some.changes_size(), 1);
  EXPECT_THAT(Lines(some.changes(0)), ElementsAre("email: b@firms.test > c@firms.test"));
}

TEST_F(PersonChanges, AreNotFoundOfWhoIsNotThereNorGivenToWhoMayNot) {
  v1::ListPersonChangesRequest request;
  request.set_parent("persons/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Ask(request).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(Ask(request, world_.nobody.get()).status()), "PERMISSION_DENIED");
  request.set_parent(person_);
  const auto staff = world_.PeerWith("centre-a");
  EXPECT_EQ(base::ReasonOf(Ask(request, staff.get()).status()), "NOT_FOUND") << "the suite's";
}

// A merge and its end move affiliations without an event of the record that lost: looking back,
// each is under the record that had it. row:R6 row:R22
TEST_F(PersonChanges, OfMergesLeaveAffiliationsWhereTheyWereKnown) {
  const std::string lost = world_.Person("윤 건우"), firm = world_.Firm(1);
  v1::CreateAffiliationRequest begin;
  begin.set_parent(lost);
  begin.mutable_affiliation()->set_organization(firm);
  begin.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  begin.mutable_affiliation()->set_start_date("2023-01-02");
  world_.SetClock("2023-05-03 11:00");
  const auto made = world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", begin);
  ASSERT_TRUE(made.ok()) << made.status();
  world_.SetClock("2023-05-04 11:00");
  v1::MergePersonsRequest merge;
  merge.set_survivor(person_);
  merge.set_duplicate(lost);
  merge.set_reason("twice at one door");
  const auto merged = world_.Call<v1::Merge>("MergeService/MergePersons", merge);
  ASSERT_TRUE(merged.ok()) << merged.status();
  world_.SetClock("2023-05-05 11:00");
  const std::string moved = person_ + "/affiliations/" + IdOf(made->name());
  const auto then = [&](const std::string& when) {
    v1::ListAffiliationsRequest list;
    list.set_parent("persons/-");
    *list.mutable_read_time() = ToTimestamp(Korea(when));
    const auto page =
        world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", list);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    for (const auto& affiliation : page->affiliations()) names.push_back(affiliation.name());
    return names;
  };
  const auto expect_the_merge = [&] {
    EXPECT_THAT(then("2023-05-03 10:59"), ElementsAre());
    EXPECT_THAT(then("2023-05-04 10:59"), ElementsAre(made->name()));
    EXPECT_THAT(then("2023-05-04 11:00"), ElementsAre(moved));
  };
  expect_the_merge();
  v1::UndoMergeRequest undo;
  undo.set_name(merged->name());
  undo.set_reason("two after all");
  ASSERT_TRUE(world_.Call<v1::Merge>("MergeService/UndoMerge", undo).ok());
  world_.SetClock("2023-05-06 11:00");
  const auto expect_both = [&] {
    expect_the_merge();
    EXPECT_THAT(then("2023-05-05 10:59"), ElementsAre(moved));
    EXPECT_THAT(then("2023-05-05 11:00"), ElementsAre(made->name()));
  };
  expect_both();
  v1::UpdatePersonRequest later = Mail("later@firms.test");  // the next event of the record
  later.mutable_person()->set_name(lost);
  ASSERT_TRUE(Update(later).ok());
  expect_both();
}

}  // namespace
}  // namespace ieum::registry
