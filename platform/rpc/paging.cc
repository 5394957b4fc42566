#include "platform/rpc/paging.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/canonical.h"

namespace ieum::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status BadToken() {
  return base::InvalidField(platform::v1::ERROR_REASON_PAGE_TOKEN_INVALID, "page_token",
                            "is damaged or belongs to another query; start with the first page");
}

std::string TextField(const Message& request, const std::string& name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) return "";
  return request.GetReflection()->GetString(request, field);
}

// Everything that decides which rows there are and in which order. It is the token's context:
// sealed with it, not stored in it.
std::string Query(const base::Scope& scope, const Message& request) {
  std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  for (const char* name : {"page_token", "page_size"}) {
    const auto* field = request.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) rest->GetReflection()->ClearField(rest.get(), field);
  }
  const std::string centres = scope.everywhere() ? "*" : scope.AsArray();
  return crypto::Hash(absl::StrCat(request.GetDescriptor()->full_name(), "\n", centres, "\n",
                                   CanonicalBytes(*rest)));
}

}  // namespace

absl::StatusOr<int> PageSize(int requested) {
  if (requested < 0) {
    return base::InvalidField(platform::v1::ERROR_REASON_INVALID_FIELD, "page_size",
                              "must not be negative");
  }
  if (requested == 0) return kDefaultPageSize;
  return std::min(requested, kMaxPageSize);
}

absl::StatusOr<filter::Cursor> OpenPageToken(const base::Scope& scope, const Message& request,
                                             const crypto::Key& key) {
  filter::Cursor cursor;
  const std::string token = TextField(request, "page_token");
  if (token.empty()) return cursor;
  const absl::StatusOr<std::string> box = crypto::FromBase64Url(token);
  if (!box.ok()) return BadToken();
  const absl::StatusOr<std::string> plain = crypto::Open(key, *box, Query(scope, request));
  google::protobuf::ListValue values;
  if (!plain.ok() || !values.ParseFromString(*plain) || values.values().empty()) return BadToken();
  for (const auto& value : values.values()) {
    cursor.push_back(value.has_string_value() ? std::optional(value.string_value()) : std::nullopt);
  }
  return cursor;
}

std::string NextPageToken(const base::Scope& scope, const Message& request,
                          const filter::Cursor& cursor, const crypto::Key& key) {
  if (cursor.empty()) return "";
  google::protobuf::ListValue values;
  for (const auto& value : cursor) {
    if (value) {
      values.add_values()->set_string_value(*value);
    } else {
      values.add_values()->set_null_value(google::protobuf::NULL_VALUE);
    }
  }
  return crypto::Base64Url(crypto::Seal(key, values.SerializeAsString(), Query(scope, request)));
}

absl::StatusOr<filter::ListQuery> OpenList(const base::Scope& scope, const Message& request,
                                           const filter::ListSpec& spec, const crypto::Key& key) {
  const auto* size = request.GetDescriptor()->FindFieldByName("page_size");
  ASSIGN_OR_RETURN(const int page_size,
                   PageSize(size ? request.GetReflection()->GetInt32(request, size) : 0));
  ASSIGN_OR_RETURN(filter::Cursor after, OpenPageToken(scope, request, key));
  return filter::ListQuery::Make(spec, TextField(request, "filter"), TextField(request, "order_by"),
                                 page_size, std::move(after), scope);
}

absl::StatusOr<filter::Cursor> OpenPageToken(const Message& request, const crypto::Key& key) {
  return OpenPageToken(base::Scope(), request, key);
}

std::string NextPageToken(const Message& request, const filter::Cursor& cursor,
                          const crypto::Key& key) {
  return NextPageToken(base::Scope(), request, cursor, key);
}

absl::StatusOr<filter::ListQuery> OpenList(const Message& request, const filter::ListSpec& spec,
                                           const crypto::Key& key) {
  return OpenList(base::Scope(), request, spec, key);
}

}  // namespace ieum::rpc
