#include "platform/rpc/request_reader.h"

#include <algorithm>
#include <string_view>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/filter/field_value.h"
#include "platform/rpc/field_path.h"
#include "platform/rpc/limits.h"

namespace ieum::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

bool Parse(const grpc::ByteBuffer& bytes, Message* request) {
  if (!bytes.Valid()) return false;
  grpc::ByteBuffer copy(bytes);  // shares the slices; the reader wants to own a buffer
  grpc::ProtoBufferReader reader(&copy);
  if (!reader.status().ok()) return false;
  google::protobuf::io::CodedInputStream stream(&reader);
  stream.SetRecursionLimit(kMaxMessageDepth);
  return request->ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

std::string Flat(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices) {
    flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return flat;
}

// The parser refuses text that is not UTF-8 without saying where. This looks again, without types.
void BlameBytes(const std::string& bytes, const Descriptor& type, const FieldPath* parent,
                int depth, base::FieldErrors* errors) {
  UnknownFieldSet fields;
  if (depth > kMaxMessageDepth || !fields.ParseFromString(bytes)) return;
  std::map<int, int> seen;  // field number → index of the next element
  for (int at = 0; at < fields.field_count(); ++at) {
    const UnknownField& value = fields.field(at);
    const FieldDescriptor* field = type.FindFieldByNumber(value.number());
    if (field == nullptr || value.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    const int index = seen[value.number()]++;
    const FieldPath path{parent, field, field->is_repeated() ? index : -1};
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      if (base::IsValidUtf8(value.length_delimited())) continue;
      errors->Add(platform::v1::ERROR_REASON_INVALID_TEXT, path.ToString(), "must be valid UTF-8");
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      BlameBytes(value.length_delimited(), *field->message_type(), &path, depth + 1, errors);
    }
  }
}

absl::Status Unreadable(const grpc::ByteBuffer& bytes, const Descriptor& type) {
  base::FieldErrors errors;
  BlameBytes(Flat(bytes), type, nullptr, 0, &errors);
  if (!errors.empty()) return errors.ToStatus();
  return base::Error(absl::StatusCode::kInvalidArgument, platform::v1::ERROR_REASON_INVALID_FIELD,
                     "the bytes are no " + type.full_name(), {{"type", type.full_name()}});
}

// 256 bits in hexadecimal. Of such a hash one in some two thousand has thirteen digits in it that
// could be a resident number; nobody writes one into 64 such characters.
bool IsHash(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::all_of(text.begin(), text.end(), is_digit);
}

void CheckTexts(const Message& message, const FieldPath* parent, base::FieldErrors* errors);

void CheckValue(const filter::FieldValue& value, const FieldPath& path, base::FieldErrors* errors) {
  if (value.field().type() == FieldDescriptor::TYPE_STRING) {
    const std::string text = value.Text();
    if (IsHash(text) || base::CheckText(text, "").ok()) return;
    errors->Add(base::CheckText(text, path.ToString()));
  } else if (value.field().cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    CheckTexts(value.Sub(), &path, errors);
  }
}

void CheckTexts(const Message& message, const FieldPath* parent, base::FieldErrors* errors) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!field->is_repeated()) {
      CheckValue({message, *field}, {parent, field}, errors);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int index = 0; index < size; ++index) {
      CheckValue({message, *field, index}, {parent, field, index}, errors);
    }
  }
}

}  // namespace

absl::Status ReadRequest(const grpc::ByteBuffer& bytes, Message* request) {
  if (!Parse(bytes, request)) return Unreadable(bytes, *request->GetDescriptor());
  base::FieldErrors errors;
  CheckTexts(*request, nullptr, &errors);
  return errors.ToStatus();
}

}  // namespace ieum::rpc
