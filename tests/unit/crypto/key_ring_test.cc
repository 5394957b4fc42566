// Goal: a new wrapping key comes in front of the old ones, everybody's key is opened meanwhile, and
// searches go on. Method: rings as texts, and vaults that read theirs again.
#include "platform/crypto/key_ring.h"

#include <gtest/gtest.h>

#include "platform/crypto/vault.h"

namespace ieum::crypto {
namespace {

using base::Uuid;

TEST(KeyRing, OfOneKeyIsTheFileAsItAlwaysWas) {
  const Key key;
  const auto ring = KeyRing::FromText(key.ToBase64());
  ASSERT_TRUE(ring.ok()) << ring.status();
  EXPECT_EQ(ring->newest().bytes(), key.bytes());
  EXPECT_EQ(ring->ToText(), key.ToBase64() + "\n");
}

TEST(KeyRing, KeepsTheKeyOfTheIndexesWhenKeysComeAndGo) {
  const KeyRing first{Key()};
  const KeyRing both = first.With(Key());
  EXPECT_EQ(both.keys().size(), 2u);
  const auto read = KeyRing::FromText(both.ToText());
  ASSERT_TRUE(read.ok()) << read.status();
  const auto alone = read->Without(KeyId(first.newest()));
  ASSERT_TRUE(alone.ok()) << alone.status();
  const auto alone_read = KeyRing::FromText(alone->ToText());
  ASSERT_TRUE(alone_read.ok()) << alone_read.status();
  EXPECT_EQ(alone_read->index().bytes(), first.index().bytes());
  EXPECT_EQ(alone_read->newest().bytes(), both.newest().bytes());
  EXPECT_EQ(Vault(*alone_read).BlindIndex("email", "a@b"), Vault(first).BlindIndex("email", "a@b"));
  EXPECT_FALSE(both.Without(KeyId(both.newest())).ok());
  EXPECT_FALSE(both.Without("none").ok());
}

TEST(KeyRing, RefusesWhatIsNone) {
  const std::string key = Key().ToBase64(), other = Key().ToBase64();
  for (const std::string& text :
       {std::string(), std::string("short"), key + "\nnonsense", key + "\n" + other, "index " + key,
        key + "\nindex " + other + "\nindex " + other}) {
    EXPECT_TRUE(absl::IsInvalidArgument(KeyRing::FromText(text).status())) << text.size();
  }
}

TEST(KeyRing, IdsTellKeysApartAndNothingElse) {
  const Key key;
  EXPECT_EQ(KeyId(key), KeyId(*Key::FromBase64(key.ToBase64())));
  EXPECT_NE(KeyId(key), KeyId(Key()));
  EXPECT_EQ(KeyId(key).size(), 16u);
}

TEST(RotatedVault, ReadsItsRingAgainWhenItMeetsAnUnknownKey) {
  const Uuid kim = Uuid::NewV7();
  KeyRing on_disk{Key()};
  const Vault vault(on_disk, [&] { return absl::StatusOr<KeyRing>(on_disk); });
  const WrappedKey old = vault.NewKey(kim);
  const std::string plain(vault.Unwrap(kim, old.box)->bytes());
  on_disk = on_disk.With(Key());
  const auto anew = Vault(on_disk).Rewrap(kim, old.box);
  ASSERT_TRUE(anew.ok()) << anew.status();
  EXPECT_EQ(anew->key_id, KeyId(on_disk.newest()));
  EXPECT_EQ(vault.NewKey(kim).key_id, old.key_id) << "nothing told it so far";
  const auto key = vault.Unwrap(kim, anew->box);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->bytes(), plain);
  EXPECT_EQ(vault.NewKey(kim).key_id, anew->key_id);
}

}  // namespace
}  // namespace ieum::crypto
