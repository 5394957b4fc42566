#include "platform/telemetry/log.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/telemetry/trace.h"

namespace ieum::telemetry {
namespace {

std::string& ServiceName() {
  static std::string name = "ieum";
  return name;
}

const char* SeverityOf(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "DEBUG";
    case spdlog::level::warn:
      return "WARN";
    case spdlog::level::err:
      return "ERROR";
    default:
      return "INFO";
  }
}

std::string Line(spdlog::level::level_enum level, std::string_view body,
                 std::initializer_list<Field> fields) {
  nlohmann::ordered_json line;
  line["timestamp"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone());
  line["severity_text"] = SeverityOf(level);
  line["body"] = body;
  line["service_name"] = ServiceName();
  const TraceContext& trace = CurrentTrace();
  if (!trace.trace_id.empty()) {
    line["trace_id"] = trace.trace_id;
    line["span_id"] = trace.span_id;
  }
  for (const Field& field : fields) {
    if (const auto* word = std::get_if<std::string_view>(&field.value); word && word->empty()) {
      continue;
    }
    std::visit([&](auto value) { line[std::string(field.key)] = value; }, field.value);
  }
  // Bad UTF-8 is replaced, control characters are escaped: a value cannot forge a second line.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Write(spdlog::level::level_enum level, std::string_view body,
           std::initializer_list<Field> fields) {
  if (!spdlog::default_logger_raw()->should_log(level)) return;
  const std::string line = Line(level, body, fields);
  spdlog::default_logger_raw()->log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void StartLog(std::string_view service, std::string_view level) {
  ServiceName() = std::string(service);
  auto logger = spdlog::stdout_logger_mt(std::string(service) + ".json");
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

void Debug(std::string_view body, std::initializer_list<Field> fields) {
  Write(spdlog::level::debug, body, fields);
}
void Info(std::string_view body, std::initializer_list<Field> fields) {
  Write(spdlog::level::info, body, fields);
}
void Warn(std::string_view body, std::initializer_list<Field> fields) {
  Write(spdlog::level::warn, body, fields);
}
void Error(std::string_view body, std::initializer_list<Field> fields) {
  Write(spdlog::level::err, body, fields);
}

}  // namespace ieum::telemetry
