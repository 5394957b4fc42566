// Goal: spans are written as OTLP's JSON wants them. Method: the text is read back and compared.
#include "platform/telemetry/otlp_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ieum::telemetry {
namespace {

using nlohmann::json;

SpanRecord Sample() {
  SpanRecord span;
  span.name = "process ev.x.s*";
  span.kind = SpanKind::kConsumer;
  span.context = {"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true};
  span.parent_span_id = "00f067aa0ba902b8";
  span.start = absl::FromUnixNanos(1679101200000000001);
  span.end = absl::FromUnixNanos(1679101200500000000);
  span.attributes = {{"messaging.system", "nats"}, {"count", int64_t{3}}};
  return span;
}

json OnlySpan(const SpanRecord& span) {
  const json body = json::parse(OtlpJson({{"service.name", "x"}}, {span}));
  EXPECT_EQ(body["resourceSpans"][0]["resource"]["attributes"][0],
            json::parse(R"({"key": "service.name", "value": {"stringValue": "x"}})"));
  return body["resourceSpans"][0]["scopeSpans"][0]["spans"].at(0);
}

TEST(OtlpJson, WritesIdsAsHexKindsAsNumbersAndTimesAsText) {
  const json span = OnlySpan(Sample());
  EXPECT_EQ(span, json::parse(R"({
    "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7",
    "parentSpanId": "00f067aa0ba902b8", "flags": 1, "name": "process ev.x.s*", "kind": 5,
    "startTimeUnixNano": "1679101200000000001", "endTimeUnixNano": "1679101200500000000",
    "attributes": [{"key": "messaging.system", "value": {"stringValue": "nats"}},
                   {"key": "count", "value": {"intValue": "3"}}]})"));
}

TEST(OtlpJson, SaysFailuresAndLinksWhereThereAreSome) {
  SpanRecord record = Sample();
  record.parent_span_id.clear();
  record.error = "UNAVAILABLE";
  record.links = {{"4bf92f3577b34da6a3ce929d0e0e4737", "00f067aa0ba902b9", true}};
  record.links_left_out = 2;
  const json span = OnlySpan(record);
  EXPECT_FALSE(span.contains("parentSpanId"));
  EXPECT_EQ(span["status"], json::parse(R"({"code": 2, "message": "UNAVAILABLE"})"));
  EXPECT_EQ(span["attributes"][2],
            json::parse(R"({"key": "error.type", "value": {"stringValue": "UNAVAILABLE"}})"));
  EXPECT_EQ(span["links"][0]["traceId"], "4bf92f3577b34da6a3ce929d0e0e4737");
  EXPECT_EQ(span["droppedLinksCount"], 2);
}

TEST(OtlpJson, StaysJsonWhateverTheWordsAre) {
  SpanRecord record = Sample();
  record.name = "\xff\"\n";
  EXPECT_FALSE(OnlySpan(record)["name"].get<std::string>().empty());
}

TEST(RefusedSpans, AreReadFromWhateverIsAnswered) {
  EXPECT_EQ(RefusedSpans(R"({"partialSuccess": {"rejectedSpans": "3"}})"), 3);
  EXPECT_EQ(RefusedSpans(R"({"partialSuccess": {"rejectedSpans": 2}})"), 2);
  for (const char* none : {"", "{}", "[]", "null", "<html>", R"({"partialSuccess": {}})",
                           R"({"partialSuccess": {"rejectedSpans": "many"}})",
                           R"({"partialSuccess": {"rejectedSpans": -1}})",
                           R"({"partialSuccess": {"rejectedSpans": {}}})"}) {
    EXPECT_EQ(RefusedSpans(none), 0) << none;
  }
}

}  // namespace
}  // namespace ieum::telemetry
