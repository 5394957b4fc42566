#include "platform/rpc/masks.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/echo.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

absl::Status Bad(std::string_view description) {
  return base::InvalidField(platform::v1::ERROR_REASON_UPDATE_MASK_INVALID, "update_mask",
                            description);
}

bool IsSet(const Message& message, const std::vector<const FieldDescriptor*>& path) {
  const Message* at = &message;
  for (size_t step = 0; step < path.size(); ++step) {
    const auto* reflection = at->GetReflection();
    const bool set = path[step]->is_repeated() ? reflection->FieldSize(*at, path[step]) > 0
                                               : reflection->HasField(*at, path[step]);
    if (!set) return false;
    if (step + 1 < path.size()) at = &reflection->GetMessage(*at, path[step]);
  }
  return true;
}

std::vector<std::string> SetPaths(const Message& from, const std::vector<std::string>& allowed) {
  std::vector<std::string> paths;
  for (const std::string& path : allowed) {
    std::vector<const FieldDescriptor*> fields;
    const bool known = FieldMaskUtil::GetFieldDescriptors(from.GetDescriptor(), path, &fields);
    if (known && IsSet(from, fields)) paths.push_back(path);
  }
  return paths;
}

bool Allowed(const std::string& path, const std::vector<std::string>& allowed) {
  for (const std::string& one : allowed) {
    if (path == one || absl::StartsWith(path, one + ".")) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> UpdatePaths(const FieldMask& mask, const Message& from,
                                                     const std::vector<std::string>& allowed) {
  if (mask.paths().empty()) return SetPaths(from, allowed);
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return allowed;
  for (const std::string& path : mask.paths()) {
    if (!FieldMaskUtil::GetFieldDescriptors(from.GetDescriptor(), path, nullptr)) {
      return Bad(absl::StrCat("there is no field ", base::Echo(path)));
    }
    if (!Allowed(path, allowed)) return Bad(absl::StrCat(path, " cannot be changed"));
  }
  return std::vector<std::string>(mask.paths().begin(), mask.paths().end());
}

absl::Status ApplyUpdate(const FieldMask& mask, const Message& from, Message* to,
                         const std::vector<std::string>& allowed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, UpdatePaths(mask, from, allowed));
  FieldMask effective;
  for (const std::string& path : paths) effective.add_paths(path);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, effective, options, to);
  return absl::OkStatus();
}

}  // namespace ieum::rpc
