// ieum-bench-load: loads one gRPC server for a while and prints what it saw as one JSON object.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "CLI/CLI.hpp"
#include "absl/synchronization/mutex.h"
#include "bench/load/client.h"
#include "platform/rpc/tls.h"

namespace ieum::bench {
namespace {

std::vector<std::string> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

double Millis(const std::vector<uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))] / 1000.0;
}

std::string Describe(LoadCounts counts) {
  std::sort(counts.micros.begin(), counts.micros.end());
  return nlohmann::json{{"ok", counts.ok},
                        {"failed", counts.failed},
                        {"seconds", counts.seconds},
                        {"started", counts.started_unix},
                        {"p50_ms", Millis(counts.micros, 0.5)},
                        {"p99_ms", Millis(counts.micros, 0.99)}}
      .dump();
}

int Main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // as in the services
  CLI::App app("Loads one gRPC server and prints what it saw");
  LoadPlan plan;
  std::string call = "create", token_file, names_file;
  int64_t first = 0;
  double warm = 1, seconds = 5, deadline = 10;
  app.add_option("--target", plan.target, "host:port")->required();
  app.add_option("--token-file", token_file, "file with the bearer token");
  app.add_option("--call", call,
                 "create, get, person, list, region, affiliations, given or health");
  app.add_option(
      "--names", names_file,
      "file of resource names for get, person and affiliations, of a method and requests "
      "for given");
  app.add_option("--first", first, "first business number of create");
  app.add_option("--clients", plan.clients, "calls under way at once");
  app.add_option("--rate", plan.rate, "calls a second; 0 = as fast as answers come");
  app.add_option("--warm", warm, "seconds before measuring");
  app.add_option("--seconds", seconds, "seconds measured");
  app.add_option("--deadline", deadline, "seconds a call may take");
  rpc::TlsOptions tls;
  app.add_option("--cert", tls.certificate_file, "certificate to show: calls go over TLS");
  app.add_option("--key", tls.key_file, "its key");
  app.add_option("--ca", tls.authority_file, "who signed the service's");
  CLI11_PARSE(app, argc, argv);
  if (!tls.certificate_file.empty()) rpc::UseTls(std::make_shared<rpc::Tls>(tls));
  plan.warm = absl::Seconds(warm);
  plan.measured = absl::Seconds(seconds);
  plan.deadline = absl::Seconds(deadline);
  if (!token_file.empty()) plan.token = Lines(token_file).at(0);
  const auto calls =
      MakeCalls(call, first, names_file.empty() ? std::vector<std::string>() : Lines(names_file));
  if (calls == nullptr) {
    std::fprintf(stderr, "there is no call %s, or it has no names\n", call.c_str());
    return 2;
  }
  std::puts(Describe(RunLoad(plan, *calls)).c_str());
  return 0;
}

}  // namespace
}  // namespace ieum::bench

int main(int argc, char** argv) { return ieum::bench::Main(argc, argv); }
