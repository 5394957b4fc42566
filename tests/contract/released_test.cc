// Goal: what was released can still be read. Method: every message and enum of the stored image
// against the contracts of now; `buf breaking` looks at more, but needs node.
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.pb.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

google::protobuf::FileDescriptorSet Released() {
  google::protobuf::FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromString(ReadProjectFile("proto/released/v1.binpb")));
  return set;
}

const FileDescriptor* FileNamed(const std::string& name) {
  for (const FileDescriptor* file : Files()) {
    if (file->name() == name) return file;
  }
  return nullptr;
}

void ExpectSameWire(const google::protobuf::DescriptorProto& old, const Descriptor* now) {
  for (const auto& field : old.field()) {
    const FieldDescriptor* kept = now->FindFieldByNumber(field.number());
    ASSERT_NE(kept, nullptr) << now->full_name() << " lost " << field.name();
    EXPECT_EQ(kept->name(), field.name()) << now->full_name();
    EXPECT_EQ(static_cast<int>(kept->type()), static_cast<int>(field.type())) << kept->full_name();
    EXPECT_EQ(static_cast<int>(kept->label()), static_cast<int>(field.label()))
        << kept->full_name();
  }
}

void ExpectSameValues(const google::protobuf::EnumDescriptorProto& old, const EnumDescriptor* now) {
  for (const auto& value : old.value()) {
    const auto* kept = now->FindValueByNumber(value.number());
    ASSERT_NE(kept, nullptr) << now->full_name() << " lost " << value.name();
    EXPECT_EQ(kept->name(), value.name()) << now->full_name();
  }
}

TEST(Released, EveryMessageIsReadAsBefore) {
  const google::protobuf::FileDescriptorSet released = Released();
  int messages = 0;
  for (const auto& file : released.file()) {
    // "ieum/registry/v1/…"
    const std::vector<std::string> path = absl::StrSplit(file.name(), '/');
    if (path[0] != "ieum" || !HasService(path[1])) continue;
    const FileDescriptor* now = FileNamed(file.name());
    ASSERT_NE(now, nullptr) << file.name();
    for (const auto& message : file.message_type()) {
      const Descriptor* kept = now->FindMessageTypeByName(message.name());
      ASSERT_NE(kept, nullptr) << message.name();
      ExpectSameWire(message, kept);
      ++messages;
    }
    for (const auto& words : file.enum_type()) {
      const EnumDescriptor* kept = now->FindEnumTypeByName(words.name());
      ASSERT_NE(kept, nullptr) << words.name();
      ExpectSameValues(words, kept);
    }
  }
  EXPECT_GT(messages, 0);
}

}  // namespace
}  // namespace ieum::contract
