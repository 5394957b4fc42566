#include "tests/integration/registry/world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "platform/base/korea_time.h"
#include "services/registry/instants.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

constexpr char kTokens[] = R"(
  {"token": "manager", "subject": "staff/manager", "roles": ["programme_manager", "supervisor"],
   "centres": ["*"]},
  {"token": "service", "subject": "service/notify", "roles": ["service"], "centres": ["*"]},
  {"token": "auditor", "subject": "staff/auditor", "roles": ["auditor"], "centres": ["*"]},
  {"token": "case-a", "subject": "staff/case-a", "roles": ["case_manager"],
   "centres": ["0190c0de-0000-7000-8000-0000000000a0"]},
  {"token": "head-a", "subject": "staff/head-a", "roles": ["centre_head"],
   "centres": ["0190c0de-0000-7000-8000-0000000000a0"]},
  {"token": "staff-a", "subject": "staff/staff-a", "roles": ["centre_staff"],
   "centres": ["0190c0de-0000-7000-8000-0000000000a0"]},
  {"token": "supervisor", "subject": "staff/supervisor", "roles": ["supervisor"], "centres": ["*"]},
  {"token": "supervisor-a", "subject": "staff/supervisor-a", "roles": ["supervisor"],
   "centres": ["0190c0de-0000-7000-8000-0000000000a0"]},
  {"token": "nobody", "subject": "staff/nobody", "roles": []}, )";

rpc::Authenticator Known() {
  return rpc::Authenticator::FromTokens(
             absl::StrCat("[", kTokens, ieum::testing::CentreTokens(), "]"))
      .value();
}

// What a helper needs to go on; a test cannot say anything sensible without it.
template <class T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) ADD_FAILURE() << value.status() << " " << base::ReasonOf(value.status());
  return value.ok() ? *std::move(value) : T();
}

casemgmt::v1::ApplicationFacts FactsOf(const Form& form) {
  casemgmt::v1::ApplicationFacts facts;
  facts.set_application_id(form.id.ToString());
  facts.set_engagement_id(base::Uuid::Derive(form.id, "engagement").ToString());
  facts.set_organization_id(IdOf(form.organization));
  facts.set_campaign_id(IdOf(form.campaign));
  facts.set_contact_person_id(base::Uuid::Derive(form.id, "contact").ToString());
  facts.set_consultant_person_id(base::Uuid::Derive(form.id, "consultant").ToString());
  facts.set_admission(v1::ADMISSION_MODE_RULES);
  return facts;
}

}  // namespace

absl::Time Korea(const std::string& text) {
  absl::Time instant;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, base::Korea(), &instant, &error)) << error;
  return instant;
}

std::string BusinessNumber(int n) {
  const std::string nine = fmt::format("99981{:04}", n);
  constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  int sum = (nine[8] - '0') * 5 / 10;
  for (int at = 0; at < 9; ++at) sum += (nine[at] - '0') * kWeights[at];
  return fmt::format("999-81-{:04}{}", n, (10 - sum % 10) % 10);
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

World::World(const std::string& korea_time) {
  SetClock(korea_time);
  reference_.Serve(router_);
  organizations_.Serve(router_);
  people_.Serve(router_);
  duplicates_.Serve(router_);
  consents_.Serve(router_);
  programmes_.Serve(router_);
  campaigns_.Serve(router_);
  enrolments_.Serve(router_);
  leads_.Serve(router_);
  timelines_.Serve(router_);
  erasures_.Serve(router_);
  changes_.Serve(router_);
  exports_.Serve(router_);
  personal_data_.Serve(router_);
  merges_.Serve(router_);
  moves_.Serve(router_);
  imports_.Serve(router_);
  reactions_.Listen(subscriptions_);
  rpc::ServerOptions options;
  options.service = "registry";
  options.access_log = &access_log_;
  server_ =
      std::make_unique<rpc::Server>(options, router_, Known(), rpc::Roles::Shipped(), metrics_);
  const absl::Status started = server_->Start();
  EXPECT_TRUE(started.ok()) << started;
  server_->SetServing(true);
  manager = PeerWith("manager");
  service = PeerWith("service");
  nobody = PeerWith("nobody");
}

World::~World() { server_->Drain(); }

std::string World::address() const { return absl::StrCat("127.0.0.1:", server_->grpc_port()); }

std::unique_ptr<rpc::Peer> World::PeerWith(const std::string& token) const {
  return std::make_unique<rpc::Peer>(rpc::PeerOptions{"registry", address(), token});
}

void World::SetClock(const std::string& korea_time) {
  const absl::Status set = clock.Set(Korea(korea_time));
  EXPECT_TRUE(set.ok()) << set;
}

std::string World::Firm(int n, const std::function<void(v1::OrganizationFacts*)>& change) {
  v1::CreateOrganizationRequest request;
  v1::Organization& firm = *request.mutable_organization();
  firm.set_kind(v1::ORGANIZATION_KIND_FIRM);
  firm.set_display_name(absl::StrCat("동백정밀 ", n));
  firm.set_business_registration_number(BusinessNumber(n));
  firm.set_external_code(fmt::format("F{:03}", n));
  v1::OrganizationFacts& facts = *request.mutable_facts();
  facts.set_valid_from("2023-01-01");
  facts.set_total_headcount(20);
  facts.set_women_headcount(9);
  facts.set_regular_headcount(18);
  facts.set_ksic_code("28111");
  facts.set_region_code("26110");
  if (change) change(&facts);
  return Must(Call<v1::Organization>("OrganizationService/CreateOrganization", request)).name();
}

std::string World::Person(const std::string& full_name) {
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name(full_name);
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  return Must(Call<v1::Person>("PersonService/CreatePerson", request)).name();
}

std::string World::Centre(const std::string& id, int n) {
  v1::CreateOrganizationRequest request;
  request.set_organization_id(id);
  v1::Organization& centre = *request.mutable_organization();
  centre.set_kind(v1::ORGANIZATION_KIND_CENTRE);
  centre.set_display_name(absl::StrCat("센터 ", n));
  centre.set_business_registration_number(BusinessNumber(n));
  return Must(Call<v1::Organization>("OrganizationService/CreateOrganization", request)).name();
}

std::string World::OpenCampaign(const std::function<void(v1::Campaign*)>& change) {
  v1::CreateCampaignRequest request;
  v1::Campaign& campaign = *request.mutable_campaign();
  campaign.set_programme("BSN");
  campaign.set_edition("2023");
  campaign.set_code(absl::StrCat("C", Ask("SELECT count(*) FROM campaign")));
  campaign.set_display_name("일·생활균형 캠페인");
  campaign.set_task(v1::TASK_KIND_CAMPAIGN);
  campaign.set_admission(v1::ADMISSION_MODE_RULES);
  *campaign.mutable_window()->mutable_start_time() = ToTimestamp(Korea("2023-03-13 10:00"));
  *campaign.mutable_window()->mutable_end_time() = ToTimestamp(Korea("2023-10-10 18:00"));
  campaign.set_capacity(30);
  campaign.set_waiting_list(true);
  if (change) change(&campaign);
  v1::OpenCampaignRequest open;
  open.set_name(Must(Call<v1::Campaign>("CampaignService/CreateCampaign", request)).name());
  return Must(Call<v1::Campaign>("CampaignService/OpenCampaign", open)).name();
}

v1::Enrolment World::Enrol(const std::string& campaign, const std::string& organization) {
  v1::CreateEnrolmentRequest request;
  request.set_parent(campaign);
  request.mutable_enrolment()->set_organization(organization);
  return Must(Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request));
}

absl::StatusOr<v1::Enrolment> World::GetEnrolment(const std::string& name) {
  v1::GetEnrolmentRequest request;
  request.set_name(name);
  return Call<v1::Enrolment>("EnrolmentService/GetEnrolment", request);
}

v1::Campaign World::GetCampaign(const std::string& name) {
  v1::GetCampaignRequest request;
  request.set_name(name);
  return Must(Call<v1::Campaign>("CampaignService/GetCampaign", request));
}

std::vector<v1::Enrolment> World::Enrolments(const std::string& campaign) {
  v1::ListEnrolmentsRequest request;
  request.set_parent(campaign);
  request.set_page_size(500);
  std::vector<v1::Enrolment> all;
  do {
    const auto page =
        Must(Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request));
    all.insert(all.end(), page.enrolments().begin(), page.enrolments().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::Status World::Deliver(const google::protobuf::Message& event, const base::Uuid& event_id) {
  flow::ReceivedEvent received;
  received.producer = "casemgmt";
  received.envelope.set_type(event.GetDescriptor()->full_name());
  received.envelope.set_event_id(event_id.ToString());
  *received.envelope.mutable_time() = ToTimestamp(clock.Now().value());
  std::shared_ptr<google::protobuf::Message> copy(event.New());
  copy->CopyFrom(event);
  received.message = copy;
  const auto* effect = subscriptions_.Find(received.envelope.type());
  if (effect == nullptr) return absl::NotFoundError("not listened to");
  if (effect->wanted && !effect->wanted(received)) return absl::OkStatus();
  return database.database().Write("deliver", [&](db::Tx& tx) -> absl::Status {
    if (effect->sink) return (*effect->sink)(tx, {&received, 1});
    if (effect->glance) {
      ASSIGN_OR_RETURN(const auto concerned, (*effect->glance)(tx, {&received, 1}));
      if (!concerned[0]) return absl::OkStatus();
    }
    ledger::Caller caller{"service/registry", "", event_id.ToString(), ""};
    return ledger.RunWithin(
        tx, caller, event_id,
        [&](ledger::UnitOfWork& work) { return effect->reaction(work, received); }, nullptr);
  });
}

void World::DoDue(const flow::DueWork& work) {
  const absl::Time now = clock.Now().value();
  for (bool more = true; more;) {
    const auto step = work.step(now);
    ASSERT_TRUE(step.ok()) << step.status();
    more = *step;
  }
  EXPECT_EQ(work.count_due(now).value(), 0);
}

std::vector<Told> World::Events(const std::string& subject_prefix) {
  static const db::Statement read("test_events", R"(
    SELECT type, subject, payload FROM event_log WHERE starts_with(subject, $1)
    ORDER BY recorded_at, aggregate_id, version)");
  std::vector<Told> events;
  const absl::Status done = database.database().Read("test_events", [&](db::Tx& tx) {
    events.clear();
    for (const auto& row : tx.Exec(read, subject_prefix)) {
      const std::string type = db::AsText(row[0]);
      events.push_back({type.substr(type.rfind('.') + 1), db::AsText(row[1]), db::AsBytes(row[2])});
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(done.ok()) << done;
  return events;
}

std::vector<std::string> World::EventTypes(const std::string& subject_prefix) {
  std::vector<std::string> types;
  for (const Told& event : Events(subject_prefix)) types.push_back(event.type);
  return types;
}

casemgmt::v1::ApplicationReceived Form::Received() const {
  casemgmt::v1::ApplicationReceived event;
  *event.mutable_application() = FactsOf(*this);
  event.mutable_application()->set_state(casemgmt::v1::APPLICATION_STATE_RECEIVED);
  event.set_event_date(received_date);
  event.set_received_date(received_date);
  *event.mutable_submitted_time() = ToTimestamp(Korea(submitted));
  return event;
}

casemgmt::v1::ApplicationWithdrawn Form::Withdrawn(const std::string& date) const {
  casemgmt::v1::ApplicationWithdrawn event;
  *event.mutable_application() = FactsOf(*this);
  event.mutable_application()->set_state(casemgmt::v1::APPLICATION_STATE_WITHDRAWN);
  event.set_event_date(date);
  event.set_withdrawn_date(date);
  event.set_reason(casemgmt::v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
  return event;
}

}  // namespace ieum::registry
