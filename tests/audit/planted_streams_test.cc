// Goal: a stream that is not what its ledger says is found out, and the message named. Method: the
// stream of the played registry is copied to a broker of its own with one fault in it.
// law:INV4
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/broker/publisher.h"
#include "platform/broker/stream.h"
#include "tests/audit/planted_suite.h"
#include "tests/support/wait.h"
#include "tools/audit/stream_reader.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::unique_ptr<broker::Connection> Connect(broker::ConnectionOptions to) {
  to.name = "copier";
  auto connection = broker::Connection::Open(std::move(to));
  EXPECT_TRUE(connection.ok()) << connection.status();
  EXPECT_TRUE(WaitFor([&] { return (*connection)->connected(); }));
  return *std::move(connection);
}

class PlantedStreams : public PlantedSuite {
 protected:
  using Messages = std::vector<broker::Message>;

  Messages Read() {
    Messages messages;
    const auto connection = Connect(suite().BrokerAs("auditor"));
    const auto read = audit::EachMessage(*connection, "registry", [&](uint64_t, const auto& each) {
      messages.push_back(each);
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read.status();
    return messages;
  }
  // Makes them the stream of the other broker, without the chain of who published them first.
  void Publish(Messages messages) {
    const auto connection = Connect({.url = nats_.url()});
    ASSERT_TRUE(broker::EnsureStream(*connection, "registry", int64_t{64} << 20).ok());
    broker::Publisher publisher(*connection, [] {});
    uint64_t token = 0;
    for (broker::Message& message : messages) {
      std::erase_if(message.headers,
                    [](const auto& header) { return absl::StartsWith(header.first, "Nats-"); });
      ASSERT_TRUE(publisher.Publish(++token, &message).ok());
    }
    size_t stored = 0;
    EXPECT_TRUE(WaitFor([&] {
      for (const auto& answer : publisher.TakeAnswers()) {
        stored += answer.kind == broker::PublishAnswer::Kind::kStored;
      }
      return stored == messages.size();
    }));
  }
  audit::SubjectOptions WithStream() {
    audit::SubjectOptions options = Options();
    std::erase_if(options.services, [](const auto& one) { return one.name != "registry"; });
    options.nats_url = nats_.url();
    options.nats_access = {};
    return options;
  }
  // "registry/3/17" of a message.
  static std::string PlaceOf(const broker::Message& message) {
    return absl::StrCat("registry/", std::stoi(message.subject.substr(message.subject.size() - 2)),
                        "/", std::string(message.Header("Ev-Pos")));
  }
  static std::string& HeaderOf(broker::Message& message, const std::string& name) {
    for (auto& [key, value] : message.headers) {
      if (absl::EqualsIgnoreCase(key, name)) return value;
    }
    ADD_FAILURE() << "no header " << name;
    return message.payload;
  }
  // Index of a message that another one of its shard follows.
  static size_t FollowedIn(const Messages& messages) {
    for (size_t i = 0; i < messages.size(); ++i) {
      for (size_t later = i + 1; later < messages.size(); ++later) {
        if (messages[later].subject == messages[i].subject) return i;
      }
    }
    ADD_FAILURE() << "no shard has two messages";
    return 0;
  }

  NatsServer nats_;
};

TEST_F(PlantedStreams, HoldWhenTheyRepeatThemselves) {
  Messages messages = Read();
  ASSERT_GT(messages.size(), 10u);
  messages.push_back(messages[messages.size() / 2]);
  Publish(std::move(messages));
  const auto finding = Look("INV4", WithStream());
  EXPECT_EQ(finding.tally.breaches(), 0) << finding.tally.first()->ToString();
  EXPECT_GT(finding.tally.checked(), 10);
}

TEST_F(PlantedStreams, ShowAnAlteredPayload) {
  Messages messages = Read();
  broker::Message& altered = messages[messages.size() / 2];
  altered.payload[0] ^= 1;
  const std::string place = PlaceOf(altered);
  const std::string event(altered.Header("ce-id"));
  Publish(std::move(messages));
  EXPECT_THAT(Breach("INV4", WithStream()),
              AllOf(HasSubstr(place), HasSubstr(event), HasSubstr("payload differs")));
}

TEST_F(PlantedStreams, ShowAnAlteredHeader) {
  Messages messages = Read();
  broker::Message& altered = messages[messages.size() / 2];
  HeaderOf(altered, "ce-subject") += "0";
  const std::string place = PlaceOf(altered);
  Publish(std::move(messages));
  EXPECT_THAT(Breach("INV4", WithStream()), AllOf(HasSubstr(place), HasSubstr("ce-subject")));
}

TEST_F(PlantedStreams, ShowAHole) {
  Messages messages = Read();
  const size_t gone = FollowedIn(messages);
  const std::string shard = messages[gone].subject;
  messages.erase(messages.begin() + static_cast<int64_t>(gone));
  Publish(std::move(messages));
  EXPECT_THAT(Breach("INV4", WithStream()), AllOf(HasSubstr("registry/"), HasSubstr("stream")));
}

TEST_F(PlantedStreams, ShowAMissingTail) {
  Messages messages = Read();
  const std::string place = PlaceOf(messages.back());
  messages.pop_back();
  Publish(std::move(messages));
  EXPECT_THAT(Breach("INV4", WithStream()),
              AllOf(HasSubstr(place), HasSubstr("not in the stream")));
}

TEST_F(PlantedStreams, ShowWhatNoLedgerKnows) {
  Messages messages = Read();
  broker::Message forged = messages.back();
  HeaderOf(forged, "Ev-Pos") = "1000000";
  const std::string place = PlaceOf(forged);
  messages.push_back(std::move(forged));
  messages.push_back({.subject = messages.front().subject, .payload = "rubbish"});
  Publish(std::move(messages));
  const auto finding = Look("INV4", WithStream());
  EXPECT_EQ(finding.tally.breaches(), 2);
  EXPECT_THAT(finding.tally.first()->ToString(),
              AllOf(HasSubstr(place), HasSubstr("no such position")));
}

TEST_F(PlantedStreams, ShowAStreamThatIsNotThere) {
  const auto wait_for_broker = Connect({.url = nats_.url()});
  EXPECT_THAT(Breach("INV4", WithStream()), HasSubstr("has no stream"));
}

}  // namespace
}  // namespace ieum::testing
