// A real collector of traces: a process of its own that takes OTLP/HTTP JSON and keeps what is
// right.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace ieum::testing {

struct CollectedSpan {
  std::string service, name, trace, span, parent;  // parent empty = none
  int kind = 0;
  std::string error;
  std::map<std::string, std::string> attributes;
  std::vector<std::string> links;  // span ids
};

class TraceCollector {
 public:
  TraceCollector();

  const std::string& endpoint() const { return endpoint_; }
  // From now on: "" = as it should, "500" = with this status, "slow" = not at all.
  void Answer(const std::string& mode);
  void Kill() { process_->Kill(); }

  std::vector<CollectedSpan> Spans() const;
  std::string Raw() const;     // everything that it took
  std::string Faults() const;  // what broke the rules of OTLP

 private:
  TempDir dir_;
  std::optional<Process> process_;
  std::string endpoint_;
};

}  // namespace ieum::testing
