// Spans as OTLP's JSON: ids as hex, enums as numbers, 64-bit numbers as text. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/telemetry/span.h"

namespace ieum::telemetry {

// What the spans of this process have in common: service.name, service.version, ….
using Resource = std::vector<std::pair<std::string, std::string>>;

// The body of one POST to /v1/traces.
std::string OtlpJson(const Resource& resource, const std::vector<SpanRecord>& spans);

// How many of them a receiver's answer to a POST says it refused; 0 when it says nothing of it.
int64_t RefusedSpans(std::string_view answer);

}  // namespace ieum::telemetry
