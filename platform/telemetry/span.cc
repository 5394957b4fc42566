#include "platform/telemetry/span.h"

#include <atomic>

#include "absl/time/clock.h"

namespace ieum::telemetry {
namespace {

constexpr size_t kLinksMax = 64;  // of one span

std::atomic<SpanTaker*> taker_in_use{nullptr};

// Of a traceparent: the last digit of the flags.
constexpr size_t kFlagAt = 54;

}  // namespace

void UseSpans(SpanTaker* taker) { taker_in_use.store(taker, std::memory_order_release); }

bool Tracing() { return taker_in_use.load(std::memory_order_relaxed) != nullptr; }

bool Recorded(std::string_view traceparent) {
  if (!Tracing() || traceparent.size() <= kFlagAt) return false;
  const char flag = traceparent[kFlagAt];
  return ((flag <= '9' ? flag - '0' : flag - 'a' + 10) & 1) != 0;
}

void Span::Under(const TraceContext& parent, std::initializer_list<Attribute> attributes) {
  if (!Tracing()) return;
  if (parent.trace_id.empty()) return As(TraceContext::New(), "", attributes);
  if (parent.sampled) As(parent.Child(), parent.span_id, attributes);
}

void Span::As(const TraceContext& own, std::string_view parent_span_id,
              std::initializer_list<Attribute> attributes) {
  if (!Recorded(own)) return;
  if (legs_.empty()) {
    name_ = std::string(view_);
    if (start_ == absl::InfinitePast()) start_ = absl::Now();
  }
  legs_.push_back({own, std::string(parent_span_id), attributes});
}

void Span::Set(std::string_view key, std::string_view value) {
  if (recording()) attributes_.push_back({key, std::string(value)});
}

void Span::Set(std::string_view key, int64_t value) {
  if (recording()) attributes_.push_back({key, value});
}

void Span::Fail(std::string_view word) {
  if (recording()) error_ = std::string(word);
}

SpanRecord Span::RecordOf(size_t at, absl::Time end) {
  Leg& leg = legs_[at];
  SpanRecord record;
  record.name = name_;
  record.kind = kind_;
  record.context = leg.context;
  record.parent_span_id = std::move(leg.parent_span_id);
  record.start = start_;
  record.end = std::max(start_, end);
  record.attributes = std::move(leg.attributes);
  record.attributes.insert(record.attributes.end(), attributes_.begin(), attributes_.end());
  record.error = error_;
  if (at > 0) {
    record.links.push_back(legs_.front().context);
    return record;
  }
  for (size_t other = 1; other < legs_.size() && other <= kLinksMax; ++other) {
    record.links.push_back(legs_[other].context);
  }
  record.links_left_out = static_cast<int>(legs_.size() - 1 - record.links.size());
  return record;
}

void Span::End() {
  if (legs_.empty()) return;
  SpanTaker* const taker = taker_in_use.load(std::memory_order_acquire);
  const absl::Time end = absl::Now();
  for (size_t at = 0; taker != nullptr && at < legs_.size(); ++at) taker->Take(RecordOf(at, end));
  legs_.clear();
}

}  // namespace ieum::telemetry
