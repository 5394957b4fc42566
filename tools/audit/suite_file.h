// Where a suite is: from its suite.json, or from the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/audit/subject.h"

namespace ieum::audit {

// suite.json as `./ieum up` and the tests write it:
//   {"token_file": …, "mail_dir": …, "tls": {…}, "nats": {…} (tools/suite),
//    "services": {"registry": {"grpc": "127.0.0.1:…", "db": "libpq conninfo",
//                              "db_password_file": …}, …}}
// Secrets stand in files of their own. NOT_FOUND or INVALID_ARGUMENT that names file and field.
absl::StatusOr<SubjectOptions> SubjectOfSuite(const std::string& suite_file);

// From variables: IEUM_DB_REGISTRY, IEUM_DB_PASSWORD_FILE_REGISTRY, IEUM_PEER_REGISTRY and so on
// for each service that has an IEUM_DB_…; IEUM_NATS_URL, IEUM_NATS_SEED_FILE (of the auditor),
// IEUM_NATS_CA_FILE, IEUM_PEER_TOKEN_FILE.
using Lookup = std::function<std::optional<std::string>(const std::string&)>;
absl::StatusOr<SubjectOptions> SubjectOfEnvironment(const Lookup& lookup);

}  // namespace ieum::audit
