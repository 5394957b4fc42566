// Spans: what a piece of work took, in the trace that it belongs to. Nothing is recorded, and
// nothing but a look at a flag is paid, until UseSpans was called; then, of a sampled trace.
//
//   telemetry::Span span("transaction", SpanKind::kInternal);
//   for (const auto& command : commands) span.Under(command.trace);
//   …
//   span.Fail("CONFLICT");        // ends when destroyed
//
// Names and attributes are bounded words and counts: never personal data, ids of people, texts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "platform/telemetry/trace.h"

namespace ieum::telemetry {

// OTLP's numbers.
enum class SpanKind { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };

struct Attribute {
  std::string_view key;  // a literal
  std::variant<std::string, int64_t> value;
};

struct SpanRecord {
  std::string name;
  SpanKind kind = SpanKind::kInternal;
  TraceContext context;
  std::string parent_span_id;  // empty = the first of its trace
  absl::Time start, end;
  std::vector<Attribute> attributes;
  std::vector<TraceContext> links;
  int links_left_out = 0;
  std::string error;  // a stable word; empty = it went well
};

// Takes what ended. Thread-safe; never blocks.
class SpanTaker {
 public:
  virtual ~SpanTaker() = default;
  virtual void Take(SpanRecord span) = 0;
};
// From now on spans go there; nullptr = nowhere. Whoever takes one away sees to it that no span is
// open any more.
void UseSpans(SpanTaker* taker);
bool Tracing();
// Whether work of that context is to be recorded.
inline bool Recorded(const TraceContext& context) { return context.sampled && Tracing(); }
// The same of a `traceparent` as the ledger keeps it, which was checked when it came in.
bool Recorded(std::string_view traceparent);

// One piece of work, on one thread; of one trace, or of several at once: then it is a span in each
// of them, the first linked with all others, and each of them with the first.
class Span {
 public:
  Span() = default;  // records nothing
  // `name` must stay until the first Under or As.
  Span(std::string_view name, SpanKind kind) : view_(name), kind_(kind) {}
  Span(std::string_view name, SpanKind kind, const TraceContext& parent) : Span(name, kind) {
    Under(parent);
  }
  Span(Span&&) noexcept = default;
  Span& operator=(Span&&) = delete;
  ~Span() { End(); }

  // Has begun now, unless StartAt says when. A parent without ids: it begins a trace of its own.
  void Under(const TraceContext& parent, std::initializer_list<Attribute> attributes = {});
  // With a context that was given away before.
  void As(const TraceContext& own, std::string_view parent_span_id,
          std::initializer_list<Attribute> attributes = {});
  void StartAt(absl::Time start) { start_ = start; }

  bool recording() const { return !legs_.empty(); }
  // While recording: of its span in the first trace.
  const TraceContext& context() const { return legs_.front().context; }

  // Attributes of all. Not kept when nothing is recorded.
  void Set(std::string_view key, std::string_view value);
  void Set(std::string_view key, int64_t value);
  void Fail(std::string_view word);
  void End();
  void Forget() { legs_.clear(); }  // it is not told

 private:
  struct Leg {
    TraceContext context;
    std::string parent_span_id;
    std::vector<Attribute> attributes;
  };
  SpanRecord RecordOf(size_t at, absl::Time end);

  std::string_view view_;
  std::string name_;
  SpanKind kind_ = SpanKind::kInternal;
  absl::Time start_ = absl::InfinitePast();
  std::vector<Leg> legs_;
  std::vector<Attribute> attributes_;
  std::string error_;
};

}  // namespace ieum::telemetry
