// Goal: who we are at the broker, and by what we know it, may change while the process runs, and a
// broker that is not ours is not taken for ours. Method: a real nats-server with rooms and TLS.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/broker/connection.h"
#include "platform/broker/publisher.h"
#include "platform/broker/puller.h"
#include "platform/broker/stream.h"
#include "tests/support/nats.h"
#include "tests/support/seals.h"
#include "tests/support/wait.h"

namespace ieum::broker {
namespace {

using ieum::testing::Authority;
using ieum::testing::kBrokerSpeaksTls;
using ieum::testing::NatsServer;
using ieum::testing::Seals;
using ieum::testing::TempDir;
using ieum::testing::WaitFor;

constexpr int64_t kSmall = 1 << 20;

std::string Whole(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// The reasons of those lines of a log that say `words`.
std::vector<std::string> ReasonsOf(const std::string& words, const std::string& log) {
  std::vector<std::string> reasons;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(words) != line.npos) reasons.push_back(line.substr(line.find("\"reason\"")));
  }
  return reasons;
}

int CountOf(std::string_view words, std::string_view text) {
  int count = 0;
  for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

class BrokerAccess : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Open(const Access& access) {
    auto connection = Connection::Open({.url = nats_.url(), .name = "test", .access = access});
    EXPECT_TRUE(connection.ok()) << connection.status();
    return *std::move(connection);
  }
  std::unique_ptr<Connection> Enter(const std::string& name) {
    auto connection = Open(seals_.AccessOf(name));
    EXPECT_TRUE(WaitFor([&] { return connection->connected(); })) << name;
    return connection;
  }
  void TellBroker() {
    nats_.Set(seals_.BrokerSettings());
    nats_.Reload();
  }
  // What a publish is answered with; nothing when it is refused or lost.
  static std::optional<uint64_t> Publish(Connection& connection, const std::string& subject) {
    std::atomic<bool> answered{false};
    Publisher publisher(connection, [&] { answered = true; });
    Message message{.subject = subject, .reply = "", .headers = {}, .payload = "{}"};
    if (!publisher.Publish(1, &message).ok()) return std::nullopt;
    if (!WaitFor([&] { return answered.load(); }, std::chrono::seconds(2))) return std::nullopt;
    return publisher.TakeAnswers().at(0).seq;
  }

  TempDir dir_;
  Seals seals_{dir_.path(), {"registry", "casemgmt"}};
  NatsServer nats_{NatsServer::Begin::kStarted, seals_.BrokerSettings()};
};

TEST_F(BrokerAccess, WorksInARoomAndReadsFromAnother) {
  const auto registry = Enter("registry"), casemgmt = Enter("casemgmt");
  ASSERT_TRUE(EnsureStream(*registry, "registry", kSmall).ok());
  ASSERT_EQ(Publish(*registry, EventSubject("registry", 3)), 1u);
  ASSERT_EQ(Publish(*registry, EventSubject("registry", 4)), 2u);
  EXPECT_EQ(GetStreamState(*casemgmt, "registry")->last_seq, 2u);
  EXPECT_EQ(MessageAt(*casemgmt, "registry", 2)->message.subject, "ev.registry.s04");
  EXPECT_EQ((*LastOnSubject(*casemgmt, "registry", EventSubject("registry", 3)))->seq, 1u);
  std::atomic<uint64_t> last{0};
  uint64_t pending = 0;
  const auto puller = Puller::Open(
      *casemgmt, "registry", {},
      [&](Delivery delivery) {
        if (delivery.kind == Delivery::Kind::kMessage) last = delivery.seq;
      },
      &pending);
  ASSERT_TRUE(puller.ok()) << puller.status();
  EXPECT_EQ(pending, 2u);
  ASSERT_TRUE((*puller)
                  ->Ask({.batch = 10,
                         .max_bytes = kSmall,
                         .expires = absl::Seconds(5),
                         .heartbeat = absl::Seconds(1)})
                  .ok());
  EXPECT_TRUE(WaitFor([&] { return last == 2; }));
}

TEST_F(BrokerAccess, IsGivenToWhomTheBrokerGetsToKnow) {
  seals_.AddSeed("casemgmt");
  seals_.SwapSeed("casemgmt");  // before the broker has heard of it
  const auto early = Open(seals_.AccessOf("casemgmt"));
  std::atomic<int> heard{0};
  const auto subscription =
      early->Subscribe(WakeSubjects("casemgmt"), [&](const Message&) { ++heard; });
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  EXPECT_FALSE(WaitFor([&] { return early->connected(); }, std::chrono::seconds(2)));
  TellBroker();
  ASSERT_TRUE(WaitFor([&] { return early->connected(); }));
  EXPECT_TRUE(WaitFor([&] {
    (void)early->Publish({.subject = WakeSubject("casemgmt")});
    return heard > 0;
  }));
}

// The seed changes in three steps; between the second and the third nothing happens.
TEST_F(BrokerAccess, ComesWithTheNewSeedWhenTheOldOneIsDropped) {
  const auto registry = Enter("registry");
  ASSERT_TRUE(EnsureStream(*registry, "registry", kSmall).ok());
  std::atomic<int> heard{0};
  const auto subscription =
      registry->Subscribe(WakeSubjects("registry"), [&](const Message&) { ++heard; });
  ASSERT_TRUE(subscription.ok());
  seals_.AddSeed("registry");
  TellBroker();
  ASSERT_TRUE(WaitFor([&] { return Publish(*registry, EventSubject("registry", 0)).has_value(); }));
  seals_.SwapSeed("registry");
  seals_.DropOldSeed("registry");
  const uint64_t generation = registry->generation();
  TellBroker();
  ASSERT_TRUE(WaitFor([&] { return registry->generation() > generation; }));
  ASSERT_TRUE(WaitFor([&] { return registry->connected(); }));
  // What was made before lives on: the inbox, and whoever listens.
  EXPECT_TRUE(WaitFor([&] { return Publish(*registry, EventSubject("registry", 1)).has_value(); }));
  EXPECT_TRUE(WaitFor([&] {
    (void)registry->Publish({.subject = WakeSubject("registry")});
    return heard > 0;
  }));
  const auto stream = GetStreamState(*registry, "registry");
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ(stream->first_seq, 1u);  // the same one
}

// After half a second, half, one, two, four, five.
TEST_F(BrokerAccess, IsAskedForLessAndLessOftenAndComplainedOfOnce) {
  seals_.AddSeed("casemgmt");
  seals_.SwapSeed("casemgmt");
  ::testing::internal::CaptureStdout();
  const absl::Time began = absl::Now();
  const auto refused = Open(seals_.AccessOf("casemgmt"));
  const bool asked =
      WaitFor([&] { return CountOf("authentication error", Whole(nats_.log_file())) >= 6; },
              std::chrono::seconds(60));
  const absl::Duration took = absl::Now() - began;
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_TRUE(asked) << "after a while it is not asked any more";
  EXPECT_GT(took, absl::Seconds(5));
  const std::vector<std::string> reasons = ReasonsOf("broker lets us not in", log);
  EXPECT_FALSE(reasons.empty()) << log;
  EXPECT_EQ(std::set<std::string>(reasons.begin(), reasons.end()).size(), reasons.size()) << log;
  EXPECT_LE(CountOf("\"WARN\"", log), 4) << log;
  EXPECT_FALSE(refused->connected());
}

// While another link is made, which takes as long as the reading of the new seed, the old one comes
// back by itself: what is under way on it is not thrown away.
TEST_F(BrokerAccess, StaysWithALinkThatCameBackMeanwhile) {
  Access access = seals_.AccessOf("registry");
  const std::string file = dir_.path() + "/seed";
  std::filesystem::copy_file(access.seed_file, file);
  seals_.AddSeed("registry");
  seals_.SwapSeed("registry");
  const std::string new_seed = Whole(access.seed_file);
  TellBroker();  // it takes both
  access.seed_file = file;
  const auto registry = Open(access);
  // A link that is made anew is up before it is counted.
  ASSERT_TRUE(WaitFor([&] { return registry->connected() && registry->generation() > 0; }));
  const uint64_t generation = registry->generation();
  std::filesystem::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  nats_.KillNine();
  int pipe = -1;
  ASSERT_TRUE(WaitFor([&] {
    pipe = open(file.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return pipe >= 0;  // somebody reads
  }));
  nats_.Start();
  ASSERT_TRUE(WaitFor([&] { return registry->generation() == generation + 2; })) << "lost, back";
  std::ofstream(file + ".new") << new_seed;
  std::filesystem::rename(file + ".new", file);  // nobody waits for the pipe any more
  EXPECT_EQ(write(pipe, new_seed.data(), new_seed.size()), static_cast<ssize_t>(new_seed.size()));
  close(pipe);
  EXPECT_FALSE(
      WaitFor([&] { return registry->generation() > generation + 2; }, std::chrono::seconds(2)));
  EXPECT_TRUE(registry->connected());
}

TEST_F(BrokerAccess, LivesThroughANewCertificateOfTheBroker) {
  if (!kBrokerSpeaksTls) GTEST_SKIP() << "the broker's links are plain here";
  const auto lasting = Enter("registry");
  seals_.RenewCertificate("nats");
  TellBroker();
  Enter("casemgmt");
  nats_.KillNine();
  ASSERT_TRUE(WaitFor([&] { return !lasting->connected(); }));
  nats_.Start();
  EXPECT_TRUE(WaitFor([&] { return lasting->connected(); }));
}

TEST_F(BrokerAccess, NamesAFileThatIsNoSuchThing) {
  Access access = seals_.AccessOf("registry");
  std::ofstream(dir_.path() + "/nothing") << "nothing\n";
  for (std::string* file : {&access.seed_file, &access.authority_file, &access.key_file}) {
    const std::string right = *file;
    for (const std::string& wrong : {dir_.path() + "/nothing", dir_.path() + "/absent"}) {
      *file = wrong;
      const auto refused = Connection::Open({.url = nats_.url(), .name = "test", .access = access});
      EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
      EXPECT_NE(refused.status().message().find(wrong), std::string::npos) << refused.status();
    }
    *file = right;
  }
}

// A broker with this certificate, and a client that trusts that authority.
bool Trusts(const Authority& authority, const std::string& stem, const Authority& trusted) {
  NatsServer nats(NatsServer::Begin::kStarted,
                  absl::StrCat("tls { cert_file: \"", authority.certificate_file(stem),
                               "\", key_file: \"", authority.key_file(stem), "\" }"));
  Access access;
  access.authority_file = trusted.ca_file();
  const auto connection = Connection::Open({.url = nats.url(), .name = "test", .access = access});
  EXPECT_TRUE(connection.ok()) << connection.status();
  return WaitFor([&] { return (*connection)->connected(); }, std::chrono::seconds(3));
}

TEST(BrokersCertificate, IsOfOurAuthorityAndOfTheHost) {
  if (!kBrokerSpeaksTls) GTEST_SKIP() << "the broker's links are plain here";
  const TempDir dir;
  const Authority ours(dir.path(), "ours"), other(dir.path(), "other");
  ours.Issue("broker");
  ours.Issue("elsewhere", {.names = {"DNS:elsewhere", "IP:127.0.0.2"}});
  ours.Issue("expired", {.days = -1});
  other.Issue("stranger");
  EXPECT_TRUE(Trusts(ours, "broker", ours));
  EXPECT_FALSE(Trusts(ours, "elsewhere", ours));
  EXPECT_FALSE(Trusts(ours, "expired", ours));
  EXPECT_FALSE(Trusts(other, "stranger", ours));
}

TEST(BrokersCertificate, IsWantedWhereItIsToBeChecked) {
  if (!kBrokerSpeaksTls) GTEST_SKIP() << "the broker's links are plain here";
  const TempDir dir;
  const Authority ours(dir.path(), "ours");
  NatsServer plain;
  Access access;
  access.authority_file = ours.ca_file();
  const auto connection = Connection::Open({.url = plain.url(), .name = "test", .access = access});
  ASSERT_TRUE(connection.ok()) << connection.status();
  EXPECT_FALSE(WaitFor([&] { return (*connection)->connected(); }, std::chrono::seconds(2)));
}

}  // namespace
}  // namespace ieum::broker
