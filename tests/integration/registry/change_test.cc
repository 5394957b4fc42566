// Goal: what is sensitive is changed by two people or not at all, and what the second one sees is
// what is made. Method: changes over gRPC on a real database. row:R20 row:R21
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/change_lines.h"
#include "tests/integration/registry/change_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ReviewedChanges, AreNobodysBusinessWhileNothingIsSensitive) {
  EXPECT_TRUE(changes_.SetPhone(person_, "010-0000-0002").ok());
  EXPECT_TRUE(Direct(ChangeWorld::Number(firm_, 7)).ok());
  EXPECT_TRUE(Direct(ChangeWorld::Region(firm_, "26140")).ok());
}

TEST_F(ReviewedChanges, OfSensitiveFieldsAreRefusedToOnePerson) {
  ASSERT_TRUE(changes_
                  .Guard({"person.phone", "organization.business_registration_number",
                          "organization.facts.region_code", "organization.labels"})
                  .ok());
  const std::string before = Everything();
  const auto phone = changes_.SetPhone(person_, "010-0000-0002");
  EXPECT_EQ(Why(phone), "CHANGE_NEEDS_REVIEW");
  EXPECT_EQ(phone.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(phone.status().ToString(),
              ::testing::AllOf(HasSubstr("person.phone"), HasSubstr("RequestChange"),
                               Not(HasSubstr("010-0000"))));
  EXPECT_EQ(Why(Direct(ChangeWorld::Number(firm_, 7))), "CHANGE_NEEDS_REVIEW");
  EXPECT_EQ(Why(Direct(ChangeWorld::Region(firm_, "26140"))), "CHANGE_NEEDS_REVIEW");
  v1::RecordOrganizationLabelRequest label;
  label.set_name(firm_);
  label.mutable_label()->set_code("FAMILY_FRIENDLY");
  label.mutable_label()->set_valid_from("2023-03-14");
  EXPECT_EQ(
      Why(world_.Call<v1::Organization>("OrganizationService/RecordOrganizationLabel", label)),
      "CHANGE_NEEDS_REVIEW");
  EXPECT_EQ(Everything(), before);

  v1::RecordOrganizationFactsRequest same_region = ChangeWorld::Region(firm_, "26110");
  same_region.mutable_facts()->set_total_headcount(22);
  EXPECT_TRUE(Direct(same_region).ok()) << "only the region is sensitive";
  EXPECT_TRUE(changes_.SetPhone(person_, "010-0000-0001").ok()) << "nothing is changed";
}

TEST_F(ReviewedChanges, AreMadeByTheApprovalOfSomebodyElse) {
  ASSERT_TRUE(changes_.Guard({"person.phone"}).ok());
  const auto asked =
      changes_.Request(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->state(), v1::CHANGE_STATE_REQUESTED);
  EXPECT_EQ(asked->person(), person_);
  EXPECT_THAT(asked->fields(), ElementsAre("person.phone"));
  EXPECT_THAT(ValueLines(*asked), ElementsAre("person.phone: 010-0000-0001 > 010-0000-0002"));
  EXPECT_EQ(asked->requester(), "staff/manager");
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0001");
  EXPECT_EQ(changes_.Known(person_).etag(), "\"1\"") << "a wish changes nobody's version";

  const auto seen = changes_.GetChange(asked->name(), changes_.supervisor.get());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_THAT(ValueLines(*seen), ElementsAre("person.phone: 010-0000-0001 > 010-0000-0002"));
  const auto approved = changes_.Approve(asked->name());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->state(), v1::CHANGE_STATE_APPROVED);
  EXPECT_EQ(approved->decider(), "staff/supervisor");
  EXPECT_EQ(approved->applied_version(), 2);
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0002");
  EXPECT_THAT(world_.EventTypes(person_), ElementsAre("PersonRegistered", "PersonUpdated"));
  EXPECT_THAT(world_.EventTypes(asked->name()), ElementsAre("ChangeRequested", "ChangeApproved"));
  for (const Told& told : world_.Events(asked->name())) {
    EXPECT_THAT(told.payload, Not(HasSubstr("010-0000")));
  }
  EXPECT_EQ(Why(changes_.Approve(asked->name())), "CHANGE_DECIDED");
}

TEST_F(ReviewedChanges, OfOrganizationsFactsAndLabelsAreMadeToo) {
  ASSERT_TRUE(changes_
                  .Guard({"organization.business_registration_number", "organization.facts",
                          "organization.labels"})
                  .ok());
  const auto number = changes_.Request(ChangeWorld::Wish(ChangeWorld::Number(firm_, 7)));
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_EQ(number->organization(), firm_);
  EXPECT_THAT(ValueLines(*number),
              ElementsAre(absl::StrCat("organization.business_registration_number: ",
                                       BusinessNumber(1), " > ", BusinessNumber(7))));
  const auto region = changes_.Request(ChangeWorld::Wish(ChangeWorld::Region(firm_, "26140")));
  ASSERT_TRUE(region.ok()) << region.status();
  EXPECT_THAT(region->fields(), ElementsAre("organization.facts.region_code"));
  v1::RequestChangeRequest wish;
  wish.set_reason("as the certificate has it");
  wish.mutable_record_label()->set_name(firm_);
  wish.mutable_record_label()->mutable_label()->set_code("FAMILY_FRIENDLY");
  wish.mutable_record_label()->mutable_label()->set_valid_from("2023-03-14");
  const auto label = changes_.Request(wish);
  ASSERT_TRUE(label.ok()) << label.status();
  for (const std::string& name : {number->name(), region->name(), label->name()}) {
    const auto approved = changes_.Approve(name);
    EXPECT_TRUE(approved.ok()) << approved.status();
  }
  EXPECT_EQ(Firm().business_registration_number(), BusinessNumber(7));
  EXPECT_EQ(Firm().facts().region_code(), "26140");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_label WHERE code = 'FAMILY_FRIENDLY'"),
            "1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_claim WHERE value = '" +
                       world_.Ask("SELECT business_number FROM organization WHERE id = '" +
                                  IdOf(firm_) + "'") +
                       "'"),
            "1");
}

TEST_F(ReviewedChanges, AreNotDecidedByWhoAskedForThem) {
  const auto me = world_.PeerWith("manager");
  const std::string name =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  EXPECT_EQ(Why(changes_.Approve(name, me.get())), "CHANGE_BY_REQUESTER");
  EXPECT_EQ(Why(changes_.Reject(name, me.get())), "CHANGE_BY_REQUESTER");
  const std::string kim = world_.Person("김직원");
  changes_.Own("staff/manager", kim);
  changes_.Own("staff/supervisor", kim);
  EXPECT_EQ(Why(changes_.Approve(name)), "CHANGE_BY_REQUESTER") << "a second account of hers";
  EXPECT_EQ(Why(changes_.Withdraw(name, changes_.supervisor.get())), "CHANGE_NOT_YOURS");
  world_.Ask("UPDATE subject SET person_id = '" + IdOf(person_) +
             "' WHERE account = 'staff/supervisor'");
  EXPECT_EQ(Why(changes_.Approve(name)), "CHANGE_NOT_YOURS") << "it is about her";
  world_.Ask("UPDATE subject SET person_id = NULL, state = 2 WHERE account = 'staff/supervisor'");
  EXPECT_EQ(Why(changes_.Approve(name)), "SUBJECT_CLOSED");
  EXPECT_EQ(changes_.StateOf(name), v1::CHANGE_STATE_REQUESTED);
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0001");
}

TEST_F(ReviewedChanges, AreJudgedWhenAskedForAndWhenApproved) {
  const std::string before = Everything();
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(ChangeWorld::Phone(person_, "12")))),
            "PHONE_INVALID");
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0001")))),
            "CHANGE_EMPTY");
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(
                ChangeWorld::Phone("persons/" + base::Uuid::NewV7().ToString(), "010-0000-0002")))),
            "NOT_FOUND");
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(ChangeWorld::Region(firm_, "99999")))),
            "REGION_UNKNOWN");
  const std::string other = world_.Firm(2);
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(ChangeWorld::Number(firm_, 2)))),
            "BUSINESS_NUMBER_TAKEN");
  v1::UpdatePersonRequest stale = ChangeWorld::Phone(person_, "010-0000-0002");
  stale.mutable_person()->set_etag("\"7\"");
  EXPECT_EQ(Why(changes_.Request(ChangeWorld::Wish(stale))), "STALE_ETAG");
  v1::RequestChangeRequest wish = ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002"));
  wish.set_reason("the number is 010-1234-5678");
  EXPECT_EQ(Why(changes_.Request(wish)), "INVALID_FIELD");
  EXPECT_EQ(Why(changes_.Request(v1::RequestChangeRequest())), "INVALID_FIELD");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM change_request"), "0");

  const std::string name = changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Number(firm_, 8)));
  ASSERT_TRUE(Direct(ChangeWorld::Number(other, 8)).ok());
  EXPECT_EQ(Why(changes_.Approve(name)), "BUSINESS_NUMBER_TAKEN");
  EXPECT_EQ(changes_.StateOf(name), v1::CHANGE_STATE_REQUESTED) << "somebody may mend it";
  EXPECT_EQ(Firm().business_registration_number(), BusinessNumber(1));
}

TEST_F(ReviewedChanges, AreAnsweredAgainToARepeatedRequest) {
  v1::RequestChangeRequest wish = ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002"));
  wish.set_request_id(base::Uuid::NewV7().ToString());
  const auto once = changes_.Request(wish), again = changes_.Request(wish);
  ASSERT_TRUE(once.ok() && again.ok()) << again.status();
  EXPECT_EQ(once->name(), again->name());
  const std::string id = base::Uuid::NewV7().ToString();
  for (int turn = 0; turn < 2; ++turn) {
    const auto approved = changes_.Approve(once->name(), changes_.supervisor.get(), id);
    ASSERT_TRUE(approved.ok()) << approved.status();
    EXPECT_EQ(approved->applied_version(), 2);
  }
  EXPECT_THAT(world_.EventTypes(person_), ElementsAre("PersonRegistered", "PersonUpdated"));
}

TEST_F(ReviewedChanges, AreRehearsedWithoutEffect) {
  v1::RequestChangeRequest wish = ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002"));
  wish.set_validate_only(true);
  const std::string before = Everything();
  const auto rehearsed = changes_.Request(wish);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_THAT(ValueLines(*rehearsed), ElementsAre("person.phone: 010-0000-0001 > 010-0000-0002"));
  EXPECT_EQ(Everything(), before);
  wish.set_validate_only(false);
  const std::string name = changes_.Waiting(wish);
  v1::ApproveChangeRequest approve;
  approve.set_name(name);
  approve.set_validate_only(true);
  const auto approved =
      changes_.Door<v1::ChangeRequest>("ApproveChange", approve, changes_.supervisor.get());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->state(), v1::CHANGE_STATE_APPROVED);
  EXPECT_EQ(changes_.StateOf(name), v1::CHANGE_STATE_REQUESTED);
  EXPECT_EQ(changes_.Known(person_).phone(), "010-0000-0001");
}

// row:R21
TEST_F(ReviewedChanges, NameBothAccountsInTheHistory) {
  const std::string phone =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  const std::string number = changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Number(firm_, 7)));
  ASSERT_EQ(Why(changes_.Approve(phone)), "OK");
  ASSERT_EQ(Why(changes_.Approve(number)), "OK");
  v1::ListPersonChangesRequest of_person;
  of_person.set_parent(person_);
  const auto person =
      world_.Call<v1::ListPersonChangesResponse>("PersonService/ListPersonChanges", of_person);
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->changes(0).actor(), "staff/supervisor");
  EXPECT_EQ(person->changes(0).requester(), "staff/manager");
  EXPECT_EQ(person->changes(0).change_request(), phone);
  EXPECT_EQ(person->changes(1).requester(), "") << "it needed no review";
  EXPECT_THAT(Lines(person->changes(0)),
              ::testing::Contains("phone: 010-0000-0001 > 010-0000-0002"));
  v1::ListOrganizationChangesRequest of_firm;
  of_firm.set_parent(firm_);
  const auto firm = world_.Call<v1::ListOrganizationChangesResponse>(
      "OrganizationService/ListOrganizationChanges", of_firm);
  ASSERT_TRUE(firm.ok()) << firm.status();
  EXPECT_EQ(firm->changes(0).requester(), "staff/manager");
  EXPECT_EQ(firm->changes(0).actor(), "staff/supervisor");
  EXPECT_EQ(firm->changes(0).change_request(), number);
}

TEST_F(ReviewedChanges, AreSealedAndLogged) {
  const std::string name =
      changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person_, "010-0000-0002")));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM change_request c WHERE c::text LIKE '%0000-000%' OR "
                       "position('0000-0002'::bytea in c.after_box) > 0"),
            "0");
  ASSERT_EQ(Why(changes_.GetChange(name, changes_.supervisor.get())), "OK");
  EXPECT_EQ(world_.Ask("SELECT account || ' ' || method FROM access_log WHERE method LIKE "
                       "'%GetChangeRequest' ORDER BY recorded_at DESC LIMIT 1"),
            "staff/supervisor ieum.registry.v1.ChangeService/GetChangeRequest");
}

}  // namespace
}  // namespace ieum::registry
