// What a process sees of what it stands on, for an operator who asks (`ieumctl doctor`): clocks,
// schema, broker, certificate, who leads. Nothing of it is judged here.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/database.h"
#include "platform/db/migrations.h"
#include "platform/flow/flow.h"
#include "platform/runtime/tls_settings.h"

namespace ieum::runtime {

struct DiagnosisSources {
  std::string service;
  db::Database* database = nullptr;
  flow::Flow* flow = nullptr;
  std::vector<std::pair<std::string, db::MigrationSet>> migrations;  // by the name of the set
  TlsSettings tls;
};

// What cannot be asked is left out, with a problem that says why. Blocks for some seconds when the
// database or the broker does not answer.
platform::v1::Diagnosis Diagnose(const DiagnosisSources& sources);

// What the flow knows, and the last erasure of a person that this service has done.
absl::Status ReadProgress(flow::Flow& flow, db::Database& database,
                          platform::v1::Progress* progress);

}  // namespace ieum::runtime
