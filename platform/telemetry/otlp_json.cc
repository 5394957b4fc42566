#include "platform/telemetry/otlp_json.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace ieum::telemetry {
namespace {

using nlohmann::json;

constexpr int kStatusError = 2;
constexpr int kSampledFlag = 1;

json ValueOf(const Attribute& attribute) {
  if (const auto* number = std::get_if<int64_t>(&attribute.value)) {
    return {{"intValue", std::to_string(*number)}};
  }
  return {{"stringValue", std::get<std::string>(attribute.value)}};
}

json AttributesOf(const std::vector<Attribute>& attributes) {
  json list = json::array();
  for (const Attribute& attribute : attributes) {
    list.push_back({{"key", std::string(attribute.key)}, {"value", ValueOf(attribute)}});
  }
  return list;
}

json LinkTo(const TraceContext& context) {
  return {{"traceId", context.trace_id}, {"spanId", context.span_id}, {"flags", kSampledFlag}};
}

json SpanOf(const SpanRecord& record) {
  json span = {{"traceId", record.context.trace_id},
               {"spanId", record.context.span_id},
               {"flags", kSampledFlag},
               {"name", record.name},
               {"kind", static_cast<int>(record.kind)},
               {"startTimeUnixNano", std::to_string(absl::ToUnixNanos(record.start))},
               {"endTimeUnixNano", std::to_string(absl::ToUnixNanos(record.end))},
               {"attributes", AttributesOf(record.attributes)}};
  if (!record.parent_span_id.empty()) span["parentSpanId"] = record.parent_span_id;
  for (const TraceContext& link : record.links) span["links"].push_back(LinkTo(link));
  if (record.links_left_out > 0) span["droppedLinksCount"] = record.links_left_out;
  if (!record.error.empty()) {
    span["status"] = {{"code", kStatusError}, {"message", record.error}};
    span["attributes"].push_back(
        {{"key", "error.type"}, {"value", {{"stringValue", record.error}}}});
  }
  return span;
}

}  // namespace

std::string OtlpJson(const Resource& resource, const std::vector<SpanRecord>& spans) {
  json attributes = json::array(), list = json::array();
  for (const auto& [key, value] : resource) {
    attributes.push_back({{"key", key}, {"value", {{"stringValue", value}}}});
  }
  for (const SpanRecord& record : spans) list.push_back(SpanOf(record));
  const json body = {
      {"resourceSpans",
       json::array(
           {{{"resource", {{"attributes", attributes}}},
             {"scopeSpans", json::array({{{"scope", {{"name", "ieum"}}}, {"spans", list}}})}}})}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

int64_t RefusedSpans(std::string_view answer) {
  const json body = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("partialSuccess")) return 0;
  const json& partial = body["partialSuccess"];
  if (!partial.is_object() || !partial.contains("rejectedSpans")) return 0;
  const json& refused = partial["rejectedSpans"];
  if (refused.is_number_integer()) return std::max<int64_t>(0, refused.get<int64_t>());
  if (!refused.is_string()) return 0;
  const auto& text = refused.get_ref<const std::string&>();
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() ? std::max<int64_t>(0, count) : 0;
}

}  // namespace ieum::telemetry
