// Goal: keys come from where they are said to be and from nowhere else, and a bad server costs
// little. Method: real HTTP and HTTPS servers on loopback.
#include "platform/identity/key_fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/identity/key_set.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace ieum::identity {
namespace {

using ::testing::HasSubstr;

constexpr char kText[] = R"({"keys":[]})";

// Serves one path; anything that is asked of it is counted.
class Served {
 public:
  explicit Served(std::unique_ptr<httplib::Server> server) : server_(std::move(server)) {
    server_->Get("/keys", [this](const httplib::Request&, httplib::Response& answer) {
      ++asked;
      if (answers) return answers(answer);
      answer.set_content(kText, "application/json");
    });
    server_->Get("/other", [this](const httplib::Request&, httplib::Response& answer) {
      ++strayed;
      answer.set_content(kText, "application/json");
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    testing::WaitFor([this] { return server_->is_running(); });
  }
  ~Served() {
    server_->stop();
    thread_.join();
  }
  std::string Url(const std::string& scheme, const std::string& host = "127.0.0.1") const {
    return absl::StrCat(scheme, "://", host, ":", port_, "/keys");
  }

  std::function<void(httplib::Response&)> answers;
  std::atomic<int> asked{0}, strayed{0};

 private:
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

absl::StatusOr<std::string> Fetch(const KeysAddress& address) {
  const std::atomic<bool> stop{false};
  return FetchKeysFromAddress(address, stop);
}

class PlainFetch : public ::testing::Test {
 protected:
  KeysAddress Address() const { return {.url = server_.Url("http"), .plain_http_allowed = true}; }

  std::atomic<bool> answer_now_{false};  // the server outlives the body of a test
  Served server_{std::make_unique<httplib::Server>()};
};

TEST_F(PlainFetch, BringsTheText) { EXPECT_EQ(Fetch(Address()).value(), kText); }

TEST_F(PlainFetch, IsRefusedUnlessItIsAllowed) {
  KeysAddress address = Address();
  address.plain_http_allowed = false;
  EXPECT_EQ(Fetch(address).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(server_.asked, 0);
}

TEST_F(PlainFetch, TakesNothingButAGoodAnswer) {
  server_.answers = [](httplib::Response& answer) { answer.status = 500; };
  EXPECT_THAT(std::string(Fetch(Address()).status().message()), HasSubstr("answered 500"));
}

TEST_F(PlainFetch, FollowsNobodyElsewhere) {
  server_.answers = [](httplib::Response& answer) { answer.set_redirect("/other"); };
  EXPECT_THAT(std::string(Fetch(Address()).status().message()), HasSubstr("answered 302"));
  EXPECT_EQ(server_.strayed, 0);
}

TEST_F(PlainFetch, StopsReadingWhatIsTooLarge) {
  server_.answers = [](httplib::Response& answer) {
    answer.set_content(std::string(kMaxKeySetBytes + 1, 'x'), "application/json");
  };
  EXPECT_THAT(std::string(Fetch(Address()).status().message()), HasSubstr("over 64 KiB"));
}

TEST_F(PlainFetch, EndsWhenItIsTold) {
  std::atomic<bool> stop{false};
  server_.answers = [this](httplib::Response&) {
    testing::WaitFor([this] { return answer_now_.load(); });
  };
  absl::StatusOr<std::string> text = std::string();
  std::thread fetching([&] { text = FetchKeysFromAddress(Address(), stop); });
  EXPECT_TRUE(testing::WaitFor([&] { return server_.asked == 1; }));
  stop = true;
  fetching.join();
  answer_now_ = true;
  EXPECT_EQ(text.status().code(), absl::StatusCode::kUnavailable);
}

class SecureFetch : public ::testing::Test {
 protected:
  static std::unique_ptr<httplib::Server> ServerOf(const testing::Authority& authority,
                                                   const testing::Authority::Wanted& wanted) {
    authority.Issue("server", wanted);
    return std::make_unique<httplib::SSLServer>(authority.certificate_file("server").c_str(),
                                                authority.key_file("server").c_str());
  }

  testing::TempDir dir_;
  testing::Authority authority_{dir_.path(), "ours"}, stranger_{dir_.path(), "stranger"};
};

TEST_F(SecureFetch, BringsTheTextFromWhomOurAuthoritySigned) {
  const Served server(ServerOf(authority_, {}));
  EXPECT_EQ(Fetch({server.Url("https"), authority_.ca_file()}).value(), kText);
  EXPECT_EQ(Fetch({server.Url("https", "localhost"), authority_.ca_file()}).value(), kText);
}

TEST_F(SecureFetch, RefusesEverybodyElse) {
  const Served server(ServerOf(authority_, {}));
  EXPECT_FALSE(Fetch({server.Url("https"), stranger_.ca_file()}).ok());
  EXPECT_FALSE(Fetch({server.Url("https")}).ok());  // who the machine trusts did not sign it
  EXPECT_EQ(server.asked, 0);
}

TEST_F(SecureFetch, RefusesACertificateOfAnotherNameOrTime) {
  const Served other(ServerOf(authority_, {.names = {"DNS:login.example"}}));
  EXPECT_FALSE(Fetch({other.Url("https"), authority_.ca_file()}).ok());
  const Served expired(ServerOf(authority_, {.days = -1}));
  EXPECT_FALSE(Fetch({expired.Url("https"), authority_.ca_file()}).ok());
  EXPECT_EQ(other.asked + expired.asked, 0);
}

TEST(KeysAddress, IsCheckedBeforeItIsUsed) {
  for (const char* good : {"https://login.example/keys", "http://127.0.0.1:8080/keys",
                           "http://localhost/keys", "http://[::1]:80/keys"}) {
    EXPECT_TRUE(CheckKeysAddress({.url = good, .plain_http_allowed = true}).ok()) << good;
  }
  for (const char* bad :
       {"", "keys", "file:///etc/passwd", "ftp://login.example/keys", "http://login.example/keys",
        "http://127.0.0.1.evil.example/keys", "http://localhost@evil.example/",
        "https://user:word@login.example/keys", "http://[::2]/keys"}) {
    EXPECT_EQ(CheckKeysAddress({.url = bad, .plain_http_allowed = true}).code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(KeyFile, IsReadWholeAndNotTooLarge) {
  const testing::TempDir dir;
  const std::string path = dir.path() + "/keys";
  EXPECT_FALSE(FetchKeysFromFile(path).ok());
  std::ofstream(path) << kText;
  EXPECT_EQ(FetchKeysFromFile(path).value(), kText);
  std::ofstream(path) << std::string(kMaxKeySetBytes + 1, 'x');
  EXPECT_THAT(std::string(FetchKeysFromFile(path).status().message()), HasSubstr("64 KiB"));
  EXPECT_FALSE(FetchKeysFromFile(dir.path()).ok());
}

}  // namespace
}  // namespace ieum::identity
