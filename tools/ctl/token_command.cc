// `ieumctl token` and `ieumctl token-key`: signed tokens for development, from a key of one's own.
// In production an identity provider issues them.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/identity/signing_key.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

using identity::SigningKey;

constexpr double kHoursMax = 24;

struct KeyArguments {
  std::string key, keys;
};

struct TokenArguments {
  std::string key, subject, issuer = "https://ieum.local", audience = "ieum";
  std::vector<std::string> roles, centres;
  double hours = 8;
};

// Its owner alone reads it; one that is there is not written over.
absl::Status WriteNewFile(const std::string& path, const std::string& text, int mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be made anew"));
  const auto written = write(file, text.data(), text.size());
  const bool whole = close(file) == 0 && written == static_cast<ssize_t>(text.size());
  return whole ? absl::OkStatus() : absl::DataLossError(absl::StrCat(path, ": was not written"));
}

absl::Status MakeKey(const KeyArguments& arguments) {
  const std::string kid = base::Uuid::NewV7().ToString();
  ASSIGN_OR_RETURN(const SigningKey key, SigningKey::Make(SigningKey::Kind::kP256, kid));
  RETURN_IF_ERROR(WriteNewFile(arguments.key, key.PrivateJson() + "\n", 0600));
  return WriteNewFile(arguments.keys, key.PublicSet() + "\n", 0644);
}

absl::StatusOr<std::string> TokenOf(const TokenArguments& arguments) {
  std::ifstream file(arguments.key);
  std::ostringstream text;
  if (!file) return absl::NotFoundError(absl::StrCat(arguments.key, ": cannot be read"));
  text << file.rdbuf();
  ASSIGN_OR_RETURN(const SigningKey key, SigningKey::FromJson(text.str()));
  const absl::Time now = absl::Now();
  return key.Sign({{"iss", arguments.issuer},
                   {"aud", arguments.audience},
                   {"sub", arguments.subject},
                   {"iat", absl::ToUnixSeconds(now)},
                   {"exp", absl::ToUnixSeconds(now + absl::Hours(arguments.hours))},
                   {"jti", base::Uuid::NewV7().ToString()},
                   {"roles", arguments.roles},
                   {"centres", arguments.centres}});
}

int Said(const char* command, const absl::Status& status) {
  if (status.ok()) return kGood;
  std::fprintf(stderr, "ieumctl %s: %s\n", command, std::string(status.message()).c_str());
  return kUsage;
}

}  // namespace

Run AddToken(CLI::App& app) {
  auto arguments = std::make_shared<TokenArguments>();
  CLI::App* command = app.add_subcommand("token", "Prints a signed token for development.");
  command->add_option("--key", arguments->key, "the private key that token-key made")->required();
  command->add_option("--subject", arguments->subject, "whom it names, such as staff/kim")
      ->required();
  command->add_option("--role", arguments->roles, "a role of deploy/roles.json; may be repeated");
  command->add_option("--centre", arguments->centres, "a centre's id, or *; may be repeated");
  command->add_option("--hours", arguments->hours, "how long it is good")
      ->check(CLI::Range(0.01, kHoursMax))
      ->capture_default_str();
  command->add_option("--issuer", arguments->issuer, "IEUM_OIDC_ISSUER of the services")
      ->capture_default_str();
  command->add_option("--audience", arguments->audience, "IEUM_OIDC_AUDIENCE of the services")
      ->capture_default_str();
  return [arguments] {
    const absl::StatusOr<std::string> token = TokenOf(*arguments);
    if (token.ok()) std::printf("%s\n", token->c_str());
    return Said("token", token.status());
  };
}

Run AddTokenKey(CLI::App& app) {
  auto arguments = std::make_shared<KeyArguments>();
  CLI::App* command = app.add_subcommand(
      "token-key", "Makes a key to sign tokens with, and the key set that services check them by.");
  command->add_option("--key", arguments->key, "file for the private key, which is new")
      ->required();
  command->add_option("--keys", arguments->keys, "file for the key set: IEUM_OIDC_KEYS_FILE")
      ->required();
  return [arguments] { return Said("token-key", MakeKey(*arguments)); };
}

}  // namespace ieum::ctl
