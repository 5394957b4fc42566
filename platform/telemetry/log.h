// One JSON object a line on standard output: timestamp, severity_text, body, service_name,
// trace_id and span_id, and the fields given; empty words are left out. Never personal data: fields
// are ids, codes, counts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/status.h"

namespace ieum::telemetry {

using Value = std::variant<std::string_view, int64_t, double, bool>;

struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
  Field(std::string_view k, I v) : key(k), value(static_cast<int64_t>(v)) {}
  std::string_view key;
  Value value;
};

// Called once in main. `level`: debug, info, warn, error.
void StartLog(std::string_view service, std::string_view level);

void Debug(std::string_view body, std::initializer_list<Field> fields = {});
void Info(std::string_view body, std::initializer_list<Field> fields = {});
void Warn(std::string_view body, std::initializer_list<Field> fields = {});
void Error(std::string_view body, std::initializer_list<Field> fields = {});

}  // namespace ieum::telemetry
