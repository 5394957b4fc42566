// `ieumctl progress`: how far every consumer is in every producer's ledger.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

struct Arguments {
  Reach reach;
  bool shards = false;
};

// One producer's ledger as one reader stands in it; the relay is a reader, too.
struct Line {
  std::string producer, reader;
  int shard = -1;  // -1: all of them
  int64_t position = 0, last = 0;
  int64_t Lag() const { return std::max<int64_t>(0, last - position); }
};

using Positions = google::protobuf::RepeatedField<int64_t>;

void AddLines(const std::string& producer, const std::string& reader, const Positions& positions,
              const Positions& last, bool shards, std::vector<Line>* lines) {
  Line sum{producer, reader};
  for (int shard = 0; shard < last.size(); ++shard) {
    const int64_t position = shard < positions.size() ? positions[shard] : 0;
    sum.position += position;
    sum.last += last[shard];
    if (shards) lines->push_back({producer, reader, shard, position, last[shard]});
  }
  if (!shards) lines->push_back(sum);
}

// Readers before ledgers: what somebody has read was written before.
absl::StatusOr<std::vector<Line>> LinesOf(Doors& doors, bool shards) {
  std::map<std::string, platform::v1::Progress> readers, ledgers;
  for (const std::string& service : doors.names()) {
    ASSIGN_OR_RETURN(readers[service], doors.Progress(service));
  }
  for (const std::string& service : doors.names()) {
    ASSIGN_OR_RETURN(ledgers[service], doors.Progress(service));
  }
  std::vector<Line> lines;
  for (const std::string& producer : doors.names()) {
    const Positions& last = ledgers[producer].ledger_positions();
    AddLines(producer, "relay", readers[producer].published_positions(), last, shards, &lines);
    for (const std::string& service : doors.names()) {
      for (const auto& consumer : readers[service].consumers()) {
        if (consumer.producer() != producer) continue;
        AddLines(producer, service, consumer.positions(), last, shards, &lines);
      }
    }
  }
  return lines;
}

void Print(const std::vector<Line>& lines, bool json) {
  nlohmann::json out = nlohmann::json::array();
  Table table({"PRODUCER", "READER", "SHARD", "POSITION", "LAST", "LAG"});
  for (const Line& line : lines) {
    const std::string shard = line.shard < 0 ? "all" : std::to_string(line.shard);
    table.Add({line.producer, line.reader, shard, Count(line.position), Count(line.last),
               Count(line.Lag())});
    out.push_back({{"producer", line.producer},
                   {"reader", line.reader},
                   {"shard", shard},
                   {"position", line.position},
                   {"last", line.last},
                   {"lag", line.Lag()}});
  }
  std::printf("%s", json ? (out.dump(2) + "\n").c_str() : table.Text().c_str());
}

absl::Status Progress(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const auto lines, LinesOf(doors, arguments.shards));
  Print(lines, arguments.reach.Json());
  return absl::OkStatus();
}

}  // namespace

Run AddProgress(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "progress", "How far relays and consumers are in every ledger, and what they lag.");
  AddReach(*command, arguments->reach);
  command->add_flag("--shards", arguments->shards, "a line for each of the 16 shards");
  command->footer("Ends with 0, or with 2 when a service does not answer.");
  return [arguments] {
    const absl::Status status = Progress(*arguments);
    return status.ok() ? kGood : Refuse("progress", status);
  };
}

}  // namespace ieum::ctl
