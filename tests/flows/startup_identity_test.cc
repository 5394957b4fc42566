// Goal: who may call is said outright: static tokens only where they are allowed, an issuer with
// keys that can be had; and what `ieumctl token` signs is served. Method: a real registry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/status.h"
#include "tests/flows/newcomer.h"
#include "tests/flows/suite.h"
#include "tests/support/certificates.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr int kBadConfiguration = 2;
constexpr char kNowhere[] = "nats://127.0.0.1:1";
constexpr char kNoDatabase[] = "host=/nowhere";
constexpr char kIssuer[] = "https://login.example";
constexpr char kProgress[] = "/ieum.platform.v1.OpsService/GetProgress";

class StartupIdentity : public ::testing::Test {
 protected:
  Newcomer newcomer_{"registry", kNoDatabase, kNowhere};
};

TEST_F(StartupIdentity, RefusesStaticTokensThatAreNotAllowed) {
  newcomer_.Set("IEUM_STATIC_TOKENS_ALLOWED", "");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("IEUM_STATIC_TOKENS_ALLOWED")));
}

TEST_F(StartupIdentity, RefusesAPlaintextPortThatIsNotAllowed) {
  newcomer_.Set("IEUM_PLAINTEXT_ALLOWED", "");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("IEUM_PLAINTEXT_ALLOWED")));
  newcomer_.Spoil("IEUM_TLS_CERT_FILE", "no certificate");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("set all of IEUM_TLS_CERT_FILE")));
}

TEST_F(StartupIdentity, RefusesACertificateOfAnotherService) {
  const TempDir dir;
  const Authority authority(dir.path(), "ours");
  authority.Issue("notify", {.names = {"URI:spiffe://ieum/service/notify"}});
  newcomer_.Set("IEUM_TLS_CERT_FILE", authority.certificate_file("notify"));
  newcomer_.Set("IEUM_TLS_KEY_FILE", authority.key_file("notify"));
  newcomer_.Set("IEUM_TLS_CA_FILE", authority.ca_file());
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(),
              ElementsAre(HasSubstr("no certificate of URI:spiffe://ieum/service/registry")));
}

TEST_F(StartupIdentity, RefusesToServeNobody) {
  newcomer_.Set("IEUM_TOKENS_FILE", "");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("nobody could call")));
}

TEST_F(StartupIdentity, NamesEveryFaultOfAnIssuer) {
  newcomer_.Set("IEUM_OIDC_ISSUER", kIssuer);
  newcomer_.Set("IEUM_OIDC_KEYS_URL", "http://login.example/keys");
  newcomer_.Set("IEUM_OIDC_ALGORITHMS", "RS256,none");
  newcomer_.Set("IEUM_OIDC_LEEWAY", "1h");
  newcomer_.Set("IEUM_OIDC_ROLES_CLAIM", "/");
  newcomer_.Set("IEUM_OIDC_ROLE_NAMES", "judges=judge,auditors");
  newcomer_.Set("IEUM_OIDC_KEYS_KEPT", "1s");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(),
              UnorderedElementsAre(StartsWith("IEUM_OIDC_KEYS_URL must be https"),
                                   StartsWith("IEUM_OIDC_ALGORITHMS must be a list of"),
                                   StartsWith("IEUM_OIDC_LEEWAY is longer"),
                                   StartsWith("IEUM_OIDC_ROLES_CLAIM must be a claim's name"),
                                   HasSubstr("'auditors' is not theirs=ours"),
                                   StartsWith("IEUM_OIDC_KEYS_KEPT is shorter")));
}

TEST_F(StartupIdentity, RefusesKeysThatAreNone) {
  newcomer_.Set("IEUM_OIDC_ISSUER", kIssuer);
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("IEUM_OIDC_KEYS_FILE and")));
  newcomer_.Spoil("IEUM_OIDC_KEYS_FILE", R"({"keys":[{"kty":"oct","kid":"a","k":"hidden"}]})");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("private or symmetric")));
  EXPECT_THAT(newcomer_.Output(), Not(HasSubstr("hidden")));
}

// With a database of its own, and the issuer alone: no static tokens.
class SignedTokens : public ::testing::Test {
 protected:
  void SetUp() override {
    pqxx::connection admin(postgres_.conninfo() + " dbname=postgres");
    pqxx::nontransaction(admin).exec("CREATE DATABASE registry TEMPLATE template0");
    const auto made = Ctl({"token-key", "--key", key_, "--keys", keys_});
    ASSERT_TRUE(made.ok()) << made.status();
    newcomer_.Set("IEUM_TOKENS_FILE", "");
    newcomer_.Set("IEUM_STATIC_TOKENS_ALLOWED", "");
    newcomer_.Set("IEUM_OIDC_ISSUER", kIssuer);
    newcomer_.Set("IEUM_OIDC_KEYS_FILE", keys_);
    newcomer_.Set("IEUM_OIDC_CLAIMED_ROLES", "auditor,judge");
    ASSERT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
    newcomer_.Start();
    ASSERT_TRUE(newcomer_.BecomesReady()) << newcomer_.Output();
  }

  static absl::StatusOr<std::string> Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), IEUM_BINARY_DIR "/bin/ieumctl");
    return RunToEnd({.argv = std::move(words)});
  }
  std::string Token(const std::string& role, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"token",     "--key",    key_, "--subject",
                                      "staff/kim", "--role",   role, "--issuer",
                                      kIssuer,     "--centre", "*"};
    words.insert(words.end(), more.begin(), more.end());
    auto token = Ctl(std::move(words));
    if (!token.ok()) ADD_FAILURE() << token.status();
    return std::string(absl::StripAsciiWhitespace(token.value_or("")));
  }
  absl::Status Ask(const std::string& token) {
    rpc::Peer peer(
        {"registry", absl::StrCat("127.0.0.1:", newcomer_.port("IEUM_GRPC_PORT")), token});
    platform::v1::Progress progress;
    return peer.Call(kProgress, platform::v1::GetProgressRequest(), &progress);
  }

  TempDir dir_;
  const std::string key_ = dir_.path() + "/issuer.key", keys_ = dir_.path() + "/keys.json";
  PostgresCluster postgres_;
  Newcomer newcomer_{"registry", postgres_.conninfo() + " dbname=registry", kNowhere};
};

TEST_F(SignedTokens, AreServedAsTheirRolesAllowAndNeverLogged) {
  const std::string auditor = Token("auditor"), judge = Token("judge");
  EXPECT_TRUE(Ask(auditor).ok()) << Ask(auditor);
  EXPECT_EQ(base::ReasonOf(Ask(judge)), "PERMISSION_DENIED");
  const std::string other = Token("auditor", {"--audience", "payroll"});
  for (const std::string& bad : {other, auditor.substr(0, auditor.size() - 4), std::string("x")}) {
    EXPECT_EQ(Ask(bad).code(), absl::StatusCode::kUnauthenticated);
  }
  for (const std::string& token : {auditor, judge, other}) {
    const std::string claims = token.substr(token.find('.') + 1, 40);
    EXPECT_THAT(newcomer_.Output(), AllOf(HasSubstr("staff/kim"), Not(HasSubstr(claims))));
  }
}

TEST_F(SignedTokens, GiveNoRoleThatTokensMayNotGive) {
  EXPECT_EQ(base::ReasonOf(Ask(Token("operator"))), "PERMISSION_DENIED");
}

TEST_F(SignedTokens, AreSignedWithAKeyThatOnlyItsOwnerReads) {
  struct stat made {};
  ASSERT_EQ(stat(key_.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0600u);
  EXPECT_FALSE(Ctl({"token-key", "--key", key_, "--keys", keys_}).ok());  // not written over
  EXPECT_FALSE(Ctl({"token", "--key", keys_, "--subject", "staff/kim"}).ok());
  EXPECT_FALSE(Ctl({"token", "--key", key_, "--subject", "staff/kim", "--hours", "100"}).ok());
  EXPECT_FALSE(Ctl({"token", "--key", key_}).ok());
}

}  // namespace
}  // namespace ieum::testing
