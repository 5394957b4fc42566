// Goal: an update changes what its mask names, clears what it names and leaves out, and nothing
// else.
#include "platform/rpc/masks.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string>& Allowed() {
  static const auto* allowed =
      new std::vector<std::string>{"display_name", "note", "size", "tags", "owner"};
  return *allowed;
}

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

sample::v1::Thing Stored() {
  sample::v1::Thing thing;
  thing.set_name("things/1");
  thing.set_display_name("old");
  thing.set_note("old note");
  thing.set_size(5);
  thing.add_tags("a");
  thing.add_tags("b");
  thing.mutable_owner()->set_code("A001");
  thing.mutable_owner()->mutable_deputy()->set_code("B001");
  thing.set_state(sample::v1::THING_STATE_ACTIVE);
  return thing;
}

sample::v1::Thing Updated(const google::protobuf::FieldMask& mask, const sample::v1::Thing& from) {
  sample::v1::Thing thing = Stored();
  const absl::Status status = ApplyUpdate(mask, from, &thing, Allowed());
  EXPECT_TRUE(status.ok()) << status;
  return thing;
}

TEST(ApplyUpdate, ChangesWhatIsSetWhenThereIsNoMask) {
  sample::v1::Thing from;
  from.set_display_name("new");
  from.add_tags("c");
  from.set_state(sample::v1::THING_STATE_PUT_AWAY);  // cannot be changed: not asked for either
  sample::v1::Thing want = Stored();
  want.set_display_name("new");
  want.clear_tags();
  want.add_tags("c");
  EXPECT_TRUE(MessageDifferencer::Equals(Updated({}, from), want));
}

TEST(ApplyUpdate, ClearsWhatIsNamedAndNotSet) {
  sample::v1::Thing want = Stored();
  want.clear_note();
  want.set_size(0);
  want.clear_tags();
  EXPECT_TRUE(MessageDifferencer::Equals(Updated(Mask({"note", "size", "tags"}), {}), want));
}

TEST(ApplyUpdate, ReplacesEverythingForAStar) {
  sample::v1::Thing from;
  from.set_display_name("new");
  from.set_name("things/2");
  sample::v1::Thing want;
  want.set_name("things/1");
  want.set_display_name("new");
  want.set_state(sample::v1::THING_STATE_ACTIVE);
  EXPECT_TRUE(MessageDifferencer::Equals(Updated(Mask({"*"}), from), want));
}

TEST(ApplyUpdate, ReachesInsideOfAllowedMessages) {
  sample::v1::Thing from;
  from.mutable_owner()->set_code("Z999");
  sample::v1::Thing want = Stored();
  want.mutable_owner()->set_code("Z999");
  EXPECT_TRUE(MessageDifferencer::Equals(Updated(Mask({"owner.code"}), from), want));
  want.mutable_owner()->clear_deputy();
  EXPECT_TRUE(MessageDifferencer::Equals(Updated(Mask({"owner"}), from), want));
}

TEST(ApplyUpdate, RefusesUnknownAndFixedFieldsAndChangesNothing) {
  const std::pair<google::protobuf::FieldMask, const char*> table[] = {
      {Mask({"display_name", "colour"}), "there is no field colour"},
      {Mask({"display_name", "state"}), "state cannot be changed"},
      {Mask({"name"}), "name cannot be changed"},
      {Mask({"display_name", "*"}), "there is no field of that name"},
      {Mask({"tags.x"}), "there is no field tags.x"}};
  for (const auto& [mask, said] : table) {
    sample::v1::Thing thing = Stored();
    const absl::Status status = ApplyUpdate(mask, sample::v1::Thing(), &thing, Allowed());
    EXPECT_EQ(base::ReasonOf(status), "UPDATE_MASK_INVALID");
    EXPECT_THAT(base::FieldsOf(status), ElementsAre("update_mask"));
    EXPECT_THAT(std::string(status.message()), HasSubstr(said));
    EXPECT_TRUE(MessageDifferencer::Equals(thing, Stored()));
  }
}

}  // namespace
}  // namespace ieum::rpc
