// Goal: a request ends once: decided, taken back, too old, or overtaken by what became of its field
// or its person; and of an erased person nothing of it is left. Method: changes over gRPC on a real
// database. row:R20
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/changes/changes_due.h"
#include "tests/integration/registry/change_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(ReviewedChanges, AreRejectedOrTakenBackForGood) {
  const auto wish = ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002"));
  const std::string rejected = changes_.Waiting(wish);
  const auto refused = changes_.Request(wish);
  EXPECT_EQ(Why(refused), "CHANGE_PENDING");
  EXPECT_THAT(refused.status().ToString(), HasSubstr(IdOf(rejected)));
  const auto decided = changes_.Reject(rejected, changes_.supervisor.get());
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->state(), v1::CHANGE_STATE_REJECTED);
  EXPECT_EQ(decided->decide_reason(), "the letter is not signed");
  const std::string taken_back = changes_.Waiting(wish);
  ASSERT_EQ(Why(changes_.Withdraw(taken_back)), "OK");
  EXPECT_EQ(changes_.StateOf(taken_back), v1::CHANGE_STATE_WITHDRAWN);
  for (const std::string& name : {rejected, taken_back}) {
    EXPECT_EQ(Why(changes_.Approve(name)), "CHANGE_DECIDED");
    EXPECT_EQ(Why(changes_.Withdraw(name)), "CHANGE_DECIDED");
  }
  EXPECT_THAT(world_.EventTypes(rejected), ElementsAre("ChangeRequested", "ChangeRejected"));
  EXPECT_THAT(world_.EventTypes(taken_back), ElementsAre("ChangeRequested", "ChangeWithdrawn"));
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0001");
}

TEST_F(ReviewedChanges, AreStaleWhereSomebodyChangedTheSameField) {
  const std::string phone =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  const std::string region =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Region(firm_, "26140")));
  v1::UpdatePersonRequest name;
  name.mutable_person()->set_name(person_);
  name.mutable_person()->set_full_name("김둘");
  name.mutable_update_mask()->add_paths("full_name");
  ASSERT_TRUE(world_.Call<v1::Person>("PersonService/UpdatePerson", name).ok());
  const flow::DueWork due = ChangesDue(world_.ledger, world_.vault());
  world_.DoDue(due);
  EXPECT_EQ(changes_.StateOf(phone), v1::CHANGE_STATE_REQUESTED) << "another field";
  ASSERT_TRUE(changes_.SetPhone(person_, "010-0000-0003").ok());
  ASSERT_TRUE(Direct(ChangeWorld::Region(firm_, "26170")).ok());
  const auto refused = changes_.Approve(phone);
  EXPECT_EQ(Why(refused), "CHANGE_STALE");
  EXPECT_THAT(refused.status().ToString(),
              ::testing::AllOf(HasSubstr("person.phone"), Not(HasSubstr("010-0000"))));
  EXPECT_EQ(Why(changes_.Approve(region)), "CHANGE_STALE");
  world_.DoDue(due);
  EXPECT_EQ(changes_.StateOf(phone), v1::CHANGE_STATE_STALE);
  EXPECT_EQ(changes_.StateOf(region), v1::CHANGE_STATE_STALE);
  EXPECT_THAT(world_.EventTypes(phone), ElementsAre("ChangeRequested", "ChangeOutdated"));
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0003");
  EXPECT_EQ(changes_.Known(person_).full_name(), "김둘");
}

TEST_F(ReviewedChanges, ExpireAfterFourteenDays) {
  const std::string name =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  const flow::DueWork due = ChangesDue(world_.ledger, world_.vault());
  world_.SetClock("2023-05-16 10:59");
  world_.DoDue(due);
  EXPECT_EQ(changes_.StateOf(name), v1::CHANGE_STATE_REQUESTED);
  world_.SetClock("2023-05-16 11:00");
  EXPECT_EQ(Why(changes_.Approve(name)), "CHANGE_DECIDED") << "its time is over";
  world_.DoDue(due);
  EXPECT_EQ(changes_.StateOf(name), v1::CHANGE_STATE_EXPIRED);
  EXPECT_THAT(world_.EventTypes(name), ElementsAre("ChangeRequested", "ChangeExpired"));
  const auto told = world_.Events(name)[0].As<v1::ChangeRequested>();
  EXPECT_EQ(told.expire_date(), "2023-05-16");
}

TEST_F(ReviewedChanges, OfAnErasedPersonAreCancelledAndGone) {
  const std::string decided =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  ASSERT_EQ(Why(changes_.Approve(decided)), "OK");
  const std::string waiting =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0003")));
  v1::ErasePersonRequest erase;
  erase.set_name(person_);
  erase.set_reason(v1::ERASURE_REASON_REQUEST);
  const auto erased = world_.Call<v1::Erasure>("ErasureService/ErasePerson", erase);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(changes_.StateOf(waiting), v1::CHANGE_STATE_CANCELLED);
  EXPECT_EQ(changes_.StateOf(decided), v1::CHANGE_STATE_APPROVED);
  for (const std::string& name : {waiting, decided}) {
    const auto change = changes_.GetChange(name);
    ASSERT_TRUE(change.ok()) << change.status();
    EXPECT_THAT(change->values(), IsEmpty());
    EXPECT_EQ(change->reason(), "");
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM change_request WHERE before_box IS NOT NULL OR "
                       "after_box IS NOT NULL"),
            "0");
  EXPECT_EQ(Why(changes_.Approve(waiting)), "CHANGE_DECIDED");
  EXPECT_THAT(world_.EventTypes(waiting), ElementsAre("ChangeRequested", "ChangeCancelled"));
  bool told = false;
  for (const auto& part : erased->destroyed_parts()) {
    told = told || (part.kind() == v1::PERSON_DATA_KIND_CHANGE_REQUESTS && part.count() == 1);
  }
  EXPECT_TRUE(told) << "the proof counts it";
}

TEST_F(ReviewedChanges, OfALosingRecordAreNotMade) {
  const std::string survivor = changes_.Register("김 하나", "010-0000-0009");
  const std::string name =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  ASSERT_EQ(Why(changes_.Merge(survivor, person_)), "OK");
  EXPECT_EQ(Why(changes_.Approve(name)), "PERSON_MERGED");
  EXPECT_EQ(Why(changes_.Reject(name, changes_.supervisor.get())), "OK");
}

TEST_F(ReviewedChanges, AreNotMadeByAMergeInstead) {
  ASSERT_TRUE(changes_.Guard({"person.phone", "organization.facts"}).ok());
  const std::string duplicate = changes_.Register("김 하나", "010-0000-0009");
  EXPECT_EQ(Why(changes_.Merge(person_, duplicate, {"phone"})), "CHANGE_NEEDS_REVIEW");
  EXPECT_EQ(Why(changes_.Merge(person_, duplicate, {"full_name"})), "OK");
}

}  // namespace
}  // namespace ieum::registry
