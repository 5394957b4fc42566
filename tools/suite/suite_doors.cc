#include "tools/suite/suite_doors.h"

#include <fstream>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/rpc/tls.h"

namespace ieum::suite {
namespace {

using nlohmann::json;

std::string TextAt(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::Status MustBeThere(const std::string& path) {
  if (std::ifstream(path).good()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
}

}  // namespace

absl::Status UseTlsOf(const json& suite) {
  const json tls = suite.value("tls", json());
  if (!tls.is_object()) return absl::OkStatus();
  rpc::TlsOptions options;
  options.certificate_file = TextAt(tls, "cert_file");
  options.key_file = TextAt(tls, "key_file");
  options.authority_file = TextAt(tls, "ca_file");
  for (const std::string& path :
       {options.certificate_file, options.key_file, options.authority_file}) {
    RETURN_IF_ERROR(MustBeThere(path));
  }
  rpc::UseTls(std::make_shared<rpc::Tls>(options));
  return absl::OkStatus();
}

absl::StatusOr<BrokerDoor> BrokerOf(const json& suite) {
  BrokerDoor door{.url = TextAt(suite, "nats_url"), .access = {}};
  if (const std::string path = TextAt(suite, "nats_url_file"); door.url.empty() && !path.empty()) {
    RETURN_IF_ERROR(MustBeThere(path));
    std::ifstream file(path);
    std::getline(file, door.url);
    absl::StripAsciiWhitespace(&door.url);
  }
  const json nats = suite.value("nats", json());
  if (!nats.is_object()) return door;
  door.url = TextAt(nats, "url");
  door.access.room = TextAt(nats, "room");
  door.access.seed_file = TextAt(nats, "seed_file");
  door.access.authority_file = TextAt(nats, "ca_file");
  door.access.certificate_file = TextAt(nats, "cert_file");
  door.access.key_file = TextAt(nats, "key_file");
  return door;
}

}  // namespace ieum::suite
