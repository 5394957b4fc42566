// Goal: programmes keep the manners of every resource: one effect for one request id, rehearsals
// without any, pages that fit together, and no dead end when somebody is gone. Method: the real
// doors. row:R12 row:R26 row:R27
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProgrammeManners : public ::testing::Test {
 protected:
  ProgrammeManners() {
    v1::CreateProgrammeRequest create;
    create.set_programme_id("BSN");
    create.mutable_programme()->set_display_name("추진단");
    EXPECT_TRUE(Call<v1::Programme>("CreateProgramme", create).ok());
  }
  template <class Response, class Request>
  absl::StatusOr<Response> Call(const std::string& method, const Request& request) {
    return world_.Call<Response>("ProgrammeService/" + method, request);
  }
  static v1::CreateEditionRequest Wanted(const std::string& code, int year) {
    v1::CreateEditionRequest create;
    create.set_parent("programmes/BSN");
    create.set_edition_id(code);
    create.mutable_edition()->set_year(year);
    v1::ActivityLine& line = *create.mutable_edition()->add_lines();
    line.set_code("BSN-1");
    line.set_display_name("협의회");
    v1::PlannedDate& date = *line.add_dates();
    date.set_key("C-1");
    date.mutable_start()->set_date("2023-05-24");
    return create;
  }
  absl::StatusOr<v1::Edition> Plan(const v1::CreateEditionRequest& wanted) {
    return Call<v1::Edition>("CreateEdition", wanted);
  }
  absl::StatusOr<v1::Edition> Copy(const std::string& code, int year, bool rehearsal = false) {
    v1::CopyEditionRequest copy;
    copy.set_name("programmes/BSN/editions/2023");
    copy.set_edition_id(code);
    copy.set_year(year);
    copy.set_validate_only(rehearsal);
    return Call<v1::Edition>("CopyEdition", copy);
  }
  std::string Centre() {
    v1::CreateOrganizationRequest create;
    create.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_CENTRE);
    create.mutable_organization()->set_display_name("소래광역새일센터");
    create.mutable_organization()->set_business_registration_number(BusinessNumber(1));
    const auto centre =
        world_.Call<v1::Organization>("OrganizationService/CreateOrganization", create);
    EXPECT_TRUE(centre.ok()) << centre.status();
    return centre.ok() ? centre->name() : "";
  }

  World world_{"2023-02-06 10:00"};
};

TEST_F(ProgrammeManners, OneRequestIdHasOneEffect) {
  v1::CreateEditionRequest wanted = Wanted("2023", 2023);
  wanted.set_request_id(base::Uuid::NewV7().ToString());
  const auto first = Plan(wanted), again = Plan(wanted);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag(), first->etag());
  wanted.mutable_edition()->set_year(2024);
  EXPECT_EQ(base::ReasonOf(Plan(wanted).status()), "REQUEST_ID_REUSED");

  v1::ApproveEditionRequest approve;
  approve.set_name(first->name());
  approve.set_request_id(base::Uuid::NewV7().ToString());
  ASSERT_TRUE(Call<v1::Edition>("ApproveEdition", approve).ok());
  EXPECT_TRUE(Call<v1::Edition>("ApproveEdition", approve).ok()) << "answered again";
  EXPECT_THAT(world_.EventTypes(first->name()),
              ElementsAre("EditionPlanned", "PlanApproved", "ActivityPlanned"));
}

TEST_F(ProgrammeManners, RehearsalsOfEveryWriteLeaveNothing) {
  const auto edition = Plan(Wanted("2023", 2023));
  ASSERT_TRUE(edition.ok()) << edition.status();
  const std::string events = world_.Ask("SELECT count(*) FROM event_log");
  v1::UpdateProgrammeRequest rename;
  rename.mutable_programme()->set_name("programmes/BSN");
  rename.mutable_programme()->set_display_name("다른 이름");
  rename.set_validate_only(true);
  EXPECT_TRUE(Call<v1::Programme>("UpdateProgramme", rename).ok());
  v1::UpdateEditionRequest change;
  *change.mutable_edition() = *edition;
  change.mutable_edition()->mutable_lines(0)->set_display_name("위원회");
  change.mutable_update_mask()->add_paths("lines");
  change.set_validate_only(true);
  EXPECT_TRUE(Call<v1::Edition>("UpdateEdition", change).ok());
  EXPECT_TRUE(Copy("2024", 2024, true).ok());
  v1::ApproveEditionRequest approve;
  approve.set_name(edition->name());
  approve.set_validate_only(true);
  EXPECT_TRUE(Call<v1::Edition>("ApproveEdition", approve).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), events);
  EXPECT_EQ(world_.Ask("SELECT string_agg(name || state, ' ') FROM edition"),
            "programmes/BSN/editions/20231");
}

TEST_F(ProgrammeManners, PagesFitTogetherAndToTheirQuestion) {
  for (const char* code : {"2023", "2024", "2025"}) ASSERT_TRUE(Plan(Wanted(code, 2023)).ok());
  v1::ListEditionsRequest list;
  list.set_parent("programmes/BSN");
  list.set_page_size(2);
  const auto first = Call<v1::ListEditionsResponse>("ListEditions", list);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->editions_size(), 2);
  list.set_page_token(first->next_page_token());
  const auto second = Call<v1::ListEditionsResponse>("ListEditions", list);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->editions_size(), 1);
  EXPECT_EQ(second->editions(0).name(), "programmes/BSN/editions/2025");
  EXPECT_THAT(second->next_page_token(), IsEmpty());
  list.set_parent("programmes/-");
  EXPECT_EQ(base::ReasonOf(Call<v1::ListEditionsResponse>("ListEditions", list).status()),
            "PAGE_TOKEN_INVALID");
  list.clear_page_token();
  list.set_filter("plan = \"x\"");
  EXPECT_EQ(base::ReasonOf(Call<v1::ListEditionsResponse>("ListEditions", list).status()),
            "FILTER_INVALID");
}

// A lead that was closed down neither keeps its plan from being moved nor comes with the copy.
TEST_F(ProgrammeManners, ALeadThatIsGoneStandsInNobodysWay) {
  const std::string centre = Centre();
  v1::CreateEditionRequest wanted = Wanted("2023", 2023);
  wanted.mutable_edition()->set_lead_organization(centre);
  auto edition = Plan(wanted);
  ASSERT_TRUE(edition.ok()) << edition.status();
  EXPECT_EQ(Copy("2024", 2024)->lead_organization(), centre);
  v1::DeactivateOrganizationRequest deactivate;
  deactivate.set_name(centre);
  deactivate.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
  const auto gone =
      world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", deactivate);
  ASSERT_TRUE(gone.ok()) << gone.status();

  v1::UpdateEditionRequest change;
  *change.mutable_edition() = *edition;
  change.mutable_edition()->mutable_lines(0)->mutable_dates(0)->mutable_start()->set_date(
      "2023-05-31");
  change.mutable_update_mask()->add_paths("*");
  const auto moved = Call<v1::Edition>("UpdateEdition", change);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->lead_organization(), centre);
  EXPECT_EQ(moved->lines(0).dates(0).start_date(), "2023-05-31");
  const auto copied = Copy("2025", 2025);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_THAT(copied->lead_organization(), IsEmpty());
  wanted.set_edition_id("2026");
  EXPECT_EQ(base::ReasonOf(Plan(wanted).status()), "CENTRE_UNKNOWN");
}

}  // namespace
}  // namespace ieum::registry
