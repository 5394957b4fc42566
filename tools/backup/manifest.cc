#include "tools/backup/manifest.h"

#include <sodium.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::backup {
namespace {

using nlohmann::json;

constexpr size_t kChunk = 1 << 20;

json PointJson(const ServicePoint& point) {
  json cursors = json::object();
  for (const auto& [producer, cursor] : point.cursors) {
    cursors[producer] = {{"epoch", cursor.epoch}, {"positions", cursor.positions}};
  }
  return {{"epoch", point.epoch},
          {"ledger", point.ledger},
          {"cursors", std::move(cursors)},
          {"schemas", point.schemas}};
}

json FileJson(const FileSum& file) {
  return {{"file", file.name}, {"bytes", file.bytes}, {"blake2b_256", file.sum}};
}

ServicePoint PointOf(const json& object) {
  ServicePoint point;
  object.at("epoch").get_to(point.epoch);
  object.at("ledger").get_to(point.ledger);
  object.at("schemas").get_to(point.schemas);
  for (const auto& [producer, cursor] : object.at("cursors").items()) {
    cursor.at("epoch").get_to(point.cursors[producer].epoch);
    cursor.at("positions").get_to(point.cursors[producer].positions);
  }
  return point;
}

FileSum FileOf(const json& object) {
  return {object.at("file").get<std::string>(), object.at("bytes").get<int64_t>(),
          object.at("blake2b_256").get<std::string>()};
}

// A file stands beside the manifest and nowhere else.
bool FilesAreBesideIt(const Manifest& manifest) {
  const std::string& list = manifest.attachments.list.name;
  bool beside = (manifest.keys.name.empty() || manifest.keys.name == kKeysFile) &&
                (list.empty() || list == kAttachmentsFile);
  for (const auto& [service, file] : manifest.dumps) {
    beside = beside && file.name == service + ".dump" && service.find('/') == std::string::npos;
  }
  return beside;
}

json ToTree(const Manifest& manifest) {
  json services = json::object(), dumps = json::object();
  for (const auto& [name, point] : manifest.services) services[name] = PointJson(point);
  for (const auto& [name, file] : manifest.dumps) dumps[name] = FileJson(file);
  json tree = {{"format", manifest.format},       {"program", manifest.program},
               {"made_at", manifest.made_at},     {"postgresql", manifest.postgresql},
               {"services", std::move(services)}, {"dumps", std::move(dumps)}};
  if (!manifest.keys.name.empty()) {
    tree["keys"] = FileJson(manifest.keys);
    tree["keys"]["names"] = manifest.key_names;
    tree["keys"]["salt"] = manifest.key_salt;
  }
  if (!manifest.attachments.list.name.empty()) {
    tree["attachments"] = FileJson(manifest.attachments.list);
    tree["attachments"]["count"] = manifest.attachments.count;
    tree["attachments"]["content_bytes"] = manifest.attachments.bytes;
    tree["attachments"]["missing"] = manifest.attachments.missing;
  }
  return tree;
}

Manifest FromTree(const json& tree) {
  Manifest manifest;
  tree.at("program").get_to(manifest.program);
  tree.at("made_at").get_to(manifest.made_at);
  tree.at("postgresql").get_to(manifest.postgresql);
  for (const auto& [name, point] : tree.at("services").items()) {
    manifest.services[name] = PointOf(point);
  }
  for (const auto& [name, file] : tree.at("dumps").items()) manifest.dumps[name] = FileOf(file);
  if (tree.contains("keys")) {
    manifest.keys = FileOf(tree["keys"]);
    tree["keys"].at("names").get_to(manifest.key_names);
    tree["keys"].at("salt").get_to(manifest.key_salt);
  }
  if (tree.contains("attachments")) {
    AttachmentsSum& attachments = manifest.attachments;
    attachments.list = FileOf(tree["attachments"]);
    tree["attachments"].at("count").get_to(attachments.count);
    tree["attachments"].at("content_bytes").get_to(attachments.bytes);
    tree["attachments"].at("missing").get_to(attachments.missing);
  }
  return manifest;
}

}  // namespace

std::string ToJson(const Manifest& manifest) { return ToTree(manifest).dump(2) + "\n"; }

absl::StatusOr<Manifest> FromJson(const std::string& text) {
  const json tree = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!tree.is_object() || !tree.contains("format") || !tree["format"].is_number_integer()) {
    return absl::DataLossError("the manifest is none");
  }
  if (tree["format"] != kFormat) {
    return absl::InvalidArgumentError(
        absl::StrCat("the backup is of format ", tree["format"].dump(), ", and this ieumctl reads ",
                     kFormat, "; take the one that made it"));
  }
  try {
    Manifest manifest = FromTree(tree);
    if (FilesAreBesideIt(manifest)) return manifest;
  } catch (const json::exception&) {  // the library has no other way to say it
  }
  return absl::DataLossError("the manifest lacks something");
}

std::string BindingOf(const Manifest& manifest) {
  Manifest without = manifest;
  without.keys = FileSum{kKeysFile, 0, ""};
  return ToTree(without).dump();
}

absl::Status CheckOrder(const Manifest& manifest) {
  for (const auto& [consumer, point] : manifest.services) {
    for (const auto& [producer, cursor] : point.cursors) {
      const auto found = manifest.services.find(producer);
      if (found == manifest.services.end()) {
        return absl::FailedPreconditionError(
            absl::StrCat("the backup lacks ", producer, ", which ", consumer, " listens to"));
      }
      for (int shard = 0; shard < kShards; ++shard) {
        const auto at = static_cast<size_t>(shard);
        if (cursor.epoch <= found->second.epoch &&
            cursor.positions[at] <= found->second.ledger[at]) {
          continue;
        }
        return absl::FailedPreconditionError(absl::StrCat(
            consumer, " has applied ", producer, "/", shard, " up to ", cursor.positions[at],
            ", and that ledger ends at ", found->second.ledger[at],
            ": the databases of this backup are not of one point"));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<FileSum> SumOf(const std::string& folder, const std::string& name) {
  std::ifstream file(absl::StrCat(folder, "/", name), std::ios::binary);
  if (!file) return absl::DataLossError(absl::StrCat(name, " is missing"));
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  std::vector<char> chunk(kChunk);
  FileSum sum{name, 0, ""};
  while (file.read(chunk.data(), kChunk) || file.gcount() > 0) {
    const auto count = static_cast<size_t>(file.gcount());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(chunk.data()), count);
    sum.bytes += static_cast<int64_t>(count);
  }
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  sum.sum = absl::BytesToHexString(hash);
  return sum;
}

absl::Status CheckFile(const std::string& folder, const FileSum& expected) {
  ASSIGN_OR_RETURN(const FileSum found, SumOf(folder, expected.name));
  if (found.bytes != expected.bytes) {
    return absl::DataLossError(absl::StrCat(expected.name, " has ", found.bytes, " bytes, and had ",
                                            expected.bytes, " when the backup was made"));
  }
  if (found.sum != expected.sum) {
    return absl::DataLossError(absl::StrCat(expected.name, " is damaged: its checksum is another"));
  }
  return absl::OkStatus();
}

}  // namespace ieum::backup
