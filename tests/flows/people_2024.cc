#include "tests/flows/people_2024.h"

#include "absl/strings/match.h"
#include "fmt/format.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/timestamp.h"
#include "tests/flows/leak_scan.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

namespace r = registry::v1;
namespace p = reporting::v1;

constexpr int kPeople = 96;
constexpr int kFirstOfGroups = 52;  // W-ink: P0052 to P0096
constexpr int kLeaves = 17;         // P0017
// Nobody else is called so.
constexpr char kLeavingName[] = "뷁궯쉛";
constexpr char kLeavingEmail[] = "byulk.planted@leaving.example";
constexpr char kLeavingPhone[] = "010-0000-0017";

// Check digits in the order of numbers from 1, as the masters list them.
struct Masters {
  const char* code;    // "F" of F001
  int digits;          // behind it
  const char* prefix;  // of the business number
  r::OrganizationKind kind;
  const char* check_digits;
  std::vector<std::string> regions;  // by number
};

const std::vector<Masters>& AllMasters() {
  static const auto* masters = new std::vector<Masters>{
      {"F",
       3,
       "999-81",
       r::ORGANIZATION_KIND_FIRM,
       "594837261726150493849382716051605948372837261504950493827162716059483948372615061504938273"
       "827160",
       {"28185", "28200", "28237", "28177", "28245", "28260", "28110", "28140", "28710", "28720"}},
      {"G",
       3,
       "999-86",
       r::ORGANIZATION_KIND_FIRM,
       "04938271627160594839483726150615049382738271605940594837261726",
       {"26110", "26140", "26170", "26200", "26230", "26260", "26290", "26320", "26350", "26380",
        "26410", "26440", "26470", "26500", "26530", "26710"}},
      {"C",
       2,
       "999-82",
       r::ORGANIZATION_KIND_CENTRE,
       "26150493",
       {"28200", "28177", "28237", "28245", "28185", "28110", "28260", "28710"}},
      {"D", 2, "999-83", r::ORGANIZATION_KIND_COUNCIL_BODY, "938271605160594", {"26000"}}};
  return *masters;
}

}  // namespace

void People2024::EnterMasters() {
  for (const Masters& masters : AllMasters()) {
    for (int n = 1; masters.check_digits[n - 1] != '\0'; ++n) {
      r::CreateOrganizationRequest request;
      r::Organization& one = *request.mutable_organization();
      one.set_kind(masters.kind);
      one.set_external_code(fmt::format("{}{:0{}}", masters.code, n, masters.digits));
      one.set_display_name("가상 " + one.external_code());
      one.set_business_registration_number(
          fmt::format("{}-{:04}{}", masters.prefix, n, masters.check_digits[n - 1]));
      r::OrganizationFacts& facts = *request.mutable_facts();
      facts.set_valid_from("2023-01-01");
      facts.set_region_code(masters.regions[(n - 1) % masters.regions.size()]);
      facts.set_ksic_code("10213");
      const auto made = Ask<r::Organization>("OrganizationService/CreateOrganization", request);
      if (one.external_code() == "C01") lead_centre_ = made.name();
    }
  }
}

void People2024::EnterPeople() {
  for (int number = 1; number <= kPeople; ++number) {
    r::CreatePersonRequest request;
    r::Person& person = *request.mutable_person();
    person.set_full_name(number == kLeaves ? kLeavingName : fmt::format("참여자 {:04}", number));
    person.set_email(number == kLeaves ? kLeavingEmail
                                       : fmt::format("p{:04}@people.example", number));
    person.set_phone(fmt::format("010-0000-{:04}", number));
    person.set_basis(r::LEGAL_BASIS_CONTRACT);
    people_.push_back(Ask<r::Person>("PersonService/CreatePerson", request).name());
  }
}

void People2024::RecordConsents() {
  for (const Said& said : Papers()) {
    r::CreateConsentTextRequest wording;
    r::ConsentText& text = *wording.mutable_consent_text();
    text.set_code(absl::StrCat("PAPER-", static_cast<int>(said.purpose)));
    text.set_version(1);
    text.set_language(r::LANGUAGE_KO);
    text.set_purpose(said.purpose);
    text.set_stated_purpose("경력단절예방 지원사업");
    text.add_items("성명");
    text.set_retention("사업 종료 후 3년");
    text.set_refusal_right("동의를 거부할 권리가 있습니다.");
    text.set_refusal_disadvantage("거부하여도 사업 참여에 불이익이 없습니다.");
    if (said.purpose == r::CONSENT_PURPOSE_THIRD_PARTY_PROVISION) text.set_recipient(lead_centre_);
    const auto made = Ask<r::ConsentText>("ConsentService/CreateConsentText", wording);
    for (int number = said.first; number <= said.last; ++number) {
      r::RecordConsentRequest request;
      request.set_parent(Person(number));
      r::Consent& consent = *request.mutable_consent();
      consent.set_purpose(said.purpose);
      consent.set_state(r::CONSENT_STATE_GIVEN);
      consent.set_consent_text(made.name());
      consent.set_channel(r::CONSENT_CHANNEL_WEB);
      *consent.mutable_decide_time() = base::ToTimestamp(now_);
      Ask<r::Consent>("ConsentService/RecordConsent", request);
    }
  }
}

std::string People2024::OpenCampaign(const std::string& code, const std::string& name) {
  r::CreateCampaignRequest request;
  r::Campaign& campaign = *request.mutable_campaign();
  campaign.set_programme("INC");
  campaign.set_edition("2024");
  campaign.set_code(code);
  campaign.set_display_name(name);
  campaign.set_task(r::TASK_KIND_CAMPAIGN);
  campaign.set_admission(r::ADMISSION_MODE_RULES);
  *campaign.mutable_window()->mutable_start_time() =
      base::ToTimestamp(KoreaTime("2024-02-05 00:00"));
  *campaign.mutable_window()->mutable_end_time() = base::ToTimestamp(KoreaTime("2024-12-01 00:00"));
  r::OpenCampaignRequest open;
  open.set_name(Ask<r::Campaign>("CampaignService/CreateCampaign", request).name());
  return Ask<r::Campaign>("CampaignService/OpenCampaign", open).name();
}

std::string People2024::Enrol(const std::string& campaign, int number) {
  r::CreateEnrolmentRequest request;
  request.set_parent(campaign);
  request.mutable_enrolment()->set_person(Person(number));
  const auto enrolment = Ask<r::Enrolment>("EnrolmentService/CreateEnrolment", request);
  EXPECT_EQ(enrolment.state(), r::ENROLMENT_STATE_CONFIRMED) << number;
  return enrolment.name();
}

// Whoever was taken in is counted, also when she leaves: no retraction.
void People2024::DefineFigures(const std::map<std::string, std::string>& filters) {
  for (const auto& [code, filter] : filters) {
    p::CreateIndicatorRequest request;
    request.set_indicator_id(code);
    p::Indicator& indicator = *request.mutable_indicator();
    indicator.set_label_ko("참여자(실인원)");
    indicator.set_label_en("persons");
    indicator.set_unit("person");
    indicator.set_counting_unit("person (person id)");
    indicator.set_direction(p::DIRECTION_HIGHER);
    indicator.set_aggregation(p::AGGREGATION_COUNT_DISTINCT);
    p::SourceRule& source = *indicator.add_sources();
    source.set_event_type("ieum.registry.v1.EnrolmentConfirmed");
    source.set_filter(filter);
    source.set_distinct_key("enrolment.person_id");
    source.set_date_field("confirmed_date");
    source.set_programme_field("enrolment.programme");
    source.set_edition_field("enrolment.edition");
    Ask<p::Indicator>("IndicatorService/CreateIndicator", request, "reporting");
  }
}

int People2024::Figure(const std::string& indicator, const std::string& cut_off) {
  p::GetMetricRequest request;
  request.set_name("programmes/INC/editions/2024/metrics/" + indicator);
  request.set_cut_off_date(cut_off);
  const auto metric = Ask<p::Metric>("MetricService/GetMetric", request, "reporting");
  return metric.actual().empty() ? -1 : std::stoi(metric.actual());
}

int People2024::Given(r::ConsentPurpose purpose) {
  r::ListConsentsRequest request;
  request.set_parent("persons/-");
  request.set_page_size(500);
  request.set_filter(absl::StrCat("current = true AND state = CONSENT_STATE_GIVEN AND purpose = ",
                                  r::ConsentPurpose_Name(purpose)));
  return Ask<r::ListConsentsResponse>("ConsentService/ListConsents", request).consents_size();
}

void People2024::WithdrawAdvertising(int number) {
  r::WithdrawConsentsRequest request;
  request.set_parent(Person(number));
  request.set_purpose(r::CONSENT_PURPOSE_ADVERTISING);
  request.set_channel(r::CONSENT_CHANNEL_WEB);
  Ask<r::WithdrawConsentsResponse>("ConsentService/WithdrawConsents", request);
}

// Who is taken in while reporting is away is counted when it is back; groups begin in June.
void People2024::TakeIn(const Month& month) {
  SetClock(absl::StrCat(month.day, " 11:00"));
  const bool away = std::string(month.day) == "2024-10-02";
  if (away) {
    EXPECT_EQ(suite_.StopService("reporting"), 0);
  }
  for (int taken = 0; taken < month.intakes; ++taken) {
    if (taken == 0 && std::string(month.day) == "2024-07-29") {
      her_enrolment_ = Enrol(link_, kLeaves);
      continue;
    }
    if (next_ == kLeaves) ++next_;
    Enrol(link_, next_++);
  }
  if (std::string(month.day) == "2024-06-24") {
    for (int number = kFirstOfGroups; number <= kPeople; ++number) Enrol(groups_, number);
  }
  if (!away) return;
  suite_.StartService("reporting");
  SetClock("2024-10-03 11:00");
}

// On 12 August she takes back all that she said, and leaves; two others want no advertising.
void People2024::LeaveAndBeDestroyed() {
  for (const int number : {5, 40}) WithdrawAdvertising(number);
  SetClock("2024-08-12 10:00");
  r::WithdrawConsentsRequest all;
  all.set_parent(Person(kLeaves));
  all.set_channel(r::CONSENT_CHANNEL_PHONE);
  const auto withdrawn = Ask<r::WithdrawConsentsResponse>("ConsentService/WithdrawConsents", all);
  EXPECT_EQ(withdrawn.consents_size(), 4);
  r::WithdrawEnrolmentRequest leave;
  leave.set_name(her_enrolment_);
  leave.set_reason(r::WITHDRAWAL_REASON_REQUESTED);
  Ask<r::Enrolment>("EnrolmentService/WithdrawEnrolment", leave);
  SetClock("2024-08-16 23:59");
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(Count("erasure_record"), "0") << "there was time";
  SetClock("2024-08-17 23:59");
  EXPECT_TRUE(
      WaitFor([&] { return Count("erasure_confirmation") == "4"; }, std::chrono::seconds(60)))
      << "nobody had to ask for it, and all four services have done it";
  for (const std::string& service : kServices) {
    EXPECT_EQ(suite_.Ask(service,
                         "SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL AND "
                         "person_id = '" +
                             Person(kLeaves).substr(std::string("persons/").size()) + "'"),
              "0")
        << service;
  }
}

// Half a number is in many others.
std::string People2024::FindHerAnywhere() {
  LeakScan scan;
  for (const char* value : {kLeavingName, kLeavingEmail, kLeavingPhone}) scan.Plant(value);
  for (const std::string& service : kServices) {
    const auto dump = RunToEnd({.argv = {"/usr/lib/postgresql/15/bin/pg_dump", "--inserts", "-d",
                                         suite_.DatabaseOf(service)}});
    EXPECT_TRUE(dump.ok()) << dump.status();
    scan.Look("database of " + service, dump.value_or(""));
    scan.Look("log of " + service, suite_.LogOf(service));
    scan.Look("metrics of " + service, suite_.Metrics(service));
  }
  scan.LookAtFolder("stream", suite_.nats().store());
  EXPECT_GT(scan.bytes(), 1'000'000);
  std::string finds;
  for (const Find& find : scan.finds()) {
    if (find.value == kLeavingPhone && absl::StrContains(find.form, "half")) continue;
    absl::StrAppend(&finds, find.ToString(), "\n");
  }
  return finds;
}

}  // namespace ieum::testing
