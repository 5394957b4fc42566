#include "tools/journal/journal.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/uuid.h"

namespace ieum::journal {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr int64_t kNanos = 1'000'000'000;

void Put(json& line, const char* name, const std::string& value) {
  if (!value.empty()) line[name] = value;
}

void Put(json& line, const Moment& moment) {
  line["at"] = absl::FormatTime(absl::RFC3339_full, moment.wall, absl::UTCTimeZone());
  line["ns"] = moment.ns;
}

// What a server sends need not be UTF-8, and a journal line must not be lost for it.
std::string LineOf(const json& line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// A writer that was killed inside of a line leaves it without its end.
bool EndsInsideALine(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char last = '\n';
  if (lseek(file, -1, SEEK_END) >= 0 && read(file, &last, 1) != 1) last = '\n';
  close(file);
  return last != '\n';
}

}  // namespace

Moment Moment::Now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return {absl::Now(), now.tv_sec * kNanos + now.tv_nsec};
}

Certainty CertaintyOf(std::string_view code) {
  if (code == "OK") return Certainty::kDone;
  for (const std::string_view open :
       {"", "UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL"}) {
    if (code == open) return Certainty::kUnknown;
  }
  return Certainty::kRefused;
}

absl::StatusOr<std::unique_ptr<Writer>> Writer::Open(const std::string& path) {
  const bool torn = EndsInsideALine(path);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::UnavailableError(
        absl::StrCat(path, ": cannot be opened for writing: ", strerror(errno)));
  }
  std::unique_ptr<Writer> writer(new Writer(file, path));
  if (torn) writer->WriteLine("\n");
  return writer;
}

Writer::Writer(int file, std::string path)
    : file_(file), path_(std::move(path)), run_(base::Uuid::NewV7().ToString()) {}

Writer::~Writer() { close(file_); }

std::string Writer::Begin(Attempt attempt) {
  if (attempt.id.empty()) attempt.id = absl::StrCat(attempt.client, "/", run_, "/", next_++);
  if (attempt.begin.ns == 0) attempt.begin = Moment::Now();
  json line = {{"kind", "attempt"}, {"v", kVersion}, {"attempt", attempt.id}};
  Put(line, "client", attempt.client);
  Put(line, "service", attempt.service);
  Put(line, "method", attempt.method);
  Put(line, "request_id", attempt.request_id);
  Put(line, "body_hash", attempt.body_hash);
  Put(line, "aggregate", attempt.aggregate);
  Put(line, "scope", attempt.scope);
  if (attempt.events) line["events"] = *attempt.events;
  Put(line, attempt.begin);
  WriteLine(LineOf(line));
  return attempt.id;
}

void Writer::End(Answer answer) {
  if (answer.end.ns == 0) answer.end = Moment::Now();
  json line = {{"kind", "answer"}, {"attempt", answer.attempt}, {"code", answer.code}};
  Put(line, "reason", answer.reason);
  Put(line, "text", answer.text);
  Put(line, "etag", answer.etag);
  Put(line, "position", answer.position);
  Put(line, answer.end);
  WriteLine(LineOf(line));
}

void Writer::Mark(const Marker& marker) {
  WriteLine(LineOf({{"kind", "marker"}, {"text", marker.text}, {"scope", marker.scope}}));
}

void Writer::WriteLine(std::string line) {
  const ssize_t written = write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return;
  int none = 0;
  error_.compare_exchange_strong(none, written < 0 ? errno : ENOSPC);
}

absl::Status Writer::status() const {
  const int error = error_;
  if (error == 0) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(path_, ": a line could not be written: ", strerror(error)));
}

}  // namespace ieum::journal
