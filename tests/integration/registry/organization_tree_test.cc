// Goal: firms and centres stand in a tree that no race can bend, and whoever decides by it hears of
// every move. Method: commands over gRPC, moves at the same moment. row:R9 row:R11
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ieum::testing::kCentreA;
using ::testing::ElementsAre;

class OrganizationTree : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Create(v1::OrganizationKind kind, const std::string& parent = "",
                                          rpc::Peer* as = nullptr) {
    v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(kind);
    request.mutable_organization()->set_display_name("동백");
    request.mutable_organization()->set_business_registration_number(BusinessNumber(++number_));
    request.mutable_organization()->set_parent(parent);
    return world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request, as);
  }
  std::string Centre(const std::string& parent = "") {
    const auto made = Create(v1::ORGANIZATION_KIND_CENTRE, parent);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->name() : "";
  }
  absl::StatusOr<v1::Organization> Move(const std::string& name, const std::string& parent,
                                        rpc::Peer* as = nullptr) {
    v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(name);
    request.mutable_organization()->set_parent(parent);
    request.mutable_update_mask()->add_paths("parent");
    return world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", request, as);
  }
  // In the book that services decide by.
  std::string ParentInBook(const std::string& name) {
    return world_.Ask(
        absl::StrCat("SELECT coalesce(max(parent_id::text), '-') FROM access_centre "
                     "WHERE id = '",
                     IdOf(name), "'"));
  }

  World world_;
  int number_ = 0;
};

TEST_F(OrganizationTree, ShowsWorkplacesUnderTheirFirm) {
  const auto firm = Create(v1::ORGANIZATION_KIND_FIRM);
  const auto workplace = Create(v1::ORGANIZATION_KIND_FIRM, firm->name());
  ASSERT_TRUE(workplace.ok()) << workplace.status();
  EXPECT_EQ(workplace->parent(), firm->name());
  v1::ListOrganizationsRequest list;
  list.set_filter(absl::StrCat("parent = \"", firm->name(), "\""));
  const auto found =
      world_.Call<v1::ListOrganizationsResponse>("OrganizationService/ListOrganizations", list);
  ASSERT_EQ(found->organizations_size(), 1);
  EXPECT_EQ(found->organizations(0).name(), workplace->name());
  EXPECT_THAT(world_.EventTypes(workplace->name()), ElementsAre("OrganizationRegistered"));
  EXPECT_EQ(world_.Events(workplace->name())[0].As<v1::OrganizationRegistered>().parent_id(),
            IdOf(firm->name()));
}

TEST_F(OrganizationTree, TellsWhereACentreStandsAndWritesItIntoTheBook) {
  const std::string lead = Centre(), sister = Centre(lead);
  EXPECT_THAT(world_.EventTypes(sister), ElementsAre("CentrePlaced", "OrganizationRegistered"));
  EXPECT_EQ(ParentInBook(sister), IdOf(lead));
  const auto out = Move(sister, "");
  ASSERT_TRUE(out.ok()) << out.status();
  EXPECT_EQ(out->etag(), "\"4\"");
  EXPECT_EQ(ParentInBook(sister), "-");
  v1::UpdateOrganizationRequest rehearsal;
  rehearsal.set_validate_only(true);
  rehearsal.mutable_organization()->set_name(sister);
  rehearsal.mutable_organization()->set_parent(lead);
  rehearsal.mutable_update_mask()->add_paths("parent");
  EXPECT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", rehearsal).ok());
  EXPECT_EQ(ParentInBook(sister), "-");
  const auto event = world_.Events(sister)[2].As<v1::CentrePlaced>();
  EXPECT_EQ(event.organization_id(), IdOf(sister));
  EXPECT_EQ(event.parent_id(), "");
  EXPECT_EQ(Move(sister, "")->etag(), "\"4\"") << "nothing changed";
  v1::GetOrganizationRequest then;
  then.set_name(sister);
  *then.mutable_read_time() = out->update_time();
  EXPECT_EQ(world_.Call<v1::Organization>("OrganizationService/GetOrganization", then)->etag(),
            "\"4\"");
}

TEST_F(OrganizationTree, RefusesWhatIsNoTree) {
  const std::string one = Centre(), two = Centre(one), three = Centre(two), four = Centre(three);
  const auto refusal = [](const absl::StatusOr<v1::Organization>& answer) {
    return base::ReasonOf(answer.status());
  };
  EXPECT_EQ(refusal(Create(v1::ORGANIZATION_KIND_CENTRE, four)), "PARENT_TOO_DEEP");
  EXPECT_EQ(refusal(Move(one, four)), "PARENT_LOOP");
  EXPECT_EQ(refusal(Move(one, one)), "PARENT_LOOP");
  const std::string five = Centre();
  EXPECT_EQ(refusal(Move(three, Centre(five))), "");  // five, another, three, four
  EXPECT_EQ(refusal(Move(five, two)), "PARENT_TOO_DEEP");
  EXPECT_EQ(refusal(Create(v1::ORGANIZATION_KIND_FIRM, one)), "ORGANIZATION_KIND");
  EXPECT_EQ(refusal(Create(v1::ORGANIZATION_KIND_CENTRE,
                           "organizations/" + base::Uuid::NewV7().ToString())),
            "PARENT_UNKNOWN");
}

// Who could put a centre below his own would see all that is another's. row:R23
TEST_F(OrganizationTree, IsNotBentByTheStaffOfOneCentre) {
  v1::CreateOrganizationRequest own;
  own.set_organization_id(kCentreA);
  own.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_CENTRE);
  own.mutable_organization()->set_display_name("A");
  own.mutable_organization()->set_business_registration_number(BusinessNumber(90));
  ASSERT_TRUE(world_.Call<v1::Organization>("OrganizationService/CreateOrganization", own).ok());
  const std::string a = absl::StrCat("organizations/", kCentreA), other = Centre();
  const auto staff = world_.PeerWith("centre-a");
  EXPECT_EQ(base::ReasonOf(Move(other, a, staff.get()).status()), "PERMISSION_DENIED");
  EXPECT_EQ(base::ReasonOf(Move(a, other, staff.get()).status()), "PERMISSION_DENIED");
  EXPECT_EQ(base::ReasonOf(Create(v1::ORGANIZATION_KIND_CENTRE, a, staff.get()).status()),
            "PERMISSION_DENIED");
  EXPECT_EQ(ParentInBook(other), "-");
  const auto firm = Create(v1::ORGANIZATION_KIND_FIRM, "", staff.get());
  EXPECT_TRUE(Create(v1::ORGANIZATION_KIND_FIRM, firm->name(), staff.get()).ok());
}

TEST_F(OrganizationTree, NeverBecomesALoopByMovesAtTheSameMoment) {
  constexpr int kRounds = 6;
  for (int round = 0; round < kRounds; ++round) {
    const std::string a = Centre(), b = Centre(), c = Centre();
    const std::pair<std::string, std::string> moves[] = {{a, b}, {b, c}, {c, a}};
    std::barrier start(3);
    std::vector<std::thread> callers;
    std::atomic<int> done = 0;
    for (const auto& [from, to] : moves) {
      callers.emplace_back([&, from = from, to = to] {
        start.arrive_and_wait();
        const auto moved = Move(from, to);
        if (moved.ok()) ++done;
        EXPECT_THAT(base::ReasonOf(moved.status()), ::testing::AnyOf("", "PARENT_LOOP"));
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(done, 2);
  }
}

}  // namespace
}  // namespace ieum::registry
