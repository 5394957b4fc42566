// `ieumctl audit`: are the laws of the house kept?
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "platform/base/status.h"
#include "tools/audit/law.h"
#include "tools/audit/report.h"
#include "tools/audit/suite_file.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

struct Arguments {
  std::string suite, journal, mails, processes, output = "table";
  std::vector<std::string> laws;
  double rest_seconds = 10;
  bool rested = false;
};

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

absl::StatusOr<audit::SubjectOptions> OptionsOf(const Arguments& arguments) {
  auto options = arguments.suite.empty() ? audit::SubjectOfEnvironment(FromEnvironment)
                                         : audit::SubjectOfSuite(arguments.suite);
  RETURN_IF_ERROR(options.status());
  options->journal = arguments.journal;
  options->processes = arguments.processes;
  options->rest = absl::Seconds(arguments.rest_seconds);
  options->rested = arguments.rested;
  if (!arguments.mails.empty()) options->mails = arguments.mails;
  return options;
}

absl::StatusOr<int> Audit(const Arguments& arguments) {
  ASSIGN_OR_RETURN(audit::SubjectOptions options, OptionsOf(arguments));
  ASSIGN_OR_RETURN(const auto subject, audit::Subject::Open(std::move(options)));
  const auto findings = audit::Audit(*subject, arguments.laws);
  const std::string report =
      arguments.output == "json" ? audit::ReportJson(findings) : audit::ReportText(findings);
  std::fputs(report.c_str(), stdout);
  return static_cast<int>(audit::OutcomeOf(findings));
}

int AuditOrSay(const Arguments& arguments) {
  const absl::StatusOr<int> outcome = Audit(arguments);
  if (outcome.ok()) return *outcome;
  std::fprintf(stderr, "ieumctl audit: %s\n", std::string(outcome.status().message()).c_str());
  return kUsage;
}

}  // namespace

Run AddAudit(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("audit", "Checks the laws INV1-INV9 on a suite.");
  std::vector<std::string> known;
  for (const audit::Law& law : audit::Laws()) known.emplace_back(law.id);
  command->add_option("--suite", arguments->suite,
                      "suite.json; without it IEUM_DB_<SERVICE>, IEUM_NATS_URL, …");
  command->add_option("--journal", arguments->journal, "what clients asked and were answered");
  command->add_option("--mails", arguments->mails, "folder of the mail server; else the suite's");
  command->add_option("--processes", arguments->processes, "what a supervisor saw of processes");
  command->add_option("--law", arguments->laws, "only this law; may be repeated")
      ->check(CLI::IsMember(known));
  command
      ->add_option("--rest", arguments->rest_seconds,
                   "seconds to wait for rest; 0 = the suite goes on working")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_flag("--rested", arguments->rested,
                    "the suite is stopped and came to rest before: nothing may be on its way");
  command->add_option("--output", arguments->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer("Ends with 0 when all hold, 1 on a breach, 2 when something cannot be read.");
  const Run access = AddAccessAudit(*command);
  return [arguments, command, access] {
    return command->got_subcommand("access") ? access() : AuditOrSay(*arguments);
  };
}

}  // namespace ieum::ctl
