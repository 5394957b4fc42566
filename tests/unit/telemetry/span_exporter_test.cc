// Goal: every span is either taken by the collector or counted as dropped, and whoever ends one is
// never held up. Method: a collector that answers as the test says.
#include "platform/telemetry/span_exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace ieum::telemetry {
namespace {

using ::testing::HasSubstr;

SpanRecord Sample() {
  SpanRecord span;
  span.name = "work";
  span.context = TraceContext::New();
  return span;
}

using Answers = std::vector<PostAnswer>;

// Answers by `answers` in turn, the last one for ever.
class Collector {
 public:
  explicit Collector(Answers answers) : answers_(std::move(answers)) {}
  Post post() {
    return [this](const std::string& body, const std::atomic<bool>&) {
      std::lock_guard lock(mutex_);
      const PostAnswer answer = answers_[std::min(posts_++, answers_.size() - 1)];
      const size_t spans =
          nlohmann::json::parse(body)["resourceSpans"][0]["scopeSpans"][0]["spans"].size();
      const size_t refused = answer.code == 500
                                 ? spans
                                 : std::min(spans, static_cast<size_t>(RefusedSpans(answer.body)));
      refused_ += refused;
      if (answer.code == 200) taken_ += spans;
      return answer;
    };
  }
  size_t posts() const {
    std::lock_guard lock(mutex_);
    return posts_;
  }
  // By answers that are final.
  size_t refused() const {
    std::lock_guard lock(mutex_);
    return refused_;
  }
  size_t taken() const {
    std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  const Answers answers_;
  mutable std::mutex mutex_;
  size_t posts_ = 0, taken_ = 0, refused_ = 0;
};

const ExporterLimits kQuick = {.queue = 100,
                               .batch = 10,
                               .rest = absl::Milliseconds(5),
                               .retry_min = absl::Milliseconds(1),
                               .retry_max = absl::Milliseconds(4),
                               .keep_trying = absl::Milliseconds(20)};
constexpr absl::Duration kLong = absl::Seconds(30);

TEST(SpanExporter, SendsEverythingInBatchesAndTheRestWhenItIsDrained) {
  Metrics metrics("x");
  Collector collector(Answers{{.code = 200}});
  SpanExporter exporter({}, collector.post(), metrics, kQuick);
  for (int i = 0; i < 55; ++i) exporter.Take(Sample());
  exporter.Drain(kLong);
  EXPECT_EQ(collector.taken(), 55u);
  EXPECT_THAT(metrics.Render(), HasSubstr("ieum_trace_spans_exported_total 55"));
}

TEST(SpanExporter, TriesAgainWhatIsWorthIt) {
  Metrics metrics("x");
  Collector collector(Answers{{.code = 0}, {.code = 503}, {.code = 429}, {.code = 200}});
  ExporterLimits limits = kQuick;
  limits.keep_trying = kLong;
  SpanExporter exporter({}, collector.post(), metrics, limits);
  exporter.Take(Sample());
  exporter.Drain(kLong);
  EXPECT_EQ(collector.taken(), 1u);
}

TEST(SpanExporter, CountsWhatIsRefusedOutrightOrInPart) {
  Metrics metrics("x");
  Collector collector(
      {{.code = 500}, {.code = 200, .body = R"({"partialSuccess": {"rejectedSpans": "4"}})"}});
  SpanExporter exporter({}, collector.post(), metrics, kQuick);
  for (int i = 0; i < 20; ++i) exporter.Take(Sample());
  exporter.Drain(kLong);
  const std::string said = metrics.Render();
  // How many spans the first post has depends on when the exporter's thread looks.
  EXPECT_GE(collector.posts(), 2u);
  EXPECT_GE(collector.refused(), 5u);
  EXPECT_THAT(said, HasSubstr(absl::StrCat("ieum_trace_spans_dropped_total{reason=\"refused\"} ",
                                           collector.refused(), "\n")));
  EXPECT_THAT(said, HasSubstr(absl::StrCat("ieum_trace_spans_exported_total ",
                                           20 - collector.refused(), "\n")));
}

TEST(SpanExporter, CountsWhatNobodyTook) {
  Metrics metrics("x");
  Collector collector(Answers{{.code = 0}});
  SpanExporter exporter({}, collector.post(), metrics, kQuick);
  for (int i = 0; i < 10; ++i) exporter.Take(Sample());
  exporter.Drain(kLong);
  EXPECT_THAT(metrics.Render(),
              HasSubstr("ieum_trace_spans_dropped_total{reason=\"unreachable\"} 10"));
}

TEST(SpanExporter, DropsWhatDoesNotFitInsteadOfWaiting) {
  Metrics metrics("x");
  std::promise<void> let_go;
  const std::shared_future<void> released = let_go.get_future().share();
  SpanExporter exporter(
      {},
      [released](const std::string&, const std::atomic<bool>&) {
        released.wait();
        return PostAnswer{.code = 200};
      },
      metrics, kQuick);
  for (int i = 0; i < 1000; ++i) exporter.Take(Sample());  // returns although nobody takes them
  let_go.set_value();
  exporter.Drain(kLong);
  const auto count = [said = metrics.Render()](const std::string& name) {
    const size_t at = said.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stoi(said.substr(at + name.size() + 2));
  };
  const int dropped = count("ieum_trace_spans_dropped_total{reason=\"queue_full\"}");
  EXPECT_GE(dropped, 800);
  EXPECT_EQ(count("ieum_trace_spans_exported_total") + dropped, 1000);
}

TEST(SpanExporter, EndsInTimeWhenTheCollectorHangs) {
  Metrics metrics("x");
  const auto hang = [](const std::string&, const std::atomic<bool>& stop) {
    while (!stop) std::this_thread::yield();
    return PostAnswer{};
  };
  SpanExporter exporter({}, hang, metrics, kQuick);
  for (int i = 0; i < 30; ++i) exporter.Take(Sample());
  exporter.Drain(absl::Milliseconds(50));
  EXPECT_THAT(metrics.Render(),
              HasSubstr("ieum_trace_spans_dropped_total{reason=\"unreachable\"} 30"));
  exporter.Take(Sample());  // nobody takes it any more, and nobody waits
}

}  // namespace
}  // namespace ieum::telemetry
