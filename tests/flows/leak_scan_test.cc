// Goal: no name, phone, address, date of birth or note that people gave leaves the places that are
// made for it: not in an event, a log, a metric, a trace, an error's text, a dead letter or a
// database. Method: four real services on which a piece of a year is played, with further people
// and notes planted, hostile calls that bring such values where they do not belong, and an event
// that cannot be applied; then all that is left behind is searched for every value in every form.
// row:X11 law:L22
#include "tests/flows/leak_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/platform/v1/ops.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/flows/admin.h"
#include "tests/flows/played_year.h"
#include "tests/flows/trace_collector.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCutOff[] = "2023-05-18T00:00:00+09:00";
constexpr char kPoisoned[] = "0190b0c0-0000-7000-8000-0000000000aa";  // whose event notify refuses

struct Planted {
  std::string name, email, phone, joined;
};
// Syllables and addresses that stand nowhere else.
const std::vector<Planted>& People() {
  static const auto* people = new std::vector<Planted>{
      {"뷁궯쉛", "byulk.planted@leak-one.example", "010-9753-1864", "1097531864"},
      {"퓗뗆 휅썀", "hostile+planted@leak-two.example", "051-864-9753", "518649753"},
      {"Zaqxswvfr Plantedson", "zaq.plantedson@leak-three.example", "+82 10 8642 1357",
       "1086421357"}};
  return *people;
}
constexpr char kNote[] = "상담자는 1987년 3월 21일생이며 궯퓗병원에서 우울증 치료를 받는다고 말함";
constexpr char kBirthDate[] = "1987년 3월 21일";
constexpr char kResidentNumber[] = "870321-2345678";

class Leaks : public ::testing::Test {
 protected:
  Leaks() : year_(BusanYearUntil(kCutOff)) {}

  // Spans to a collector, and one event that notify cannot apply.
  void StartAnew() {
    for (const std::string& service : kServices) {
      suite().SetEnvironment(service, "IEUM_OTLP_ENDPOINT", collector_.endpoint());
      suite().SetEnvironment(service, "IEUM_LOG_LEVEL", "debug");
      if (service == "notify") {
        suite().SetEnvironment(service, "IEUM_FAILPOINTS",
                               absl::StrCat("effect.apply[", kPoisoned, "]:error"));
      }
      EXPECT_EQ(suite().StopService(service), 0);
      suite().StartService(service);
    }
  }

  Suite& suite() { return year_.suite(); }

  // What a caller hears: words and details.
  absl::Status Ask(const std::string& service, const std::string& method,
                   const google::protobuf::Message& request, google::protobuf::Message* response) {
    const absl::Status status = suite().driver(service).Call("/" + method, request, response);
    absl::StrAppend(&heard_, status.message(), "\n");
    status.ForEachPayload([&](absl::string_view, const absl::Cord& payload) {
      absl::StrAppend(&heard_, std::string(payload), "\n");
    });
    refusals_ += status.ok() ? 0 : 1;
    return status;
  }

  std::string Register(const Planted& who, const std::string& id = "") {
    registry::v1::CreatePersonRequest request;
    request.set_person_id(id);
    request.mutable_person()->set_full_name(who.name);
    request.mutable_person()->set_email(who.email);
    request.mutable_person()->set_phone(who.phone);
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    registry::v1::Person person;
    EXPECT_TRUE(
        Ask("registry", "ieum.registry.v1.PersonService/CreatePerson", request, &person).ok());
    return person.name();
  }
  void PlantNotes();
  void AskWithValuesWhereTheyDoNotBelong(const std::string& person);
  void LookEverywhere(LeakScan& scan);
  std::string Dump(const std::string& service);

  TraceCollector collector_;
  PlayedYear year_;
  std::string heard_;
  int refusals_ = 0;
};

// In the minutes of every visit that has none yet.
void Leaks::PlantNotes() {
  casemgmt::v1::ListVisitsRequest list;
  list.set_parent("engagements/-");
  list.set_page_size(500);
  casemgmt::v1::ListVisitsResponse visits;
  ASSERT_TRUE(Ask("casemgmt", "ieum.casemgmt.v1.EngagementService/ListVisits", list, &visits).ok());
  int planted = 0;
  for (const auto& visit : visits.visits()) {
    if (visit.state() != casemgmt::v1::VISIT_STATE_HELD || !visit.minutes().empty()) continue;
    casemgmt::v1::RecordVisitReportRequest request;
    request.set_name(visit.name());
    request.set_minutes(kNote);
    casemgmt::v1::Visit answer;
    planted +=
        Ask("casemgmt", "ieum.casemgmt.v1.EngagementService/RecordVisitReport", request, &answer)
            .ok();
  }
  if (planted > 0) return;
  // All have their minutes: a planned one takes place.
  for (const auto& visit : visits.visits()) {
    if (visit.state() != casemgmt::v1::VISIT_STATE_PLANNED) continue;
    casemgmt::v1::RecordVisitRequest request;
    request.set_name(visit.name());
    request.set_minutes(kNote);
    casemgmt::v1::Visit answer;
    planted +=
        Ask("casemgmt", "ieum.casemgmt.v1.EngagementService/RecordVisit", request, &answer).ok();
  }
  EXPECT_GT(planted, 0) << "no visit took the note";
}

// In names, ids, filters, masks and headers, in too long and in forbidden texts.
void Leaks::AskWithValuesWhereTheyDoNotBelong(const std::string& person) {
  std::vector<std::string> values = {kResidentNumber, kNote, kBirthDate};
  for (const Planted& who : People()) values.insert(values.end(), {who.name, who.email, who.phone});
  registry::v1::Person answer;
  registry::v1::ListAffiliationsResponse affiliations;
  for (const std::string& value : values) {
    registry::v1::GetPersonRequest get;
    get.set_name("persons/" + value);
    EXPECT_FALSE(Ask("registry", "ieum.registry.v1.PersonService/GetPerson", get, &answer).ok());
    registry::v1::ListAffiliationsRequest list;
    list.set_parent("persons/-");
    list.set_filter(absl::StrCat("full_name = \"", value, "\""));
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/ListAffiliations", list, &affiliations)
            .ok());
    list.set_filter("");
    list.set_order_by(value);
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/ListAffiliations", list, &affiliations)
            .ok());
    list.set_order_by("");
    list.set_page_token(value);
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/ListAffiliations", list, &affiliations)
            .ok());
    registry::v1::UpdatePersonRequest update;
    update.mutable_person()->set_name(person);
    update.mutable_person()->set_phone(value + value);
    update.mutable_person()->set_full_name(kResidentNumber);
    update.mutable_update_mask()->add_paths(value);
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/UpdatePerson", update, &answer).ok());
    update.mutable_update_mask()->Clear();
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/UpdatePerson", update, &answer).ok());
    update.mutable_person()->set_full_name(std::string(41, 'x') + value);
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/UpdatePerson", update, &answer).ok());
    update.mutable_person()->set_full_name("ok");
    update.mutable_person()->set_email(value + "@");
    EXPECT_FALSE(
        Ask("registry", "ieum.registry.v1.PersonService/UpdatePerson", update, &answer).ok());
    casemgmt::v1::GetEngagementRequest engagement;
    engagement.set_name("engagements/" + value);
    casemgmt::v1::Engagement found;
    EXPECT_FALSE(
        Ask("casemgmt", "ieum.casemgmt.v1.EngagementService/GetEngagement", engagement, &found)
            .ok());
  }
}

// Everything of a database, ciphertext in hex.
std::string Leaks::Dump(const std::string& service) {
  const auto dump = RunToEnd({.argv = {"/usr/lib/postgresql/15/bin/pg_dump", "--inserts", "-d",
                                       suite().DatabaseOf(service)}});
  EXPECT_TRUE(dump.ok()) << dump.status();
  return dump.value_or("");
}

void Leaks::LookEverywhere(LeakScan& scan) {
  const std::vector<std::string> notes = {kNote, kBirthDate};
  for (const std::string& service : kServices) {
    scan.Look("log of " + service, suite().LogOf(service));
    scan.Look("metrics of " + service, suite().Metrics(service));
    // What was written down of a firm's visit stands in case management's own table and nowhere
    // else.
    scan.Look("database of " + service, Dump(service),
              service == "casemgmt" ? notes : std::vector<std::string>());
  }
  scan.LookAtFolder("stream", suite().nats().store());
  scan.Look("traces", collector_.Raw());
  scan.Look("errors", heard_);
}

TEST_F(Leaks, AreNowhere) {
  StartAnew();
  ASSERT_TRUE(year_.Play());
  std::vector<std::string> persons;
  for (const Planted& who : People()) persons.push_back(Register(who));
  Register(People()[0], kPoisoned);
  PlantNotes();
  AskWithValuesWhereTheyDoNotBelong(persons[0]);
  ASSERT_TRUE(WaitFor([&] {
    return std::stoi(suite().Ask("notify", "SELECT count(*) FROM dead_letter")) > 0;
  })) << "no dead letter";
  EXPECT_GT(refusals_, 50);
  ASSERT_GT(suite().Mails(), 0);

  LeakScan scan;
  for (const Planted& who : People()) {
    for (const std::string& value : {who.name, who.email, who.phone, who.joined}) scan.Plant(value);
  }
  for (const char* value : {kNote, kBirthDate, kResidentNumber}) scan.Plant(value);
  for (const play::Entry& person : year_.scenario().Entries("people")) {
    scan.Plant(person.fields["full_name"]);
    if (person.fields.contains("email")) scan.Plant(person.fields["email"]);
  }
  LookEverywhere(scan);
  std::printf("%lld bytes were searched for %zu forms; %zu finds\n",
              static_cast<long long>(scan.bytes()), scan.forms(), scan.finds().size());
  EXPECT_GT(scan.bytes(), 1'000'000);
  EXPECT_THAT(scan.finds(), IsEmpty()) << scan.Finds();
  scan.LookAtFolder("mails", suite().mail_dir());
  EXPECT_FALSE(scan.finds().empty()) << "what was sent to people holds their names";
}

// The search can fail: a value is found in whatever form it was let out.
TEST(LeakScan, FindsAPlantedLeakInEveryForm) {
  const std::string value = "뷁궯쉛 Planted";
  const auto FormsFoundIn = [&](const std::string& bytes) {
    LeakScan scan;
    scan.Plant(value);
    scan.Look("here", bytes);
    std::string forms;
    for (const Find& find : scan.finds()) absl::StrAppend(&forms, find.form, " ");
    return forms;
  };
  EXPECT_EQ(FormsFoundIn("nothing of it, 뷁궯 and Plan"), "");
  EXPECT_THAT(FormsFoundIn("{\"body\":\"" + value + "\"}"), HasSubstr("raw"));
  EXPECT_THAT(FormsFoundIn("'\\x00" + absl::BytesToHexString(value) + "ff'"), HasSubstr("hex"));
  EXPECT_THAT(FormsFoundIn(R"({"a":"\ubdc1\uadaf\uc25b Planted"})"), HasSubstr("json"));
  EXPECT_THAT(FormsFoundIn("?q=%EB%B7%81%EA%B6%AF%EC%89%9B%20Planted"), HasSubstr("percent"));
  EXPECT_THAT(FormsFoundIn(R"(full_name: "\353\267\201\352\266\257\354\211\233 Planted")"),
              HasSubstr("octal"));
  EXPECT_THAT(FormsFoundIn("뷁궯쉛Planted"), HasSubstr("joined raw"));
  EXPECT_THAT(FormsFoundIn("the first half 뷁궯쉛, later the other"), HasSubstr("half raw"));
  for (const std::string before : {"", "x", "xy"}) {
    EXPECT_THAT(FormsFoundIn(absl::Base64Escape(before + value + "and more")), HasSubstr("base64"));
  }
}

TEST(LeakScan, FindsAPlantedLeakInAFile) {
  const TempDir dir;
  std::filesystem::create_directory(dir.path() + "/below");
  std::ofstream(dir.path() + "/below/1.blk") << std::string(1000, '\0') << People()[0].email;
  LeakScan scan;
  scan.Plant(People()[0].email);
  scan.LookAtFolder("stream", dir.path());
  ASSERT_FALSE(scan.finds().empty());
  EXPECT_EQ(scan.finds()[0].place, "stream: 1.blk");
}

}  // namespace
}  // namespace ieum::testing
