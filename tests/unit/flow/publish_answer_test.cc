// Goal: every answer to a publish is understood, and none can hurt.
#include <gtest/gtest.h>

#include "platform/broker/inbox.h"
#include "platform/broker/publisher.h"

namespace ieum::broker {
namespace {

using Kind = PublishAnswer::Kind;

PublishAnswer Parse(std::string body) {
  Message message;
  message.payload = std::move(body);
  return ParsePublishAnswer(message);
}

TEST(PublishAnswer, KnowsWhatWasStored) {
  const PublishAnswer answer = Parse(R"({"stream":"EV_SAMPLE","seq":12})");
  EXPECT_EQ(answer.kind, Kind::kStored);
  EXPECT_EQ(answer.seq, 12u);
  EXPECT_FALSE(answer.duplicate);
  EXPECT_TRUE(Parse(R"({"stream":"EV_SAMPLE","seq":12,"duplicate": true})").duplicate);
}

// The quick way reads only what it reads as the other one does.
TEST(PublishAnswer, ReadsThePlainOneWithoutAParser) {
  for (const char* body :
       {R"({"stream":"EV_SAMPLE","seq":12})", R"({"stream":"EV_A", "seq": 7})"}) {
    const auto plain = ParsePlainAnswer(body);
    ASSERT_TRUE(plain.has_value()) << body;
    EXPECT_EQ(plain->kind, Kind::kStored);
    EXPECT_EQ(plain->seq, Parse(body).seq);
    EXPECT_FALSE(plain->duplicate);
  }
  for (const char* body :
       {"", "{}", R"({"stream":"EV","seq":12,"duplicate":true})", R"({"stream":"EV","seq":12} )",
        R"({"stream":"EV","seq":})", R"({"stream":"EV","seq":"12"})", R"({"seq":12})",
        R"({"stream":"EV"})", R"({"error":{"code":400},"stream":"EV","seq":0})",
        R"({"stream":"EV","domain":"x","seq":12})", R"({"stream":"EV","seq":-1})"}) {
    EXPECT_FALSE(ParsePlainAnswer(body)) << body;
  }
}

TEST(PublishAnswer, KnowsABrokenChain) {
  for (const char* code : {"10070", "10071"}) {
    const PublishAnswer answer =
        Parse(std::string(R"({"error":{"code":400,"err_code":)") + code + "}}");
    EXPECT_EQ(answer.kind, Kind::kWrongLast) << code;
  }
}

TEST(PublishAnswer, TakesEverythingElseForARefusal) {
  for (const char* body :
       {R"({"error":{"code":503,"err_code":10077}})", R"({"error":"no"})", "", "[]", "nonsense"}) {
    EXPECT_EQ(Parse(body).kind, Kind::kRefused) << body;
  }
  Message nobody;
  nobody.headers = {{"Status", "503"}};
  EXPECT_EQ(ParsePublishAnswer(nobody).kind, Kind::kRefused);
}

TEST(PublishAnswer, IsNotHurtByWrongTypes) {
  const PublishAnswer answer = Parse(R"({"seq":"12","duplicate":"yes"})");
  EXPECT_EQ(answer.kind, Kind::kStored);
  EXPECT_EQ(answer.seq, 0u);
  EXPECT_FALSE(answer.duplicate);
}

TEST(StreamPlace, IsReadFromTheReplySubject) {
  const auto place = ParseStreamPlace("$JS.ACK.EV_SAMPLE.abcd.1.12345.3.1678752000000000000.17");
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->consumer, "abcd");
  EXPECT_EQ(place->seq, 12345u);
  EXPECT_EQ(place->pending, 17u);
  const auto newer =
      ParseStreamPlace("$JS.ACK._.hash.EV_SAMPLE.abcd.1.12345.3.1678752000000000000.17.x");
  ASSERT_TRUE(newer.has_value());
  EXPECT_EQ(newer->consumer, "abcd");
  EXPECT_EQ(newer->seq, 12345u);
  EXPECT_EQ(newer->pending, 17u);
}

TEST(StreamPlace, IsNotReadFromAnythingElse) {
  for (const char* reply : {"", "_INBOX.a.1", "$JS.ACK.", "$JS.ACK.EV.abcd.1.x.3.4.17",
                            "$JS.ACK.EV.abcd.1.2.3.4.x", "$JS.ACK.EV.abcd.1.2.3.4"}) {
    EXPECT_FALSE(ParseStreamPlace(reply).has_value()) << reply;
  }
}

}  // namespace
}  // namespace ieum::broker
