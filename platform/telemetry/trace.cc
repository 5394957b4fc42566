#include "platform/telemetry/trace.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace ieum::telemetry {
namespace {

thread_local TraceContext current;

// The random part of a trace id, as the W3C wants it: the last seven bytes.
constexpr uint64_t kRandomness = uint64_t{1} << 56;
std::atomic<uint64_t> sampled_below{0};

template <size_t N>
std::array<unsigned char, N> RandomBytes() {
  std::array<unsigned char, N> random;
  randombytes_buf(random.data(), N);
  return random;
}

template <size_t N>
std::string Hex(const std::array<unsigned char, N>& bytes) {
  std::string hex(N * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), N);
  hex.pop_back();
  return hex;
}

bool ToBeSampled(const std::array<unsigned char, 16>& trace_id) {
  const uint64_t below = sampled_below.load(std::memory_order_relaxed);
  if (below == 0) return false;
  uint64_t random = 0;
  for (size_t i = 9; i < trace_id.size(); ++i) random = random << 8 | trace_id[i];
  return random < below;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;  // the header is lower case
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return HexValue(c) >= 0; });
}

// Ids of zeros mean none.
bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

TraceContext TraceContext::New() {
  const auto trace_id = RandomBytes<16>();
  return {Hex(trace_id), Hex(RandomBytes<8>()), ToBeSampled(trace_id)};
}

std::optional<TraceContext> TraceContext::Parse(std::string_view header) {
  if (header.size() < 55 || header[2] != '-' || header[35] != '-' || header[52] != '-') {
    return std::nullopt;
  }
  const std::string_view version = header.substr(0, 2);
  if (!IsHex(version) || version == "ff") return std::nullopt;
  if (header.size() > 55 && (version == "00" || header[55] != '-')) return std::nullopt;
  const std::string_view trace = header.substr(3, 32), span = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  if (!IsId(trace) || !IsId(span) || !IsHex(flags)) return std::nullopt;
  const bool sampled = (HexValue(flags[1]) & 1) != 0;
  return TraceContext{std::string(trace), std::string(span), sampled};
}

TraceContext TraceContext::Child() const { return {trace_id, Hex(RandomBytes<8>()), sampled}; }

std::string TraceContext::Header() const {
  return "00-" + trace_id + "-" + span_id + (sampled ? "-01" : "-00");
}

void SetSampling(double ratio) {
  const double share = std::clamp(ratio, 0.0, 1.0) * static_cast<double>(kRandomness);
  sampled_below.store(static_cast<uint64_t>(share), std::memory_order_relaxed);
}

TraceScope::TraceScope(const TraceContext& context) : previous_(current) { current = context; }
TraceScope::~TraceScope() { current = previous_; }

const TraceContext& CurrentTrace() { return current; }

}  // namespace ieum::telemetry
