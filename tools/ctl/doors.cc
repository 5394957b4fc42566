#include "tools/ctl/doors.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "platform/rpc/tls.h"

namespace ieum::ctl {
namespace {

using nlohmann::json;

constexpr char kOps[] = "/ieum.platform.v1.OpsService/";
constexpr size_t kNearEnough = 3;  // letters to change

size_t Distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1])});
      corner = above;
    }
  }
  return row[b.size()];
}

std::string FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::string TextAt(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::StatusOr<std::string> FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  }
  return std::string(absl::StripAsciiWhitespace(line));
}

struct Places {
  std::map<std::string, std::string> addresses;
  std::string token_file, cert, key, ca;
};

absl::Status ReadSuite(const std::string& path, Places* places) {
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat(path, ": cannot be opened; ./ieum up writes one to .ieum/suite/suite.json"));
  }
  const json suite = json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!suite.is_object() || !suite.contains("services")) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is no suite.json"));
  }
  for (const std::string& name : KnownServices()) {
    const std::string address = TextAt(suite["services"].value(name, json()), "grpc");
    if (!address.empty()) places->addresses[name] = address;
  }
  places->token_file = TextAt(suite, "token_file");
  const json tls = suite.value("tls", json());
  places->cert = TextAt(tls, "cert_file");
  places->key = TextAt(tls, "key_file");
  places->ca = TextAt(tls, "ca_file");
  return absl::OkStatus();
}

// Of the environment, as services and the auditor have it.
void ReadEnvironment(Places* places) {
  for (const std::string& name : KnownServices()) {
    const std::string address = FromEnvironment("IEUM_PEER_" + absl::AsciiStrToUpper(name));
    if (!address.empty()) places->addresses[name] = address;
  }
  places->token_file = FromEnvironment("IEUM_PEER_TOKEN_FILE");
  places->cert = FromEnvironment("IEUM_TLS_CERT_FILE");
  places->key = FromEnvironment("IEUM_TLS_KEY_FILE");
  places->ca = FromEnvironment("IEUM_TLS_CA_FILE");
}

absl::Status ReadWords(const Reach& reach, Places* places) {
  for (const std::string& word : reach.at) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat("--at ", word,
                                                     ": wants SERVICE=HOST:PORT, for instance ",
                                                     KnownServices().front(), "=127.0.0.1:50051"));
    }
    RETURN_IF_ERROR(CheckService(word.substr(0, equals)));
    places->addresses[word.substr(0, equals)] = word.substr(equals + 1);
  }
  if (!reach.token_file.empty()) places->token_file = reach.token_file;
  if (!reach.cert.empty()) places->cert = reach.cert;
  if (!reach.key.empty()) places->key = reach.key;
  if (!reach.ca.empty()) places->ca = reach.ca;
  return absl::OkStatus();
}

absl::Status BeginTls(const Places& places, const std::string& trust_domain) {
  const int given = !places.cert.empty() + !places.key.empty() + !places.ca.empty();
  if (given == 0) return absl::OkStatus();
  if (given != 3) {
    return absl::InvalidArgumentError("TLS wants all three of --cert, --key and --ca");
  }
  rpc::TlsOptions options;
  options.certificate_file = places.cert;
  options.key_file = places.key;
  options.authority_file = places.ca;
  options.trust_domain = trust_domain;
  rpc::UseTls(std::make_shared<rpc::Tls>(options));
  return absl::OkStatus();
}

// What the operator can do about it.
std::string Advice(const absl::Status& status, const std::string& service,
                   const std::string& address) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return absl::StrCat(service, " does not answer at ", address,
                          "; does it run (./ieum status), and does it want TLS (--cert, --key, "
                          "--ca)?");
    case absl::StatusCode::kUnauthenticated:
      return absl::StrCat(service, " does not know the token; give one by --token-file");
    case absl::StatusCode::kPermissionDenied:
      return absl::StrCat(service, " does not let this caller do that; the role 'operator' may: ",
                          std::string(status.message()));
    default:
      return absl::StrCat(service, ": ", std::string(status.message()));
  }
}

}  // namespace

const std::vector<std::string>& KnownServices() {
  static const auto* names =
      new std::vector<std::string>{"registry", "casemgmt", "reporting", "notify"};
  return *names;
}

absl::Status CheckService(const std::string& name) {
  const auto& known = KnownServices();
  if (std::find(known.begin(), known.end(), name) != known.end()) return absl::OkStatus();
  const auto nearest = std::min_element(
      known.begin(), known.end(),
      [&](const auto& a, const auto& b) { return Distance(name, a) < Distance(name, b); });
  const std::string meant = Distance(name, *nearest) <= kNearEnough
                                ? absl::StrCat("; did you mean ", *nearest, "?")
                                : std::string(".");
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no service '", name, "'; the services are ", absl::StrJoin(known, ", "), meant));
}

void AddReach(CLI::App& command, Reach& reach) {
  command.add_option("--suite", reach.suite,
                     "suite.json; without it --at, or IEUM_PEER_REGISTRY and so on");
  command.add_option("--at", reach.at, "SERVICE=HOST:PORT of a business port; may be repeated");
  command.add_option("--token-file", reach.token_file, "file with the bearer token to show");
  command.add_option("--cert", reach.cert, "certificate to show (PEM); with it, TLS is spoken");
  command.add_option("--key", reach.key, "its private key (PEM)");
  command.add_option("--ca", reach.ca, "who signs the services' certificates (PEM)");
  command
      .add_option("--trust-domain", reach.trust_domain, "services are spiffe://<this>/service/…")
      ->capture_default_str();
  command.add_option("--output", reach.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

absl::StatusOr<Doors> Doors::Open(const Reach& reach) {
  Places places;
  if (reach.suite.empty()) {
    ReadEnvironment(&places);
  } else {
    RETURN_IF_ERROR(ReadSuite(reach.suite, &places));
  }
  RETURN_IF_ERROR(ReadWords(reach, &places));
  if (places.addresses.empty()) {
    return absl::InvalidArgumentError(
        "no suite is named: give --suite FILE, --at SERVICE=HOST:PORT, or set IEUM_PEER_REGISTRY "
        "and so on");
  }
  RETURN_IF_ERROR(BeginTls(places, reach.trust_domain));
  std::string token;
  if (!places.token_file.empty()) {
    ASSIGN_OR_RETURN(token, FirstLine(places.token_file));
  }
  Doors doors;
  for (const auto& [name, address] : places.addresses) {
    doors.doors_[name] = {
        address, std::make_unique<rpc::Peer>(rpc::PeerOptions{.service = name,
                                                              .address = address,
                                                              .token = token,
                                                              .patience = rpc::kCallerPatience,
                                                              .reason = reach.reason})};
  }
  return doors;
}

std::vector<std::string> Doors::names() const {
  std::vector<std::string> names;
  for (const std::string& name : KnownServices()) {
    if (doors_.contains(name)) names.push_back(name);
  }
  return names;
}

absl::Status Doors::Need(const std::string& service) const {
  RETURN_IF_ERROR(CheckService(service));
  if (doors_.contains(service)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the address of ", service, " is not known; give --at ", service, "=HOST:PORT"));
}

absl::Status Doors::Call(const std::string& service, const std::string& method,
                         const google::protobuf::Message& request,
                         google::protobuf::Message* response, absl::Duration timeout) {
  RETURN_IF_ERROR(Need(service));
  Door& door = doors_.at(service);
  const absl::Status called = door.peer->Call(method, request, response, timeout);
  if (called.ok()) return called;
  absl::Status told(called.code(), Advice(called, service, door.address));
  called.ForEachPayload(
      [&](auto type, const absl::Cord& payload) { told.SetPayload(type, payload); });
  return told;
}

absl::StatusOr<platform::v1::Progress> Doors::Progress(const std::string& service) {
  platform::v1::Progress progress;
  RETURN_IF_ERROR(Call(service, absl::StrCat(kOps, "GetProgress"),
                       platform::v1::GetProgressRequest(), &progress));
  return progress;
}

}  // namespace ieum::ctl
