// Goal: nobody gets as far as a call without a certificate of our authority, a service is known by
// its own, and certificates change while calls go on. Method: real servers and clients on loopback,
// certificates by the openssl program.
#include "platform/rpc/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "grpcpp/security/credentials.h"
#include "platform/base/status.h"
#include "platform/rpc/peer.h"
#include "tests/integration/rpc/sample_server.h"
#include "tests/support/certificates.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

using testing::Authority;
using ::testing::HasSubstr;
using testing::WaitFor;

constexpr char kRoles[] = R"({"roles": {"service": ["sample.things.list"],
                                        "staff": ["sample.things.list"]}})";
constexpr char kTokens[] = R"([{"token": "kim", "subject": "staff/kim", "roles": ["staff"]}])";
constexpr char kList[] = "/ieum.sample.v1.SampleService/ListThings";

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// `folder` becomes a link to another folder in one step, as a mounted secret does.
void PointTo(const std::string& folder, const std::string& target) {
  std::filesystem::create_directory_symlink(target, folder + ".new");
  std::filesystem::rename(folder + ".new", folder);
}

class TlsCalls : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    // gRPC hands sessions from thread to thread and OpenSSL works on them; the sanitizer sees into
    // neither and would report each.
    GTEST_SKIP() << "Debian's OpenSSL is not built for ThreadSanitizer";
#endif
  }
  void TearDown() override { UseTls(nullptr); }

  static Authority::Wanted Named(const std::string& uri, int days = 1) {
    return {.names = {"URI:" + uri, "DNS:localhost", "IP:127.0.0.1"}, .days = days};
  }
  static Authority::Wanted Service(const std::string& name, int days = 1) {
    return Named("spiffe://ieum/service/" + name, days);
  }
  TlsOptions Files(const Authority& authority, const std::string& stem) const {
    return {.certificate_file = authority.certificate_file(stem),
            .key_file = authority.key_file(stem),
            .authority_file = ours_.ca_file(),
            .refresh = absl::Seconds(1)};
  }
  std::shared_ptr<const Tls> Made(const Authority& authority, const std::string& stem,
                                  const Authority::Wanted& wanted) const {
    authority.Issue(stem, wanted);
    return std::make_shared<Tls>(Files(authority, stem));
  }

  void Serve(std::shared_ptr<const Tls> tls) {
    UseTls(std::move(tls));
    server_.emplace(ServerOptions{.service = "sample"}, sample_.router,
                    Authenticator::FromTokens(kTokens).value(), Roles::FromJson(kRoles).value(),
                    sample_.metrics);
    ASSERT_TRUE(server_->Start().ok());
    server_->SetServing(true);
  }
  void ServeWell() { Serve(Made(ours_, "sample", Service("sample"))); }

  std::string Address() const { return "localhost:" + std::to_string(server_->grpc_port()); }
  // As a process with this certificate (none: plaintext) calls.
  absl::Status Ask(std::shared_ptr<const Tls> tls, const std::string& token = "") {
    UseTls(std::move(tls));
    Peer peer({.service = "sample", .address = Address(), .token = token});
    sample::v1::ListThingsResponse response;
    return peer.Call(kList, sample::v1::ListThingsRequest(), &response, absl::Seconds(3));
  }

  testing::TempDir dir_;
  Authority ours_{dir_.path(), "ours"}, stranger_{dir_.path(), "stranger"};
  SampleServer sample_;
  std::optional<Server> server_;
};

TEST_F(TlsCalls, OfAServiceNeedNoTokenAndOfAPersonDo) {
  ServeWell();
  const auto service = Made(ours_, "registry", Service("registry"));
  EXPECT_TRUE(Ask(service).ok()) << Ask(service);
  EXPECT_TRUE(Ask(service, "kim").ok());
  EXPECT_EQ(Ask(service, "lee").code(), absl::StatusCode::kUnauthenticated);  // no way around
  const auto edge = Made(ours_, "edge", Named("spiffe://ieum/proxy/edge"));
  EXPECT_EQ(Ask(edge).code(), absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(Ask(edge, "kim").ok());
}

TEST_F(TlsCalls, AreNobodysForANameThatOnlyLooksLikeAService) {
  ServeWell();
  for (const char* uri :
       {"spiffe://evil/service/registry", "spiffe://ieum/service/", "spiffe://ieum/service/a/b",
        "spiffe://ieum/service/Registry", "https://ieum/service/registry"}) {
    const auto tls = Made(ours_, "looks", Named(uri));
    EXPECT_EQ(Ask(tls).code(), absl::StatusCode::kUnauthenticated) << uri;
  }
}

// T27
TEST_F(TlsCalls, EndInTheHandshakeWithoutAGoodCertificate) {
  ServeWell();
  EXPECT_EQ(Ask(nullptr, "kim").code(), absl::StatusCode::kUnavailable) << "plaintext";
  EXPECT_EQ(Ask(Made(stranger_, "other", Service("registry")), "kim").code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Ask(Made(ours_, "old", Service("registry", -1)), "kim").code(),
            absl::StatusCode::kUnavailable);
  grpc::SslCredentialsOptions bare;
  bare.pem_root_certs = ReadFile(ours_.ca_file());
  const auto channel = grpc::CreateChannel(Address(), grpc::SslCredentials(bare));
  grpc::ClientContext context;
  SampleServer::Prepare(&context, "kim", absl::Seconds(3));
  sample::v1::ListThingsResponse response;
  EXPECT_EQ(
      sample::v1::SampleService::NewStub(channel)->ListThings(&context, {}, &response).error_code(),
      grpc::StatusCode::UNAVAILABLE)
      << "no certificate";
}

// T27
TEST_F(TlsCalls, GoToNobodyButTheServiceThatIsMeant) {
  const auto client = Made(ours_, "registry", Service("registry"));
  struct {
    const char* what;
    std::shared_ptr<const Tls> server;
  } const kServers[] = {{"another service's certificate", Made(ours_, "notify", Service("notify"))},
                        {"a host's certificate", Made(ours_, "host", {})},
                        {"a stranger's certificate", Made(stranger_, "sample2", Service("sample"))},
                        {"an expired certificate", Made(ours_, "sample3", Service("sample", -1))}};
  for (const auto& [what, server] : kServers) {
    Serve(server);
    EXPECT_EQ(Ask(client, "kim").code(), absl::StatusCode::kUnavailable) << what;
  }
}

TEST_F(TlsCalls, GoOnWhileCertificatesChange) {
  const std::string now = dir_.path() + "/now", first = dir_.path() + "/1";
  std::filesystem::create_directory(first);
  const auto issue = [&](const std::string& folder) {
    ours_.Issue("turning", Service("sample"));
    std::filesystem::copy(ours_.certificate_file("turning"), folder + "/tls.crt");
    std::filesystem::copy(ours_.key_file("turning"), folder + "/tls.key");
    PointTo(now, folder);
  };
  issue(first);
  const TlsOptions files{.certificate_file = now + "/tls.crt",
                         .key_file = now + "/tls.key",
                         .authority_file = ours_.ca_file(),
                         .refresh = absl::Seconds(1)};
  Serve(std::make_shared<Tls>(files));

  // Old connections and new ones, with the certificate that changes on both sides.
  const auto tls = TlsInUse();
  std::atomic<bool> stop{false};
  std::atomic<int> good{0}, bad{0};
  Peer lasting({.service = "sample", .address = Address()});
  std::thread calling([&] {
    while (!stop) {
      Peer fresh({.service = "sample", .address = Address()});
      for (Peer* peer : {&lasting, &fresh}) {
        sample::v1::ListThingsResponse response;
        ++(peer->Call(kList, sample::v1::ListThingsRequest(), &response).ok() ? good : bad);
      }
    }
  });
  const auto shown = [&] {  // to a new connection
    const auto channel =
        grpc::CreateCustomChannel(Address(), tls->ForPeer("sample"), grpc::ChannelArguments());
    grpc::ClientContext context;
    sample::v1::ListThingsResponse response;
    (void)sample::v1::SampleService::NewStub(channel)->ListThings(&context, {}, &response);
    const auto pem = context.auth_context()->FindPropertyValues("x509_pem_cert");
    return pem.empty() ? std::string() : std::string(pem[0].data(), pem[0].size());
  };
  for (int turn = 2; turn <= 4; ++turn) {
    const std::string before = shown();
    const std::string folder = dir_.path() + "/" + std::to_string(turn);
    std::filesystem::create_directory(folder);
    issue(folder);
    EXPECT_TRUE(WaitFor([&] { return shown() != before; })) << "the certificate stayed";
  }
  stop = true;
  calling.join();
  EXPECT_EQ(bad, 0);
  EXPECT_GT(good, 20);
}

// T27: with a program that speaks TLS and nothing else, as an old or a hostile client would.
TEST_F(TlsCalls, SpeakNoTlsOlderThanThatOfTheDay) {
  ServeWell();
  ours_.Issue("registry", Service("registry"));
  const auto greet = [&](const std::string& version) {
    const std::string said = dir_.path() + "/said";
    std::filesystem::remove(said);
    auto process = testing::Process::Start(
        {.argv = {"/bin/sh", "-c",
                  "exec openssl s_client -cipher DEFAULT@SECLEVEL=0 -alpn h2 -brief -connect '" +
                      Address() + "' " + version + " -CAfile '" + ours_.ca_file() + "' -cert '" +
                      ours_.certificate_file("registry") + "' -key '" + ours_.key_file("registry") +
                      "' </dev/null"},
         .output_file = said});
    if (!process.ok()) return std::string("no openssl");
    process->Wait();
    return ReadFile(said);
  };
  EXPECT_THAT(greet("-tls1_2"), HasSubstr("Protocol version: TLSv1.2"));
  EXPECT_THAT(greet("-tls1_3"), HasSubstr("Protocol version: TLSv1.3"));
  for (const char* old : {"-tls1_1", "-tls1"}) {
    EXPECT_THAT(greet(old), ::testing::Not(HasSubstr("Protocol version"))) << old;
  }
  EXPECT_TRUE(Ask(Made(ours_, "registry", Service("registry"))).ok()) << "nobody else is harmed";
}

// T27: what was revoked, which here means that its authority is trusted no more.
TEST_F(TlsCalls, EndWhenTheAuthorityOfTheCallerIsTrustedNoMore) {
  const std::string trusted = dir_.path() + "/trusted.pem";
  const auto trust = [&](const std::string& ca_files) {
    std::ofstream(trusted + ".new") << ca_files;
    std::filesystem::rename(trusted + ".new", trusted);
  };
  trust(ReadFile(ours_.ca_file()) + ReadFile(stranger_.ca_file()));
  ours_.Issue("sample", Service("sample"));
  TlsOptions files = Files(ours_, "sample");
  files.authority_file = trusted;
  Serve(std::make_shared<Tls>(files));
  const auto asks = [&] {  // on a connection of its own each time
    TlsOptions callers = Files(stranger_, "caller");
    callers.authority_file = ours_.ca_file();
    return Ask(std::make_shared<Tls>(callers)).code();
  };
  stranger_.Issue("caller", Service("registry"));
  EXPECT_EQ(asks(), absl::StatusCode::kOk);
  trust(ReadFile(ours_.ca_file()));
  EXPECT_TRUE(WaitFor([&] { return asks() == absl::StatusCode::kUnavailable; }));
  EXPECT_TRUE(Ask(Made(ours_, "registry", Service("registry"))).ok());
}

TEST_F(TlsCalls, AreNotBegunWithFilesThatCannotWork) {
  ours_.Issue("registry", Service("registry"));
  ours_.Issue("notify", Service("notify"));
  ours_.Issue("old", Service("registry", -1));
  ours_.Issue("two", {.names = {"URI:spiffe://ieum/service/registry", "URI:spiffe://ieum/else"}});
  const auto check = [&](const TlsOptions& files) {
    return std::string(CheckTls(files, "registry", absl::Now()).message());
  };
  EXPECT_EQ(check(Files(ours_, "registry")), "");
  EXPECT_THAT(check(Files(ours_, "notify")), HasSubstr("URI:spiffe://ieum/service/registry"));
  EXPECT_THAT(check(Files(ours_, "two")), HasSubstr("and no other URI"));
  EXPECT_THAT(check(Files(ours_, "old")), HasSubstr("expired"));
  EXPECT_THAT(check(Files(ours_, "none")), HasSubstr("cannot be read"));
  TlsOptions mixed = Files(ours_, "registry");
  mixed.key_file = ours_.key_file("notify");
  EXPECT_THAT(check(mixed), HasSubstr("the key of another certificate"));
  mixed = Files(ours_, "registry");
  mixed.authority_file = mixed.key_file;
  EXPECT_THAT(check(mixed), HasSubstr("no certificate"));
}

}  // namespace
}  // namespace ieum::rpc
