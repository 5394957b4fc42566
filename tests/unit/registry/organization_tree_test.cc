// Goal: a firm's workplaces and a lead centre's centres form a tree, of one kind and not too deep.
// Method: the rule over made-up places. row:R9 row:R11
#include "services/registry/organizations/organization_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

using base::Uuid;
using ::testing::ElementsAre;

Organization Body(v1::OrganizationKind kind) {
  Organization organization;
  organization.id = Uuid::NewV7();
  organization.kind = kind;
  return organization;
}

// Below a parent of the same kind that has `above` others above it.
Place Under(const Organization& parent, int above = 0, int levels = 1) {
  Place place{.parent = parent, .above = {parent.id}, .levels = levels};
  for (int n = 0; n < above; ++n) place.above.push_back(Uuid::NewV7());
  return place;
}

std::string Refusal(const Organization& organization, const Place& place) {
  return base::ReasonOf(CheckPlace(organization, place, "organization.parent"));
}

TEST(Tree, TakesWorkplacesBelowFirmsAndCentresBelowCentres) {
  for (const auto kind : {v1::ORGANIZATION_KIND_FIRM, v1::ORGANIZATION_KIND_CENTRE}) {
    EXPECT_EQ(Refusal(Body(kind), Under(Body(kind))), "");
  }
}

TEST(Tree, RefusesOtherKindsAndMixedOnes) {
  const std::vector<v1::OrganizationKind> kinds = {
      v1::ORGANIZATION_KIND_FIRM, v1::ORGANIZATION_KIND_CENTRE, v1::ORGANIZATION_KIND_COUNCIL_BODY,
      v1::ORGANIZATION_KIND_AGENCY};
  for (const auto lower : kinds) {
    for (const auto upper : kinds) {
      const bool right = lower == upper && (lower == v1::ORGANIZATION_KIND_FIRM ||
                                            lower == v1::ORGANIZATION_KIND_CENTRE);
      EXPECT_EQ(Refusal(Body(lower), Under(Body(upper))), right ? "" : "ORGANIZATION_KIND")
          << lower << " below " << upper;
    }
  }
}

TEST(Tree, RefusesAParentThatIsNotThereOrNotActive) {
  const Organization firm = Body(v1::ORGANIZATION_KIND_FIRM);
  EXPECT_EQ(Refusal(firm, Place()), "PARENT_UNKNOWN");
  Organization closed = Body(v1::ORGANIZATION_KIND_FIRM);
  closed.state = v1::ORGANIZATION_STATE_INACTIVE;
  EXPECT_EQ(Refusal(firm, Under(closed)), "PARENT_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(CheckPlace(firm, Place(), "organization.parent")),
              ElementsAre("organization.parent"));
}

TEST(Tree, RefusesToStandAboveItself) {
  const Organization firm = Body(v1::ORGANIZATION_KIND_FIRM);
  EXPECT_EQ(Refusal(firm, Under(firm)), "PARENT_LOOP");
  Place below = Under(Body(v1::ORGANIZATION_KIND_FIRM));
  below.above.push_back(firm.id);
  EXPECT_EQ(Refusal(firm, below), "PARENT_LOOP");
}

TEST(Tree, HasAtMostFourLevels) {
  const Organization firm = Body(v1::ORGANIZATION_KIND_FIRM);
  const Organization parent = Body(v1::ORGANIZATION_KIND_FIRM);
  for (int above = 0; above < 5; ++above) {
    for (int levels = 1; levels < 5; ++levels) {
      const bool fits = 1 + above + levels <= 4;
      EXPECT_EQ(Refusal(firm, Under(parent, above, levels)), fits ? "" : "PARENT_TOO_DEEP")
          << above << " above, " << levels << " levels";
    }
  }
}

// row:R23
TEST(Tree, OfCentresIsChangedForTheWholeSuiteOnly) {
  const base::Scope one = base::Scope::Of({Uuid::NewV7().ToString()});
  const auto may = [](const base::Scope& scope, v1::OrganizationKind kind) {
    return RequireMayPlace(scope, Body(kind)).ok();
  };
  EXPECT_TRUE(may(one, v1::ORGANIZATION_KIND_FIRM));
  EXPECT_FALSE(may(one, v1::ORGANIZATION_KIND_CENTRE));
  EXPECT_TRUE(may(base::Scope::Everywhere(), v1::ORGANIZATION_KIND_CENTRE));
}

}  // namespace
}  // namespace ieum::registry
