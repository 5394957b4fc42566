// `ieumctl plan`: a year's plan from a file into the registry.
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"
#include "tools/plan/plan_apply.h"

namespace ieum::ctl {
namespace {

struct Arguments {
  Reach reach;
  std::string file;
  plan::Wish wish;
};

absl::StatusOr<std::string> TextOf(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(plan::kFileMax + 1, '\0');  // one more than a plan has tells that it is none
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || !stream.is_open()) {
    return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  }
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

void Print(const plan::Outcome& outcome, const Arguments& arguments, const std::string& edition) {
  if (arguments.reach.Json()) {
    const nlohmann::json out = {{"edition", edition},
                                {"changes", outcome.changes},
                                {"written", !arguments.wish.dry_run},
                                {"approved", outcome.approved}};
    std::printf("%s\n", out.dump(2).c_str());
    return;
  }
  for (const std::string& change : outcome.changes) std::printf("%s\n", change.c_str());
  const char* end = "is as the file says: nothing was changed";
  if (!outcome.changes.empty()) {
    end = arguments.wish.dry_run ? "would be changed so" : "is now as the file says";
  }
  std::printf("%s %s\n", edition.c_str(), end);
}

absl::StatusOr<int> Apply(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::string text, TextOf(arguments.file));
  std::vector<plan::Fault> faults;
  const plan::Plan plan = plan::ReadPlan(text, &faults);
  plan::Outcome outcome;
  if (faults.empty()) {
    ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
    RETURN_IF_ERROR(doors.Need("registry"));
    ASSIGN_OR_RETURN(outcome, plan::ApplyPlan(plan, arguments.wish,
                                              [&](const auto& method, const auto& request,
                                                  google::protobuf::Message* response) {
                                                return doors.Call("registry", method, request,
                                                                  response);
                                              }));
    faults = outcome.faults;
  }
  if (faults.empty()) {
    Print(outcome, arguments, plan.edition_name());
    return kGood;
  }
  std::fprintf(stderr, "%s", plan::FaultText(arguments.file, faults).c_str());
  return kBad;
}

}  // namespace

Run AddPlan(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("plan", "The plan of a year, as a file.");
  command->require_subcommand(1);
  CLI::App* apply = command->add_subcommand(
      "apply",
      "Brings programme, edition and campaigns to what the file says; shows what differs.");
  AddReach(*apply, arguments->reach);
  apply->add_option("file", arguments->file, "such as scenarios/bsn-2023/plan.yaml")->required();
  apply->add_flag("--approve", arguments->wish.approve, "approves the plan, if it is not yet");
  apply->add_flag("--dry-run", arguments->wish.dry_run, "shows what differs and changes nothing");
  return [arguments] {
    const auto code = Apply(*arguments);
    return code.ok() ? *code : Refuse("plan apply", code.status());
  };
}

}  // namespace ieum::ctl
