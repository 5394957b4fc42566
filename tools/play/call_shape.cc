#include "tools/play/call_shape.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/json_util.h"
#include "platform/base/status.h"
#include "tools/play/json_file.h"

namespace ieum::play {
namespace {

using google::protobuf::Message;
using nlohmann::json;

absl::StatusOr<json> NameFor(const Field& field, const json& value, const Names& names) {
  if (!value.is_string()) {
    return absl::InvalidArgumentError(absl::StrCat("field `", field.from, "` must be a key"));
  }
  auto name = names.Find(value.get<std::string>(), field.collection);
  if (name.ok()) return json(*name);
  return absl::InvalidArgumentError(
      absl::StrCat("field `", field.from, "`: ", name.status().message()));
}

absl::StatusOr<json> NamesInEach(const Field& field, const json& list, const Names& names) {
  json objects = list;
  for (json& object : objects) {
    const json* key = object.is_object() ? ValueAt(object, field.inner) : nullptr;
    if (key == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("field `", field.from, "`: each needs `", field.inner, "`"));
    }
    ASSIGN_OR_RETURN(json name, NameFor(field, *key, names));
    object[field.inner] = std::move(name);
  }
  return objects;
}

absl::StatusOr<json> Joined(const Field& field, const json& value) {
  std::vector<std::string> lines;
  for (const json& line : value) {
    if (!line.is_string()) {
      return absl::InvalidArgumentError(absl::StrCat("field `", field.from, "` must be lines"));
    }
    lines.push_back(line.get<std::string>());
  }
  return json(absl::StrJoin(lines, "\n"));
}

json AllBut(const json& entry, const std::string& field) {
  json rest = entry;
  rest.erase(field);
  return rest;
}

// Discarded = absent.
absl::StatusOr<json> ValueOf(const Field& field, const json& entry, const Names& names,
                             const std::string& found) {
  if (field.kind == Field::Kind::kConstant) return json(field.from);
  if (field.kind == Field::Kind::kFound) return json(found);
  if (field.kind == Field::Kind::kRest) return AllBut(entry, field.from);
  const json* value = ValueAt(entry, field.from);
  if (value == nullptr) {
    if (!field.required) return json(json::value_t::discarded);
    return absl::InvalidArgumentError(absl::StrCat("field `", field.from, "` is missing"));
  }
  if (field.kind == Field::Kind::kKey) return NameFor(field, *value, names);
  if (field.kind == Field::Kind::kLines) return Joined(field, *value);
  if (field.kind == Field::Kind::kEach) return NamesInEach(field, *value, names);
  return *value;
}

// True when a shape takes the value at `path` as a whole.
bool Takes(const CallShape& shape, const std::string& path) {
  for (const Field& field : shape.fields) {
    if (field.kind == Field::Kind::kConstant || field.kind == Field::Kind::kFound) continue;
    if (field.kind == Field::Kind::kRest || field.from == path) return true;
  }
  return shape.key_field == path;
}

bool TakesInside(const CallShape& shape, const std::string& path) {
  for (const Field& field : shape.fields) {
    if (field.from.starts_with(path + ".")) return true;
  }
  return false;
}

void FindUnknown(const json& value, const std::string& prefix, absl::Span<const CallShape> shapes,
                 std::vector<std::string>& unknown) {
  for (const auto& [key, inner] : value.items()) {
    const std::string path = prefix.empty() ? key : absl::StrCat(prefix, ".", key);
    const auto takes = [&](const CallShape& shape) { return Takes(shape, path); };
    const auto takes_inside = [&](const CallShape& shape) { return TakesInside(shape, path); };
    if (std::any_of(shapes.begin(), shapes.end(), takes)) continue;
    if (inner.is_object() && std::any_of(shapes.begin(), shapes.end(), takes_inside)) {
      FindUnknown(inner, path, shapes, unknown);
    } else {
      unknown.push_back(path);
    }
  }
}

}  // namespace

Field Copy(std::string from, std::string to) {
  std::string target = to.empty() ? from : std::move(to);
  return {Field::Kind::kCopy, std::move(from), std::move(target)};
}

Field Key(std::string from, std::string collection, std::string to) {
  return {Field::Kind::kKey, std::move(from), std::move(to), std::move(collection)};
}

Field Lines(std::string from, std::string to) {
  return {Field::Kind::kLines, std::move(from), std::move(to)};
}

Field Rest(std::string but, std::string to) {
  return {Field::Kind::kRest, std::move(but), std::move(to)};
}

Field Constant(std::string value, std::string to) {
  return {Field::Kind::kConstant, std::move(value), std::move(to)};
}

Field Found(std::string to) { return {Field::Kind::kFound, "", std::move(to)}; }

Field Each(std::string from, std::string inner, std::string collection, std::string to) {
  return {.kind = Field::Kind::kEach,
          .from = std::move(from),
          .to = std::move(to),
          .collection = std::move(collection),
          .inner = std::move(inner)};
}

Field Checked(std::string from) { return {Field::Kind::kCopy, std::move(from), ""}; }

Field Maybe(Field field) {
  field.required = false;
  return field;
}

absl::StatusOr<std::unique_ptr<Message>> BuildRequest(const CallShape& shape, const json& entry,
                                                      const Names& names,
                                                      const std::string& found) {
  json request = json::object();
  std::vector<std::string> faults;
  for (const Field& field : shape.fields) {
    absl::StatusOr<json> value = ValueOf(field, entry, names, found);
    if (!value.ok()) {
      faults.emplace_back(value.status().message());
    } else if (!value->is_discarded() && !field.to.empty()) {
      PutAt(request, field.to, *std::move(value));
    }
  }
  if (!faults.empty()) return absl::InvalidArgumentError(absl::StrJoin(faults, "; "));
  std::unique_ptr<Message> message(shape.rpc.request->New());
  const auto status = google::protobuf::util::JsonStringToMessage(request.dump(), message.get());
  if (!status.ok()) return absl::InvalidArgumentError(status.ToString());
  return message;
}

void SetRequestId(Message& request, const std::string& id) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field != nullptr) request.GetReflection()->SetString(&request, field, id);
}

std::string NameOf(const Message& resource) {
  const auto* field = resource.GetDescriptor()->FindFieldByName("name");
  return field == nullptr ? "" : resource.GetReflection()->GetString(resource, field);
}

std::vector<std::string> UnknownFields(const json& entry, absl::Span<const CallShape> shapes) {
  std::vector<std::string> unknown;
  FindUnknown(entry, "", shapes, unknown);
  return unknown;
}

}  // namespace ieum::play
