// Goal: rules and dashboards ask for what running services really say, and nobody from outside can
// make these say ever more. Method: a real Prometheus beside the four services under some load;
// then input made to bring new labels, and the table of all metrics beside what is said afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/base/uuid.h"
#include "tests/faults/business_number.h"
#include "tests/flows/suite.h"
#include "tests/flows/trace_collector.h"
#include "tests/flows/welcome.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;

constexpr char kCreateOrganization[] = "/ieum.registry.v1.OrganizationService/CreateOrganization";
constexpr char kGetOrganization[] = "/ieum.registry.v1.OrganizationService/GetOrganization";
constexpr int kMissing = 77;  // promtool or prometheus is not there

class Watched {
 public:
  Watched() {
    suite.SetEnvironment("registry", "IEUM_OTLP_ENDPOINT", collector.endpoint());
    EXPECT_EQ(suite.StopService("registry"), 0);
    suite.StartService("registry");
    SetClocks(suite);
  }

  absl::Status Create(const std::string& name, absl::Duration patience = absl::Seconds(5)) {
    registry::v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_display_name(name);
    request.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
    request.mutable_organization()->set_business_registration_number(
        faults::BusinessNumber(999, ++firms_));
    registry::v1::Organization response;
    return suite.driver("registry").Call(kCreateOrganization, request, &response, patience);
  }

  // deploy/monitoring/check with these words: its exit code, and what it said.
  int Check(const std::string& words, std::string* said) {
    const std::string command =
        absl::StrCat(IEUM_SOURCE_DIR, "/deploy/monitoring/check ", words, " 2>&1");
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return -1;
    char buffer[4096];
    for (size_t n = 0; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) said->append(buffer, n);
    return WEXITSTATUS(pclose(pipe));
  }

  TraceCollector collector;
  Suite suite;

 private:
  std::atomic<int> firms_{0};
};

size_t Lines(const std::string& text) {
  size_t lines = 0, from = 0;
  for (size_t end = 0; (end = text.find('\n', from)) != std::string::npos; from = end + 1) {
    lines += text[from] != '#';
  }
  return lines;
}

TEST(Monitoring, AsksForWhatRunningServicesSay) {
  Watched watched;
  WelcomeEverybody(watched.suite);
  std::atomic<bool> enough{false};
  std::thread load([&] {
    for (int at = 0; !enough; ++at) {
      EXPECT_EQ(watched.Create("보이는 곳"), absl::OkStatus());
      if (at % 10 == 0) RegisterPerson(watched.suite, absl::StrCat("p", at, "@example.com"));
      (void)watched.Create("너무 늦게", absl::Microseconds(10));  // ends in DEADLINE_EXCEEDED
    }
  });
  EXPECT_TRUE(WaitFor([&] { return watched.suite.Mails() > 0; }));
  std::string said;
  const int code = watched.Check(absl::StrCat("--suite ", watched.suite.file()), &said);
  enough = true;
  load.join();
  if (code == kMissing) GTEST_SKIP() << said;
  std::printf("%s", said.c_str());
  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("expressions and selectors have series"));
}

TEST(Monitoring, StaysBoundedWhateverIsSent) {
  Watched watched;
  EXPECT_EQ(watched.Create("조용한 곳"), absl::OkStatus());
  registry::v1::GetOrganizationRequest unknown;
  registry::v1::Organization answer;
  const auto hostile = [&](int at) {
    const std::string odd = absl::StrCat("x", at, "\"} 1\nforged_total{a=\"", at);
    (void)watched.Create(odd);
    unknown.set_name(absl::StrCat("organizations/", base::Uuid::NewV7().ToString()));
    (void)watched.suite.driver("registry").Call(kGetOrganization, unknown, &answer);
    unknown.set_name(odd);
    (void)watched.suite.driver("registry").Call(kGetOrganization, unknown, &answer);
    for (const std::string& path :
         {absl::StrCat("/ieum.registry.v1.OrganizationService/Method", at),
          absl::StrCat("/ieum.made.up", at, ".Service/Do"), absl::StrCat("/", at)}) {
      (void)watched.suite.driver("registry").Call(path, unknown, &answer);
    }
    rpc::Peer stranger({.service = "registry",
                        .address = watched.suite.Address("registry"),
                        .token = absl::StrCat("token-", at)});
    (void)stranger.Call(kGetOrganization, unknown, &answer);
  };
  for (int at = 0; at < 5; ++at) hostile(at);
  ASSERT_TRUE(watched.suite.WaitSettled());
  const size_t before = Lines(watched.suite.Metrics("registry"));
  for (int at = 5; at < 60; ++at) hostile(at);
  ASSERT_TRUE(watched.suite.WaitSettled());
  const std::string metrics = watched.suite.Metrics("registry");
  EXPECT_LE(Lines(metrics), before + 40) << "some code or transaction may come late, no more";
  EXPECT_EQ(metrics.find("\nforged_total"), std::string::npos);
  EXPECT_THAT(metrics, HasSubstr("rpc_method=\"_OTHER\""));
  std::string said, words = "--without-promtool";
  for (const std::string& service : kServices) {
    absl::StrAppend(&words, " --table http://127.0.0.1:", watched.suite.AdminPort(service),
                    "/metrics");
  }
  const int code = watched.Check(words, &said);
  if (code == kMissing) GTEST_SKIP() << said;
  EXPECT_EQ(code, 0) << said;
}

}  // namespace
}  // namespace ieum::testing
