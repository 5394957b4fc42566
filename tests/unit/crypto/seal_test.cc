// Goal: what is sealed is read by its key in its context and by nothing else. Method: every way to
// get it wrong, each altered byte included; hashes against another implementation of BLAKE2b.
#include "platform/crypto/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sstream>

#include "absl/strings/escaping.h"

namespace ieum::crypto {
namespace {

Key CountingKey() {
  std::string bytes;
  for (char i = 0; i < 32; ++i) bytes.push_back(i);
  return Key::FromBytes(bytes).value();
}

TEST(Seal, IsOpenedByItsKeyInItsContext) {
  EXPECT_TRUE(rc::check([](const std::string& plain, const std::string& context) {
    const Key key;
    const auto opened = Open(key, Seal(key, plain, context), context);
    RC_ASSERT(opened.ok());
    RC_ASSERT(*opened == plain);
  }));
}

TEST(Seal, HidesTheValueAndDiffersEachTime) {
  const Key key;
  const std::string box = Seal(key, "kim@example.org", "email");
  EXPECT_EQ(box.find("kim"), std::string::npos);
  EXPECT_NE(box, Seal(key, "kim@example.org", "email"));
}

TEST(Seal, IsDataLossForAnotherKeyOrContext) {
  const Key key, other;
  const std::string box = Seal(key, "kim@example.org", "email");
  EXPECT_EQ(Open(other, box, "email").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Open(key, box, "phone").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Open(key, box, "").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Open(key, box, std::string_view("email\0", 6)).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(Seal, IsDataLossWhenAnyByteWasAltered) {
  const Key key;
  const std::string box = Seal(key, "kim", "email");
  for (size_t i = 0; i < box.size(); ++i) {
    for (const int bit : {0, 7}) {
      std::string altered = box;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      EXPECT_EQ(Open(key, altered, "email").status().code(), absl::StatusCode::kDataLoss) << i;
    }
  }
}

TEST(Seal, IsDataLossWhenItsLengthChanged) {
  const Key key;
  const std::string box = Seal(key, "kim", "email");
  for (size_t size = 0; size < box.size(); ++size) {
    EXPECT_EQ(Open(key, box.substr(0, size), "email").status().code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(Open(key, box + '\0', "email").status().code(), absl::StatusCode::kDataLoss);
}

TEST(Seal, NeverTellsTheKeyOrTheValueInItsError) {
  const Key key;
  const std::string box = Seal(key, "kim@example.org", "email");
  const std::string error = Open(key, box, "phone").status().ToString();
  EXPECT_EQ(error.find("kim"), std::string::npos);
  EXPECT_EQ(error.find(key.ToBase64()), std::string::npos);
}

TEST(Key, ComesFromThirtyTwoBytesOrTheirBase64) {
  const Key key = CountingKey();
  EXPECT_EQ(key.ToBase64(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  EXPECT_EQ(Key::FromBase64(key.ToBase64()).value().bytes(), key.bytes());
  const Key fresh;
  EXPECT_EQ(fresh.bytes().size(), Key::kBytes);
  EXPECT_NE(fresh.bytes(), Key().bytes());
}

TEST(Key, IsRefusedInEveryOtherLength) {
  for (const char* text : {"", "AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "not base64 at all",
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"}) {
    EXPECT_EQ(Key::FromBase64(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(Key::FromBytes("").ok());
  EXPECT_FALSE(Key::FromBytes(std::string(31, 'k')).ok());
  EXPECT_FALSE(Key::FromBytes(std::string(33, 'k')).ok());
}

TEST(Key, IsCopiedWhole) {
  const Key key;
  Key copy = key, assigned;
  assigned = key;
  EXPECT_EQ(copy.bytes(), key.bytes());
  EXPECT_EQ(assigned.bytes(), key.bytes());
}

TEST(Hashes, AgreeWithOtherImplementations) {
  EXPECT_EQ(absl::BytesToHexString(Hash("")),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(absl::BytesToHexString(Hash("abc")),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(absl::BytesToHexString(KeyedHash(CountingKey(), "이음")),
            "917dad66627c6cae429b03e6134c61fca96c825dc0ba1b3819c5c532d294cd70");
  EXPECT_EQ(Hash64("abc"), 3138212647195331279u);
  EXPECT_EQ(Hash64(""), 4665148505410102986u);
}

TEST(Hashes, DependOnTheKey) {
  EXPECT_NE(KeyedHash(Key(), "x"), KeyedHash(Key(), "x"));
  EXPECT_NE(KeyedHash(CountingKey(), "x"), Hash("x"));
}

TEST(Base64Url, IsRfc4648WithoutPadding) {
  for (const auto& [bytes, text] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"f", "Zg"},
                                                        {"fo", "Zm8"},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg"},
                                                        {"\xfb\xff\xfe", "-__-"},
                                                        {std::string(2, '\0'), "AAA"}}) {
    EXPECT_EQ(Base64Url(bytes), text);
    EXPECT_EQ(FromBase64Url(text).value(), bytes);
  }
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    RC_ASSERT(FromBase64Url(Base64Url(bytes)).value() == bytes);
  }));
}

TEST(Base64Url, RefusesEverythingElse) {
  for (const char* text : {"Zg==", "Zm9v+A", "Zm9v/A", "Zm9v Yg", "Z", "Zm9vYg\n", "Zh", "한"}) {
    EXPECT_EQ(FromBase64Url(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace ieum::crypto
