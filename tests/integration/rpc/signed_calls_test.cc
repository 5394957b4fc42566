// Goal: whoever presents a token of the issuer is served as whom it names, and whoever does not
// learns nothing by trying. Method: a real server; the test stands in for the issuer of keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "platform/rpc/token_identities.h"
#include "tests/integration/rpc/sample_server.h"
#include "tests/support/issuer.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

using identity::Issuer;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::WaitFor;

constexpr char kRoles[] = R"({"roles": {"reader": ["sample.things.list"]}})";
constexpr char kStatic[] = R"([{"token": "fixed", "subject": "staff/fixed", "roles": ["reader"]}])";

const Issuer& Known() { return Issuer::Get(); }

class SignedCalls : public ::testing::Test {
 protected:
  SignedCalls() {
    TokenIdentityOptions options;
    options.rules = Known().Rules();
    options.now = [this] { return Known().now + absl::Seconds(passed_.load()); };
    identity::KeyTimes times;
    times.refresh = times.refetch_min = times.retry = absl::Milliseconds(5);
    source_ = std::make_shared<identity::KeySource>(
        [this](const std::atomic<bool>&) -> absl::StatusOr<std::string> {
          std::lock_guard lock(mutex_);
          return published_;
        },
        times, sample_.metrics);
    Authenticator authenticator = Authenticator::FromTokens(kStatic).value();
    authenticator.AlsoAccept(std::make_shared<TokenIdentities>(options, source_, sample_.metrics));
    server_.emplace(ServerOptions{.service = "sample"}, sample_.router, std::move(authenticator),
                    Roles::FromJson(kRoles).value(), sample_.metrics);
    EXPECT_TRUE(server_->Start().ok());
    server_->SetServing(true);
    channel_ = sample_.NewChannel(server_->grpc_port());
    stub_ = sample::v1::SampleService::NewStub(channel_);
  }

  void Publish(absl::StatusOr<std::string> keys) {
    std::lock_guard lock(mutex_);
    published_ = std::move(keys);
  }
  bool Have(const char* kid) {
    const auto keys = source_->Keys();
    return keys != nullptr && keys->Find(kid) != nullptr;
  }
  Result List(const std::string& token) {
    grpc::ClientContext context;
    SampleServer::Prepare(&context, token, absl::Seconds(20));
    sample::v1::ListThingsResponse response;
    const grpc::Status status = stub_->ListThings(&context, {}, &response);
    return SampleServer::Finished(status, context);
  }
  // Answered, when those that are told to come back do.
  Result ListPatiently(const std::string& token) {
    Result result;
    WaitFor([&] {
      result = List(token);
      return result.status.error_code() != grpc::StatusCode::UNAVAILABLE;
    });
    return result;
  }
  static std::string TokenWith(const char* member, const json& value) {
    json claims = Known().Claims();
    claims["roles"] = {"reader"};
    claims[member] = value;
    return Known().Token(claims);
  }
  static std::string Reader() { return TokenWith("roles", {"reader"}); }

  SampleServer sample_;
  std::mutex mutex_;
  absl::StatusOr<std::string> published_ = Known().public_set;
  std::atomic<int> passed_{0};  // seconds
  std::shared_ptr<identity::KeySource> source_;
  std::optional<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<sample::v1::SampleService::Stub> stub_;
};

TEST_F(SignedCalls, AreServedAsTheirTokenSays) {
  EXPECT_TRUE(ListPatiently(Reader()).status.ok());
  EXPECT_TRUE(List(Reader()).status.ok());  // recalled
  EXPECT_EQ(List(TokenWith("roles", {"stranger"})).reason, "PERMISSION_DENIED");
  EXPECT_EQ(List(TokenWith("roles", json::array())).reason, "PERMISSION_DENIED");
}

TEST_F(SignedCalls, StandBesideStaticTokens) {
  EXPECT_TRUE(List("fixed").status.ok());
  EXPECT_EQ(ListPatiently("fixed2").status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(SignedCalls, AreRefusedWithoutAWordAboutWhy) {
  ASSERT_TRUE(ListPatiently(Reader()).status.ok());
  const std::string good = Reader();
  const std::string forged =
      Known()
          .stranger.SignRaw({{"alg", "RS256"}, {"kid", "rsa-1"}}, Known().Claims().dump())
          .value();
  const std::string answer = List("fixed2").status.error_message();
  for (const std::string& token :
       {forged, good + "x", good.substr(0, good.rfind('.') + 1), TokenWith("aud", "payroll"),
        TokenWith("iss", "https://evil.example"), TokenWith("sub", "service/registry"),
        TokenWith("nbf", absl::ToUnixSeconds(Known().now) + 60), TokenWith("roles", 7)}) {
    const Result refused = List(token);
    EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(refused.status.error_message(), answer);
  }
  EXPECT_THAT(sample_.metrics.Render(),
              HasSubstr("rpc_server_signed_tokens_total{outcome=\"signature\"} "));
}

TEST_F(SignedCalls, HearThatTheirTokenHasExpired) {
  const std::string token = Reader();
  ASSERT_TRUE(ListPatiently(token).status.ok());
  passed_ = 7200;
  const Result refused = List(token);  // was known as good
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(refused.status.error_message(), HasSubstr("expired"));
  // Only the issuer's own: who forged one is not told.
  const std::string forged =
      Known()
          .stranger.SignRaw({{"alg", "RS256"}, {"kid", "rsa-1"}}, Known().Claims().dump())
          .value();
  EXPECT_THAT(List(forged).status.error_message(), Not(HasSubstr("expired")));
}

TEST_F(SignedCalls, GoOnWhenTheIssuerChangesItsKey) {
  Publish(Known().rsa.PublicSet());
  ASSERT_TRUE(ListPatiently(Reader()).status.ok());
  ASSERT_TRUE(WaitFor([&] { return !Have("curve-1"); }));
  json claims = Known().Claims();
  claims["roles"] = {"reader"};
  const std::string fresh = Known().Token({{"alg", "ES256"}, {"kid", "curve-1"}}, claims);
  Publish(Known().public_set);
  EXPECT_TRUE(WaitFor([&] { return List(fresh).status.ok(); }));
  EXPECT_TRUE(List(Reader()).status.ok());
  Publish(Known().curve.PublicSet());
  ASSERT_TRUE(WaitFor([&] { return !Have("rsa-1"); }));
  EXPECT_FALSE(List(Reader()).status.ok());  // was known as good, and its key is gone
  EXPECT_TRUE(List(fresh).status.ok());
}

TEST_F(SignedCalls, AreAskedToComeBackWhileThereAreNoKeys) {
  TokenIdentityOptions options;
  options.rules = Known().Rules();
  telemetry::Metrics metrics("sample");
  auto empty = std::make_shared<identity::KeySource>(
      [](const std::atomic<bool>&) -> absl::StatusOr<std::string> {
        return absl::UnavailableError("away");
      },
      identity::KeyTimes(), metrics);
  const absl::Status status = TokenIdentities(options, empty, metrics).Identify(Reader()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
}

}  // namespace
}  // namespace ieum::rpc
