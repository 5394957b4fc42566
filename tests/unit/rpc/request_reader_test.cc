// Goal: whatever bytes come, the caller hears which field was wrong, and never the value again.
#include "platform/rpc/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

absl::Status Read(const std::string& bytes, google::protobuf::Message* request) {
  const grpc::Slice slice(bytes);
  return ReadRequest(grpc::ByteBuffer(&slice, 1), request);
}

absl::Status ReadThing(const std::string& bytes) {
  sample::v1::CreateThingRequest request;
  return Read(bytes, &request);
}

TEST(ReadRequest, ReadsWhatIsThere) {
  sample::v1::CreateThingRequest sent, read;
  sent.mutable_thing()->set_display_name("정밀 공업");
  sent.mutable_thing()->set_picture(std::string("\0\xff 900101-1234567", 17));
  EXPECT_TRUE(Read(sent.SerializeAsString(), &read).ok());
  EXPECT_EQ(read.SerializeAsString(), sent.SerializeAsString());
  EXPECT_TRUE(ReadThing("").ok());
}

TEST(ReadRequest, NamesTheFieldWithANulCharacter) {
  sample::v1::CreateThingRequest sent;
  sent.mutable_thing()->set_note(std::string("a\0b", 3));
  sent.mutable_thing()->add_parts();
  sent.mutable_thing()->add_parts()->set_label(std::string("\0", 1));
  const absl::Status status = ReadThing(sent.SerializeAsString());
  EXPECT_EQ(base::ReasonOf(status), "INVALID_TEXT");
  EXPECT_THAT(base::FieldsOf(status), ElementsAre("thing.note", "thing.parts[1].label"));
}

TEST(ReadRequest, NamesTheFieldThatIsNotUtf8) {
  sample::v1::CreateThingRequest sent;
  sent.mutable_thing()->add_tags("fine");
  sent.mutable_thing()->add_tags("XX");
  std::string bytes = sent.SerializeAsString();
  bytes.replace(bytes.find("XX"), 2, "\xed\xa0");  // half a surrogate
  const absl::Status status = ReadThing(bytes);
  EXPECT_EQ(base::ReasonOf(status), "INVALID_TEXT");
  EXPECT_THAT(base::FieldsOf(status), ElementsAre("thing.tags[1]"));
}

// row:X13
TEST(ReadRequest, RefusesAResidentNumberByFieldNameAndNeverEchoesIt) {
  for (const char* value : {"900101-1234567", "주민번호 900101 1234567 입니다", "9001011234567",
                            "９００１０１－１２３４５６７"}) {
    sample::v1::CreateThingRequest sent;
    sent.mutable_thing()->mutable_owner()->mutable_deputy()->set_code(value);
    const absl::Status status = ReadThing(sent.SerializeAsString());
    EXPECT_EQ(base::ReasonOf(status), "RESIDENT_NUMBER") << value;
    EXPECT_THAT(base::FieldsOf(status), ElementsAre("thing.owner.deputy.code"));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("234567")));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("２３４５６７")));
  }
}

TEST(ReadRequest, TakesAHashInHexadecimalForWhatItIs) {
  const std::string digits = "a9001011234567b";
  const auto read = [](const std::string& value) {
    sample::v1::CreateThingRequest sent;
    sent.mutable_thing()->mutable_owner()->mutable_deputy()->set_code(value);
    return base::ReasonOf(ReadThing(sent.SerializeAsString()));
  };
  EXPECT_EQ(read(digits + std::string(64 - digits.size(), 'c')), "");
  EXPECT_EQ(read(digits + std::string(63 - digits.size(), 'c')), "RESIDENT_NUMBER");
  EXPECT_EQ(read(digits + std::string(64 - digits.size(), 'g')), "RESIDENT_NUMBER");
}

TEST(ReadRequest, RefusesBytesThatAreNoMessage) {
  for (const std::string& bytes :
       {std::string("\xff\xff\xff"), std::string("\x0a\x7f"), std::string(100, '\x0b')}) {
    const absl::Status status = ReadThing(bytes);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::ReasonOf(status), "INVALID_FIELD");
    EXPECT_THAT(base::FieldsOf(status), IsEmpty());
  }
  sample::v1::CreateThingRequest request;
  EXPECT_EQ(ReadRequest(grpc::ByteBuffer(), &request).code(), absl::StatusCode::kInvalidArgument);
}

TEST(ReadRequest, RefusesMessagesThatAreNestedTooDeep) {
  sample::v1::CreateThingRequest sent;
  sample::v1::Owner* owner = sent.mutable_thing()->mutable_owner();
  for (int depth = 0; depth < 10'000; ++depth) owner = owner->mutable_deputy();
  EXPECT_EQ(base::ReasonOf(ReadThing(sent.SerializeAsString())), "INVALID_FIELD");
}

}  // namespace
}  // namespace ieum::rpc
