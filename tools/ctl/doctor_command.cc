// `ieumctl doctor`: is the suite well, and if not, what is to be done?
#include <sys/statvfs.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "ieum/notify/v1/message_service.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "tools/ctl/doctor_checks.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr char kDiagnosis[] = "/ieum.platform.v1.OpsService/GetDiagnosis";
constexpr char kMessages[] = "/ieum.notify.v1.MessageService/ListMessages";
constexpr int kDoubtsAsked = 500;

struct Arguments {
  Reach reach;
  std::vector<std::string> disks;  // NAME=FOLDER
};

absl::StatusOr<Answers> Ask(Doors& doors, const std::string& service) {
  Answers answers;
  ASSIGN_OR_RETURN(answers.progress, doors.Progress(service));
  const absl::Time asked = absl::Now();
  RETURN_IF_ERROR(
      doors.Call(service, kDiagnosis, platform::v1::GetDiagnosisRequest(), &answers.diagnosis));
  const absl::Time answered = absl::Now();
  const absl::Time there = base::InstantOf(answers.diagnosis.process_time());
  // Its instant lies between question and answer, unless the clocks differ.
  answers.lead = there < asked      ? there - asked
                 : there > answered ? there - answered
                                    : absl::ZeroDuration();
  return answers;
}

Finding AskDoubts(Doors& doors) {
  notify::v1::ListMessagesRequest request;
  request.set_filter("state = MESSAGE_STATE_IN_DOUBT");
  request.set_page_size(kDoubtsAsked);
  notify::v1::ListMessagesResponse response;
  const absl::Status called = doors.Call("notify", kMessages, request, &response);
  if (!called.ok()) {
    return {"messages in doubt", "notify", Verdict::kUnknown, std::string(called.message())};
  }
  return JudgeDoubts(response.messages_size(), !response.next_page_token().empty());
}

Finding LookAtDisk(const std::string& name, const std::string& folder) {
  struct statvfs look {};
  if (folder.empty() || statvfs(folder.c_str(), &look) != 0) return JudgeDisk(name, 0, 0);
  const auto block = static_cast<int64_t>(look.f_frsize);
  return JudgeDisk(name, static_cast<int64_t>(look.f_bavail) * block,
                   static_cast<int64_t>(look.f_blocks) * block);
}

// Of suite.json, where it says so; words come after it and win.
absl::StatusOr<std::map<std::string, std::string>> DisksOf(const Arguments& arguments) {
  std::map<std::string, std::string> disks = {{"postgresql", ""}, {"broker", ""}};
  if (!arguments.reach.suite.empty()) {
    std::ifstream file(arguments.reach.suite);
    const auto suite = nlohmann::json::parse(file, nullptr, false);
    if (suite.is_object() && suite.contains("disks") && suite["disks"].is_object()) {
      for (const auto& [name, folder] : suite["disks"].items()) {
        if (folder.is_string()) disks[name] = folder.get<std::string>();
      }
    }
  }
  for (const std::string& word : arguments.disks) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("--disk ", word, ": wants NAME=FOLDER, such as broker=/var/lib/nats"));
    }
    disks[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return disks;
}

absl::StatusOr<std::vector<Finding>> Examine(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const auto disks, DisksOf(arguments));
  std::vector<Finding> findings;
  std::map<std::string, Answers> all;
  for (const std::string& service : doors.names()) {
    auto answers = Ask(doors, service);
    findings.push_back({"answers", service, answers.ok() ? Verdict::kOk : Verdict::kFail,
                        answers.ok() ? "yes" : std::string(answers.status().message()),
                        answers.ok() ? "" : "docs/runbook.md#ieumservicedown"});
    if (answers.ok()) all[service] = *std::move(answers);
  }
  for (const auto& [service, answers] : all) {
    for (Finding& finding : JudgeService(answers, all, absl::Now())) {
      findings.push_back(std::move(finding));
    }
  }
  if (all.contains("notify")) findings.push_back(AskDoubts(doors));
  for (const auto& [name, folder] : disks) findings.push_back(LookAtDisk(name, folder));
  return findings;
}

void Print(const std::vector<Finding>& findings, bool json) {
  if (json) {
    nlohmann::json out = {{"verdict", Word(Worst(findings))}, {"checks", nlohmann::json::array()}};
    for (const Finding& finding : findings) {
      out["checks"].push_back({{"check", finding.check},
                               {"subject", finding.subject},
                               {"verdict", Word(finding.verdict)},
                               {"found", finding.found},
                               {"todo", finding.todo}});
    }
    std::printf("%s\n", out.dump(2).c_str());
    return;
  }
  Table table({"VERDICT", "CHECK", "OF", "FOUND", "WHAT TO DO"});
  for (const Finding& finding : findings) {
    table.Add({Word(finding.verdict), finding.check, finding.subject, finding.found, finding.todo});
  }
  std::printf("%s%s\n", table.Text().c_str(), Word(Worst(findings)));
}

int Doctor(const Arguments& arguments) {
  const auto findings = Examine(arguments);
  if (!findings.ok()) return Refuse("doctor", findings.status());
  Print(*findings, arguments.reach.Json());
  switch (Worst(*findings)) {
    case Verdict::kFail:
      return 2;
    case Verdict::kWarn:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

Run AddDoctor(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "doctor", "Looks at everything that a suite stands on, and says what to do.");
  AddReach(*command, arguments->reach);
  command->add_option("--disk", arguments->disks,
                      "NAME=FOLDER on this machine whose free space counts; may be repeated");
  command->footer(
      "Ends with 0 when all is well, 1 when something wants to be looked at, 2 when something has "
      "failed or could not be asked.");
  return [arguments] { return Doctor(*arguments); };
}

}  // namespace ieum::ctl
