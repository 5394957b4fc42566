// Goal: a person's values are read with that person's key, under that field, by whoever holds the
// wrapping key; the search index tells equality and nothing more. Method: each swap is tried.
#include "platform/crypto/vault.h"

#include <gtest/gtest.h>

namespace ieum::crypto {
namespace {

using base::Uuid;

class VaultTest : public ::testing::Test {
 protected:
  const Key wrapping_;
  const Vault vault_{wrapping_};
  const Uuid kim_ = Uuid::NewV7(), lee_ = Uuid::NewV7();
};

TEST_F(VaultTest, GivesAPersonsKeyBack) {
  const std::string wrapped = vault_.NewWrappedKey(kim_);
  const Key key = vault_.Unwrap(kim_, wrapped).value();
  EXPECT_EQ(vault_.Unwrap(kim_, wrapped).value().bytes(), key.bytes());
  EXPECT_EQ(Vault(wrapping_).Unwrap(kim_, wrapped).value().bytes(), key.bytes())
      << "after a restart, too";
  EXPECT_EQ(wrapped.find(std::string(key.bytes())), std::string::npos);
}

TEST_F(VaultTest, MakesAnotherKeyEachTime) {
  const Key first = vault_.Unwrap(kim_, vault_.NewWrappedKey(kim_)).value();
  const Key second = vault_.Unwrap(kim_, vault_.NewWrappedKey(kim_)).value();
  EXPECT_NE(first.bytes(), second.bytes());
}

TEST_F(VaultTest, RefusesAKeyWrappedByAnother) {
  const std::string wrapped = vault_.NewWrappedKey(kim_);
  EXPECT_EQ(Vault(Key()).Unwrap(kim_, wrapped).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, RefusesTheKeyOfAnotherPerson) {
  EXPECT_EQ(vault_.Unwrap(lee_, vault_.NewWrappedKey(kim_)).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, RefusesAnAlteredKey) {
  std::string wrapped = vault_.NewWrappedKey(kim_);
  wrapped.back() = static_cast<char>(wrapped.back() ^ 1);
  EXPECT_EQ(vault_.Unwrap(kim_, wrapped).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(vault_.Unwrap(kim_, "").status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, OpensAValueUnderItsFieldOnly) {
  const Key key;
  const std::string box = vault_.SealValue(key, "email", "kim@example.org");
  EXPECT_EQ(vault_.OpenValue(key, "email", box).value(), "kim@example.org");
  EXPECT_EQ(vault_.OpenValue(key, "phone", box).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(vault_.OpenValue(Key(), "email", box).status().code(), absl::StatusCode::kDataLoss)
      << "another person's key";
}

TEST_F(VaultTest, OpensAnAlteredValueNever) {
  const Key key;
  std::string box = vault_.SealValue(key, "email", "kim@example.org");
  box[box.size() / 2] = static_cast<char>(box[box.size() / 2] ^ 0x10);
  EXPECT_EQ(vault_.OpenValue(key, "email", box).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, FindsTheSameValueByTheSameIndex) {
  const std::string index = vault_.BlindIndex("email", "kim@example.org");
  EXPECT_EQ(vault_.BlindIndex("email", "kim@example.org"), index);
  EXPECT_EQ(Vault(wrapping_).BlindIndex("email", "kim@example.org"), index)
      << "after a restart, too";
}

TEST_F(VaultTest, TellsOtherValuesFieldsAndVaultsApart) {
  const std::string index = vault_.BlindIndex("email", "kim@example.org");
  EXPECT_NE(vault_.BlindIndex("email", "kim@example.com"), index);
  EXPECT_NE(vault_.BlindIndex("phone", "kim@example.org"), index);
  EXPECT_NE(Vault(Key()).BlindIndex("email", "kim@example.org"), index);
  EXPECT_NE(vault_.BlindIndex("ab", "c"), vault_.BlindIndex("a", "bc"));
  EXPECT_NE(KeyedHash(wrapping_, "kim@example.org"), index);
  EXPECT_EQ(index.find("kim"), std::string::npos);
}

}  // namespace
}  // namespace ieum::crypto
