#include "tests/audit/planted_suite.h"

#include <atomic>
#include <filesystem>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

namespace registry = ieum::registry::v1;
using ::testing::IsEmpty;

constexpr char kCutOff[] = "2023-03-20T00:00:00+09:00";
constexpr char kService[] = "/ieum.registry.v1.OrganizationService/";

std::string Execute(const std::string& conninfo, const std::string& sql) {
  pqxx::connection connection(conninfo);
  const pqxx::result rows = pqxx::nontransaction(connection).exec(sql);
  return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::string CopyName() {
  static std::atomic<int> copies{0};
  return absl::StrCat("planted_", ++copies);
}

registry::CreateOrganizationRequest NewFirm(const std::string& id) {
  registry::CreateOrganizationRequest request;
  request.set_organization_id(id);
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.mutable_organization()->set_kind(registry::ORGANIZATION_KIND_FIRM);
  request.mutable_organization()->set_display_name("가람 소프트");
  request.mutable_organization()->set_business_registration_number("999-86-99997");
  return request;
}

registry::UpdateOrganizationRequest Renaming(const std::string& id, const std::string& name) {
  registry::UpdateOrganizationRequest request;
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.mutable_organization()->set_name("organizations/" + id);
  request.mutable_organization()->set_display_name(name);
  request.mutable_update_mask()->add_paths("display_name");
  return request;
}

registry::CreateCampaignRequest OneSeat(const std::string& id) {
  registry::CreateCampaignRequest create;
  create.set_campaign_id(id);
  registry::Campaign& terms = *create.mutable_campaign();
  terms.set_programme("BSN");
  terms.set_edition("2023");
  terms.set_code("PLANTED");
  terms.set_display_name("PLANTED");
  terms.set_task(registry::TASK_KIND_CAMPAIGN);
  terms.set_admission(registry::ADMISSION_MODE_RULES);
  terms.set_capacity(1);
  terms.set_waiting_list(true);
  terms.set_offer_hours(24);
  terms.mutable_eligibility()->add_organization_kinds(registry::ORGANIZATION_KIND_FIRM);
  terms.mutable_window()->mutable_start_time()->set_seconds(1'640'000'000);
  terms.mutable_window()->mutable_end_time()->set_seconds(1'900'000'000);
  return create;
}

}  // namespace

DatabaseCopy::DatabaseCopy(Suite& suite, std::string service)
    : cluster_(suite.postgres().conninfo()),
      service_(std::move(service)),
      name_(CopyName()),
      conninfo_(absl::StrCat(cluster_, " dbname=", name_)) {
  Execute(cluster_ + " dbname=postgres",
          absl::StrCat("CREATE DATABASE ", name_, " TEMPLATE ieum_", service_));
}

DatabaseCopy::~DatabaseCopy() {
  Execute(cluster_ + " dbname=postgres", absl::StrCat("DROP DATABASE ", name_, " WITH (FORCE)"));
}

std::string DatabaseCopy::Do(const std::string& sql) {
  return Execute(conninfo_ + " options='-c session_replication_role=replica'", sql);
}

std::unique_ptr<PlayedYear> PlantedSuite::year_;
std::unique_ptr<TempDir> PlantedSuite::files_;
std::string PlantedSuite::journal_;
std::string PlantedSuite::leak_;
Recorded PlantedSuite::recorded_;

void PlantedSuite::SetUpTestSuite() {
  if (files_ != nullptr) return;  // all of this program's tests look at the same suite
  files_ = std::make_unique<TempDir>();
  journal_ = files_->path() + "/journal.jsonl";
  auto year = std::make_unique<PlayedYear>(BusanYearUntil(kCutOff));
  if (!year->Play()) return;
  year_ = std::move(year);
  Record();
  RecordLeak();
  Enrol();
  MergePeople();
  // Clean while it runs, or nothing planted says anything.
  EXPECT_THAT(AuditSuite(suite(), journal_), IsEmpty());
  Stop();
}

void PlantedSuite::Stop() {
  for (const std::string& service : kServices) EXPECT_EQ(suite().StopService(service), 0);
}

// At the end of the program's tests: servers are not left to the destructors of globals.
class PlantedSuite::End : public ::testing::Environment {
 public:
  void TearDown() override {
    year_.reset();
    files_.reset();
  }
};
::testing::Environment* const PlantedSuite::end_ =
    ::testing::AddGlobalTestEnvironment(new PlantedSuite::End);

// One firm: made, renamed, read; asked again, refused, and asked with no time to answer.
void PlantedSuite::Record() {
  auto writer = journal::Writer::Open(journal_);
  ASSERT_TRUE(writer.ok()) << writer.status();
  journal::RecordedPeer peer({.client = "tester",
                              .service = "registry",
                              .address = suite().Address("registry"),
                              .token = suite().keyring().driver_token(),
                              .scope = ""},
                             writer->get());
  registry::Organization answer;
  recorded_.organization = base::Uuid::NewV7().ToString();
  const auto creation = NewFirm(recorded_.organization);
  recorded_.created = creation.request_id();
  const auto created = peer.Call(absl::StrCat(kService, "CreateOrganization"), creation, &answer,
                                 {.aggregate = recorded_.organization, .events = 1});
  EXPECT_TRUE(created.status.ok()) << created.status;
  const auto renaming = Renaming(recorded_.organization, "가람 데이터");
  const std::string update = absl::StrCat(kService, "UpdateOrganization");
  const auto updated = peer.Call(update, renaming, &answer, {.events = 1});
  EXPECT_TRUE(updated.status.ok()) << updated.status;
  recorded_.updated = renaming.request_id();
  recorded_.body_hash = journal::RequestHash(update, renaming);
  recorded_.etag = updated.etag;
  recorded_.position = updated.position;
  EXPECT_EQ(peer.Call(update, renaming, &answer).position, updated.position);
  auto stale = Renaming(recorded_.organization, "다온");
  stale.mutable_organization()->set_etag("\"1\"");
  EXPECT_EQ(peer.Call(update, stale, &answer).status.code(), absl::StatusCode::kAborted);
  const auto hasty = Renaming(recorded_.organization, "라온");
  (void)peer.Call(update, hasty, &answer, {.events = 1}, absl::Microseconds(1));
  EXPECT_TRUE(peer.Call(update, hasty, &answer, {.events = 1}).status.ok());
  EXPECT_TRUE((*writer)->status().ok());
}

void PlantedSuite::RecordLeak() {
  leak_ = files_->path() + "/leak.jsonl";
  auto writer = journal::Writer::Open(leak_);
  ASSERT_TRUE(writer.ok()) << writer.status();
  (*writer)->Mark({"라온", "busan"});
  journal::RecordedPeer peer({.client = "stranger",
                              .service = "registry",
                              .address = suite().Address("registry"),
                              .token = suite().keyring().driver_token(),
                              .scope = "seoul"},
                             writer->get());
  registry::GetOrganizationRequest request;
  request.set_name("organizations/" + recorded_.organization);
  registry::Organization answer;
  const auto got = peer.Call(absl::StrCat(kService, "GetOrganization"), request, &answer);
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(answer.display_name(), "라온");
}

template <class Answer, class Request>
Answer PlantedSuite::Tell(const std::string& method, const Request& request) {
  Answer answer;
  const absl::Status done =
      suite().driver("registry").Call("/ieum.registry.v1." + method, request, &answer);
  EXPECT_TRUE(done.ok()) << method << ": " << done;
  return answer;
}

// `first` and firms of the year, so many in all.
std::vector<std::string> PlantedSuite::FirmsWith(const std::string& first, size_t count) {
  registry::ListOrganizationsRequest request;
  request.set_filter("kind = ORGANIZATION_KIND_FIRM");
  std::vector<std::string> firms = {first};
  const auto page =
      Tell<registry::ListOrganizationsResponse>("OrganizationService/ListOrganizations", request);
  for (const registry::Organization& firm : page.organizations()) {
    if (firms.size() < count && firm.name() != first) firms.push_back(firm.name());
  }
  return firms;
}

// The year's own campaigns open later. One seat changes hands and more come: of four who ask, one
// goes, one accepts an offer, one declines and one still thinks about it.
void PlantedSuite::Enrol() {
  recorded_.campaign = base::Uuid::NewV7().ToString();
  const std::string campaign = "campaigns/" + recorded_.campaign;
  Tell<registry::Campaign>("CampaignService/CreateCampaign", OneSeat(recorded_.campaign));
  registry::OpenCampaignRequest open;
  open.set_name(campaign);
  Tell<registry::Campaign>("CampaignService/OpenCampaign", open);
  std::vector<std::string> asked;
  for (const std::string& firm : FirmsWith("organizations/" + recorded_.organization, 4)) {
    registry::CreateEnrolmentRequest enter;
    enter.set_parent(campaign);
    enter.mutable_enrolment()->set_organization(firm);
    asked.push_back(Tell<registry::Enrolment>("EnrolmentService/CreateEnrolment", enter).name());
  }
  ASSERT_EQ(asked.size(), 4u);
  registry::WithdrawEnrolmentRequest withdraw;
  withdraw.set_name(asked[0]);
  withdraw.set_reason(registry::WITHDRAWAL_REASON_REQUESTED);
  Tell<registry::Enrolment>("EnrolmentService/WithdrawEnrolment", withdraw);
  registry::UpdateCampaignRequest more;
  more.mutable_campaign()->set_name(campaign);
  more.mutable_campaign()->set_capacity(9);
  more.mutable_update_mask()->add_paths("capacity");
  Tell<registry::Campaign>("CampaignService/UpdateCampaign", more);
  registry::AcceptOfferRequest accept;
  accept.set_name(asked[1]);
  Tell<registry::Enrolment>("EnrolmentService/AcceptOffer", accept);
  registry::DeclineOfferRequest decline;
  decline.set_name(asked[2]);
  Tell<registry::Enrolment>("EnrolmentService/DeclineOffer", decline);
  registry::GetEnrolmentRequest get;
  get.set_name(asked[3]);
  EXPECT_EQ(Tell<registry::Enrolment>("EnrolmentService/GetEnrolment", get).state(),
            registry::ENROLMENT_STATE_OFFERED);
}

// Two records of one person, employed by two firms, ask in one campaign: one is given up, and the
// other is counted for another employer. A second pair is merged and two again.
void PlantedSuite::MergePeople() {
  registry::CreateCampaignRequest create = OneSeat(base::Uuid::NewV7().ToString());
  create.mutable_campaign()->set_code("PEOPLE");
  create.mutable_campaign()->set_capacity(9);
  create.mutable_campaign()->clear_eligibility();
  registry::OpenCampaignRequest open;
  open.set_name(Tell<registry::Campaign>("CampaignService/CreateCampaign", create).name());
  Tell<registry::Campaign>("CampaignService/OpenCampaign", open);
  const auto firms = FirmsWith("organizations/" + recorded_.organization, 2);
  ASSERT_EQ(firms.size(), 2u);
  const auto asking = [&](const char* name, const std::string& firm, const char* since) {
    registry::CreatePersonRequest person;
    person.mutable_person()->set_full_name(name);
    person.mutable_person()->set_basis(registry::LEGAL_BASIS_CONTRACT);
    registry::CreateAffiliationRequest work;
    work.set_parent(Tell<registry::Person>("PersonService/CreatePerson", person).name());
    work.mutable_affiliation()->set_organization(firm);
    work.mutable_affiliation()->set_role(registry::AFFILIATION_ROLE_EMPLOYEE);
    work.mutable_affiliation()->set_start_date(since);
    Tell<registry::Affiliation>("PersonService/CreateAffiliation", work);
    registry::CreateEnrolmentRequest enter;
    enter.set_parent(open.name());
    enter.mutable_enrolment()->set_person(work.parent());
    Tell<registry::Enrolment>("EnrolmentService/CreateEnrolment", enter);
    return work.parent();
  };
  registry::UndoMergeRequest undo;
  for (const char* name : {"한가람", "윤다온"}) {
    registry::MergePersonsRequest merge;
    merge.set_survivor(asking(name, firms[0], "2022-01-03"));
    merge.set_duplicate(asking(name, firms[1], "2023-01-02"));
    merge.set_reason("both came with one form");
    undo.set_name(Tell<registry::Merge>("MergeService/MergePersons", merge).name());
  }
  undo.set_reason("they are sisters");
  Tell<registry::Merge>("MergeService/UndoMerge", undo);
}

std::string PlantedSuite::JournalCopy() {
  const std::string copy = dir_.path() + "/journal.jsonl";
  std::filesystem::copy_file(journal_, copy, std::filesystem::copy_options::overwrite_existing);
  return copy;
}

audit::SubjectOptions PlantedSuite::Options() {
  audit::SubjectOptions options = SubjectOf(suite(), journal_);
  for (auto& service : options.services) service.grpc.clear();
  options.rested = true;
  return options;
}

audit::SubjectOptions PlantedSuite::With(const DatabaseCopy& copy) {
  audit::SubjectOptions options = Options();
  for (auto& service : options.services) {
    if (service.name == copy.service()) service.conninfo = copy.conninfo();
  }
  return options;
}

audit::SubjectOptions PlantedSuite::WithJournal(const std::string& path) {
  audit::SubjectOptions options = Options();
  options.journal = path;
  return options;
}

audit::Finding PlantedSuite::Look(const std::string& law, audit::SubjectOptions options) {
  const auto subject = audit::Subject::Open(std::move(options));
  if (!subject.ok()) {
    ADD_FAILURE() << subject.status();
    return {};
  }
  auto findings = audit::Audit(**subject, {law});
  EXPECT_EQ(findings.size(), 1u);
  EXPECT_TRUE(findings[0].status.ok()) << findings[0].status;
  return findings[0];
}

std::string PlantedSuite::Breach(const std::string& law, audit::SubjectOptions options) {
  const audit::Finding finding = Look(law, std::move(options));
  EXPECT_EQ(audit::OutcomeOf({finding}), audit::Outcome::kBreach) << law << " holds";
  return finding.tally.first() ? finding.tally.first()->ToString() : "";
}

}  // namespace ieum::testing
