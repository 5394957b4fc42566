// Goal: what stands in the way of an erasure, for which reason. row:R25
#include "services/registry/erasures/erasure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ErasureObstacles, DependOnWhoWantsIt) {
  const Obstacles all{true, true, true}, contact{false, false, true};
  EXPECT_THAT(ObstaclesFor(v1::ERASURE_REASON_RETENTION, all),
              ElementsAre(v1::ERASURE_OBSTACLE_LEGAL_HOLD, v1::ERASURE_OBSTACLE_OPEN_ENROLMENT,
                          v1::ERASURE_OBSTACLE_CONTACT_OF_OPEN_ENROLMENT));
  for (const auto reason : {v1::ERASURE_REASON_REQUEST, v1::ERASURE_REASON_CONSENT_WITHDRAWN,
                            v1::ERASURE_REASON_RESTORED, v1::ERASURE_REASON_ENTERED_IN_ERROR}) {
    EXPECT_THAT(ObstaclesFor(reason, all),
                ElementsAre(v1::ERASURE_OBSTACLE_LEGAL_HOLD, v1::ERASURE_OBSTACLE_OPEN_ENROLMENT));
    EXPECT_THAT(ObstaclesFor(reason, contact), IsEmpty());
    EXPECT_THAT(ObstaclesFor(reason, {}), IsEmpty());
  }
}

TEST(ErasureObstacles, AreRefusedByTheFirstOne) {
  const base::Uuid person = base::Uuid::NewV7();
  EXPECT_TRUE(RequireNone({}, person).ok());
  EXPECT_EQ(base::ReasonOf(RequireNone(
                {v1::ERASURE_OBSTACLE_LEGAL_HOLD, v1::ERASURE_OBSTACLE_OPEN_ENROLMENT}, person)),
            "LEGAL_HOLD");
  EXPECT_EQ(base::ReasonOf(RequireNone({v1::ERASURE_OBSTACLE_OPEN_ENROLMENT}, person)),
            "PERSON_IN_USE");
}

TEST(ErasureProof, SaysWhichServicesAreMissing) {
  EXPECT_THAT(Missing({}), ElementsAre("registry", "casemgmt", "reporting", "notify"));
  EXPECT_THAT(Missing({{.service = "registry"}, {.service = "notify"}}),
              ElementsAre("casemgmt", "reporting"));
}

TEST(LegalHold, IsReleasedOnce) {
  LegalHold hold;
  EXPECT_TRUE(Release(&hold, "끝남", "staff/kim", absl::UnixEpoch()).ok());
  EXPECT_EQ(base::ReasonOf(Release(&hold, "끝남", "staff/lee", absl::UnixEpoch())),
            "HOLD_RELEASED");
  EXPECT_EQ(hold.releaser, "staff/kim");
}

}  // namespace
}  // namespace ieum::registry
