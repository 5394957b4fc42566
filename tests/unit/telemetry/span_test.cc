// Goal: a span stands in the right trace, under the right parent, and costs nothing unless somebody
// takes it. Method: a taker that keeps what it gets.
#include "platform/telemetry/span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/time/clock.h"

namespace ieum::telemetry {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Kept final : public SpanTaker {
 public:
  Kept() { UseSpans(this); }
  ~Kept() override {
    UseSpans(nullptr);
    SetSampling(0);
  }
  void Take(SpanRecord span) override { spans.push_back(std::move(span)); }
  std::vector<SpanRecord> spans;
};

TraceContext Sampled() {
  TraceContext context = TraceContext::New();
  context.sampled = true;
  return context;
}

TEST(Span, IsNotRecordedWhileNobodyTakesIt) {
  const TraceContext parent = Sampled();
  Span span("work", SpanKind::kInternal, parent);
  EXPECT_FALSE(span.recording());
  EXPECT_FALSE(Recorded(parent));
  EXPECT_FALSE(Recorded(parent.Header()));
}

TEST(Span, IsNotRecordedInATraceThatIsNotSampled) {
  Kept kept;
  TraceContext parent = Sampled();
  parent.sampled = false;
  { const Span span("work", SpanKind::kInternal, parent); }
  EXPECT_FALSE(Recorded(parent.Header()));
  EXPECT_THAT(kept.spans, IsEmpty());
}

TEST(Span, StandsInItsParentsTrace) {
  Kept kept;
  const TraceContext parent = Sampled();
  const absl::Time before = absl::Now();
  TraceContext own;
  {
    Span span("work", SpanKind::kClient, parent);
    ASSERT_TRUE(span.recording());
    own = span.context();
    span.Set("rpc.method", "a.B/C");
    span.Set("count", 7);
    span.Fail("UNAVAILABLE");
  }
  ASSERT_THAT(kept.spans, SizeIs(1));
  const SpanRecord& span = kept.spans[0];
  EXPECT_EQ(span.name, "work");
  EXPECT_EQ(span.kind, SpanKind::kClient);
  EXPECT_EQ(span.context.trace_id, parent.trace_id);
  EXPECT_EQ(span.context.span_id, own.span_id);
  EXPECT_NE(span.context.span_id, parent.span_id);
  EXPECT_EQ(span.parent_span_id, parent.span_id);
  EXPECT_EQ(span.error, "UNAVAILABLE");
  EXPECT_THAT(span.attributes, SizeIs(2));
  EXPECT_THAT(span.links, IsEmpty());
  EXPECT_GE(span.start, before);
  EXPECT_GE(span.end, span.start);
}

TEST(Span, OfNoParentBeginsATraceWhenItIsSampled) {
  Kept kept;
  { const Span span("work", SpanKind::kInternal, TraceContext()); }
  EXPECT_THAT(kept.spans, IsEmpty());
  SetSampling(1);
  { const Span span("work", SpanKind::kInternal, TraceContext()); }
  ASSERT_THAT(kept.spans, SizeIs(1));
  EXPECT_EQ(kept.spans[0].parent_span_id, "");
}

TEST(Span, OfSeveralTracesStandsInEachAndIsLinked) {
  Kept kept;
  const std::vector<TraceContext> parents = {Sampled(), Sampled(), Sampled()};
  TraceContext unsampled = Sampled();
  unsampled.sampled = false;
  {
    Span span("transaction", SpanKind::kInternal);
    for (const TraceContext& parent : parents) span.Under(parent, {{"command", "Create"}});
    span.Under(unsampled);
    span.Set("batch", 4);
  }
  ASSERT_THAT(kept.spans, SizeIs(3));
  for (size_t at = 0; at < 3; ++at) {
    EXPECT_EQ(kept.spans[at].context.trace_id, parents[at].trace_id);
    EXPECT_EQ(kept.spans[at].parent_span_id, parents[at].span_id);
    EXPECT_THAT(kept.spans[at].attributes, SizeIs(2));
  }
  ASSERT_THAT(kept.spans[0].links, SizeIs(2));
  EXPECT_EQ(kept.spans[0].links[1].span_id, kept.spans[2].context.span_id);
  for (size_t at = 1; at < 3; ++at) {
    ASSERT_THAT(kept.spans[at].links, SizeIs(1));
    EXPECT_EQ(kept.spans[at].links[0].span_id, kept.spans[0].context.span_id);
  }
}

TEST(Span, OfVeryManyTracesSaysHowManyLinksItLeftOut) {
  Kept kept;
  {
    Span span("transaction", SpanKind::kInternal);
    for (int i = 0; i < 100; ++i) span.Under(Sampled());
  }
  ASSERT_THAT(kept.spans, SizeIs(100));
  EXPECT_THAT(kept.spans[0].links, SizeIs(64));
  EXPECT_EQ(kept.spans[0].links_left_out, 35);
}

TEST(Span, ThatIsForgottenIsNotTold) {
  Kept kept;
  Span span("work", SpanKind::kInternal, Sampled());
  span.Forget();
  span.End();
  EXPECT_THAT(kept.spans, IsEmpty());
}

TEST(Span, IsToldOnceWhenItWasMoved) {
  Kept kept;
  {
    Span span("work", SpanKind::kInternal, Sampled());
    const Span moved = std::move(span);
  }
  EXPECT_THAT(kept.spans, SizeIs(1));
}

}  // namespace
}  // namespace ieum::telemetry
