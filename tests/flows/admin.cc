#include "tests/flows/admin.h"

#include <httplib.h>

#include <sstream>

#include "absl/strings/numbers.h"

namespace ieum::testing {

AdminAnswer AskAdmin(int port, const std::string& path) {
  httplib::Client client("127.0.0.1", port);
  auto answer = client.Get(path);
  return answer ? AdminAnswer{answer->status, answer->body} : AdminAnswer{};
}

double SumOf(const std::string& metrics, const std::string& name) {
  double sum = 0;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(0, line.find_first_of("{ ")) != name) continue;
    double value = 0;
    if (absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) sum += value;
  }
  return sum;
}

}  // namespace ieum::testing
