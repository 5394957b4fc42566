#include "tools/audit/suite_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/suite/suite_doors.h"

namespace ieum::audit {
namespace {

using nlohmann::json;

constexpr const char* kServices[] = {"registry", "casemgmt", "reporting", "notify"};

absl::StatusOr<std::string> FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  }
  return std::string(absl::StripAsciiWhitespace(line));
}

std::string TextAt(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::StatusOr<std::string> SecretAt(const json& object, const std::string& field) {
  const std::string path = TextAt(object, field);
  if (path.empty()) return std::string();
  return FirstLine(path);
}

absl::StatusOr<ServiceOptions> ServiceOf(const std::string& name, const json& service,
                                         const std::string& suite_file) {
  ServiceOptions options{.name = name,
                         .conninfo = TextAt(service, "db"),
                         .db_password = "",
                         .grpc = TextAt(service, "grpc")};
  if (options.conninfo.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(suite_file, ": services.", name, ".db is missing"));
  }
  ASSIGN_OR_RETURN(options.db_password, SecretAt(service, "db_password_file"));
  return options;
}

}  // namespace

absl::StatusOr<SubjectOptions> SubjectOfSuite(const std::string& suite_file) {
  std::ifstream file(suite_file);
  if (!file) return absl::NotFoundError(absl::StrCat(suite_file, ": cannot be opened"));
  const json suite = json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!suite.is_object() || !suite.contains("services") || !suite["services"].is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(suite_file, ": is no suite.json"));
  }
  SubjectOptions options;
  options.mails = TextAt(suite, "mail_dir");
  ASSIGN_OR_RETURN(options.token, SecretAt(suite, "token_file"));
  RETURN_IF_ERROR(suite::UseTlsOf(suite));
  ASSIGN_OR_RETURN(suite::BrokerDoor broker, suite::BrokerOf(suite));
  options.nats_url = std::move(broker.url);
  options.nats_access = std::move(broker.access);
  for (const char* name : kServices) {
    const auto found = suite["services"].find(name);
    if (found == suite["services"].end()) continue;
    ASSIGN_OR_RETURN(ServiceOptions service, ServiceOf(name, *found, suite_file));
    options.services.push_back(std::move(service));
  }
  return options;
}

absl::StatusOr<SubjectOptions> SubjectOfEnvironment(const Lookup& lookup) {
  SubjectOptions options;
  options.nats_url = lookup("IEUM_NATS_URL").value_or("");
  options.nats_access.seed_file = lookup("IEUM_NATS_SEED_FILE").value_or("");
  options.nats_access.authority_file = lookup("IEUM_NATS_CA_FILE").value_or("");
  if (!options.nats_access.seed_file.empty()) options.nats_access.room = "auditor";
  if (const auto path = lookup("IEUM_PEER_TOKEN_FILE")) {
    ASSIGN_OR_RETURN(options.token, FirstLine(*path));
  }
  for (const std::string name : kServices) {
    const std::string upper = absl::AsciiStrToUpper(name);
    const auto conninfo = lookup("IEUM_DB_" + upper);
    if (!conninfo) continue;
    ServiceOptions service{.name = name,
                           .conninfo = *conninfo,
                           .db_password = "",
                           .grpc = lookup("IEUM_PEER_" + upper).value_or("")};
    if (const auto path = lookup("IEUM_DB_PASSWORD_FILE_" + upper)) {
      ASSIGN_OR_RETURN(service.db_password, FirstLine(*path));
    }
    options.services.push_back(std::move(service));
  }
  if (options.services.empty()) {
    return absl::InvalidArgumentError(
        "no suite is named: give --suite FILE, or set IEUM_DB_REGISTRY and so on");
  }
  return options;
}

}  // namespace ieum::audit
