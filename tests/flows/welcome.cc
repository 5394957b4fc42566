#include "tests/flows/welcome.h"

#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/timestamp.h"
#include "tests/support/wait.h"

namespace ieum::testing {

void SetClocks(Suite& suite) {
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2023-03-18T09:00:00+09:00", &time, nullptr));
  platform::v1::SetClockRequest request;
  *request.mutable_time() = base::ToTimestamp(time);
  for (const std::string& service : kServices) {
    platform::v1::SetClockResponse response;
    EXPECT_TRUE(WaitFor([&] {
      return suite.driver(service)
          .Call("/ieum.platform.v1.OpsService/SetClock", request, &response)
          .ok();
    })) << service;
  }
}

void CallSuite(Suite& suite, const std::string& service, const std::string& method,
               const google::protobuf::Message& request, google::protobuf::Message* response) {
  const absl::Status called = suite.driver(service).Call(method, request, response);
  EXPECT_TRUE(called.ok()) << method << ": " << called;
}

void WelcomeEverybody(Suite& suite) {
  notify::v1::CreateTemplateRequest text;
  text.set_template_id("WELCOME");
  auto* wanted = text.mutable_template_();
  wanted->set_event_type("ieum.registry.v1.PersonRegistered");
  wanted->mutable_ko()->set_subject("환영합니다");
  wanted->mutable_ko()->set_body("{{person}} 님, 환영합니다.");
  wanted->mutable_en()->set_subject("Welcome");
  wanted->mutable_en()->set_body("Welcome, {{person}}.");
  notify::v1::Template made;
  CallSuite(suite, "notify", "/ieum.notify.v1.TemplateService/CreateTemplate", text, &made);
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
  notify::v1::Rule ruled;
  CallSuite(suite, "notify", "/ieum.notify.v1.RuleService/CreateRule", request, &ruled);
}

void RegisterPerson(Suite& suite, const std::string& email) {
  registry::v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("김하늘");
  request.mutable_person()->set_email(email);
  request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
  registry::v1::Person person;
  CallSuite(suite, "registry", "/ieum.registry.v1.PersonService/CreatePerson", request, &person);
}

}  // namespace ieum::testing
