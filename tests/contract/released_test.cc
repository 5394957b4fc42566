// Goal: what was released can still be read. Method: every message and enum of the stored image
// against the contracts of now; `buf breaking` looks at more, but needs node.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
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

// Events that were written before a field came have no value of it. A fact of one must not depend
// on which release took it: not there is no zero.
void ExpectPresenceOfWhatCame(const google::protobuf::DescriptorProto& old, const Descriptor* now) {
  for (int i = 0; i < now->field_count(); ++i) {
    const FieldDescriptor* field = now->field(i);
    const bool came = std::none_of(old.field().begin(), old.field().end(), [&](const auto& had) {
      return had.number() == field->number();
    });
    const bool says_nothing_when_empty =
        field->is_repeated() || field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    EXPECT_TRUE(!came || says_nothing_when_empty || field->has_presence())
        << field->full_name() << " came after a release: make it optional";
  }
}

void ExpectSameValues(const google::protobuf::EnumDescriptorProto& old, const EnumDescriptor* now) {
  for (const auto& value : old.value()) {
    const auto* kept = now->FindValueByNumber(value.number());
    ASSERT_NE(kept, nullptr) << now->full_name() << " lost " << value.name();
    EXPECT_EQ(kept->name(), value.name()) << now->full_name();
  }
}

void AddWithWhatItHolds(const Descriptor* message, std::set<const Descriptor*>* messages) {
  if (!messages->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    if (const Descriptor* inner = message->field(i)->message_type()) {
      AddWithWhatItHolds(inner, messages);
    }
  }
}

// Every message of which facts are made.
std::set<const Descriptor*> InEvents() {
  std::set<const Descriptor*> messages;
  for (const FileDescriptor* file : Files()) {
    if (!absl::EndsWith(file->name(), "/events.proto")) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddWithWhatItHolds(file->message_type(i), &messages);
    }
  }
  return messages;
}

TEST(Released, EveryMessageIsReadAsBefore) {
  const google::protobuf::FileDescriptorSet released = Released();
  const std::set<const Descriptor*> in_events = InEvents();
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
      if (in_events.contains(kept)) ExpectPresenceOfWhatCame(message, kept);
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
