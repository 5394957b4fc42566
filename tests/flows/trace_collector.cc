#include "tests/flows/trace_collector.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string TextOf(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

CollectedSpan SpanFrom(const nlohmann::json& line) {
  CollectedSpan span{.service = line["service"],
                     .name = line["name"],
                     .trace = line["traceId"],
                     .span = line["spanId"],
                     .parent = line.value("parentSpanId", ""),
                     .kind = line["kind"]};
  for (const auto& [key, value] : line["attributes"].items()) span.attributes[key] = TextOf(value);
  if (line.contains("status")) span.error = line["status"].value("message", "");
  if (line.contains("links")) {
    for (const auto& link : line["links"]) span.links.push_back(link["spanId"]);
  }
  return span;
}

}  // namespace

TraceCollector::TraceCollector() {
  auto started = Process::Start(
      {.argv = {"/usr/bin/python3", "-B",
                absl::StrCat(IEUM_SOURCE_DIR, "/tests/support/otlp_sink.py"), "--dir", dir_.path()},
       .output_file = dir_.path() + "/log"});
  if (started.ok()) process_.emplace(*std::move(started));
  const std::string port_file = dir_.path() + "/port";
  if (!WaitFor([&] { return std::filesystem::exists(port_file); })) {
    ADD_FAILURE() << "no collector: " << ReadFile(dir_.path() + "/log");
  }
  endpoint_ = absl::StrCat("http://127.0.0.1:", std::atoi(ReadFile(port_file).c_str()));
}

void TraceCollector::Answer(const std::string& mode) {
  std::ofstream(dir_.path() + "/mode.new") << mode;
  std::filesystem::rename(dir_.path() + "/mode.new", dir_.path() + "/mode");
}

std::string TraceCollector::Raw() const { return ReadFile(dir_.path() + "/spans"); }
std::string TraceCollector::Faults() const { return ReadFile(dir_.path() + "/faults"); }

std::vector<CollectedSpan> TraceCollector::Spans() const {
  std::vector<CollectedSpan> spans;
  std::istringstream lines(Raw());
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_object()) spans.push_back(SpanFrom(parsed));  // the last may be half written
  }
  return spans;
}

}  // namespace ieum::testing
