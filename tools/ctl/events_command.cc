// `ieumctl events tail|show|replay`: what the ledgers say, through the services' doors.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "tools/ctl/ledger_walk.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(500);  // between two looks of --follow

struct Arguments {
  Reach reach;
  std::string service, event;
  int64_t lines = 20;
  bool follow = false;
  int shard = -1;
  int64_t from = 1, count = 0;
};

void PrintLine(const Told& told, bool json) {
  if (json) {
    std::printf("%s\n", CloudEventJson(told).c_str());
  } else {
    std::printf("%s  %-22s %-52s %s\n", KoreaTime(told.event.time()).c_str(), PlaceOf(told).c_str(),
                told.event.type().c_str(), told.event.subject().c_str());
  }
}

absl::StatusOr<std::vector<std::string>> ServicesOf(const Doors& doors, const std::string& only) {
  if (only.empty()) return doors.names();
  RETURN_IF_ERROR(doors.Need(only));
  return std::vector<std::string>{only};
}

// So many of each shard are enough for the last of all.
absl::StatusOr<Cursors> NearTheEnd(Doors& doors, const Arguments& arguments) {
  Cursors cursors;
  ASSIGN_OR_RETURN(const auto services, ServicesOf(doors, arguments.service));
  for (const std::string& service : services) {
    ASSIGN_OR_RETURN(const auto progress, doors.Progress(service));
    auto& positions = cursors[service];
    for (int shard = 0; shard < progress.ledger_positions_size(); ++shard) {
      positions[static_cast<size_t>(shard)] =
          std::max<int64_t>(1, progress.ledger_positions(shard) - arguments.lines + 1);
    }
  }
  return cursors;
}

absl::Status Tail(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(Cursors cursors, NearTheEnd(doors, arguments));
  ASSIGN_OR_RETURN(std::vector<Told> events, ReadOn(doors, &cursors));
  const size_t skip = events.size() - std::min(events.size(), static_cast<size_t>(arguments.lines));
  events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(skip));
  while (true) {
    for (const Told& told : events) PrintLine(told, arguments.reach.Json());
    if (!arguments.follow) return absl::OkStatus();
    std::fflush(stdout);
    absl::SleepFor(kLook);
    ASSIGN_OR_RETURN(events, ReadOn(doors, &cursors));
  }
}

absl::StatusOr<Told> Find(Doors& doors, const std::string& event) {
  std::optional<Told> found;
  if (base::Uuid::Parse(event)) {
    ASSIGN_OR_RETURN(found, FindEvent(doors, event));
  } else {
    ASSIGN_OR_RETURN(const Place place, ParsePlace(event));
    RETURN_IF_ERROR(doors.Need(place.service));
    RETURN_IF_ERROR(ReadShard(doors, place.service, place.shard, place.position, 1,
                              [&](Told told) { found = std::move(told); }));
  }
  if (found) return *std::move(found);
  return absl::NotFoundError(absl::StrCat("no ledger that was asked has ", event));
}

absl::Status Show(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const Told told, Find(doors, arguments.event));
  std::printf("%s%s",
              arguments.reach.Json() ? CloudEventJson(told).c_str() : Description(told).c_str(),
              arguments.reach.Json() ? "\n" : "");
  return absl::OkStatus();
}

absl::Status Replay(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(doors.Need(arguments.service));
  const int first = arguments.shard < 0 ? 0 : arguments.shard;
  const int last = arguments.shard < 0 ? kShards - 1 : arguments.shard;
  const int64_t count = arguments.count == 0 ? INT64_MAX : arguments.count;
  for (int shard = first; shard <= last; ++shard) {
    RETURN_IF_ERROR(ReadShard(doors, arguments.service, shard, arguments.from, count,
                              [](const Told& told) { PrintLine(told, /*json=*/true); }));
  }
  return absl::OkStatus();
}

int OrRefuse(const char* command, const absl::Status& status) {
  return status.ok() ? kGood : Refuse(command, status);
}

void AddWords(CLI::App& tail, CLI::App& show, CLI::App& replay, Arguments& arguments) {
  tail.add_option("--service", arguments.service, "only of this producer");
  tail.add_option("--lines", arguments.lines, "how many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  tail.add_flag("--follow,-f", arguments.follow, "and those that come, until Ctrl-C");
  show.add_option("event", arguments.event, "its id, or its place such as registry/7/1234")
      ->required();
  replay.add_option("--service", arguments.service, "whose ledger")->required();
  replay.add_option("--shard", arguments.shard, "only this one; else all, one after the other")
      ->check(CLI::Range(0, kShards - 1));
  replay.add_option("--from", arguments.from, "first position of each shard")
      ->check(CLI::Range(int64_t{1}, INT64_MAX))
      ->capture_default_str();
  replay.add_option("--count", arguments.count, "at most this many of each shard; 0 = all")
      ->check(CLI::Range(int64_t{0}, INT64_MAX));
}

}  // namespace

Run AddEvents(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("events", "The events of the ledgers.");
  command->require_subcommand(1);
  CLI::App* tail = command->add_subcommand("tail", "The newest, in the order of business time.");
  CLI::App* show = command->add_subcommand("show", "One event with all that is in it.");
  CLI::App* replay = command->add_subcommand(
      "replay",
      "A ledger once more from a position on, a CloudEvent as JSON a line: for an outside reader "
      "that has lost some. Our own consumers repair themselves.");
  AddWords(*tail, *show, *replay, *arguments);
  for (CLI::App* one : {tail, show, replay}) AddReach(*one, arguments->reach);
  command->footer("Ends with 0, or with 2 when a service does not answer or nothing was found.");
  return [arguments, tail, show] {
    if (tail->parsed()) return OrRefuse("events tail", Tail(*arguments));
    if (show->parsed()) return OrRefuse("events show", Show(*arguments));
    return OrRefuse("events replay", Replay(*arguments));
  };
}

}  // namespace ieum::ctl
