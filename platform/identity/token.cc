#include "platform/identity/token.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/identity/strict_json.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

constexpr size_t kEs256SignatureBytes = 64;
constexpr double kYear10000 = 253402300800;  // seconds; what lies behind it is no date
constexpr char kServiceSubjects[] = "service/";

constexpr std::string_view kWords[kRefusals] = {"malformed", "header",  "algorithm", "unknown_key",
                                                "signature", "issuer",  "audience",  "expired",
                                                "not_yet",   "subject", "claims"};

struct Header {
  Algorithm algorithm;
  std::string kid;
};

struct Parts {
  std::string header, claims, signature;  // decoded
};

absl::StatusOr<Parts> Split(std::string_view compact) {
  if (compact.size() > kMaxTokenBytes) return Refused(Refusal::kMalformed);
  const std::vector<std::string> coded =
      absl::StrSplit(absl::string_view(compact.data(), compact.size()), '.');
  if (coded.size() != 3) return Refused(Refusal::kMalformed);
  Parts parts;
  std::string* const into[] = {&parts.header, &parts.claims, &parts.signature};
  for (int at = 0; at < 3; ++at) {
    auto decoded = crypto::FromBase64Url(coded[at]);
    if (!decoded.ok()) return Refused(Refusal::kMalformed);
    *into[at] = *std::move(decoded);
  }
  return parts;
}

// Access tokens say `at+jwt` (RFC 9068) or, as most issuers, `JWT` or nothing. Others are for
// something else.
bool IsAccessType(const json& header) {
  if (!header.contains("typ")) return true;
  if (!header["typ"].is_string()) return false;
  std::string type = absl::AsciiStrToLower(header["typ"].get<std::string>());
  if (absl::StartsWith(type, "application/")) type.erase(0, 12);
  return type == "jwt" || type == "at+jwt";
}

// A header that must be understood is not; one that brings its own key is not asked.
bool BringsTooMuch(const json& header) {
  constexpr const char* kForbidden[] = {"crit", "b64", "zip", "jwk", "jku", "x5u", "x5c", "enc"};
  return std::any_of(std::begin(kForbidden), std::end(kForbidden),
                     [&](const char* name) { return header.contains(name); });
}

absl::StatusOr<Header> ReadHeader(const TokenRules& rules, std::string_view text) {
  const auto header = ReadObject(text);
  if (!header) return Refused(Refusal::kMalformed);
  const auto word = header->find("alg");
  if (word == header->end() || !word->is_string()) return Refused(Refusal::kAlgorithm);
  const auto algorithm = AlgorithmOf(word->get<std::string>());
  if (!algorithm || !rules.algorithms.contains(*algorithm)) return Refused(Refusal::kAlgorithm);
  const auto kid = header->find("kid");
  if (BringsTooMuch(*header) || !IsAccessType(*header) || kid == header->end() ||
      !kid->is_string() || !IsKid(kid->get<std::string>())) {
    return Refused(Refusal::kHeader);
  }
  return Header{*algorithm, kid->get<std::string>()};
}

absl::Status CheckSignature(const KeySet& keys, const Header& header, const Parts& parts,
                            std::string_view compact) {
  const PublicKey* key = keys.Find(header.kid);
  if (key == nullptr) return Refused(Refusal::kUnknownKey);
  if (!key->Fits(header.algorithm)) return Refused(Refusal::kAlgorithm);
  const bool fits =
      header.algorithm != Algorithm::kEs256 || parts.signature.size() == kEs256SignatureBytes;
  return fits && key->Signed(compact) ? absl::OkStatus() : Refused(Refusal::kSignature);
}

// RFC 7519 NumericDate. False when it is there and none.
bool ReadTime(const json& claims, const char* name, std::optional<absl::Time>* time) {
  const auto found = claims.find(name);
  if (found == claims.end()) return true;
  if (!found->is_number()) return false;
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds < kYear10000)) return false;
  *time = absl::UnixEpoch() + absl::Seconds(seconds);
  return true;
}

absl::StatusOr<absl::Time> CheckTimes(const TokenRules& rules, const json& claims, absl::Time now) {
  std::optional<absl::Time> expires, not_before, issued;
  if (!ReadTime(claims, "exp", &expires) || !ReadTime(claims, "nbf", &not_before) ||
      !ReadTime(claims, "iat", &issued) || !expires) {
    return Refused(Refusal::kClaims);
  }
  const absl::Time latest = now + rules.leeway;
  if (not_before.value_or(now) > latest || issued.value_or(now) > latest) {
    return Refused(Refusal::kNotYet);
  }
  if (now >= *expires + rules.leeway) return Refused(Refusal::kExpired);
  return *expires + rules.leeway;
}

absl::Status CheckAudience(const TokenRules& rules, const json& claims) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return Refused(Refusal::kAudience);
  if (found->is_string()) {
    return *found == rules.audience ? absl::OkStatus() : Refused(Refusal::kAudience);
  }
  if (!found->is_array()) return Refused(Refusal::kClaims);
  const bool texts =
      std::all_of(found->begin(), found->end(), [](const json& one) { return one.is_string(); });
  if (!texts) return Refused(Refusal::kClaims);
  const bool ours = std::find(found->begin(), found->end(), rules.audience) != found->end();
  return ours ? absl::OkStatus() : Refused(Refusal::kAudience);
}

// It stands in events, logs and access records, so it is a word; nobody's token makes a service.
bool IsSubject(std::string_view subject) {
  constexpr std::string_view kMarks = "._@:|/+=~-";
  if (subject.empty() || subject.size() > kMaxSubjectBytes) return false;
  if (subject.starts_with(kServiceSubjects)) return false;
  return std::all_of(subject.begin(), subject.end(), [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kMarks.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string_view WordOf(Refusal refusal) { return kWords[static_cast<int>(refusal)]; }

absl::Status Refused(Refusal refusal) {
  const std::string_view word = WordOf(refusal);
  return absl::UnauthenticatedError(absl::string_view(word.data(), word.size()));
}

Refusal RefusalOf(const absl::Status& status) {
  const std::string_view word(status.message().data(), status.message().size());
  const auto found = std::find(std::begin(kWords), std::end(kWords), word);
  if (found == std::end(kWords)) return Refusal::kMalformed;
  return static_cast<Refusal>(found - std::begin(kWords));
}

absl::StatusOr<Token> VerifyToken(const TokenRules& rules, const KeySet& keys,
                                  std::string_view compact, absl::Time now) {
  ASSIGN_OR_RETURN(const Parts parts, Split(compact));
  ASSIGN_OR_RETURN(const Header header, ReadHeader(rules, parts.header));
  RETURN_IF_ERROR(CheckSignature(keys, header, parts, compact));
  auto claims = ReadObject(parts.claims);
  if (!claims) return Refused(Refusal::kMalformed);
  if (!claims->contains("iss") || (*claims)["iss"] != rules.issuer) {
    return Refused(Refusal::kIssuer);
  }
  RETURN_IF_ERROR(CheckAudience(rules, *claims));
  ASSIGN_OR_RETURN(const absl::Time expires, CheckTimes(rules, *claims, now));
  const auto subject = claims->find("sub");
  if (subject == claims->end() || !subject->is_string() ||
      !IsSubject(subject->get<std::string>())) {
    return Refused(Refusal::kSubject);
  }
  std::string name = subject->get<std::string>();
  return Token{std::move(name), expires, *std::move(claims)};
}

}  // namespace ieum::identity
