#include "platform/telemetry/trace.h"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"

namespace ieum::telemetry {
namespace {

thread_local TraceContext current;

std::string RandomHex(size_t bytes) {
  std::vector<unsigned char> random(bytes);
  randombytes_buf(random.data(), bytes);
  std::string hex(bytes * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), random.data(), bytes);
  hex.pop_back();
  return hex;
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

TraceContext TraceContext::New() { return {RandomHex(16), RandomHex(8), false}; }

std::optional<TraceContext> TraceContext::Parse(std::string_view header) {
  if (header.size() != 55 || header.substr(0, 3) != "00-" || header[35] != '-' ||
      header[52] != '-') {
    return std::nullopt;
  }
  const std::string_view trace = header.substr(3, 32), span = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  if (!IsId(trace) || !IsId(span) || !IsHex(flags)) return std::nullopt;
  const bool sampled = (HexValue(flags[1]) & 1) != 0;
  return TraceContext{std::string(trace), std::string(span), sampled};
}

TraceContext TraceContext::Child() const { return {trace_id, RandomHex(8), sampled}; }

std::string TraceContext::Header() const {
  return "00-" + trace_id + "-" + span_id + (sampled ? "-01" : "-00");
}

TraceScope::TraceScope(const TraceContext& context) : previous_(current) { current = context; }
TraceScope::~TraceScope() { current = previous_; }

const TraceContext& CurrentTrace() { return current; }

}  // namespace ieum::telemetry
