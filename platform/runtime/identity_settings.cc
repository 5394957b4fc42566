#include "platform/runtime/identity_settings.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "platform/identity/key_set.h"
#include "platform/identity/key_source.h"

namespace ieum::runtime {
namespace {

constexpr absl::Duration kLeewayMax = absl::Minutes(5);
constexpr absl::Duration kKeptMin = absl::Minutes(1);
// A file costs nothing to read; a changed one counts within seconds.
constexpr absl::Duration kFileRefresh = absl::Seconds(5);
constexpr absl::Duration kFileRefetchMin = absl::Seconds(1);

void ReadStaticTokens(config::Reader& reader, IdentitySettings& s) {
  reader.SecretFile("IEUM_TOKENS_FILE", "JSON array of static identities, for local use", false,
                    &s.tokens);
  reader.Flag("IEUM_STATIC_TOKENS_ALLOWED",
              "must be true for static identities; never in production", &s.static_tokens_allowed);
  if (s.tokens.empty()) return;
  if (!s.static_tokens_allowed) {
    reader.Fault(
        "IEUM_TOKENS_FILE is set but IEUM_STATIC_TOKENS_ALLOWED is not true: static tokens are "
        "refused unless explicitly allowed");
  }
  if (auto tokens = rpc::Authenticator::FromTokens(s.tokens); !tokens.ok()) {
    reader.Fault(absl::StrCat("IEUM_TOKENS_FILE: ", tokens.status().message()));
  }
}

void ReadAlgorithms(config::Reader& reader, IdentitySettings& s) {
  std::string words = "RS256,PS256,ES256";
  reader.Text("IEUM_OIDC_ALGORITHMS", "signatures that are accepted, of these three", &words);
  s.options.rules.algorithms.clear();
  for (const std::string& word : std::vector<std::string>(absl::StrSplit(words, ','))) {
    if (const auto algorithm = identity::AlgorithmOf(word)) {
      s.options.rules.algorithms.insert(*algorithm);
    } else {
      reader.Fault(
          "IEUM_OIDC_ALGORITHMS must be a list of RS256, PS256, ES256 with commas between");
    }
  }
}

void ReadRoleNames(config::Reader& reader, IdentitySettings& s) {
  std::string pairs;
  reader.Text("IEUM_OIDC_ROLE_NAMES",
              "the issuer's words for roles: theirs=ours,theirs=ours; empty = the same words",
              &pairs);
  for (const std::string& pair :
       std::vector<std::string>(absl::StrSplit(pairs, ',', absl::SkipEmpty()))) {
    const std::vector<std::string> sides = absl::StrSplit(pair, '=');
    if (sides.size() == 2 && !sides[0].empty() && !sides[1].empty()) {
      s.options.role_names[sides[0]] = sides[1];
    } else {
      reader.Fault(absl::StrCat("IEUM_OIDC_ROLE_NAMES: '", pair, "' is not theirs=ours"));
    }
  }
}

// Who leaves keeps his token until it expires, so what a token says of roles counts only where it
// is asked for.
void ReadClaimedRoles(config::Reader& reader, IdentitySettings& s) {
  std::string words;
  reader.Text("IEUM_OIDC_CLAIMED_ROLES",
              "roles that a token gives by itself, with commas between, or * for all; others are "
              "given by grants only",
              &words);
  if (words == "*") return;
  s.options.claimed_roles.emplace(
      std::set<std::string>(absl::StrSplit(words, ',', absl::SkipEmpty())));
}

void ReadClaim(config::Reader& reader, const char* variable, const char* help, std::string* path) {
  reader.Text(variable, help, path);
  if (path->empty() || *path == "/") {
    reader.Fault(absl::StrCat(variable, " must be a claim's name, or a path such as /realm/roles"));
  }
}

void ReadRules(config::Reader& reader, IdentitySettings& s) {
  identity::TokenRules& rules = s.options.rules;
  rules.audience = "ieum";
  reader.Text("IEUM_OIDC_ISSUER", "who signs tokens: their `iss`, to the letter", &rules.issuer);
  reader.Text("IEUM_OIDC_AUDIENCE", "what tokens must be made for: their `aud`", &rules.audience);
  ReadAlgorithms(reader, s);
  reader.Duration("IEUM_OIDC_LEEWAY", "by how much clocks may differ, at most 5m", &rules.leeway);
  if (rules.leeway > kLeewayMax) reader.Fault("IEUM_OIDC_LEEWAY is longer than 5m");
  ReadClaim(reader, "IEUM_OIDC_ROLES_CLAIM", "where tokens hold roles", &s.options.roles_claim);
  ReadClaim(reader, "IEUM_OIDC_CENTRES_CLAIM", "where tokens hold centres",
            &s.options.centres_claim);
  ReadRoleNames(reader, s);
  ReadClaimedRoles(reader, s);
}

void ReadKeyPlace(config::Reader& reader, IdentitySettings& s) {
  identity::KeysAddress& address = s.keys_address;
  reader.Text("IEUM_OIDC_KEYS_FILE",
              "the issuer's public keys (JWK set); read again when it changes", &s.keys_file);
  reader.Text("IEUM_OIDC_KEYS_URL", "or where they are fetched: the issuer's jwks_uri",
              &address.url);
  reader.Text("IEUM_OIDC_KEYS_CA_FILE", "who signs that server's certificate, when not as usual",
              &address.ca_file);
  reader.Flag("IEUM_OIDC_PLAIN_HTTP_ALLOWED",
              "keys may come over plain http from this machine; never in production",
              &address.plain_http_allowed);
  reader.Duration("IEUM_OIDC_KEYS_KEPT", "how long keys count when they cannot be fetched anew",
                  &s.key_times.kept);
  if (s.key_times.kept < kKeptMin) reader.Fault("IEUM_OIDC_KEYS_KEPT is shorter than 1m");
}

void CheckKeyPlace(config::Reader& reader, IdentitySettings& s) {
  if (s.keys_file.empty() == s.keys_address.url.empty()) {
    reader.Fault(
        "IEUM_OIDC_ISSUER is set: set one of IEUM_OIDC_KEYS_FILE and IEUM_OIDC_KEYS_URL too");
    return;
  }
  if (s.keys_file.empty()) {
    const absl::Status address = identity::CheckKeysAddress(s.keys_address);
    if (!address.ok()) reader.Fault(absl::StrCat("IEUM_OIDC_KEYS_URL ", address.message()));
    return;
  }
  s.key_times.refresh = kFileRefresh;
  s.key_times.refetch_min = kFileRefetchMin;
  auto text = identity::FetchKeysFromFile(s.keys_file);
  const absl::Status keys = text.ok() ? identity::KeySet::FromJson(*text).status() : text.status();
  if (!keys.ok()) reader.Fault(absl::StrCat("IEUM_OIDC_KEYS_FILE: ", keys.message()));
}

identity::FetchKeys FetcherOf(const IdentitySettings& s) {
  if (!s.keys_file.empty()) {
    return [path = s.keys_file](const std::atomic<bool>&) {
      return identity::FetchKeysFromFile(path);
    };
  }
  return [address = s.keys_address](const std::atomic<bool>& stop) {
    return identity::FetchKeysFromAddress(address, stop);
  };
}

}  // namespace

IdentitySettings ReadIdentitySettings(config::Reader& reader) {
  IdentitySettings settings;
  ReadStaticTokens(reader, settings);
  ReadRules(reader, settings);
  ReadKeyPlace(reader, settings);
  if (!settings.options.rules.issuer.empty()) {
    CheckKeyPlace(reader, settings);
  } else if (settings.tokens.empty()) {
    reader.Fault("neither IEUM_OIDC_ISSUER nor IEUM_TOKENS_FILE is set: nobody could call");
  }
  return settings;
}

absl::StatusOr<rpc::Authenticator> MakeAuthenticator(const IdentitySettings& settings,
                                                     telemetry::Metrics& metrics) {
  rpc::Authenticator authenticator;
  if (!settings.tokens.empty()) {
    ASSIGN_OR_RETURN(authenticator, rpc::Authenticator::FromTokens(settings.tokens));
  }
  if (!settings.options.rules.issuer.empty()) {
    authenticator.AlsoAccept(std::make_shared<rpc::TokenIdentities>(
        settings.options,
        std::make_shared<identity::KeySource>(FetcherOf(settings), settings.key_times, metrics),
        metrics));
  }
  return authenticator;
}

}  // namespace ieum::runtime
