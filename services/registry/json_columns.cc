#include "services/registry/json_columns.h"

#include "google/protobuf/util/json_util.h"
#include "platform/telemetry/log.h"

namespace ieum::registry {

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) telemetry::Error("a message has no JSON", {});
  return json;
}

void FromJson(std::string_view json, google::protobuf::Message* message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status =
      google::protobuf::util::JsonStringToMessage(std::string(json), message, options);
  if (!status.ok()) telemetry::Error("a stored message cannot be read", {});
}

}  // namespace ieum::registry
