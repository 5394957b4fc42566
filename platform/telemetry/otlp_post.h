// One POST of JSON to a collector of traces.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ieum::telemetry {

struct PostAnswer {
  int code = 0;  // of HTTP; 0 = nobody answered
  absl::Duration retry_after = absl::ZeroDuration();
  std::string body;  // the beginning of it
};
// Blocking; gives up soon after `stop` has become true.
using Post = std::function<PostAnswer(const std::string& body, const std::atomic<bool>& stop)>;

// What is wrong with "http://host:port" or "https://host:port", perhaps with a path, in words.
absl::Status CheckCollector(const std::string& endpoint);
// To `endpoint`/v1/traces, over one kept connection: for one thread. Redirects and proxies are not
// followed: the collector is a neighbour.
Post PostTo(const std::string& endpoint);

}  // namespace ieum::telemetry
