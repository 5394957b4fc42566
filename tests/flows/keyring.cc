#include "tests/flows/keyring.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/crypto/seal.h"
#include "tests/flows/suite.h"

namespace ieum::testing {
namespace {

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// A new identity in `identities`; its token.
std::string Admit(nlohmann::json& identities, const std::string& subject,
                  const std::vector<std::string>& roles) {
  const std::string token = crypto::Base64Url(crypto::Key().bytes());
  identities.push_back(
      {{"token", token}, {"subject", subject}, {"roles", roles}, {"centres", {"*"}}});
  return token;
}

}  // namespace

Keyring::Keyring(std::string folder) : folder_(std::move(folder)) {
  nlohmann::json identities = nlohmann::json::array();
  driver_token_ = Admit(identities, "demo/driver",
                        {"programme_manager", "operator", "auditor", "supervisor", "centre_head",
                         "case_manager", "consultant"});
  WriteFile(driver_token_file(), driver_token_);
  WriteFile(supervisor_token_file(),
            Admit(identities, "demo/supervisor", {"supervisor", "case_manager"}));
  for (const std::string& service : kServices) {
    WriteFile(File("token-" + service), Admit(identities, "service/" + service, {"service"}));
    WriteFile(File("vault-" + service), crypto::Key().ToBase64());
  }
  WriteFile(File("tokens.json"), identities.dump());
  WriteFile(File("seal.key"), crypto::Key().ToBase64());
}

std::map<std::string, std::string> Keyring::Environment(const std::string& service) const {
  return {{"IEUM_TOKENS_FILE", File("tokens.json")},
          {"IEUM_STATIC_TOKENS_ALLOWED", "true"},
          {"IEUM_PLAINTEXT_ALLOWED", "true"},
          {"IEUM_NATS_PASSWORD_ALLOWED", "true"},
          {"IEUM_ROLES_FILE", absl::StrCat(IEUM_SOURCE_DIR, "/deploy/roles.json")},
          {"IEUM_VAULT_KEY_FILE", File("vault-" + service)},
          {"IEUM_ATTACHMENTS_DIR", attachments()},
          {"IEUM_SEAL_KEY_FILE", File("seal.key")},
          {"IEUM_PEER_TOKEN_FILE", File("token-" + service)}};
}

std::map<std::string, std::string> Keyring::Files() const {
  std::map<std::string, std::string> files = {{"seal.key", File("seal.key")}};
  for (const std::string& service : kServices) files["vault-" + service] = File("vault-" + service);
  return files;
}

}  // namespace ieum::testing
