// Goal: whose staff decide, and whose list says what is sensitive. Method: two centres side by
// side, over gRPC on a real database. row:R20 row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/change_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ReviewedChanges, AreListedByWhatTheyAreAndWhoAsked) {
  const std::string phone =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  const std::string number = changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Number(firm_, 7)));
  ASSERT_EQ(Why(changes_.Approve(number)), "OK");
  EXPECT_THAT(changes_.List(absl::StrCat("person = \"", person_, "\"")), ElementsAre(phone));
  EXPECT_THAT(changes_.List(absl::StrCat("organization = \"", firm_, "\"")), ElementsAre(number));
  EXPECT_THAT(changes_.List("state = CHANGE_STATE_REQUESTED"), ElementsAre(phone));
  EXPECT_THAT(changes_.List("decider = \"staff/supervisor\""), ElementsAre(number));
  EXPECT_THAT(changes_.List("requester = \"staff/supervisor\""), IsEmpty());
}

TEST_F(ReviewedChanges, FollowTheListOfTheCentre) {
  const std::string a = world_.Centre(testing::kCentreA, 901),
                    b = world_.Centre(testing::kCentreB, 902);
  ASSERT_TRUE(changes_.Guard({"person.phone"}, a).ok());
  const std::string of_a = changes_.Register("이하나", "010-0000-0011", a);
  const std::string of_b = changes_.Register("이두나", "010-0000-0012", b);
  EXPECT_EQ(Why(changes_.SetPhone(of_a, "010-0000-0021")), "CHANGE_NEEDS_REVIEW");
  EXPECT_TRUE(changes_.SetPhone(of_b, "010-0000-0022").ok());
  EXPECT_TRUE(changes_.SetPhone(person_, "010-0000-0023").ok()) << "the suite's";
  const auto refused = changes_.Guard({"person.phone"}, firm_);
  EXPECT_EQ(Why(refused), "CENTRE_UNKNOWN") << "a firm keeps nobody";
  EXPECT_EQ(Why(changes_.Guard({"person.shoe_size"})), "INVALID_FIELD");
}

TEST_F(ReviewedChanges, AreForTheStaffOfTheirCentre) {
  const std::string a = world_.Centre(testing::kCentreA, 901),
                    b = world_.Centre(testing::kCentreB, 902);
  const std::string of_a = changes_.Register("이하나", "010-0000-0011", a);
  const auto staff_a = world_.PeerWith("centre-a"), staff_b = world_.PeerWith("centre-b"),
             case_a = world_.PeerWith("case-a"), supervisor_a = world_.PeerWith("supervisor-a");
  const auto wish = ChangeWorld::Wish(ChangeWorld::Phone(of_a, "010-0000-0021"));
  EXPECT_EQ(Why(changes_.Request(wish, staff_b.get())), "NOT_FOUND");
  const auto asked = changes_.Request(wish, case_a.get());
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->centre(), a);
  for (const auto& other : {changes_.GetChange(asked->name(), staff_b.get()),
                            changes_.Approve(asked->name(), staff_b.get()),
                            changes_.Reject(asked->name(), staff_b.get()),
                            changes_.Withdraw(asked->name(), staff_b.get())}) {
    EXPECT_EQ(Why(other), "NOT_FOUND");
  }
  EXPECT_THAT(changes_.List("", staff_b.get()), IsEmpty());
  EXPECT_THAT(changes_.List("", staff_a.get()), ElementsAre(asked->name()));
  EXPECT_EQ(Why(changes_.Approve(asked->name(), case_a.get())), "PERMISSION_DENIED");
  EXPECT_EQ(Why(changes_.Approve(asked->name(), supervisor_a.get())), "OK");
  EXPECT_FALSE(changes_.GetChange(asked->name(), staff_a.get())->values().empty());
  world_.Ask("UPDATE person SET centre_id = '" + IdOf(b) + "' WHERE id = '" + IdOf(of_a) + "'");
  const auto decided = changes_.GetChange(asked->name(), staff_a.get());
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_TRUE(decided->values().empty()) << "another centre keeps her by now";

  // A firm is everybody's: its change is decided where it was asked for.
  const auto number =
      changes_.Request(ChangeWorld::Wish(ChangeWorld::Number(firm_, 7)), staff_a.get());
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_EQ(number->centre(), a);
  EXPECT_EQ(Why(changes_.Approve(number->name(), staff_b.get())), "NOT_FOUND");
  EXPECT_EQ(Why(changes_.Approve(number->name(), supervisor_a.get())), "OK");
  v1::SetSensitiveFieldsRequest set;
  EXPECT_EQ(Why(changes_.Door<v1::SensitiveFieldSet>("SetSensitiveFields", set, staff_a.get())),
            "PERMISSION_DENIED");
}

TEST_F(ReviewedChanges, AreGuardedByAListThatIsSetOnce) {
  const auto set = changes_.Guard({"person.phone", "person.email"});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_THAT(set->fields(), ElementsAre("person.email", "person.phone"));
  EXPECT_EQ(set->setter(), "staff/manager");
  const auto again = changes_.Guard({"person.email", "person.phone"});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag(), set->etag());
  EXPECT_THAT(world_.EventTypes("sensitiveFieldSets/"), ElementsAre("SensitiveFieldsSet"));
  v1::SetSensitiveFieldsRequest request;
  request.set_etag("\"7\"");
  EXPECT_EQ(Why(changes_.Door<v1::SensitiveFieldSet>("SetSensitiveFields", request)), "STALE_ETAG");
  const auto page = changes_.Door<v1::ListSensitiveFieldSetsResponse>(
      "ListSensitiveFieldSets", v1::ListSensitiveFieldSetsRequest());
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->sensitive_field_sets_size(), 1);
  EXPECT_THAT(page->sensitive_field_sets(0).fields(), ElementsAre("person.email", "person.phone"));
  ASSERT_TRUE(changes_.Guard({}).ok());
  EXPECT_TRUE(changes_.SetPhone(person_, "010-0000-0002").ok());
}

}  // namespace
}  // namespace ieum::registry
