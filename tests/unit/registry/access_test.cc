// Goal: an account and its grants end once, and are named as the contract says.
#include "services/registry/access/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

const base::Uuid kId = *base::Uuid::Parse("0190b0c0-0000-7000-8000-00000000000a");
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

TEST(SubjectGrant, EndsOnce) {
  SubjectGrant grant;
  ASSERT_TRUE(EndGrant({v1::GRANT_END_REVOKED, "staff/lee", "other tasks", kNow}, &grant).ok());
  EXPECT_EQ(grant.ended_at, kNow);
  EXPECT_EQ(grant.ender, "staff/lee");
  const absl::Status again =
      EndGrant({v1::GRANT_END_EXPIRED, "", "", kNow + absl::Hours(1)}, &grant);
  EXPECT_EQ(base::ReasonOf(again), "GRANT_ENDED");
  EXPECT_EQ(grant.end, v1::GRANT_END_REVOKED) << "as it was";
}

TEST(Subject, IsOpenOrClosed) {
  Subject subject;
  EXPECT_TRUE(RequireOpen(subject).ok());
  EXPECT_EQ(base::ReasonOf(RequireClosed(subject)), "SUBJECT_OPEN");
  subject.state = v1::SUBJECT_STATE_CLOSED;
  EXPECT_TRUE(RequireClosed(subject).ok());
  EXPECT_EQ(base::ReasonOf(RequireOpen(subject)), "SUBJECT_CLOSED");
}

TEST(Centre, IsAnOrganizationOrEverywhere) {
  EXPECT_EQ(CentreOf(CentreName(kId), "centre").value(), kId);
  EXPECT_EQ(CentreOf(CentreName(std::nullopt), "centre").value(), std::nullopt);
  for (const char* name : {"", "organizations/", "organizations/-", "persons/*", "**"}) {
    const auto refused = CentreOf(name, "centre");
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_THAT(base::FieldsOf(refused.status()), ElementsAre("centre"));
  }
  EXPECT_EQ(GrantName(kId, kId),
            "subjects/0190b0c0-0000-7000-8000-00000000000a/grants/"
            "0190b0c0-0000-7000-8000-00000000000a");
}

}  // namespace
}  // namespace ieum::registry
