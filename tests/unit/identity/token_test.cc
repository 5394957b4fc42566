// Goal: what an honest issuer signs is taken, as RFC 7519 and RFC 9068 let it be written.
#include "platform/identity/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/issuer.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

const Issuer& Known() { return Issuer::Get(); }

TEST(Token, NamesItsSubjectAndItsEnd) {
  const auto token = Known().Verify(Known().Token(Known().Claims()));
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->subject, "staff/kim");
  EXPECT_EQ(token->expires, Known().now + absl::Hours(1) + absl::Seconds(30));
  EXPECT_EQ(token->claims["roles"][0], "case_manager");
}

TEST(Token, IsTakenWithEachAlgorithmOfTheList) {
  for (const json& header :
       {json{{"alg", "RS256"}, {"kid", "rsa-1"}}, json{{"alg", "PS256"}, {"kid", "rsa-1"}},
        json{{"alg", "ES256"}, {"kid", "curve-1"}}}) {
    const auto token = Known().Verify(Known().Token(header, Known().Claims()));
    EXPECT_TRUE(token.ok()) << header << token.status();
  }
}

TEST(Token, IsTakenHoweverTheIssuerWritesIt) {
  for (const char* type : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    const json header = {{"alg", "RS256"}, {"kid", "rsa-1"}, {"typ", type}, {"x5t", "thumbprint"}};
    EXPECT_TRUE(Known().Verify(Known().Token(header, Known().Claims())).ok()) << type;
  }
  json claims = Known().Claims();
  claims["aud"] = {"account", "ieum"};
  claims["exp"] = claims["exp"].get<double>() + 0.5;
  claims.erase("nbf");
  claims.erase("iat");
  EXPECT_TRUE(Known().Verify(Known().Token(claims)).ok());
}

TEST(Token, IsTakenByAClockThatDiffersALittle) {
  const std::string token = Known().Token(Known().Claims());
  const auto at = [&](absl::Duration after) {
    return VerifyToken(Known().Rules(), Known().keys, token, Known().now + after);
  };
  EXPECT_TRUE(at(absl::Seconds(-30)).ok());
  EXPECT_EQ(RefusalOf(at(absl::Seconds(-31)).status()), Refusal::kNotYet);
  EXPECT_TRUE(at(absl::Seconds(3629)).ok());
  EXPECT_EQ(RefusalOf(at(absl::Seconds(3630)).status()), Refusal::kExpired);
}

TEST(Token, IsRefusedWithAnAlgorithmThatTheRulesLeaveOut) {
  TokenRules rules = Known().Rules();
  rules.algorithms = {Algorithm::kEs256};
  const auto verify = [&](const json& header) {
    return VerifyToken(rules, Known().keys, Known().Token(header, Known().Claims()), Known().now);
  };
  EXPECT_TRUE(verify({{"alg", "ES256"}, {"kid", "curve-1"}}).ok());
  EXPECT_EQ(RefusalOf(verify({{"alg", "RS256"}, {"kid", "rsa-1"}}).status()), Refusal::kAlgorithm);
}

// gRPC checks tokens on several threads with the same keys.
TEST(Token, IsCheckedByManyThreadsAtOnce) {
  const std::string good[] = {
      Known().Token(Known().Claims()),
      Known().Token({{"alg", "ES256"}, {"kid", "curve-1"}}, Known().Claims())};
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 25; ++round) {
        taken += Known().Verify(good[(thread + round) % 2]).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 100);
}

TEST(Refusal, HasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int at = 0; at < kRefusals; ++at) {
    const auto refusal = static_cast<Refusal>(at);
    words.insert(WordOf(refusal));
    EXPECT_EQ(RefusalOf(Refused(refusal)), refusal);
  }
  EXPECT_EQ(words.size(), static_cast<size_t>(kRefusals));
}

}  // namespace
}  // namespace ieum::identity
