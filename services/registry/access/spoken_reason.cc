#include "services/registry/access/spoken_reason.h"

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "re2/re2.h"

namespace ieum::registry {
namespace {

// Digits and dashes of every width. What stands beside a number is no digit and no Latin letter, so
// that a piece of an id is none; a Korean particle may follow at once.
#define BEGIN_NUMBER R"((?:^|[^\p{Nd}A-Za-z]))"
#define END_NUMBER R"((?:$|[^\p{Nd}A-Za-z]))"
#define DASH R"([\s\p{Z}\p{Pd}.·/_()−]{0,3})"

bool HasEmail(const std::string& words) {
  static const RE2 address(R"([^\s@＠]\s?[@＠]\s?[^\s@＠]+[.．][^\s@＠])");
  return RE2::PartialMatch(words, address);
}

// As they are written in Korea, and with a country's code.
bool HasPhone(const std::string& words) {
  static const RE2 home(BEGIN_NUMBER R"((?:[0０][5５][0０]\p{Nd}|[0０]\p{Nd}{1,2})\)?)" DASH
                                     R"(\p{Nd}{3,4})" DASH R"(\p{Nd}{4})" END_NUMBER);
  static const RE2 abroad(R"([+＋]\p{Nd}{1,3}(?:)" DASH R"(\p{Nd}){7,13})");
  return RE2::PartialMatch(words, home) || RE2::PartialMatch(words, abroad);
}

absl::Status Says(const char* what, std::string_view field) {
  return base::InvalidField(
      platform::v1::ERROR_REASON_INVALID_FIELD, field,
      absl::StrCat("holds what looks like ", what,
                   "; these words are kept and not sealed, so say it without"));
}

}  // namespace

absl::Status CheckSaysNobody(const std::string& reason, std::string_view field) {
  if (HasEmail(reason)) return Says("an e-mail address", field);
  if (HasPhone(reason)) return Says("a phone number", field);
  return absl::OkStatus();
}

}  // namespace ieum::registry
