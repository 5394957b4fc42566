// Goal: whoever kills the sender in the middle of many messages loses none of them and has none
// sent twice; what is in doubt is said, and it is little. Method: real services, a message to each
// of many people, and kill -9 whenever some more mails have come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/suite.h"
#include "tests/support/wait.h"
#include "tools/play/instants.h"

namespace ieum::testing {
namespace {

using ::testing::IsEmpty;

constexpr int kPeople = 400;
constexpr int kKills = 4;
// Claimed at one time by the connections of a sender, and not known to be handed over.
constexpr int kOnTheWayMax = 4 * 32;

template <class Response>
Response Call(Suite& suite, const std::string& service, const std::string& method,
              const google::protobuf::Message& request) {
  Response response;
  const absl::Status called = suite.driver(service).Call(method, request, &response);
  EXPECT_TRUE(called.ok()) << method << ": " << called;
  return response;
}

void SetClocks(Suite& suite) {
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2023-03-18T09:00:00+09:00", &time, nullptr));
  platform::v1::SetClockRequest request;
  *request.mutable_time() = play::ToTimestamp(time);
  for (const std::string& service : kServices) {
    // A channel that lost its server tries again when it thinks fit.
    platform::v1::SetClockResponse response;
    EXPECT_TRUE(WaitFor([&] {
      return suite.driver(service)
          .Call("/ieum.platform.v1.OpsService/SetClock", request, &response)
          .ok();
    })) << service;
  }
}

// Whoever is registered is welcomed at once.
void WelcomeEverybody(Suite& suite) {
  notify::v1::CreateTemplateRequest text;
  text.set_template_id("WELCOME");
  auto* wanted = text.mutable_template_();
  wanted->set_event_type("ieum.registry.v1.PersonRegistered");
  wanted->mutable_ko()->set_subject("환영합니다");
  wanted->mutable_ko()->set_body("{{person}} 님, 환영합니다.");
  wanted->mutable_en()->set_subject("Welcome");
  wanted->mutable_en()->set_body("Welcome, {{person}}.");
  Call<notify::v1::Template>(suite, "notify", "/ieum.notify.v1.TemplateService/CreateTemplate",
                             text);
  notify::v1::CreateRuleRequest request;
  request.set_rule_id("WELCOME");
  auto* rule = request.mutable_rule();
  rule->set_display_name("welcome");
  rule->mutable_trigger()->set_event_type("ieum.registry.v1.PersonRegistered");
  rule->mutable_trigger()->set_subject_field("person_id");
  rule->add_audience("person_id");
  rule->mutable_timing();
  rule->set_template_("templates/WELCOME");
  rule->add_channels(notify::v1::CHANNEL_EMAIL);
  rule->set_law_class(notify::v1::LAW_CLASS_SERVICE_NOTICE);
  rule->set_catch_up(notify::v1::CATCH_UP_POLICY_SEND_LATE);
  rule->set_useful_hours(24);
  Call<notify::v1::Rule>(suite, "notify", "/ieum.notify.v1.RuleService/CreateRule", request);
}

void Register(Suite& suite, int people) {
  for (int at = 0; at < people; ++at) {
    registry::v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("김하늘");
    request.mutable_person()->set_email(absl::StrCat("person", at, "@example.com"));
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    Call<registry::v1::Person>(suite, "registry", "/ieum.registry.v1.PersonService/CreatePerson",
                               request);
  }
}

int Count(Suite& suite, const std::string& what) {
  return std::stoi(suite.Ask("notify", "SELECT count(*) FROM " + what));
}

// row:X7, row:X8
TEST(KilledSender, HandsOverEachOfManyAtMostOnceAndSaysWhatIsInDoubt) {
  Suite suite;
  SetClocks(suite);
  WelcomeEverybody(suite);
  suite.KillService("notify");
  Register(suite, kPeople);
  suite.StartService("notify");
  SetClocks(suite);
  for (int kill = 1; kill <= kKills; ++kill) {
    const int before = suite.Mails();
    ASSERT_TRUE(WaitFor([&] { return suite.Mails() > before; }, std::chrono::seconds(60)));
    suite.KillService("notify");
    suite.StartService("notify");
    SetClocks(suite);
  }
  ASSERT_TRUE(suite.WaitSettled());
  const int in_doubt = Count(suite, "message WHERE state = 4");
  const int handed_over = Count(suite, "message WHERE state = 3");
  std::printf("%d handed over + %d in doubt; %d mails came\n", handed_over, in_doubt,
              suite.Mails());
  EXPECT_EQ(handed_over + in_doubt, kPeople);
  EXPECT_GE(suite.Mails(), handed_over);
  EXPECT_LE(suite.Mails(), kPeople);
  EXPECT_LE(in_doubt, kKills * kOnTheWayMax);
  EXPECT_GT(handed_over, 0);
  EXPECT_EQ(Count(suite, "balance WHERE NOT balanced"), 0);
  // No mail without an intent, no two with one Message-ID, no message lost.
  EXPECT_THAT(AuditSuite(suite), IsEmpty());
}

}  // namespace
}  // namespace ieum::testing
