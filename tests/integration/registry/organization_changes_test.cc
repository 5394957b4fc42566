// Goal: of every change of an organization it can be read who made it, when, by which request, and
// what became of each field; labels and council terms are recorded with their days. row:R9 row:R21
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/ledger/history_store.h"
#include "tests/integration/registry/change_lines.h"
#include "tests/integration/registry/world.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Changes : public ::testing::Test {
 protected:
  template <class Request>
  absl::StatusOr<v1::Organization> Ask(const std::string& method, const Request& request) {
    return world_.Call<v1::Organization>("OrganizationService/" + method, request);
  }
  v1::ListOrganizationChangesResponse ListOf(const std::string& name,
                                             const std::string& filter = "", int page_size = 0,
                                             const std::string& token = "") {
    v1::ListOrganizationChangesRequest request;
    request.set_parent(name);
    request.set_filter(filter);
    request.set_page_size(page_size);
    request.set_page_token(token);
    const auto page = world_.Call<v1::ListOrganizationChangesResponse>(
        "OrganizationService/ListOrganizationChanges", request);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? *page : v1::ListOrganizationChangesResponse();
  }
  v1::UpdateOrganizationRequest Rename(const std::string& to) const {
    v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(firm_);
    request.mutable_organization()->set_display_name(to);
    request.mutable_update_mask()->add_paths("display_name");
    return request;
  }
  v1::RecordOrganizationLabelRequest Label(const std::string& until = "",
                                           const std::string& revoked = "") const {
    v1::RecordOrganizationLabelRequest request;
    request.set_name(firm_);
    request.mutable_label()->set_code("FAMILY_FRIENDLY");
    request.mutable_label()->set_valid_from("2023-01-01");
    request.mutable_label()->set_valid_until(until);
    request.mutable_label()->set_revoked_date(revoked);
    request.mutable_label()->set_certificate_number("제2023-17호");
    return request;
  }
  std::string Body(v1::OrganizationKind kind, int number) {
    v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(kind);
    request.mutable_organization()->set_display_name("동백협의회");
    request.mutable_organization()->set_business_registration_number(BusinessNumber(number));
    return Ask("CreateOrganization", request)->name();
  }
  v1::RecordCouncilTermRequest Term(const std::string& body, const std::string& start,
                                    const std::string& end) const {
    v1::RecordCouncilTermRequest request;
    request.set_name(body);
    request.mutable_term()->set_sector(v1::COUNCIL_SECTOR_LABOUR);
    request.mutable_term()->set_start_date(start);
    request.mutable_term()->set_end_date(end);
    return request;
  }

  World world_{"2023-05-02 11:00"};
  std::string firm_ = world_.Firm(1);
};

TEST_F(Changes, SayWhoWhenByWhichRequestAndFromWhatToWhat) {
  v1::UpdateOrganizationRequest rename = Rename("새 이름");
  rename.set_request_id("0190b0c0-0000-7000-8000-00000000abcd");
  world_.SetClock("2023-05-03 11:00");
  ASSERT_TRUE(Ask("UpdateOrganization", rename).ok());
  const auto changes = ListOf(firm_);
  ASSERT_EQ(changes.changes_size(), 2);
  const v1::RecordedChange& last = changes.changes(0);
  EXPECT_EQ(last.version(), 2);
  EXPECT_EQ(last.event_type(), "ieum.registry.v1.OrganizationUpdated");
  EXPECT_EQ(last.change_time().seconds(), absl::ToUnixSeconds(Korea("2023-05-03 11:00")));
  EXPECT_EQ(last.actor(), "staff/manager");
  EXPECT_EQ(last.request_id(), rename.request_id());
  EXPECT_THAT(Lines(last), ElementsAre("display_name: 동백정밀 1 > 새 이름"));
  const auto first = Lines(changes.changes(1));
  EXPECT_THAT(first, Contains("display_name:  > 동백정밀 1"));
  EXPECT_THAT(first, Contains("kind:  > ORGANIZATION_KIND_FIRM"));
  EXPECT_THAT(first, Contains("business_registration_number:  > " + BusinessNumber(1)));
  EXPECT_THAT(first, Contains("facts[2023-01-01].region_code:  > 26110"));
}

TEST_F(Changes, TellARecordOfFactsFromTheOneThatItReplaces) {
  v1::RecordOrganizationFactsRequest record;
  record.set_name(firm_);
  record.mutable_facts()->set_valid_from("2023-01-01");
  record.mutable_facts()->set_total_headcount(20);
  record.mutable_facts()->set_women_headcount(11);
  record.mutable_facts()->set_regular_headcount(18);
  record.mutable_facts()->set_ksic_code("28111");
  record.mutable_facts()->set_region_code("26140");
  ASSERT_TRUE(Ask("RecordOrganizationFacts", record).ok());
  EXPECT_THAT(Lines(ListOf(firm_).changes(0)),
              ElementsAre("facts[2023-01-01].women_headcount: 9 > 11",
                          "facts[2023-01-01].region_code: 26110 > 26140"));
}

TEST_F(Changes, ComeInPagesAndFiltered) {
  for (const char* name : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(Ask("UpdateOrganization", Rename(name)).ok());
  }
  std::vector<int64_t> versions;
  std::string token;
  do {
    const auto page = ListOf(firm_, "", 2, token);
    for (const auto& change : page.changes()) versions.push_back(change.version());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(versions, ElementsAre(5, 4, 3, 2, 1));
  v1::ListOrganizationChangesRequest other;
  other.set_parent(world_.Firm(2));
  other.set_page_size(2);
  other.set_page_token(ListOf(firm_, "", 2).next_page_token());
  EXPECT_EQ(base::ReasonOf(world_
                               .Call<v1::ListOrganizationChangesResponse>(
                                   "OrganizationService/ListOrganizationChanges", other)
                               .status()),
            "PAGE_TOKEN_INVALID");
  const auto some = ListOf(firm_, "version > 2 AND version < 5 AND actor = \"staff/manager\"");
  ASSERT_EQ(some.changes_size(), 2);
  EXPECT_THAT(Lines(some.changes(0)), ElementsAre("display_name: b > c"));
}

TEST_F(Changes, AreNotFoundOfWhatIsNotThereNorGivenToWhoMayNot) {
  v1::ListOrganizationChangesRequest request;
  request.set_parent("organizations/" + base::Uuid::NewV7().ToString());
  const auto list = [&](rpc::Peer* as) {
    return world_.Call<v1::ListOrganizationChangesResponse>(
        "OrganizationService/ListOrganizationChanges", request, as);
  };
  EXPECT_EQ(base::ReasonOf(list(nullptr).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(list(world_.nobody.get()).status()), "PERMISSION_DENIED");
}

TEST_F(Changes, OfLabelsAreToldAndReadBackAsTheyWereKnown) {
  ASSERT_TRUE(Ask("RecordOrganizationLabel", Label("2025-12-31")).ok());
  world_.SetClock("2023-06-01 09:00");
  ASSERT_TRUE(Ask("RecordOrganizationLabel", Label("2025-12-31", "2023-05-31")).ok());
  EXPECT_THAT(Lines(ListOf(firm_).changes(0)),
              ElementsAre("labels[FAMILY_FRIENDLY 2023-01-01].revoked_date:  > 2023-05-31"));
  const auto revoked = [&](const std::string& at) {
    v1::ListOrganizationLabelsRequest request;
    request.set_parent(firm_);
    request.mutable_read_time()->set_seconds(absl::ToUnixSeconds(Korea(at)));
    const auto labels = world_.Call<v1::ListOrganizationLabelsResponse>(
        "OrganizationService/ListOrganizationLabels", request);
    EXPECT_TRUE(labels.ok()) << labels.status();
    return labels.ok() && labels->labels_size() == 1 ? labels->labels(0).revoked_date() : "none";
  };
  EXPECT_EQ(revoked("2023-05-02 10:00"), "none");
  EXPECT_EQ(revoked("2023-05-02 11:00"), "");
  EXPECT_EQ(revoked("2023-06-01 09:00"), "2023-05-31");
  const auto event = world_.Events(firm_).back().As<v1::OrganizationLabelRecorded>();
  EXPECT_EQ(event.label().code(), "FAMILY_FRIENDLY");
  EXPECT_EQ(event.label().revoked_date(), "2023-05-31");
}

TEST_F(Changes, RefuseLabelsThatAreNoneAndThoseOfOthersThanFirms) {
  v1::RecordOrganizationLabelRequest unknown = Label();
  unknown.mutable_label()->set_code("BEST_OF_ALL");
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", unknown).status()), "LABEL_UNKNOWN");
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", Label("2022-12-31")).status()),
            "DATE_ORDER");
  v1::RecordOrganizationLabelRequest stale = Label();
  stale.set_etag("\"7\"");
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", stale).status()), "STALE_ETAG");
  v1::RecordOrganizationLabelRequest of_council = Label();
  of_council.set_name(Body(v1::ORGANIZATION_KIND_COUNCIL_BODY, 2));
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", of_council).status()),
            "ORGANIZATION_KIND");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_label"), "0");
}

TEST_F(Changes, RehearseWithoutEffect) {
  v1::RecordOrganizationLabelRequest label = Label();
  label.set_validate_only(true);
  EXPECT_EQ(Ask("RecordOrganizationLabel", label)->etag(), "\"2\"");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_label"), "0");
  EXPECT_EQ(ListOf(firm_).changes_size(), 1);
  const std::string body = Body(v1::ORGANIZATION_KIND_COUNCIL_BODY, 2);
  v1::RecordCouncilTermRequest term = Term(body, "2023-01-01", "");
  term.set_validate_only(true);
  EXPECT_TRUE(Ask("RecordCouncilTerm", term).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM council_term"), "0");
  EXPECT_EQ(ListOf(body).changes_size(), 1);
}

TEST_F(Changes, HappenOnceForOneRequest) {
  v1::RecordOrganizationLabelRequest label = Label();
  label.set_request_id("0190b0c0-0000-7000-8000-00000000abcd");
  const auto first = Ask("RecordOrganizationLabel", label);
  EXPECT_EQ(Ask("RecordOrganizationLabel", label)->etag(), first->etag());
  EXPECT_EQ(ListOf(firm_).changes_size(), 2);
  label.mutable_label()->set_certificate_number("제2023-18호");
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", label).status()), "REQUEST_ID_REUSED");
}

TEST_F(Changes, EndWithTheOrganization) {
  v1::DeactivateOrganizationRequest end;
  end.set_name(firm_);
  end.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
  ASSERT_TRUE(Ask("DeactivateOrganization", end).ok());
  EXPECT_EQ(base::ReasonOf(Ask("RecordOrganizationLabel", Label()).status()),
            "ORGANIZATION_INACTIVE");
  EXPECT_THAT(Lines(ListOf(firm_).changes(0)),
              Contains("state: ORGANIZATION_STATE_ACTIVE > ORGANIZATION_STATE_INACTIVE"));
}

// row:R23
TEST_F(Changes, OfACouncilBodyAreNotForTheStaffOfACentre) {
  const std::string body = Body(v1::ORGANIZATION_KIND_COUNCIL_BODY, 2);
  const auto staff = world_.PeerWith("centre-a");
  const auto recorded = world_.Call<v1::Organization>("OrganizationService/RecordCouncilTerm",
                                                      Term(body, "2023-01-01", ""), staff.get());
  EXPECT_EQ(base::ReasonOf(recorded.status()), "PERMISSION_DENIED");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM council_term"), "0");
}

TEST_F(Changes, OfTermsKeepThemApart) {
  const std::string body = Body(v1::ORGANIZATION_KIND_COUNCIL_BODY, 2);
  ASSERT_TRUE(Ask("RecordCouncilTerm", Term(body, "2023-01-01", "")).ok());
  EXPECT_EQ(base::ReasonOf(Ask("RecordCouncilTerm", Term(body, "2024-01-01", "")).status()),
            "TERMS_OVERLAP");
  ASSERT_TRUE(Ask("RecordCouncilTerm", Term(body, "2023-01-01", "2023-12-31")).ok());
  ASSERT_TRUE(Ask("RecordCouncilTerm", Term(body, "2024-01-01", "")).ok());
  EXPECT_EQ(base::ReasonOf(Ask("RecordCouncilTerm", Term(firm_, "2024-01-01", "")).status()),
            "ORGANIZATION_KIND");
  v1::ListCouncilTermsRequest request;
  request.set_parent(body);
  request.set_filter("sector = COUNCIL_SECTOR_LABOUR AND start_date <= \"2023-06-01\"");
  const auto terms =
      world_.Call<v1::ListCouncilTermsResponse>("OrganizationService/ListCouncilTerms", request);
  ASSERT_TRUE(terms.ok()) << terms.status();
  ASSERT_EQ(terms->terms_size(), 1);
  EXPECT_EQ(terms->terms(0).end_date(), "2023-12-31");
  EXPECT_THAT(Lines(ListOf(body).changes(1)),
              ElementsAre("council_terms[2023-01-01].end_date:  > 2023-12-31"));
}

TEST(ChangePlans, AreFoundByTheirOrganizationInOrder) {
  testing::TestDatabase database(registry_migrations());
  database.Ask(R"(WITH made AS (INSERT INTO event_log (shard, pos, event_id, aggregate_id, version,
      type, subject, occurred_at, actor, correlation_id, causation_id, traceparent, payload)
    SELECT n % 16, n, gen_random_uuid(), gen_random_uuid(), 1, 'x', 'x', now(), 'a', 'c', '', '', ''
    FROM generate_series(1, 10000) n RETURNING 1) SELECT count(*) FROM made)");
  database.Ask("ANALYZE event_log");
  const filter::ListSpec spec = ledger::HistoryList("'ieum.registry.v1.CentrePlaced'");
  filter::ListQuery query = testing::FirstPage(spec, base::Scope::Everywhere());
  query.Where("e.aggregate_id = {}::uuid", {"0190b0c0-0000-7000-8000-000000000001"});
  const std::string plan = testing::PlanOf(database.database(), query);
  EXPECT_THAT(plan, HasSubstr("event_log_aggregate_id_version_key"));
  EXPECT_THAT(plan, Not(HasSubstr("Sort"))) << plan;
}

}  // namespace
}  // namespace ieum::registry
