// Goal: a backup that is not of one point is known as such, and its keys open only with what they
// were sealed with. Method: made-up manifests and boxes.
#include "tools/backup/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/backup/key_box.h"

namespace ieum::backup {
namespace {

using ::testing::HasSubstr;

Manifest Sample() {
  Manifest manifest;
  manifest.program = "0.1.0";
  manifest.services["registry"].epoch = 1;
  manifest.services["registry"].ledger.fill(10);
  manifest.services["notify"].epoch = 1;
  Cursor& cursor = manifest.services["notify"].cursors["registry"];
  cursor.epoch = 1;
  cursor.positions.fill(10);
  manifest.dumps["notify"] = {"notify.dump", 3, "00"};
  return manifest;
}

TEST(Manifest, ComesBackAsItWas) {
  const std::string text = ToJson(Sample());
  const auto read = FromJson(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToJson(*read), text);
}

TEST(Manifest, KnowsAConsumerThatIsAheadOfItsProducer) {
  Manifest manifest = Sample();
  EXPECT_TRUE(CheckOrder(manifest).ok());
  manifest.services["notify"].cursors["registry"].positions[7] = 11;
  EXPECT_THAT(std::string(CheckOrder(manifest).message()),
              HasSubstr("notify has applied registry/7 up to 11, and that ledger ends at 10"));
  manifest = Sample();
  manifest.services["notify"].cursors["registry"].epoch = 2;
  EXPECT_FALSE(CheckOrder(manifest).ok());
  manifest.services.erase("registry");
  EXPECT_THAT(std::string(CheckOrder(manifest).message()), HasSubstr("lacks registry"));
}

TEST(Manifest, IsRefusedWhenItIsNoneOrOfAnotherFormat) {
  EXPECT_TRUE(absl::IsDataLoss(FromJson("").status()));
  EXPECT_TRUE(absl::IsDataLoss(FromJson("{\"format\": 1}").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(FromJson("{\"format\": 2}").status()));
  Manifest manifest = Sample();
  manifest.dumps["notify"].name = "../../etc/passwd";
  EXPECT_TRUE(absl::IsDataLoss(FromJson(ToJson(manifest)).status()));
}

TEST(KeyBox, OpensOnlyWithItsPassphraseAndItsManifest) {
  const std::string salt = NewSalt();
  const std::string binding = BindingOf(Sample());
  const KeyFiles keys = {{"vault-registry", std::string("a\0b\n", 4)}};
  const auto box = SealKeys(keys, "a long enough one", salt, binding);
  ASSERT_TRUE(box.ok()) << box.status();
  EXPECT_EQ(box->find("vault-registry"), std::string::npos);
  EXPECT_EQ(OpenKeys(*box, "a long enough one", salt, binding).value(), keys);
  EXPECT_TRUE(absl::IsDataLoss(OpenKeys(*box, "another phrase", salt, binding).status()));
  Manifest other = Sample();
  other.services["registry"].ledger[0] = 11;
  EXPECT_TRUE(
      absl::IsDataLoss(OpenKeys(*box, "a long enough one", salt, BindingOf(other)).status()));
}

}  // namespace
}  // namespace ieum::backup
