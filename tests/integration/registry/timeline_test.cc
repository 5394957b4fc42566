// Goal: who has somebody on the phone reads in one list what happened with her and with her firm,
// and nothing that he could not read where it stands. Method: one person, one firm and two centres
// with entries of every kind; every kind of reader beside every kind of entry. row:Y4 row:R11
// row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "ieum/registry/v1/timeline_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::IsEmpty;

using Kinds = std::set<v1::TimelineKind>;
using Page = v1::ListTimelineEntriesResponse;

std::string CentreNamed(const char* id) { return absl::StrCat("organizations/", id); }

class Timelines : public ::testing::Test {
 protected:
  Timelines() {
    world_.SetClock("2023-05-02 12:00");
    world_.Centre(kCentreA, 901);
    world_.Centre(kCentreB, 902);
    person_ = PersonOf(kCentreA);
    Fill(kCentreA, person_);
    Fill(kCentreB, PersonOf(kCentreB));
    v1::RecordOrganizationLabelRequest label;
    label.set_name(firm_);
    label.mutable_label()->set_code("FAMILY_FRIENDLY");
    label.mutable_label()->set_valid_from("2023-01-01");
    EXPECT_TRUE(Call<v1::Organization>("OrganizationService/RecordOrganizationLabel", label).ok());
    v1::RecordOrganizationFactsRequest facts;
    facts.set_name(firm_);
    facts.mutable_facts()->set_valid_from("2023-03-01");
    facts.mutable_facts()->set_region_code("26140");
    EXPECT_TRUE(Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", facts).ok());
  }

  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    const auto answer = world_.Call<Response>(method, request, as);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
    return answer;
  }

  std::string PersonOf(const char* centre) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("표은비");
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    request.mutable_person()->set_centre(CentreNamed(centre));
    return Call<v1::Person>("PersonService/CreatePerson", request)->name();
  }

  // An entry of every kind that belongs to a centre.
  void Fill(const char* centre, const std::string& person) {
    v1::CreateAffiliationRequest begin;
    begin.set_parent(person);
    begin.mutable_affiliation()->set_organization(firm_);
    begin.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
    begin.mutable_affiliation()->set_start_date("2023-01-02");
    Call<v1::Affiliation>("PersonService/CreateAffiliation", begin).status().IgnoreError();
    v1::CreateEnrolmentRequest enrol;
    enrol.set_parent(world_.OpenCampaign(
        [&](v1::Campaign* campaign) { campaign->set_centre(CentreNamed(centre)); }));
    enrol.mutable_enrolment()->set_organization(firm_);
    enrol.mutable_enrolment()->set_contact_person(person);
    Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", enrol).status().IgnoreError();
    v1::CreateLeadRequest lead;
    lead.mutable_lead()->set_organization(firm_);
    lead.mutable_lead()->set_programme("INC");
    lead.mutable_lead()->set_edition("2025");
    lead.mutable_lead()->set_contact_person(person);
    lead.mutable_lead()->set_centre(CentreNamed(centre));
    Call<v1::Lead>("LeadService/CreateLead", lead).status().IgnoreError();
    EXPECT_TRUE(consents_
                    .Say(person, v1::CONSENT_PURPOSE_COLLECTION,
                         consents_.Text(v1::CONSENT_PURPOSE_COLLECTION))
                    .ok());
    Hear(centre, person);
  }

  void Hear(const char* centre, const std::string& person) {
    casemgmt::v1::EngagementOpened opened;
    casemgmt::v1::EngagementFacts& engagement = *opened.mutable_engagement();
    engagement.set_engagement_id(base::Uuid::NewV7().ToString());
    engagement.set_organization_id(IdOf(firm_));
    engagement.set_contact_person_id(IdOf(person));
    engagement.set_centre_id(centre);
    opened.set_event_date("2023-05-02");
    Hear(opened);
    casemgmt::v1::VisitHeld held;
    *held.mutable_engagement() = engagement;
    held.set_event_date("2023-05-02");
    held.mutable_visit()->set_visit_id(base::Uuid::NewV7().ToString());
    held.mutable_visit()->set_visit_date("2023-04-28");
    Hear(held);
    casemgmt::v1::ApplicationSubmitted submitted;
    submitted.mutable_application()->set_application_id(base::Uuid::NewV7().ToString());
    submitted.mutable_application()->set_organization_id(IdOf(firm_));
    submitted.mutable_application()->set_contact_person_id(IdOf(person));
    submitted.mutable_application()->set_centre_id(centre);
    submitted.set_event_date("2023-05-01");
    Hear(submitted);
  }

  void Hear(const google::protobuf::Message& event, const base::Uuid& id = base::Uuid::NewV7()) {
    const absl::Status heard = world_.Deliver(event, id);
    EXPECT_TRUE(heard.ok()) << heard;
  }

  absl::StatusOr<Page> Ask(const v1::ListTimelineEntriesRequest& request, rpc::Peer* as = nullptr) {
    return world_.Call<Page>("TimelineService/ListTimelineEntries", request, as);
  }

  // All entries, on pages of `page_size`.
  std::vector<v1::TimelineEntry> Of(const std::string& parent, const std::string& token,
                                    int page_size = 500, const std::string& filter = "") {
    const auto peer = world_.PeerWith(token);
    v1::ListTimelineEntriesRequest request;
    request.set_parent(parent);
    request.set_page_size(page_size);
    request.set_filter(filter);
    std::vector<v1::TimelineEntry> all;
    do {
      const auto page = Ask(request, peer.get());
      EXPECT_TRUE(page.ok()) << token << ": " << page.status();
      if (!page.ok()) return all;
      all.insert(all.end(), page->entries().begin(), page->entries().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  Kinds KindsOf(const std::string& parent, const std::string& token) {
    Kinds kinds;
    for (const v1::TimelineEntry& entry : Of(parent, token)) kinds.insert(entry.kind());
    return kinds;
  }

  ConsentWorld consents_{"2023-05-02 11:00"};
  World& world_ = consents_.world;
  const std::string firm_ = world_.Firm(1);
  std::string person_;
};

constexpr auto kRecord = v1::TIMELINE_KIND_RECORD;
constexpr auto kEnrolment = v1::TIMELINE_KIND_ENROLMENT;
constexpr auto kConsent = v1::TIMELINE_KIND_CONSENT;
constexpr auto kAffiliation = v1::TIMELINE_KIND_AFFILIATION;
constexpr auto kLead = v1::TIMELINE_KIND_LEAD;
constexpr auto kLabel = v1::TIMELINE_KIND_LABEL;
constexpr auto kFacts = v1::TIMELINE_KIND_FACTS;
constexpr auto kEngagement = v1::TIMELINE_KIND_ENGAGEMENT;
constexpr auto kVisit = v1::TIMELINE_KIND_VISIT;
constexpr auto kApplication = v1::TIMELINE_KIND_APPLICATION;

TEST_F(Timelines, ShowEachReaderTheKindsThatHeMayList) {
  const struct {
    const char* reader;
    Kinds of_firm, of_person;
  } rows[] = {
      {"manager",
       {kRecord, kEnrolment, kAffiliation, kLead, kLabel, kFacts, kEngagement, kVisit,
        kApplication},
       {kRecord, kEnrolment, kConsent, kAffiliation, kLead, kEngagement, kVisit, kApplication}},
      {"auditor",
       {kRecord, kEnrolment, kAffiliation, kLead, kLabel, kFacts, kEngagement, kVisit,
        kApplication},
       {kRecord, kEnrolment, kConsent, kAffiliation, kLead, kEngagement, kVisit, kApplication}},
      {"case-a",
       {kRecord, kEnrolment, kAffiliation, kLead, kLabel, kFacts, kEngagement, kVisit,
        kApplication},
       {kRecord, kEnrolment, kConsent, kAffiliation, kLead, kEngagement, kVisit, kApplication}},
      {"head-a",
       {kEnrolment, kAffiliation, kLead, kLabel, kFacts, kEngagement},
       {kEnrolment, kAffiliation, kLead, kEngagement}},
      {"staff-a",
       {kEnrolment, kLead, kLabel, kFacts, kEngagement, kVisit, kApplication},
       {kEnrolment, kLead, kEngagement, kVisit, kApplication}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(KindsOf(firm_, row.reader), row.of_firm) << row.reader;
    EXPECT_EQ(KindsOf(person_, row.reader), row.of_person) << row.reader;
  }
}

TEST_F(Timelines, AreRefusedToWhoHoldsNoneAndNotFoundOfWhoIsNotThere) {
  v1::ListTimelineEntriesRequest request;
  request.set_parent(firm_);
  EXPECT_EQ(base::ReasonOf(Ask(request, world_.nobody.get()).status()), "PERMISSION_DENIED");
  request.set_parent("organizations/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Ask(request).status()), "NOT_FOUND");
  request.set_parent(person_);
  const auto other = world_.PeerWith("centre-b");
  EXPECT_EQ(base::ReasonOf(Ask(request, other.get()).status()), "NOT_FOUND");
}

// What is another centre's is as if it were not there: neither an entry nor a page more.
TEST_F(Timelines, HoldNothingOfAnotherCentre) {
  const auto all = Of(firm_, "manager"), of_a = Of(firm_, "centre-a"), of_b = Of(firm_, "centre-b");
  size_t shared = 0;
  for (const v1::TimelineEntry& entry : all) shared += entry.centre().empty();
  EXPECT_EQ(of_a.size() + of_b.size(), all.size() + shared);
  for (const v1::TimelineEntry& entry : of_a) {
    EXPECT_TRUE(entry.centre().empty() || entry.centre() == CentreNamed(kCentreA));
  }
  v1::ListTimelineEntriesRequest request;
  request.set_parent(firm_);
  request.set_page_size(static_cast<int>(of_b.size()));
  const auto b = world_.PeerWith("centre-b");
  EXPECT_EQ(Ask(request, b.get())->next_page_token(), "");
}

TEST_F(Timelines, ComeLatestFirstInPagesWithoutGapOrRepetition) {
  world_.SetClock("2023-05-03 09:00");
  v1::EndAffiliationRequest end;
  v1::ListAffiliationsRequest affiliations;
  affiliations.set_parent(person_);
  end.set_name(Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", affiliations)
                   ->affiliations(0)
                   .name());
  Call<v1::Affiliation>("PersonService/EndAffiliation", end).status().IgnoreError();
  const auto whole = Of(firm_, "manager");
  EXPECT_EQ(whole[0].step(), "ENDED");
  EXPECT_EQ(whole[0].event_date(), "2023-05-03");
  EXPECT_EQ(whole[0].detail(), "AFFILIATION_ROLE_CONTACT");
  EXPECT_EQ(whole[0].person(), person_);
  EXPECT_EQ(whole.back().step(), "OrganizationRegistered");
  for (size_t at = 1; at < whole.size(); ++at) {
    EXPECT_GE(FromTimestamp(whole[at - 1].entry_time()), FromTimestamp(whole[at].entry_time()));
  }
  for (const int page_size : {1, 3}) {
    const auto paged = Of(firm_, "manager", page_size);
    ASSERT_EQ(paged.size(), whole.size());
    for (size_t at = 0; at < whole.size(); ++at) {
      EXPECT_EQ(paged[at].SerializeAsString(), whole[at].SerializeAsString());
    }
  }
}

TEST_F(Timelines, TellWhatHappenedToWhatAndOnWhichDay) {
  const auto only = [&](const std::string& parent, const std::string& kind) {
    const auto found = Of(parent, "case-a", 500, "kind = TIMELINE_KIND_" + kind);
    EXPECT_FALSE(found.empty()) << kind;
    return found.empty() ? v1::TimelineEntry() : found[0];
  };
  EXPECT_EQ(only(firm_, "VISIT").step(), "VisitHeld");
  EXPECT_EQ(only(firm_, "VISIT").event_date(), "2023-04-28");
  EXPECT_THAT(only(firm_, "VISIT").source(), ::testing::MatchesRegex("engagements/.*/visits/.*"));
  EXPECT_EQ(only(firm_, "VISIT").person(), person_);
  EXPECT_EQ(only(person_, "CONSENT").step(), "CONSENT_STATE_GIVEN");
  EXPECT_EQ(only(person_, "CONSENT").detail(), "CONSENT_PURPOSE_COLLECTION");
  EXPECT_EQ(only(firm_, "LABEL").detail(), "FAMILY_FRIENDLY");
  EXPECT_EQ(only(firm_, "LABEL").event_date(), "2023-01-01");
  EXPECT_EQ(only(firm_, "FACTS").step(), "RECORDED");
  EXPECT_EQ(only(person_, "RECORD").step(), "PersonRegistered");
  EXPECT_EQ(only(firm_, "LEAD").step(), "LEAD_STATE_INTEREST");
  EXPECT_EQ(only(person_, "ENROLMENT").organization(), firm_);
  EXPECT_THAT(Of(firm_, "case-a", 500, "kind = TIMELINE_KIND_COUNCIL_TERM"), IsEmpty());
}

TEST_F(Timelines, KeepAnEventOnceAndThoseThatSomethingIsDecidedOn) {
  const auto count = [&] {
    return Of(firm_, "manager", 500, "kind = TIMELINE_KIND_APPLICATION").size();
  };
  const size_t before = count();
  Form form;
  form.campaign = world_.OpenCampaign();
  form.organization = firm_;
  const base::Uuid id = base::Uuid::NewV7();
  Hear(form.Received(), id);
  EXPECT_EQ(count(), before + 1);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment WHERE application_id IS NOT NULL"), "1");
  Hear(form.Received(), id);
  EXPECT_EQ(count(), before + 1);
}

TEST_F(Timelines, AreOfAllRecordsOfAPersonWhicheverIsAskedFor) {
  const std::string other = PersonOf(kCentreA);
  v1::MergePersonsRequest merge;
  merge.set_survivor(person_);
  merge.set_duplicate(other);
  merge.set_reason("twice at one door");
  ASSERT_TRUE(Call<v1::Merge>("MergeService/MergePersons", merge).ok());
  const auto of_survivor = Of(person_, "case-a"), of_other = Of(other, "case-a");
  ASSERT_EQ(of_other.size(), of_survivor.size());
  std::set<std::string> registered;
  for (size_t at = 0; at < of_other.size(); ++at) {
    EXPECT_EQ(of_other[at].SerializeAsString(), of_survivor[at].SerializeAsString());
    if (of_other[at].step() == "PersonRegistered") registered.insert(of_other[at].person());
  }
  EXPECT_EQ(registered, (std::set<std::string>{person_, other}));
}

TEST_F(Timelines, AreLogged) {
  Of(person_, "manager");
  EXPECT_EQ(world_.Ask("SELECT action || ' ' || outcome || ' ' || subjects[1] FROM access_log "
                       "ORDER BY recorded_at DESC, number DESC LIMIT 1"),
            "registry.timelines.list OK " + person_);
}

}  // namespace
}  // namespace ieum::registry
