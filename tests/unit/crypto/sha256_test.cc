// Goal: SHA-256 is what others call so, however the bytes come. Method: NIST's examples, and every
// way to cut one text in two.
#include "platform/crypto/sha256.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace ieum::crypto {
namespace {

std::string HexOf(std::string_view bytes) {
  Sha256 hash;
  hash.Add(bytes);
  return absl::BytesToHexString(hash.Finish());
}

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(HexOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, IsTheSameHoweverTheBytesCome) {
  const std::string text(200, 'x');
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.Add(text.substr(0, cut));
    hash.Add(text.substr(cut));
    EXPECT_EQ(absl::BytesToHexString(hash.Finish()), HexOf(text)) << cut;
  }
}

}  // namespace
}  // namespace ieum::crypto
