// Goal: an organization is registered once, changed by those who know its present state, and found
// again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::CreateOrganizationRequest CreateRequest(const std::string& number = "999-86-00010") {
  v1::CreateOrganizationRequest request;
  v1::Organization& firm = *request.mutable_organization();
  firm.set_kind(v1::ORGANIZATION_KIND_FIRM);
  firm.set_display_name("동백어묵식품(주)");
  firm.set_business_registration_number(number);
  return request;
}

class Organizations : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Create(const v1::CreateOrganizationRequest& request) {
    return world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request);
  }
  absl::StatusOr<v1::Organization> Update(const v1::UpdateOrganizationRequest& request) {
    return world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", request);
  }
  absl::StatusOr<v1::Organization> Get(const std::string& name) {
    v1::GetOrganizationRequest request;
    request.set_name(name);
    return world_.Call<v1::Organization>("OrganizationService/GetOrganization", request);
  }
  std::vector<std::string> List(const std::string& filter, bool show_deactivated = false) {
    v1::ListOrganizationsRequest request;
    request.set_filter(filter);
    request.set_order_by("external_code");
    request.set_show_deactivated(show_deactivated);
    const auto page = world_.Call<v1::ListOrganizationsResponse>(
        "OrganizationService/ListOrganizations", request);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> codes;
    if (!page.ok()) return codes;
    for (const auto& found : page->organizations()) codes.push_back(found.external_code());
    return codes;
  }
  void Deactivate(const std::string& name) {
    v1::DeactivateOrganizationRequest request;
    request.set_name(name);
    request.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
    const auto done =
        world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", request);
    EXPECT_TRUE(done.ok()) << done.status();
  }

  World world_;
};

TEST_F(Organizations, AreRegisteredWithANumberAsPeopleWriteIt) {
  v1::CreateOrganizationRequest request = CreateRequest("９９９ 86-00010");
  request.mutable_organization()->set_external_code("G001");
  const auto firm = Create(request);
  ASSERT_TRUE(firm.ok()) << firm.status();
  EXPECT_EQ(firm->business_registration_number(), "999-86-00010");
  EXPECT_EQ(firm->state(), v1::ORGANIZATION_STATE_ACTIVE);
  EXPECT_EQ(firm->etag(), "\"1\"");
  EXPECT_FALSE(firm->has_facts());
  const auto events = world_.Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, "OrganizationRegistered");
  EXPECT_EQ(events[0].subject, firm->name());
  const auto event = events[0].As<v1::OrganizationRegistered>();
  EXPECT_EQ(event.organization_id(), IdOf(firm->name()));
  EXPECT_EQ(event.business_registration_number(), "9998600010");
  EXPECT_EQ(event.external_code(), "G001");
  EXPECT_EQ(event.event_date(), "2023-05-02");
  // row:R28
  EXPECT_THAT(events[0].payload, Not(HasSubstr("동백어묵식품")));
}

TEST_F(Organizations, RefuseABadNumberAndLeaveNothing) {
  EXPECT_EQ(base::ReasonOf(Create(CreateRequest("999-81-00016")).status()),
            "BUSINESS_NUMBER_CHECKSUM");
  EXPECT_EQ(base::ReasonOf(Create(CreateRequest("000-00-00000")).status()),
            "BUSINESS_NUMBER_FORMAT");
  EXPECT_EQ(world_.Ask("SELECT (SELECT count(*) FROM organization) + "
                       "(SELECT count(*) FROM organization_claim) + "
                       "(SELECT count(*) FROM aggregate) + (SELECT count(*) FROM event_log) + "
                       "(SELECT count(*) FROM command_dedup)"),
            "0");
}

TEST_F(Organizations, TellAllBadFieldsAtOnce) {
  v1::CreateOrganizationRequest request = CreateRequest("999-81-00016");
  request.mutable_organization()->set_display_name(" ");
  request.mutable_facts()->set_valid_from("2023-01-01");
  request.mutable_facts()->set_region_code("26999");
  request.mutable_facts()->set_ksic_code("04100");
  EXPECT_THAT(base::FieldsOf(Create(request).status()),
              ElementsAre("organization.display_name", "organization.business_registration_number",
                          "facts.ksic_code", "facts.region_code"));
}

// law:L10
TEST_F(Organizations, RefuseAResidentNumberInAnyTextWithoutEchoingIt) {
  v1::CreateOrganizationRequest request = CreateRequest();
  request.mutable_organization()->set_display_name("대표 900101-1234567");
  const absl::Status refusal = Create(request).status();
  EXPECT_EQ(base::ReasonOf(refusal), "RESIDENT_NUMBER");
  EXPECT_THAT(base::FieldsOf(refusal), ElementsAre("organization.display_name"));
  EXPECT_THAT(std::string(refusal.message()), Not(HasSubstr("900101")));
}

TEST_F(Organizations, RefuseU0000AndMissingFields) {
  v1::CreateOrganizationRequest request = CreateRequest();
  request.mutable_organization()->set_display_name(std::string("a\0b", 3));
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "INVALID_TEXT");
  request = CreateRequest();
  request.mutable_organization()->clear_kind();
  request.mutable_organization()->clear_display_name();
  EXPECT_THAT(base::FieldsOf(Create(request).status()),
              ElementsAre("organization.kind", "organization.display_name"));
}

// row:R9
TEST_F(Organizations, HaveTheirNumberAloneWhileActive) {
  const auto first = Create(CreateRequest());
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::Status second = Create(CreateRequest("9998600010")).status();
  EXPECT_EQ(base::ReasonOf(second), "BUSINESS_NUMBER_TAKEN");
  EXPECT_EQ(second.code(), absl::StatusCode::kAlreadyExists);
  Deactivate(first->name());
  const auto third = Create(CreateRequest());
  EXPECT_TRUE(third.ok()) << third.status();
}

TEST_F(Organizations, HaveTheirExternalCodeAlone) {
  v1::CreateOrganizationRequest request = CreateRequest();
  request.mutable_organization()->set_external_code("G001");
  ASSERT_TRUE(Create(request).ok());
  request.mutable_organization()->set_business_registration_number("999-86-00024");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "EXTERNAL_CODE_TAKEN");
  // The number of the refused one was not taken by it.
  request.mutable_organization()->clear_external_code();
  EXPECT_TRUE(Create(request).ok());
}

TEST_F(Organizations, AreRegisteredOnceByTwentyCallersWithOneNumber) {
  std::vector<std::thread> callers;
  std::atomic<int> registered = 0, refused = 0;
  for (int n = 0; n < 20; ++n) {
    callers.emplace_back([&] {
      const auto firm = Create(CreateRequest());
      if (firm.ok()) ++registered;
      if (base::ReasonOf(firm.status()) == "BUSINESS_NUMBER_TAKEN") ++refused;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(registered, 1);
  EXPECT_EQ(refused, 19);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), "1");
}

// row:R27
TEST_F(Organizations, AreRegisteredOnceForOneRequestIdAndOneChosenId) {
  v1::CreateOrganizationRequest request = CreateRequest();
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.set_organization_id(base::Uuid::NewV7().ToString());
  const auto first = Create(request), again = Create(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(first->name(), "organizations/" + request.organization_id());
  EXPECT_EQ(again->name(), first->name());
  request.mutable_organization()->set_display_name("다른 이름");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "REQUEST_ID_REUSED");
  request.clear_request_id();
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "ID_TAKEN");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), "1");
}

TEST_F(Organizations, AreOnlyRehearsedWhenOnlyValidationIsWanted) {
  v1::CreateOrganizationRequest request = CreateRequest();
  request.set_validate_only(true);
  const auto rehearsed = Create(request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->etag(), "\"1\"");
  EXPECT_EQ(base::ReasonOf(Get(rehearsed->name()).status()), "NOT_FOUND");
  request.mutable_organization()->set_business_registration_number("999-81-00016");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "BUSINESS_NUMBER_CHECKSUM");
}

// row:R26
TEST_F(Organizations, AreChangedOnlyFromTheStateThatTheCallerKnows) {
  const auto firm = Create(CreateRequest());
  ASSERT_TRUE(firm.ok());
  v1::UpdateOrganizationRequest request;
  request.mutable_organization()->set_name(firm->name());
  request.mutable_organization()->set_etag(firm->etag());
  request.mutable_organization()->set_display_name("동백식품(주)");
  const auto changed = Update(request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->display_name(), "동백식품(주)");
  EXPECT_EQ(changed->etag(), "\"2\"");
  const absl::Status stale = Update(request).status();
  EXPECT_EQ(base::ReasonOf(stale), "STALE_ETAG");
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  const auto event = world_.Events()[1].As<v1::OrganizationUpdated>();
  EXPECT_THAT(event.changed_fields(), ElementsAre("display_name"));
}

TEST_F(Organizations, ChangeNothingWhenEverythingStays) {
  const auto firm = Create(CreateRequest());
  v1::UpdateOrganizationRequest request;
  *request.mutable_organization() = *firm;
  const auto same = Update(request);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->etag(), firm->etag());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), "1");
}

TEST_F(Organizations, MoveTheirNumberAndCodeWithAnUpdate) {
  v1::CreateOrganizationRequest create = CreateRequest();
  create.mutable_organization()->set_external_code("G001");
  const auto firm = Create(create), other = Create(CreateRequest("999-86-00024"));
  ASSERT_TRUE(firm.ok() && other.ok());
  v1::UpdateOrganizationRequest request;
  request.mutable_organization()->set_name(other->name());
  request.mutable_organization()->set_business_registration_number("999-86-00010");
  EXPECT_EQ(base::ReasonOf(Update(request).status()), "BUSINESS_NUMBER_TAKEN");
  request.mutable_organization()->set_business_registration_number("999-86-00039");
  request.mutable_organization()->set_external_code("G001");
  EXPECT_EQ(base::ReasonOf(Update(request).status()), "EXTERNAL_CODE_TAKEN");
  request.mutable_organization()->set_external_code("G003");
  EXPECT_EQ(Update(request)->business_registration_number(), "999-86-00039");
  // What it gave back is free again.
  EXPECT_TRUE(Create(CreateRequest("999-86-00024")).ok());
  // A named field that is not given is cleared.
  request.mutable_organization()->clear_external_code();
  request.mutable_update_mask()->add_paths("external_code");
  EXPECT_EQ(Update(request)->external_code(), "");
}

TEST_F(Organizations, RefuseAMaskThatNamesWhatCannotChange) {
  const auto firm = Create(CreateRequest());
  v1::UpdateOrganizationRequest request;
  request.mutable_organization()->set_name(firm->name());
  request.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_AGENCY);
  request.mutable_update_mask()->add_paths("kind");
  EXPECT_EQ(base::ReasonOf(Update(request).status()), "UPDATE_MASK_INVALID");
}

TEST_F(Organizations, AreListedByWhatIsKnownOfThemToday) {
  world_.Firm(1);
  world_.Firm(2, [](auto* facts) { facts->set_region_code("28177"); });
  world_.Firm(3, [](auto* facts) { facts->set_regular_headcount(4); });
  const std::string gone = world_.Firm(4);
  Deactivate(gone);
  EXPECT_THAT(List("facts.region_code = \"26*\""), ElementsAre("F001", "F003"));
  EXPECT_THAT(List("facts.size_band = SIZE_BAND_1_TO_4 AND facts.ksic_section = \"C\""),
              ElementsAre("F003"));
  EXPECT_THAT(List("business_registration_number = \"" + BusinessNumber(2) + "\""),
              ElementsAre("F002"));
  EXPECT_THAT(List("facts.sme = true", true), ElementsAre("F001", "F002", "F003", "F004"));
  EXPECT_THAT(List("state = ORGANIZATION_STATE_INACTIVE"), IsEmpty());
}

TEST_F(Organizations, RefuseThoseWithoutIdentityOrPermission) {
  const auto stranger = world_.PeerWith("unknown");
  EXPECT_EQ(base::ReasonOf(world_
                               .Call<v1::Organization>("OrganizationService/CreateOrganization",
                                                       CreateRequest(), stranger.get())
                               .status()),
            "UNAUTHENTICATED");
  for (rpc::Peer* peer : {world_.nobody.get(), world_.service.get()}) {
    EXPECT_EQ(base::ReasonOf(world_
                                 .Call<v1::Organization>("OrganizationService/CreateOrganization",
                                                         CreateRequest(), peer)
                                 .status()),
              "PERMISSION_DENIED");
  }
}

}  // namespace
}  // namespace ieum::registry
