#include "tools/journal/reader.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace ieum::journal {
namespace {

using nlohmann::json;

std::string TextAt(const json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_string() ? found->get<std::string>() : "";
}

Moment MomentOf(const json& line) {
  Moment moment;
  std::string error;
  absl::ParseTime(absl::RFC3339_full, TextAt(line, "at"), &moment.wall, &error);
  const auto ns = line.find("ns");
  if (ns != line.end() && ns->is_number_integer()) moment.ns = ns->get<int64_t>();
  return moment;
}

Attempt AttemptOf(const json& line) {
  Attempt attempt;
  attempt.id = TextAt(line, "attempt");
  attempt.client = TextAt(line, "client");
  attempt.service = TextAt(line, "service");
  attempt.method = TextAt(line, "method");
  attempt.request_id = TextAt(line, "request_id");
  attempt.body_hash = TextAt(line, "body_hash");
  attempt.aggregate = TextAt(line, "aggregate");
  attempt.scope = TextAt(line, "scope");
  const auto events = line.find("events");
  if (events != line.end() && events->is_number_integer()) attempt.events = events->get<int>();
  attempt.begin = MomentOf(line);
  return attempt;
}

Answer AnswerOf(const json& line) {
  Answer answer;
  answer.attempt = TextAt(line, "attempt");
  answer.code = TextAt(line, "code");
  answer.reason = TextAt(line, "reason");
  answer.text = TextAt(line, "text");
  answer.etag = TextAt(line, "etag");
  answer.position = TextAt(line, "position");
  answer.end = MomentOf(line);
  return answer;
}

// False when it is no line of a journal.
bool Tell(const std::string& text, absl::FunctionRef<void(const Entry&)> each) {
  const json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return false;
  const std::string kind = TextAt(line, "kind");
  if (kind == "attempt") {
    each(AttemptOf(line));
  } else if (kind == "answer") {
    each(AnswerOf(line));
  } else if (kind == "marker") {
    each(Marker{TextAt(line, "text"), TextAt(line, "scope")});
  } else {
    return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<ReadCounts> ReadJournal(const std::string& path,
                                       absl::FunctionRef<void(const Entry&)> each) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  ReadCounts counts;
  for (std::string text; std::getline(file, text);) {
    if (text.empty()) continue;
    ++counts.lines;
    if (!Tell(text, each)) ++counts.torn;
  }
  return counts;
}

}  // namespace ieum::journal
