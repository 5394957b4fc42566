// `ieumctl deadletters list|replay|discard`: events that a service could not digest.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr char kOps[] = "/ieum.platform.v1.OpsService/";
constexpr int kPage = 500;

struct Arguments {
  Reach reach;
  std::string service, producer, aggregate, reason;
};

struct Letter {
  std::string service;
  platform::v1::DeadLetter letter;
};

absl::StatusOr<std::vector<Letter>> LettersOf(Doors& doors, const std::string& service) {
  std::vector<Letter> letters;
  platform::v1::ListDeadLettersRequest request;
  request.set_page_size(kPage);
  do {
    platform::v1::ListDeadLettersResponse response;
    RETURN_IF_ERROR(doors.Call(service, absl::StrCat(kOps, "ListDeadLetters"), request, &response));
    for (auto& letter : *response.mutable_dead_letters()) {
      letters.push_back({service, std::move(letter)});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return letters;
}

void Print(const std::vector<Letter>& letters, bool json) {
  nlohmann::json out = nlohmann::json::array();
  Table table({"SERVICE", "PRODUCER", "AGGREGATE", "EVENT", "TYPE", "TRIED", "ERROR", "SINCE"});
  for (const auto& [service, letter] : letters) {
    const auto& event = letter.event();
    const std::string place =
        absl::StrCat(letter.producer(), "/", event.shard(), "/", event.position());
    table.Add({service, letter.producer(), event.aggregate_id(), place, event.type(),
               std::to_string(letter.attempts()), letter.error(), KoreaTime(letter.parked_time())});
    out.push_back({{"service", service},
                   {"producer", letter.producer()},
                   {"epoch", letter.epoch()},
                   {"aggregate_id", event.aggregate_id()},
                   {"event", place},
                   {"event_id", event.event_id()},
                   {"type", event.type()},
                   {"attempts", letter.attempts()},
                   {"error", letter.error()},
                   {"parked_seconds", letter.parked_time().seconds()}});
  }
  std::printf("%s", json ? (out.dump(2) + "\n").c_str() : table.Text().c_str());
}

absl::StatusOr<int> List(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  std::vector<std::string> services = doors.names();
  if (!arguments.service.empty()) {
    RETURN_IF_ERROR(doors.Need(arguments.service));
    services = {arguments.service};
  }
  std::vector<Letter> letters;
  for (const std::string& service : services) {
    ASSIGN_OR_RETURN(auto of_service, LettersOf(doors, service));
    for (Letter& letter : of_service) letters.push_back(std::move(letter));
  }
  Print(letters, arguments.reach.Json());
  return letters.empty() ? kGood : kBad;
}

absl::Status CheckNames(const Doors& doors, const Arguments& arguments) {
  RETURN_IF_ERROR(doors.Need(arguments.service));
  RETURN_IF_ERROR(CheckService(arguments.producer));
  if (base::Uuid::Parse(arguments.aggregate)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("'", arguments.aggregate,
                   "' is no id of an aggregate; the column AGGREGATE of 'deadletters list' has "
                   "them, such as 01912345-6789-7abc-8def-0123456789ab"));
}

absl::StatusOr<int> Replay(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(CheckNames(doors, arguments));
  platform::v1::ReplayDeadLettersRequest request;
  request.set_producer(arguments.producer);
  request.set_aggregate_id(arguments.aggregate);
  platform::v1::ReplayDeadLettersResponse response;
  RETURN_IF_ERROR(
      doors.Call(arguments.service, absl::StrCat(kOps, "ReplayDeadLetters"), request, &response));
  std::printf("%d applied; the aggregate goes on\n", response.replayed());
  return kGood;
}

absl::StatusOr<int> Discard(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(CheckNames(doors, arguments));
  platform::v1::DiscardDeadLettersRequest request;
  request.set_producer(arguments.producer);
  request.set_aggregate_id(arguments.aggregate);
  request.set_reason(arguments.reason);
  platform::v1::DiscardDeadLettersResponse response;
  RETURN_IF_ERROR(
      doors.Call(arguments.service, absl::StrCat(kOps, "DiscardDeadLetters"), request, &response));
  std::printf("%d given up; the aggregate goes on without them, and who did it and why is kept\n",
              response.discarded());
  return kGood;
}

int OrRefuse(const char* command, const absl::StatusOr<int>& outcome) {
  return outcome.ok() ? *outcome : Refuse(command, outcome.status());
}

void AddNames(CLI::App& command, Arguments& arguments) {
  command.add_option("--service", arguments.service, "who could not apply it")->required();
  command.add_option("--producer", arguments.producer, "whose event it is")->required();
  command.add_option("--aggregate", arguments.aggregate, "all dead letters of this one")
      ->required();
}

}  // namespace

Run AddDeadLetters(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("deadletters", "Events that could not be applied: look, replay, discard.");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "Shows them, oldest first.");
  list->add_option("--service", arguments->service, "only of this service");
  list->footer(
      "Ends with 0 when there is none, 1 when there is one, 2 when it could not be asked.");
  CLI::App* replay = command->add_subcommand(
      "replay", "Applies those of one aggregate again, in their order; all of them or none.");
  CLI::App* discard = command->add_subcommand(
      "discard", "Gives those of one aggregate up, for ever. The reason is kept.");
  for (CLI::App* one : {replay, discard}) AddNames(*one, *arguments);
  discard->add_option("--reason", arguments->reason, "why; kept with the decision")->required();
  for (CLI::App* one : {list, replay, discard}) AddReach(*one, arguments->reach);
  return [arguments, list, replay] {
    if (list->parsed()) return OrRefuse("deadletters list", List(*arguments));
    if (replay->parsed()) return OrRefuse("deadletters replay", Replay(*arguments));
    return OrRefuse("deadletters discard", Discard(*arguments));
  };
}

}  // namespace ieum::ctl
