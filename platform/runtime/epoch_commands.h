// What an operator says to a service whose ledger, or a producer's, came back from a backup.
// Both work on the database, like `migrate`: whoever restores a database has it at hand, and nobody
// else can say over the network that history has changed.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "platform/broker/connection.h"
#include "platform/db/database.h"
#include "platform/runtime/command_line.h"

namespace ieum::runtime {

// `new-epoch` prints what was kept and what vanished: INVALID_ARGUMENT when the words cannot be
// read, else as flow::DeclareNewEpoch. `accept-epoch`: NOT_FOUND when nothing of that producer
// waits.
absl::Status RunEpochWords(db::Database& database, const std::string& service,
                           const broker::ConnectionOptions& broker, const CommandLine& command);

}  // namespace ieum::runtime
