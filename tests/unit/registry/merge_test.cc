// Goal: what a merge decides by itself: which values are taken, which of two enrolments counts,
// which of two words on one matter does. Method: tables. row:R4 row:R5
#include "services/registry/merges/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/registry/consents/consent.h"
#include "services/registry/merges/merge_rules.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Person Of(const std::string& name, const std::string& phone, int year = 0) {
  v1::Person person;
  person.set_full_name(name);
  person.set_phone(phone);
  person.set_birth_year(year);
  return person;
}

TEST(Merge, TakesWhatIsAskedForAndNothingElse) {
  v1::Person survivor = Of("김하나", "010-0000-0001", 1984);
  Take({"phone", "birth_year"}, Of("김 하나", "010-0000-0002"), &survivor);
  EXPECT_EQ(survivor.full_name(), "김하나");
  EXPECT_EQ(survivor.phone(), "010-0000-0002");
  EXPECT_EQ(survivor.birth_year(), 0) << "what the other does not have is taken, too";
}

TEST(Merge, KnowsWhatIsStillTaken) {
  const v1::Person duplicate = Of("김 하나", "010-0000-0002", 1985);
  v1::Person survivor = Of("김하나", "010-0000-0002", 1985);
  EXPECT_THAT(StillTaken({"phone", "birth_year"}, survivor, duplicate),
              ElementsAre("phone", "birth_year"));
  survivor.set_phone("010-0000-0003");
  EXPECT_THAT(StillTaken({"phone", "birth_year"}, survivor, duplicate), ElementsAre("birth_year"));
  EXPECT_THAT(StillTaken({}, survivor, duplicate), IsEmpty());
}

TEST(Merge, RefusesFieldsThatAreNotToBeTaken) {
  EXPECT_TRUE(CheckTakenFields({"full_name", "email"}).ok());
  for (const std::vector<std::string>& fields :
       {std::vector<std::string>{"name"}, {"centre"}, {"email", "email"}, {"full_name,email"}}) {
    EXPECT_EQ(base::ReasonOf(CheckTakenFields(fields)), "INVALID_FIELD");
  }
}

TEST(Merge, IsUndoneOnce) {
  PersonMerge merge;
  EXPECT_TRUE(Undo(&merge, "staff/kim", "sisters", absl::UnixEpoch()).ok());
  EXPECT_EQ(base::ReasonOf(Undo(&merge, "staff/kim", "sisters", absl::UnixEpoch())),
            "MERGE_UNDONE");
}

Enrolment At(v1::EnrolmentState state, int day, int64_t line) {
  Enrolment enrolment;
  enrolment.line = line;
  enrolment.applied_date = absl::CivilDay(2023, 5, day);
  EnrolmentStep step;
  step.state = state;
  enrolment.steps = {step};
  return enrolment;
}

TEST(Merge, LetsTheEnrolmentCountThatIsFurtherOnAndThenTheOneThatAskedFirst) {
  const std::vector<v1::EnrolmentState> cycle = {
      v1::ENROLMENT_STATE_APPLIED,   v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_OFFERED,
      v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE,  v1::ENROLMENT_STATE_COMPLETED};
  for (size_t far = 0; far < cycle.size(); ++far) {
    for (size_t near = 0; near < far; ++near) {
      EXPECT_TRUE(Outranks(At(cycle[far], 9, 9), At(cycle[near], 1, 1)));
      EXPECT_FALSE(Outranks(At(cycle[near], 1, 1), At(cycle[far], 9, 9)));
    }
    EXPECT_TRUE(Outranks(At(cycle[far], 1, 9), At(cycle[far], 2, 1)));
    EXPECT_TRUE(Outranks(At(cycle[far], 1, 1), At(cycle[far], 1, 2)));
    EXPECT_FALSE(Outranks(At(cycle[far], 1, 2), At(cycle[far], 1, 1)));
    EXPECT_TRUE(ExcludeEachOther(At(cycle[far], 1, 1), At(cycle[0], 1, 2)));
  }
  for (const auto ended : {v1::ENROLMENT_STATE_DENIED, v1::ENROLMENT_STATE_WITHDRAWN}) {
    EXPECT_FALSE(ExcludeEachOther(At(ended, 1, 1), At(cycle[0], 1, 2)));
  }
}

ConsentHead Said(v1::ConsentState state, int hour, int expires = 0) {
  ConsentHead head;
  head.state = state;
  head.decided_at = absl::UnixEpoch() + absl::Hours(hour);
  if (expires > 0) head.expires_at = absl::UnixEpoch() + absl::Hours(expires);
  return head;
}

// law:L11
TEST(Merge, LetsTheLastWordCountAndOfTwoAtOnceTheOneThatRefuses) {
  constexpr auto kGiven = v1::CONSENT_STATE_GIVEN, kRefused = v1::CONSENT_STATE_REFUSED,
                 kWithdrawn = v1::CONSENT_STATE_WITHDRAWN, kExpired = v1::CONSENT_STATE_EXPIRED;
  const struct {
    ConsentHead counts, other;
    const char* why;
  } rows[] = {
      {Said(kWithdrawn, 2), Said(kGiven, 1), "a withdrawal takes back what was given before"},
      {Said(kGiven, 2), Said(kWithdrawn, 1), "a later consent of the same person stands"},
      {Said(kRefused, 2), Said(kGiven, 1), "so does a later refusal"},
      {Said(kWithdrawn, 1), Said(kGiven, 1), "of two at once the one that refuses"},
      {Said(kWithdrawn, 1), Said(kRefused, 1), "and of two that refuse the stronger one"},
      {Said(kRefused, 1), Said(kExpired, 1), "what she said before what only ended"},
      {Said(kExpired, 5), Said(kGiven, 4), "what ended after it was given ended it"},
      {Said(kGiven, 1, 5), Said(kGiven, 4), "written down or not"},
      {Said(kGiven, 6), Said(kGiven, 1, 5), "but not what was given after that"},
      {Said(kGiven, 4), Said(kGiven, 1, 50), "an end that has not come is none"}};
  const absl::Time now = absl::UnixEpoch() + absl::Hours(10);
  for (const auto& row : rows) {
    EXPECT_TRUE(CountsOver(row.counts, row.other, now)) << row.why;
    EXPECT_FALSE(CountsOver(row.other, row.counts, now)) << row.why;
  }
}

TEST(Merge, SaysOfEveryPlaceWhatIsDoneAndWhy) {
  for (const MergePlace& place : MergePlaces()) {
    EXPECT_NE(place.rule, v1::MERGE_RULE_UNSPECIFIED) << place.table;
    EXPECT_STRNE(place.why, "") << place.table;
  }
}

}  // namespace
}  // namespace ieum::registry
