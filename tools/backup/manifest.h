// What a backup says of itself: which point of which databases it is, and how to know its files.
//
//   manifest.json  manifest.sum  notify.dump  reporting.dump  casemgmt.dump  registry.dump keys.box
//   attachments.sum  attachments/  (attachments.h)
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::backup {

inline constexpr int kShards = 16;
inline constexpr int kFormat = 1;
inline constexpr char kManifestFile[] = "manifest.json";
inline constexpr char kManifestSumFile[] = "manifest.sum";
inline constexpr char kKeysFile[] = "keys.box";
inline constexpr char kAttachmentsFile[] = "attachments.sum";

using Positions = std::array<int64_t, kShards>;

struct Cursor {
  int64_t epoch = 0;
  Positions positions{};
};

// What one database held at the point.
struct ServicePoint {
  int64_t epoch = 0;
  Positions ledger{};                          // last position of each shard
  std::map<std::string, Cursor> cursors;       // by producer
  std::map<std::string, std::string> schemas;  // set of migrations → its newest
};

struct FileSum {
  std::string name;
  int64_t bytes = 0;
  std::string sum;  // BLAKE2b-256, hexadecimal
};

// The files of attachments that rows of the point name.
struct AttachmentsSum {
  FileSum list;                      // names and sums of all; name "" = none are in it
  int64_t count = 0;                 // files
  int64_t bytes = 0;                 // of them, sealed
  std::vector<std::string> missing;  // "files/ab/cd/<file>" of those that rows need and were harmed
};

struct Manifest {
  int format = kFormat;
  std::string program;     // version of ieumctl
  std::string made_at;     // RFC 3339, when the point was taken
  std::string postgresql;  // version of pg_dump
  std::map<std::string, ServicePoint> services;
  std::map<std::string, FileSum> dumps;  // by service
  FileSum keys;                          // name "" = no keys are in it
  std::vector<std::string> key_names;
  std::string key_salt;  // base64url; of the passphrase
  AttachmentsSum attachments;
};

std::string ToJson(const Manifest& manifest);
// DATA_LOSS when it is none, INVALID_ARGUMENT when it is of a format that this program does not
// know.
absl::StatusOr<Manifest> FromJson(const std::string& text);
// What the box of keys is bound to: everything but the box's own sum.
std::string BindingOf(const Manifest& manifest);

// OK when no consumer is ahead of its producer: FAILED_PRECONDITION names the first that is.
absl::Status CheckOrder(const Manifest& manifest);

absl::StatusOr<FileSum> SumOf(const std::string& folder, const std::string& name);
// DATA_LOSS that names the file and says what is wrong with it.
absl::Status CheckFile(const std::string& folder, const FileSum& expected);

}  // namespace ieum::backup
