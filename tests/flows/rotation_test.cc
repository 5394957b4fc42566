// Goal: certificates of the services and of the broker and the seeds change while commands run; no
// call fails, none that was accepted is lost, and no process starts anew. Method: the locked suite
// of four real processes, callers with lasting and with fresh connections, and the auditor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/base/timestamp.h"
#include "platform/base/uuid.h"
#include "platform/broker/stream.h"
#include "tests/audit/suite_subject.h"
#include "tests/faults/business_number.h"
#include "tests/support/wait.h"
#include "tools/journal/recorded_peer.h"

namespace ieum::testing {
namespace {

using ::testing::IsEmpty;

constexpr int kCallers = 3;
constexpr int kCallsOfAChannel = 40;             // then the caller connects anew
constexpr std::chrono::seconds kSeenWithin(40);  // files are looked at every 10 s
constexpr char kService[] = "/ieum.registry.v1.OrganizationService/";

// Calls registry until it is told to stop; every call is written down.
class Caller {
 public:
  Caller(Suite& suite, journal::Writer* writer, int number)
      : suite_(suite), writer_(writer), number_(number), thread_([this] { Run(); }) {}
  void Stop() {
    stop_ = true;
    thread_.join();
  }
  int calls() const { return calls_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  std::unique_ptr<journal::RecordedPeer> Connect() const {
    return std::make_unique<journal::RecordedPeer>(
        journal::RecordedPeerOptions{.client = absl::StrCat("caller-", number_),
                                     .service = "registry",
                                     .address = suite_.Address("registry"),
                                     .token = suite_.keyring().driver_token(),
                                     .scope = ""},
        writer_);
  }

  void Run() {
    registry::v1::CreateOrganizationRequest create;
    create.set_organization_id(id_);
    create.set_request_id(base::Uuid::NewV7().ToString());
    create.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
    create.mutable_organization()->set_display_name("가람 소프트");
    create.mutable_organization()->set_business_registration_number(
        faults::BusinessNumber(999, 860000 + number_));
    auto peer = Connect();
    registry::v1::Organization answer;
    Note(peer->Call(absl::StrCat(kService, "CreateOrganization"), create, &answer,
                    {.aggregate = id_, .events = 1}));
    while (!stop_) {
      if (calls_ % kCallsOfAChannel == 0) peer = Connect();
      registry::v1::UpdateOrganizationRequest rename;
      rename.set_request_id(base::Uuid::NewV7().ToString());
      rename.mutable_organization()->set_name("organizations/" + id_);
      rename.mutable_organization()->set_display_name(absl::StrCat("가람 ", calls_.load()));
      rename.mutable_update_mask()->add_paths("display_name");
      Note(
          peer->Call(absl::StrCat(kService, "UpdateOrganization"), rename, &answer, {.events = 1}));
    }
  }

  void Note(const journal::Reply& reply) {
    ++calls_;
    if (!reply.status.ok()) failures_.push_back(reply.status.ToString());
  }

  Suite& suite_;
  journal::Writer* const writer_;
  const int number_;
  const std::string id_ = base::Uuid::NewV7().ToString();
  std::atomic<bool> stop_{false};
  std::atomic<int> calls_{0};
  std::vector<std::string> failures_;
  std::thread thread_;
};

// The serial number of the certificate that this service shows now.
std::string Serial(Suite& suite, const std::string& service) {
  const rpc::TlsOptions tls = suite.seals().CallerTls();
  const auto shown =
      RunToEnd({.argv = {"sh", "-c",
                         absl::StrCat("openssl s_client -connect ", suite.Address(service),
                                      " -cert ", tls.certificate_file, " -key ", tls.key_file,
                                      " </dev/null 2>/dev/null | openssl x509 -noout -serial")}});
  return std::string(absl::StripAsciiWhitespace(shown.value_or("")));
}

void RenewCertificates(Suite& suite) {
  std::map<std::string, std::string> before;
  for (const std::string& service : kServices) {
    before[service] = Serial(suite, service);
    EXPECT_FALSE(before[service].empty()) << service;
    suite.seals().RenewCertificate(service);
  }
  suite.seals().RenewCertificate("caller");
  suite.seals().RenewCertificate("nats");
  suite.nats().Reload();
  for (const std::string& service : kServices) {
    EXPECT_TRUE(WaitFor(
        [&] {
          const std::string now = Serial(suite, service);
          return !now.empty() && now != before[service];
        },
        kSeenWithin))
        << service;
  }
}

int Lines(const std::string& text, const std::string& word) {
  int found = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

void RenewSeeds(Suite& suite) {
  const auto tell_broker = [&] {
    suite.nats().Set(suite.seals().BrokerSettings());
    suite.nats().Reload();
  };
  for (const std::string& service : kServices) suite.seals().AddSeed(service);
  tell_broker();
  // A connection with the new seed shows that the broker has read it.
  for (const std::string& service : kServices) suite.seals().SwapSeed(service);
  for (const std::string& service : kServices) {
    const auto connection = broker::Connection::Open(suite.BrokerAs(service));
    ASSERT_TRUE(connection.ok());
    EXPECT_TRUE(WaitFor([&] { return (*connection)->connected(); })) << service;
    suite.seals().DropOldSeed(service);
  }
  tell_broker();
  for (const std::string& service : kServices) {
    EXPECT_TRUE(WaitFor([&] {
      return Lines(suite.LogOf(service), "broker connection made anew") >= 3;
    })) << service
        << ": " << suite.LogOf(service);
  }
}

void SetClocks(Suite& suite) {
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2023-03-10T09:00:00+09:00", &time, nullptr));
  for (const std::string& service : kServices) {
    platform::v1::SetClockRequest request;
    *request.mutable_time() = base::ToTimestamp(time);
    platform::v1::SetClockResponse response;
    const absl::Status set =
        suite.driver(service).Call("/ieum.platform.v1.OpsService/SetClock", request, &response);
    ASSERT_TRUE(set.ok()) << set;
  }
}

TEST(Rotation, OfCertificatesAndSeedsUnderLoadLosesNothing) {
  Suite suite;
  SetClocks(suite);
  std::map<std::string, pid_t> pids;
  for (const std::string& service : kServices) pids[service] = suite.Pid(service);
  const std::string journal = suite.folder() + "/journal.jsonl";
  auto writer = journal::Writer::Open(journal);
  ASSERT_TRUE(writer.ok()) << writer.status();
  {
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.push_back(std::make_unique<Caller>(suite, writer->get(), i));
    }
    RenewCertificates(suite);
    RenewSeeds(suite);
    int calls = 0;
    for (const auto& caller : callers) {
      caller->Stop();
      calls += caller->calls();
      EXPECT_THAT(caller->failures(), IsEmpty());
    }
    std::printf("%d calls while four certificates, the broker's and four seeds changed\n", calls);
    EXPECT_GT(calls, 100);
  }
  EXPECT_TRUE(suite.WaitSettled());
  for (const std::string& service : kServices) {
    EXPECT_EQ(suite.Pid(service), pids[service]) << service;
    EXPECT_TRUE(suite.Running(service)) << service;
  }
  EXPECT_THAT(AuditSuite(suite, journal), IsEmpty());
}

}  // namespace
}  // namespace ieum::testing
