#include "tests/support/seals.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace ieum::testing {
namespace {

namespace fs = std::filesystem;

std::string Tool(const std::string& tool, std::vector<std::string> words) {
  words.insert(words.begin(),
               {"/usr/bin/python3", absl::StrCat(IEUM_SOURCE_DIR, "/deploy/broker/", tool)});
  const auto done = RunToEnd({.argv = std::move(words)});
  if (!done.ok()) ADD_FAILURE() << done.status();
  return std::string(absl::StripAsciiWhitespace(done.value_or("")));
}

std::string MadeFolder(std::string folder) {
  fs::create_directories(folder);
  return folder;
}

std::vector<std::string> NamesOf(const std::string& name,
                                 const std::vector<std::string>& services) {
  if (name == "nats") return {"IP:127.0.0.1", "DNS:localhost"};
  for (const std::string& service : services) {
    if (service == name) return {"URI:spiffe://ieum/service/" + name};
  }
  return {"DNS:" + name};
}

}  // namespace

Seals::Seals(const std::string& folder, const std::vector<std::string>& services)
    : folder_(MadeFolder(folder + "/seals")), services_(services), authority_(folder_, "suite") {
  for (const std::string& service : services) {
    Issue(service);
    keys_[service] = {NewSeed(service)};
    keys_[service + "-admin"] = {NewSeed(service + "-admin")};
  }
  for (const char* name : {"nats", "caller"}) Issue(name);
  for (const char* name : {"auditor", "outside"}) keys_[name] = {NewSeed(name)};
}

// Each time into a new folder; a link names the one that counts, so that certificate and key change
// at once.
void Seals::Issue(const std::string& name) {
  const std::string stem = absl::StrCat(name, ".", ++issued_[name]);
  authority_.Issue(stem, {.names = NamesOf(name, services_)});
  const std::string made = File("tls-" + stem), link = File("tls-" + name);
  fs::create_directory(made);
  fs::rename(authority_.certificate_file(stem), made + "/tls.crt");
  fs::rename(authority_.key_file(stem), made + "/tls.key");
  fs::create_symlink(made, link + ".new");
  fs::rename(link + ".new", link);
}

std::string Seals::NewSeed(const std::string& file) const {
  return Tool("nkey.py", {"new", File("seed-" + file)});
}

std::string Seals::certificate_file(const std::string& name) const {
  return File("tls-" + name + "/tls.crt");
}

std::map<std::string, std::string> Seals::Environment(const std::string& service) const {
  return {{"IEUM_TLS_CERT_FILE", certificate_file(service)},
          {"IEUM_TLS_KEY_FILE", File("tls-" + service + "/tls.key")},
          {"IEUM_TLS_CA_FILE", authority_file()},
          {"IEUM_NATS_CA_FILE", kBrokerSpeaksTls ? authority_file() : ""},
          {"IEUM_NATS_SEED_FILE", File("seed-" + service)}};
}

std::string Seals::BrokerSettings() const {
  std::vector<std::string> words = {"--outside", "outside:registry"};
  for (const auto& [name, keys] : keys_) {
    words.push_back(absl::StrCat(name, "=", absl::StrJoin(keys, ",")));
  }
  const std::string accounts = Tool("accounts.py", words);
  if (!kBrokerSpeaksTls) return accounts;
  return absl::StrCat("tls { cert_file: \"", certificate_file("nats"), "\", key_file: \"",
                      File("tls-nats/tls.key"), "\", ca_file: \"", authority_file(),
                      "\", verify: true }\n", accounts);
}

broker::Access Seals::AccessOf(const std::string& name) const {
  const bool admin = name.ends_with("-admin");
  broker::Access access;
  access.room = admin ? name.substr(0, name.size() - 6) : name;
  access.seed_file = File("seed-" + name);
  if (!kBrokerSpeaksTls) return access;
  access.authority_file = authority_file();
  access.certificate_file = certificate_file("caller");
  access.key_file = File("tls-caller/tls.key");
  return access;
}

rpc::TlsOptions Seals::CallerTls() const {
  rpc::TlsOptions options;
  options.certificate_file = certificate_file("caller");
  options.key_file = File("tls-caller/tls.key");
  options.authority_file = authority_file();
  return options;
}

void Seals::RenewCertificate(const std::string& name) { Issue(name); }

void Seals::AddSeed(const std::string& service) {
  keys_[service].push_back(NewSeed(service + ".next"));
}

void Seals::SwapSeed(const std::string& service) {
  fs::rename(File("seed-" + service + ".next"), File("seed-" + service));
}

void Seals::DropOldSeed(const std::string& service) {
  keys_[service].erase(keys_[service].begin());
}

}  // namespace ieum::testing
