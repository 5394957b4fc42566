// Goal: a trace goes on from hop to hop, and what is not a trace context is not taken for one.
// Method: the grammar of W3C Trace Context, level 1, version 00.
#include "platform/telemetry/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ieum::telemetry {
namespace {

using ::testing::MatchesRegex;

constexpr char kHeader[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, IsReadAndWrittenTheSame) {
  const auto context = TraceContext::Parse(kHeader);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->span_id, "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->Header(), kHeader);
}

TEST(TraceContext, IsNewEachTime) {
  std::set<std::string> traces;
  for (int i = 0; i < 100; ++i) {
    const TraceContext context = TraceContext::New();
    EXPECT_THAT(context.Header(), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"));
    EXPECT_TRUE(TraceContext::Parse(context.Header()).has_value());
    traces.insert(context.trace_id);
  }
  EXPECT_EQ(traces.size(), 100u);
}

TEST(TraceContext, OfAChildIsTheSameTraceWithAnotherSpan) {
  const TraceContext parent = *TraceContext::Parse(kHeader);
  const TraceContext child = parent.Child();
  EXPECT_EQ(child.trace_id, parent.trace_id);
  EXPECT_NE(child.span_id, parent.span_id);
  EXPECT_EQ(child.sampled, parent.sampled);
  EXPECT_TRUE(TraceContext::Parse(child.Header()).has_value());
}

TEST(TraceContext, IsSampledWhenTheLowestFlagIsSet) {
  const std::string head = std::string(kHeader).substr(0, 53);
  for (const char* flags : {"01", "03", "05", "0b", "ff", "81"}) {
    ASSERT_TRUE(TraceContext::Parse(head + flags).has_value()) << flags;
    EXPECT_TRUE(TraceContext::Parse(head + flags)->sampled) << flags;
  }
  for (const char* flags : {"00", "02", "0a", "fe", "10"}) {
    ASSERT_TRUE(TraceContext::Parse(head + flags).has_value()) << flags;
    EXPECT_FALSE(TraceContext::Parse(head + flags)->sampled) << flags;
  }
}

TEST(TraceContext, OfALaterVersionIsReadAsFarAsItIsKnown) {
  const std::string known = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  for (const std::string& header : {"01-" + known, "cc-" + known + "-what.comes-later"}) {
    const auto context = TraceContext::Parse(header);
    ASSERT_TRUE(context.has_value()) << header;
    EXPECT_EQ(context->Header(), "00-" + known);
  }
  for (const std::string& header : {"01-" + known + "x", "0G-" + known, "ff-" + known + "-x"}) {
    EXPECT_FALSE(TraceContext::Parse(header).has_value()) << header;
  }
}

TEST(TraceContext, OfANewTraceIsSampledAsOftenAsWanted) {
  const auto sampled = [] {
    int count = 0;
    for (int i = 0; i < 2000; ++i) count += TraceContext::New().sampled;
    return count;
  };
  EXPECT_EQ(sampled(), 0) << "nobody asked for it";
  SetSampling(1);
  EXPECT_EQ(sampled(), 2000);
  SetSampling(0.25);
  const int quarter = sampled();
  SetSampling(0);
  EXPECT_GT(quarter, 350);  // 8 standard deviations
  EXPECT_LT(quarter, 650);
}

TEST(TraceContext, RefusesEverythingElse) {
  for (const char* header : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                             "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b\n-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0G",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\r\n",
                             "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"}) {
    EXPECT_FALSE(TraceContext::Parse(header).has_value()) << header;
  }
}

TEST(TraceScope, GivesTheOuterContextBack) {
  EXPECT_EQ(CurrentTrace().trace_id, "");
  {
    const TraceContext outer = TraceContext::New(), inner = TraceContext::New();
    TraceScope scope(outer);
    {
      TraceScope nested(inner);
      EXPECT_EQ(CurrentTrace().trace_id, inner.trace_id);
    }
    EXPECT_EQ(CurrentTrace().trace_id, outer.trace_id);
  }
  EXPECT_EQ(CurrentTrace().trace_id, "");
}

}  // namespace
}  // namespace ieum::telemetry
