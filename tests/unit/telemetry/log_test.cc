// Goal: what is logged is one JSON object a line, whatever stands in it, and says whose work it
// was. Method: standard output is caught and read by a JSON parser, line by line.
#include "platform/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/telemetry/trace.h"

namespace ieum::telemetry {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

class Log : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { StartLog("registry", "info"); }

  // The lines that `work` wrote; each must be a JSON object.
  template <class Work>
  static std::vector<Json> LinesOf(Work work) {
    ::testing::internal::CaptureStdout();
    work();
    std::istringstream output(::testing::internal::GetCapturedStdout());
    std::vector<Json> lines;
    for (std::string line; std::getline(output, line);) {
      lines.push_back(Json::parse(line, nullptr, /*allow_exceptions=*/false));
      EXPECT_TRUE(lines.back().is_object()) << line;
    }
    return lines;
  }
};

TEST_F(Log, WritesOneObjectALine) {
  const auto lines = LinesOf([] {
    Info("serving", {{"grpc", 4001}, {"simulated", true}, {"load", 0.5}, {"method", "CreateX"}});
    Warn("slow", {});
  });
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0]["body"], "serving");
  EXPECT_EQ(lines[0]["severity_text"], "INFO");
  EXPECT_EQ(lines[0]["service_name"], "registry");
  EXPECT_EQ(lines[0]["grpc"], 4001);
  EXPECT_EQ(lines[0]["simulated"], true);
  EXPECT_EQ(lines[0]["load"], 0.5);
  EXPECT_EQ(lines[0]["method"], "CreateX");
  EXPECT_EQ(lines[1]["severity_text"], "WARN");
}

TEST_F(Log, TellsTheTimeInUtc) {
  const absl::Time before = absl::Now() - absl::Microseconds(1);
  const auto lines = LinesOf([] { Error("x", {}); });
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0]["severity_text"], "ERROR");
  absl::Time told;
  std::string error;
  ASSERT_TRUE(
      absl::ParseTime(absl::RFC3339_full, lines[0]["timestamp"].get<std::string>(), &told, &error))
      << error;
  EXPECT_GE(told, before);
  EXPECT_LE(told, absl::Now());
}

// law:T29
TEST_F(Log, CannotBeForged) {
  const std::string forged = "x\"}\r\n{\"severity_text\":\"ERROR\",\"body\":\"forged\"}\n";
  const auto lines = LinesOf([&] {
    Info(forged, {{"value", forged}, {"other", "\u2028\u202e\x1b[31m\x7f"}});
  });
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0]["body"], forged);
  EXPECT_EQ(lines[0]["value"], forged);
  EXPECT_EQ(lines[0]["severity_text"], "INFO");
}

TEST_F(Log, TakesBracesBytesAndHangulAsTheyAre) {
  const auto lines = LinesOf([] {
    Info("{} %s {0:d}", {{"name", "이음 🙂"}, {"bytes", "a\xff\x80z"}, {"empty", ""}});
    Info(std::string_view("a\0b", 3));
  });
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0]["body"], "{} %s {0:d}");
  EXPECT_EQ(lines[0]["name"], "이음 🙂");
  EXPECT_EQ(lines[0]["bytes"], "a\uFFFD\uFFFDz");
  EXPECT_FALSE(lines[0].contains("empty")) << "an empty word says nothing";
  EXPECT_EQ(lines[1]["body"], std::string("a\0b", 3));
}

TEST_F(Log, CarriesTheTraceOfTheWork) {
  const TraceContext outer = TraceContext::New(), inner = outer.Child();
  const auto lines = LinesOf([&] {
    Info("without");
    TraceScope scope(outer);
    Info("outer");
    {
      TraceScope nested(inner);
      Info("inner");
    }
    Info("outer again");
    std::thread([] { Info("another thread"); }).join();
  });
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_FALSE(lines[0].contains("trace_id"));
  EXPECT_EQ(lines[1]["trace_id"], outer.trace_id);
  EXPECT_EQ(lines[1]["span_id"], outer.span_id);
  EXPECT_EQ(lines[2]["trace_id"], outer.trace_id);
  EXPECT_EQ(lines[2]["span_id"], inner.span_id);
  EXPECT_EQ(lines[3]["span_id"], outer.span_id);
  EXPECT_FALSE(lines[4].contains("trace_id")) << "a trace belongs to one thread";
}

TEST_F(Log, LeavesOutWhatIsBelowItsLevel) {
  EXPECT_THAT(LinesOf([] { Debug("detail", {{"n", 1}}); }), IsEmpty());
}

TEST_F(Log, KeepsLinesWholeAmongThreads) {
  const std::string long_value(2'000, 'x');
  const auto lines = LinesOf([&] {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) Info("busy", {{"thread", t}, {"value", long_value}});
      });
    }
    for (auto& thread : threads) thread.join();
  });
  ASSERT_THAT(lines, SizeIs(800));
  std::vector<int> of_thread(4, 0);
  for (const Json& line : lines) {
    ++of_thread[line["thread"].get<size_t>()];
    EXPECT_EQ(line["value"].get<std::string>().size(), long_value.size());
  }
  EXPECT_EQ(of_thread, std::vector<int>(4, 200));
}

}  // namespace
}  // namespace ieum::telemetry
