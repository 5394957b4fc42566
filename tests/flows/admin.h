// What a service says on its admin port.
#pragma once

#include <string>

namespace ieum::testing {

struct AdminAnswer {
  int status = 0;  // of HTTP; 0 = no answer
  std::string text;
};

AdminAnswer AskAdmin(int port, const std::string& path);

// Sum of a metric over all its labels, in the text of /metrics.
double SumOf(const std::string& metrics, const std::string& name);

}  // namespace ieum::testing
