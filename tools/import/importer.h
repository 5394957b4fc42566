// Brings a file into the registry: chunk after chunk, several on their way at once, each until it
// is taken. Holds no more of the file than the chunks on their way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "tools/import/columns.h"
#include "tools/import/table_reader.h"

namespace ieum::import {

// One call of the registry. Thread-safe.
using Caller =
    std::function<absl::Status(const std::string& method, const google::protobuf::Message& request,
                               google::protobuf::Message* response)>;

struct Order {
  std::string file;
  registry::v1::ImportKind kind = registry::v1::IMPORT_KIND_UNSPECIFIED;
  registry::v1::DuplicatePolicy policy = registry::v1::DUPLICATE_POLICY_QUEUE;
  // "organizations/…"; "" = the one that the caller acts for, and the suite itself of who acts for
  // all.
  std::string centre;
  Encoding encoding = Encoding::kGuess;
  Wishes wishes;
  bool dry_run = false;
  bool resume = false;  // goes on with the import of the same file that is not completed
  bool again = false;   // though the same file was imported
  int on_their_way = 2;
  absl::Duration patience = absl::Seconds(60);  // with a registry that does not answer
};

struct Progress {
  int64_t rows = 0;  // taken
  double share = 0;  // of the file
};

struct Result {
  registry::v1::Import import;                   // of a dry run without a name
  bool was_there = false;                        // the file was imported before: nothing was done
  std::vector<registry::v1::ImportRow> refused;  // at most kRefusedTold
};
inline constexpr size_t kRefusedTold = 100;
// Rows of a chunk. Part of what a file becomes: who goes on with an import cuts it as before.
inline constexpr int kChunkRows = 500;

// INVALID_ARGUMENT in words for the operator: a file that is no table, a head that is not
// understood; FAILED_PRECONDITION for an import that is half done and that `resume` does not ask
// for. What the registry refuses comes back as it is.
absl::StatusOr<Result> ImportFile(const Order& order, const Caller& caller,
                                  const std::function<void(const Progress&)>& tell);

}  // namespace ieum::import
