#include "tests/style/floors.h"

#include <map>
#include <optional>

#include "fmt/format.h"
#include "re2/re2.h"

namespace ieum::style {
namespace {

// A module may include those of a lower floor, and itself.
const std::map<std::string, int>& PlatformFloors() {
  static const auto* floors = new std::map<std::string, int>{
      {"base", 0},          {"filter", 1},   {"config", 1}, {"telemetry", 1}, {"crypto", 1},
      {"filter", 1},        {"identity", 2}, {"db", 2},     {"ledger", 3},    {"broker", 3},
      {"flow", 4},          {"rpc", 4},      {"access", 5}, {"erasure", 5},   {"access_log", 3},
      {"personal_data", 6}, {"runtime", 7}};
  return *floors;
}

std::string ModuleOf(std::string_view path) {
  std::string module;
  RE2::PartialMatch(std::string(path), R"(^platform/(\w+)/)", &module);
  return module;
}

bool IsStore(const SourceFile& file) { return file.stem().ends_with("_store"); }
bool IsCommands(const SourceFile& file) { return file.stem().ends_with("_commands"); }
bool IsService(const SourceFile& file) { return file.stem().ends_with("_service"); }

using Rule = std::optional<std::string> (*)(const SourceFile&, const std::string& include);

std::optional<std::string> DatabaseClient(const SourceFile& file, const std::string& include) {
  if (!RE2::PartialMatch(include, R"(^pqxx\b|^libpq)")) return {};
  if (file.Under("platform/db") || file.Under("tests") || file.Under("bench")) return {};
  if (file.Under("services") && IsStore(file)) return {};
  return "pqxx belongs to platform/db and *_store";
}

std::optional<std::string> BrokerClient(const SourceFile& file, const std::string& include) {
  if (!RE2::PartialMatch(include, R"(^nats(/|\.h$))") || file.Under("platform/broker")) return {};
  if (file.Under("bench")) return {};  // publishes without us, to know how fast that is
  return "nats.h belongs to platform/broker";
}

std::optional<std::string> WireLibrary(const SourceFile& file, const std::string& include) {
  if (!RE2::PartialMatch(include, R"(^grpc(pp|\+\+)?/|\.grpc\.pb\.h$)")) return {};
  if (file.Under("platform/rpc") || file.Under("tools") || file.Under("tests")) return {};
  if (file.Under("bench")) return {};
  if (file.Under("services") && IsService(file)) return {};
  return "gRPC belongs to platform/rpc, *_service and tools";
}

std::optional<std::string> PlatformKnowsNoService(const SourceFile& file,
                                                  const std::string& include) {
  if (!file.Under("platform")) return {};
  if (include.starts_with("services/")) return "platform knows no service";
  if (include.starts_with("ieum/") && !include.starts_with("ieum/platform/")) {
    return "platform knows no service's contract";
  }
  return {};
}

std::optional<std::string> PlatformGoesDown(const SourceFile& file, const std::string& include) {
  const std::string from = ModuleOf(file.path), to = ModuleOf(include);
  if (from.empty() || to.empty() || from == to) return {};
  const auto& floors = PlatformFloors();
  if (!floors.contains(from) || !floors.contains(to)) return "a module without a floor";
  if (floors.at(to) < floors.at(from)) return {};
  return fmt::format("{} does not stand above {}", from, to);
}

std::optional<std::string> ServicesAreStrangers(const SourceFile& file,
                                                const std::string& include) {
  const std::string from = ServiceOf(file.path), to = ServiceOf(include);
  if (from.empty() || to.empty() || from == to) return {};
  return fmt::format("{} meets {} only in proto/", from, to);
}

std::optional<std::string> DoorsAreOutermost(const SourceFile& file, const std::string& include) {
  if (!file.Under("services") || !include.starts_with("services/")) return {};
  const bool door = RE2::PartialMatch(include, R"(_service\.h$|/reactions\w*\.h$)");
  if (!door || file.name() == "main.cc") return {};
  // A door may be spread over files: application_service.cc, application_list_service.cc.
  if (IsService(file) && include.ends_with("_service.h")) return {};
  if (file.stem().starts_with("reactions") && !include.ends_with("_service.h")) return {};
  return "only main.cc includes a door";
}

std::optional<std::string> StoresAreBelowCommands(const SourceFile& file,
                                                  const std::string& include) {
  if (!file.Under("services") || !IsStore(file)) return {};
  if (include.ends_with("_commands.h")) return "a store stands below the use cases";
  if (include.starts_with("platform/rpc/")) return "a store does not know the wire";
  return {};
}

std::optional<std::string> CommandsDoNotKnowTheWire(const SourceFile& file,
                                                    const std::string& include) {
  if (!file.Under("services") || !IsCommands(file)) return {};
  // A field mask belongs to the resource, whoever sends it.
  if (!include.starts_with("platform/rpc/") || include == "platform/rpc/masks.h") return {};
  return "a use case does not know the wire: it is given a transaction";
}

std::optional<std::string> RulesArePure(const SourceFile&, const std::string& include) {
  if (!RE2::PartialMatch(
          include, R"((_store|_commands)\.h$|^platform/(db|ledger|broker|flow|rpc|runtime)/)")) {
    return {};
  }
  return "rules are pure: no store, no database, no wire";
}

}  // namespace

std::string ServiceOf(std::string_view path) {
  std::string service;
  RE2::PartialMatch(std::string(path), R"(^services/(\w+)/)", &service);
  return service;
}

std::vector<std::string> FloorFaults(const SourceFile& file, bool is_room_rules) {
  static constexpr Rule kRules[] = {
      DatabaseClient,         BrokerClient,           WireLibrary,
      PlatformKnowsNoService, PlatformGoesDown,       ServicesAreStrangers,
      DoorsAreOutermost,      StoresAreBelowCommands, CommandsDoNotKnowTheWire};
  std::vector<std::string> faults;
  for (const Include& include : IncludesOf(file)) {
    for (const Rule rule : kRules) {
      if (const auto said = rule(file, include.target)) {
        faults.push_back(Fault(file, include.line, fmt::format("{} ({})", *said, include.target)));
      }
    }
    if (!is_room_rules) continue;
    if (const auto said = RulesArePure(file, include.target)) {
      faults.push_back(Fault(file, include.line, fmt::format("{} ({})", *said, include.target)));
    }
  }
  return faults;
}

}  // namespace ieum::style
