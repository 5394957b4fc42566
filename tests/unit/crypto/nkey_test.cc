// Goal: the public key is the one that every NATS tool finds, and nothing else passes for a seed.
#include "platform/crypto/nkey.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"

namespace ieum::crypto {
namespace {

// The pair of NATS's own documentation.
constexpr char kSeed[] = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
constexpr char kPublic[] = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

TEST(Nkey, HasThePublicKeyThatTheDocumentationSays) {
  const auto key = NkeyPublicKey(kSeed);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, kPublic);
}

TEST(Nkey, IsRefusedWhenALetterIsWrong) {
  const std::string seed = kSeed;
  for (size_t at = 0; at < seed.size(); ++at) {
    std::string wrong = seed;
    wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
    const auto key = NkeyPublicKey(wrong);
    EXPECT_FALSE(key.ok()) << at;
    EXPECT_EQ(key.status().message().find(wrong), std::string::npos);
  }
}

TEST(Nkey, IsRefusedWhenItIsSomethingElse) {
  const std::string seed = kSeed;
  for (const std::string& text :
       {std::string(), std::string(kPublic), seed.substr(0, 57), seed + "A", seed + "\n",
        absl::AsciiStrToLower(seed), std::string(58, '1'), std::string(58, '\0')}) {
    EXPECT_FALSE(NkeyPublicKey(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ieum::crypto
