// Goal: two enrolments of one person in one campaign become one by rule, its seat is given back in
// the same transaction, and all of that is taken back. Method: over gRPC, with campaigns of few
// seats. row:R5 row:R6
#include <gmock/gmock.h>

#include "tests/integration/registry/merge_world.h"

namespace ieum::registry {
namespace {

class MergedEnrolments : public ::testing::Test {
 protected:
  std::string Campaign(int seats) {
    return world_.OpenCampaign([&](v1::Campaign* campaign) { campaign->set_capacity(seats); });
  }
  std::string Enrol(const std::string& campaign, const std::string& person) {
    const auto enrolment = merges_.Enrol(campaign, person);
    EXPECT_TRUE(enrolment.ok()) << enrolment.status();
    return enrolment.ok() ? enrolment->name() : "";
  }
  v1::EnrolmentState StateOf(const std::string& name) { return world_.GetEnrolment(name)->state(); }
  void Activate(const std::string& name) {
    v1::ActivateEnrolmentRequest request;
    request.set_name(name);
    EXPECT_TRUE(world_.Call<v1::Enrolment>("EnrolmentService/ActivateEnrolment", request).ok());
  }

  MergeWorld merges_;
  World& world_ = merges_.world;
  const std::string survivor_ = merges_.Register("김하나", "010-0000-0001");
  const std::string duplicate_ = merges_.Register("김 하나", "010-0000-0002");
};

TEST_F(MergedEnrolments, LetTheOneCountThatAskedFirst) {
  const std::string campaign = Campaign(5);
  const std::string later = Enrol(campaign, duplicate_), first = later;
  const std::string own = Enrol(campaign, survivor_);
  const auto before = merges_.Rows();
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(StateOf(first), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetEnrolment(first)->person(), survivor_);
  const auto given_up = world_.GetEnrolment(own);
  EXPECT_EQ(given_up->state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_EQ(given_up->transitions().rbegin()->withdrawal_reason(), v1::WITHDRAWAL_REASON_MERGED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
  ASSERT_TRUE(merges_.Undo(merged->name()).ok());
  EXPECT_EQ(merges_.Rows(), before);
  EXPECT_EQ(world_.EventTypes(own).back(), "EnrolmentReinstated");
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 2);
}

TEST_F(MergedEnrolments, LetTheOneCountThatIsFurtherOn) {
  const std::string campaign = Campaign(5);
  const std::string earlier = Enrol(campaign, duplicate_), active = Enrol(campaign, survivor_);
  Activate(active);
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  EXPECT_EQ(StateOf(active), v1::ENROLMENT_STATE_ACTIVE);
  EXPECT_EQ(StateOf(earlier), v1::ENROLMENT_STATE_WITHDRAWN);
}

TEST_F(MergedEnrolments, GiveTheSeatToTheNextAndAreUndoneWhenThereIsOneAgain) {
  const std::string campaign = Campaign(2);
  Enrol(campaign, duplicate_);
  const std::string own = Enrol(campaign, survivor_);
  const std::string waiting = Enrol(campaign, merges_.Register("이둘"));
  ASSERT_EQ(StateOf(waiting), v1::ENROLMENT_STATE_WAITING);
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(StateOf(waiting), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(Why(merges_.Undo(merged->name())), "MERGE_SEAT_TAKEN");
  v1::UpdateCampaignRequest more;
  more.mutable_campaign()->set_name(campaign);
  more.mutable_campaign()->set_capacity(3);
  more.mutable_update_mask()->add_paths("capacity");
  ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", more).ok());
  const auto undone = merges_.Undo(merged->name());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(StateOf(own), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 3);
}

TEST_F(MergedEnrolments, AreTakenUpAgainWhenSheHasNoOtherOneInTheCampaign) {
  const std::string campaign = Campaign(5);
  const std::string first = Enrol(campaign, duplicate_), own = Enrol(campaign, survivor_);
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  const auto withdraw = [&](const std::string& name) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    const auto gone = world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
    EXPECT_TRUE(gone.ok()) << gone.status();
  };
  withdraw(first);
  const std::string since = Enrol(campaign, survivor_);
  const auto refused = merges_.Undo(merged->name());
  EXPECT_EQ(Why(refused), "ENROLMENT_STATE");
  EXPECT_THAT(refused.status().message(), ::testing::HasSubstr("again since the merge"));
  withdraw(since);
  const auto undone = merges_.Undo(merged->name());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(StateOf(own), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetEnrolment(first)->person(), duplicate_);
  EXPECT_EQ(StateOf(first), v1::ENROLMENT_STATE_WITHDRAWN);
}

TEST_F(MergedEnrolments, OfFirmsWithOneContactStandBoth) {
  const std::string campaign = Campaign(5);
  std::vector<std::string> names;
  for (const auto& [firm, contact] : {std::pair(1, survivor_), std::pair(2, duplicate_)}) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    request.mutable_enrolment()->set_organization(world_.Firm(firm));
    request.mutable_enrolment()->set_contact_person(contact);
    names.push_back(
        world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request)->name());
  }
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  for (const std::string& name : names) {
    EXPECT_EQ(StateOf(name), v1::ENROLMENT_STATE_CONFIRMED);
    EXPECT_EQ(world_.GetEnrolment(name)->contact_person(), survivor_);
  }
}

// Both records worked somewhere on the day on which she asked: who began last counts, and each is
// again what it was. row:R10
TEST_F(MergedEnrolments, CountForWhomTheSurvivorWorked) {
  const std::string first = world_.Firm(1), second = world_.Firm(2), third = world_.Firm(3);
  ASSERT_TRUE(merges_.Employ(survivor_, first, "2023-01-02").ok());
  ASSERT_TRUE(merges_.Employ(duplicate_, second, "2023-03-01").ok());
  const std::string own = Enrol(Campaign(5), survivor_), hers = Enrol(Campaign(5), duplicate_);
  EXPECT_EQ(world_.GetEnrolment(own)->employer(), first);
  const auto before = merges_.Rows();
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(world_.GetEnrolment(own)->employer(), second) << "she began there last";
  EXPECT_EQ(world_.GetEnrolment(hers)->employer(), second);
  EXPECT_EQ(world_.EventTypes(own).back(), "EnrolmentEmployerCorrected");
  EXPECT_NE(world_.EventTypes(hers).back(), "EnrolmentEmployerCorrected");
  EXPECT_EQ(Why(merges_.Employ(survivor_, third, "2023-04-01")), "EMPLOYMENT_OVERLAP");

  const auto undone = merges_.Undo(merged->name());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(merges_.Rows(), before);
  EXPECT_EQ(world_.GetEnrolment(own)->employer(), first);
  const auto corrected = world_.Events(own).back().As<v1::EnrolmentEmployerCorrected>();
  EXPECT_EQ(corrected.previous_employer_id(), IdOf(second));
  EXPECT_EQ(corrected.enrolment().employer_id(), IdOf(first));
}

TEST_F(MergedEnrolments, GetAnEmployerThatTheOtherRecordKnew) {
  const std::string firm = world_.Firm(1);
  ASSERT_TRUE(merges_.Employ(duplicate_, firm, "2023-01-02").ok());
  const std::string own = Enrol(Campaign(5), survivor_);
  ASSERT_EQ(world_.GetEnrolment(own)->employer(), "");
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  EXPECT_EQ(world_.GetEnrolment(own)->employer(), firm);
}

// What overlaps after a merge may become shorter, and never longer.
TEST_F(MergedEnrolments, LetAnOverlapBePutRight) {
  const std::string first = world_.Firm(1), second = world_.Firm(2);
  const auto earlier = merges_.Employ(survivor_, first, "2023-01-02");
  ASSERT_TRUE(merges_.Employ(duplicate_, second, "2023-03-01").ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  const auto correct = [&](const std::string& from, const std::string& to) {
    v1::CorrectAffiliationRequest request;
    request.set_name(earlier->name());
    request.set_start_date(from);
    request.set_end_date(to);
    return Why(world_.Call<v1::Affiliation>("PersonService/CorrectAffiliation", request));
  };
  EXPECT_EQ(correct("2022-12-01", ""), "EMPLOYMENT_OVERLAP");
  EXPECT_EQ(correct("2023-01-02", "2023-03-15"), "OK") << "shorter, though they still overlap";
  EXPECT_EQ(correct("2023-01-02", "2023-02-28"), "OK");
}

TEST_F(MergedEnrolments, AreNoReasonThatSomebodyGives) {
  const std::string enrolment = Enrol(Campaign(1), survivor_);
  v1::WithdrawEnrolmentRequest request;
  request.set_name(enrolment);
  request.set_reason(v1::WITHDRAWAL_REASON_MERGED);
  EXPECT_EQ(Why(world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request)),
            "INVALID_FIELD");
}

}  // namespace
}  // namespace ieum::registry
