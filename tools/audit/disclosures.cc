#include "tools/audit/disclosures.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "re2/re2.h"
#include "tools/journal/reader.h"

namespace ieum::audit {
namespace {

struct Pattern {
  const char* what;
  const char* expression;
};

constexpr Pattern kPatterns[] = {
    // Capitals, as our statements have them: "select a firm from the list" is for people.
    {"an SQL statement", R"((?s)\bSELECT\b.{1,400}\bFROM\b|\bUPDATE\s+\w+\s+SET\b|)"
                         R"((?i:\binsert\s+into\b|\bdelete\s+from\b))"},
    {"a database's own words",
     R"((?i)duplicate key value|violates [\w-]+ constraint|relation ".*" does not exist|)"
     R"(syntax error at or near|SQLSTATE|\bpqxx\b|\blibpq\b|current transaction is aborted|)"
     R"(deadlock detected|server closed the connection|prepared statement)"},
    {"a stack or a source file",
     R"((?i)#\d+\s+0x[0-9a-f]+|\b0x[0-9a-f]{8,}\b|stack trace|backtrace|terminate called|)"
     R"(\bstd::\w+|\babsl::|\w+\.(?:cc|cpp|h|hpp):\d+)"},
    {"a path of the machine",
     R"((?:^|[\s"'(=:])/(?:usr|home|root|var|tmp|etc|proc|opt|srv|run|dev|lib|build)/)"},
    {"an address or a secret of a server",
     R"((?i)\b(?:nats|postgres(?:ql)?|smtps?)://|\bdbname=|\bpassword=|\bBearer\s+\S{8,})"},
};

struct Compiled {
  explicit Compiled(const Pattern& from) : what(from.what), expression(from.expression) {}
  const char* what;
  const RE2 expression;
};

const std::vector<std::unique_ptr<Compiled>>& CompiledPatterns() {
  static const auto* compiled = [] {
    auto* all = new std::vector<std::unique_ptr<Compiled>>;
    for (const Pattern& pattern : kPatterns) all->push_back(std::make_unique<Compiled>(pattern));
    return all;
  }();
  return *compiled;
}

}  // namespace

std::optional<std::string> Disclosed(std::string_view text) {
  const re2::StringPiece piece(text.data(), text.size());
  for (const auto& pattern : CompiledPatterns()) {
    if (RE2::PartialMatch(piece, pattern->expression)) return pattern->what;
  }
  return std::nullopt;
}

const journal::Marker* ForeignMarker(std::string_view text, std::string_view scope,
                                     const std::vector<journal::Marker>& markers) {
  if (scope.empty()) return nullptr;
  for (const journal::Marker& marker : markers) {
    if (marker.scope == scope || marker.text.empty()) continue;
    if (text.find(marker.text) != std::string_view::npos) return &marker;
  }
  return nullptr;
}

namespace {

absl::StatusOr<std::vector<journal::Marker>> ReadMarkers(const std::string& path) {
  std::vector<journal::Marker> markers;
  RETURN_IF_ERROR(journal::ReadJournal(path, [&](const journal::Entry& entry) {
                    const auto* marker = std::get_if<journal::Marker>(&entry);
                    if (marker != nullptr) markers.push_back(*marker);
                  }).status());
  return markers;
}

// Told without the text itself: it may hold what nobody should read.
Offender OffenderOf(const journal::Attempt& attempt, const std::string& code, std::string what) {
  return {.service = attempt.service,
          .aggregate = attempt.aggregate,
          .what = absl::StrCat("attempt ", attempt.id, " of ", attempt.method, ": the answer ",
                               code, " shows ", what)};
}

class Scan {
 public:
  Scan(std::vector<journal::Marker> markers, Tally& tally)
      : markers_(std::move(markers)), tally_(tally) {}

  void Take(const journal::Entry& entry) {
    if (const auto* attempt = std::get_if<journal::Attempt>(&entry)) {
      open_[attempt->id] = *attempt;
    } else if (const auto* answer = std::get_if<journal::Answer>(&entry)) {
      const auto found = open_.find(answer->attempt);
      Look(found == open_.end() ? journal::Attempt{.id = answer->attempt} : found->second, *answer);
      if (found != open_.end()) open_.erase(found);
    }
  }

 private:
  void Look(const journal::Attempt& attempt, const journal::Answer& answer) {
    tally_.Checked();
    const std::optional<std::string> inside =
        answer.code == "OK" ? std::nullopt : Disclosed(answer.text);
    if (inside) tally_.Breach(OffenderOf(attempt, answer.code, *inside));
    if (ForeignMarker(answer.text, attempt.scope, markers_) != nullptr) {
      tally_.Breach(OffenderOf(attempt, answer.code, "what belongs to another scope"));
    }
  }

  const std::vector<journal::Marker> markers_;
  Tally& tally_;
  absl::flat_hash_map<std::string, journal::Attempt> open_;
};

}  // namespace

absl::Status CheckDisclosures(Subject& subject, Tally& tally) {
  const std::string& path = subject.options().journal;
  if (path.empty()) {
    tally.NotChecked("no journal was given");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::vector<journal::Marker> markers, ReadMarkers(path));
  Scan scan(std::move(markers), tally);
  return journal::ReadJournal(path, [&](const journal::Entry& entry) { scan.Take(entry); })
      .status();
}

}  // namespace ieum::audit
