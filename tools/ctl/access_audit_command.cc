// `ieumctl audit access verify` and `… export`: is the access log as it was written, and what
// stands in it. Both speak to the services' databases.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "platform/access_log/access_log.h"
#include "platform/access_log/access_store.h"
#include "platform/access_log/verifying.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "tools/audit/suite_file.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr int kRowsAtOnce = 500;
constexpr char kInstant[] = "%Y-%m-%dT%H:%M:%E6SZ";

struct Arguments {
  std::string suite, output = "table";
  std::vector<std::string> services, known;
  std::string from, to, reason, account, format = "jsonl";
};

struct Place {
  std::string service;
  std::unique_ptr<db::Database> database;
};

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

absl::StatusOr<std::vector<Place>> PlacesOf(const Arguments& arguments) {
  auto options = arguments.suite.empty() ? audit::SubjectOfEnvironment(FromEnvironment)
                                         : audit::SubjectOfSuite(arguments.suite);
  RETURN_IF_ERROR(options.status());
  std::vector<Place> places;
  const auto& wanted = arguments.services;
  for (const audit::ServiceOptions& service : options->services) {
    const bool named = std::find(wanted.begin(), wanted.end(), service.name) != wanted.end();
    if (!named && !wanted.empty()) continue;
    places.push_back({service.name, std::make_unique<db::Database>(db::DatabaseOptions{
                                        .conninfo = service.conninfo,
                                        .password = service.db_password,
                                        .write_connections = 1,
                                        .read_connections = 1,
                                        .statement_timeout = absl::Minutes(10)})});
  }
  if (!places.empty()) return places;
  return absl::NotFoundError("no database of such a service is known");
}

// "registry=88:0f3a…"
absl::StatusOr<std::optional<access_log::KnownSeal>> KnownOf(const Arguments& arguments,
                                                             const std::string& service) {
  std::optional<access_log::KnownSeal> known;
  for (const std::string& words : arguments.known) {
    const std::vector<std::string> sides = absl::StrSplit(words, absl::MaxSplits('=', 1));
    const std::vector<std::string> seal = absl::StrSplit(sides.back(), absl::MaxSplits(':', 1));
    int64_t number = 0;
    if (sides.size() != 2 || seal.size() != 2 || !absl::SimpleAtoi(seal[0], &number)) {
      return absl::InvalidArgumentError(
          absl::StrCat(words, " is not <service>=<seal>:<hash>, as verify prints it"));
    }
    if (sides[0] == service) known = access_log::KnownSeal{number, seal[1]};
  }
  return known;
}

std::string HeadOf(const access_log::Verdict& verdict) {
  return absl::StrCat(verdict.head_number, ":", verdict.head_hash);
}

nlohmann::json AsJson(const std::string& service, const access_log::Verdict& verdict) {
  nlohmann::json json = {{"service", service},
                         {"rows", verdict.rows},
                         {"seals", verdict.seals},
                         {"pending", verdict.pending},
                         {"began_after", verdict.began_after},
                         {"head", HeadOf(verdict)}};
  if (verdict.fault) json["fault"] = *verdict.fault;
  return json;
}

std::string AsText(const std::string& service, const access_log::Verdict& verdict) {
  if (verdict.fault) return absl::StrCat(service, ": BROKEN: ", *verdict.fault);
  const std::string beginning =
      verdict.began_after == 0 ? "" : absl::StrCat(" after seal ", verdict.began_after);
  return absl::StrCat(service, ": whole: ", verdict.rows, " rows under ", verdict.seals, " seals",
                      beginning, ", ", verdict.pending, " not yet sealed; head ", HeadOf(verdict));
}

absl::StatusOr<int> VerifyAll(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::vector<Place> places, PlacesOf(arguments));
  int code = kGood;
  for (const Place& place : places) {
    ASSIGN_OR_RETURN(const auto known, KnownOf(arguments, place.service));
    ASSIGN_OR_RETURN(const access_log::Verdict verdict, access_log::Verify(*place.database, known));
    if (verdict.fault) code = kBad;
    const std::string line = arguments.output == "json" ? AsJson(place.service, verdict).dump()
                                                        : AsText(place.service, verdict);
    std::printf("%s\n", line.c_str());
  }
  return code;
}

std::string Instant(absl::Time at) { return absl::FormatTime(kInstant, at, absl::UTCTimeZone()); }

std::string JsonLine(const access_log::Row& row) {
  const access_log::Access& access = row.access;
  return nlohmann::json{{"row", row.id.ToString()},
                        {"time", Instant(access.at)},
                        {"recorded_time", Instant(row.recorded_at)},
                        {"account", access.account},
                        {"source", access.source},
                        {"action", access.action},
                        {"method", access.method},
                        {"outcome", access.outcome},
                        {"subjects", access.subjects},
                        {"query", access.query},
                        {"reason", access.reason},
                        {"emergency", access.emergency},
                        {"trace_id", access.trace_id}}
      .dump();
}

// Quoted, and never read as a formula by a spreadsheet.
std::string Cell(const std::string& text) {
  const bool formula = !text.empty() && absl::StrContains("=+-@\t\r", text.substr(0, 1));
  return absl::StrCat("\"", formula ? "'" : "", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

constexpr char kCsvHead[] =
    "row,time,recorded_time,account,source,action,method,outcome,subjects,query,reason,emergency,"
    "trace_id";

std::string CsvLine(const access_log::Row& row) {
  const access_log::Access& access = row.access;
  std::vector<std::string> cells;
  for (const std::string& text :
       {row.id.ToString(), Instant(access.at), Instant(row.recorded_at), access.account,
        access.source, access.action, access.method, access.outcome,
        absl::StrJoin(access.subjects, " "), access.query, access.reason,
        std::string(access.emergency ? "true" : "false"), access.trace_id}) {
    cells.push_back(Cell(text));
  }
  return absl::StrJoin(cells, ",");
}

// Who takes the log away is in the log before he has it (law:L19).
absl::Status RecordExport(const Arguments& arguments, const Place& place) {
  access_log::Access access;
  access.at = absl::Now();
  access.account = arguments.account;
  access.source = "local";
  access.action = "access_log.export";
  access.method = "ieumctl audit access export";
  access.outcome = access_log::kAllowed;
  access.query = absl::StrCat(arguments.from, "..", arguments.to);
  access.reason = arguments.reason;
  std::promise<absl::Status> written;
  access_log::AccessLog log(*place.database);
  log.Append(std::move(access), [&](const absl::Status& status) { written.set_value(status); });
  return written.get_future().get();
}

absl::Status ExportOne(const Arguments& arguments, const Place& place, absl::Time from,
                       absl::Time to) {
  access_log::RowId after;
  std::vector<access_log::Row> rows;
  do {
    RETURN_IF_ERROR(place.database->Read("access_log_export", [&](db::Tx& tx) {
      rows = access_log::ReadPeriod(tx, from, to, after, kRowsAtOnce);
      return absl::OkStatus();
    }));
    for (const access_log::Row& row : rows) {
      const std::string line = arguments.format == "csv" ? CsvLine(row) : JsonLine(row);
      std::printf("%s\n", line.c_str());
    }
    if (!rows.empty()) after = rows.back().id;
  } while (rows.size() == kRowsAtOnce);
  return absl::OkStatus();
}

absl::StatusOr<int> Export(const Arguments& arguments) {
  if (arguments.services.size() != 1) {
    return absl::InvalidArgumentError("one --service is exported at a time");
  }
  RETURN_IF_ERROR(base::CheckText(arguments.reason, "--reason"));
  ASSIGN_OR_RETURN(const absl::CivilDay first, base::ParseDay(arguments.from, "--from"));
  ASSIGN_OR_RETURN(const absl::CivilDay last, base::ParseDay(arguments.to, "--to"));
  ASSIGN_OR_RETURN(const std::vector<Place> places, PlacesOf(arguments));
  RETURN_IF_ERROR(RecordExport(arguments, places.front()));
  if (arguments.format == "csv") std::printf("%s\n", kCsvHead);
  RETURN_IF_ERROR(ExportOne(arguments, places.front(), absl::FromCivil(first, base::Korea()),
                            absl::FromCivil(last + 1, base::Korea())));
  return kGood;
}

int OrSay(const absl::StatusOr<int>& code) {
  return code.ok() ? *code : Refuse("audit access", code.status());
}

std::string OwnAccount() {
  const char* user = std::getenv("USER");
  return absl::StrCat("operator/", user == nullptr ? absl::StrCat(getuid()) : std::string(user));
}

void AddPlace(CLI::App& command, Arguments& arguments) {
  command.add_option("--suite", arguments.suite, "suite.json; without it IEUM_DB_<SERVICE>, …");
  command.add_option("--service", arguments.services, "only this one; may be repeated");
}

CLI::App* AddVerify(CLI::App& app, Arguments& arguments) {
  CLI::App* command = app.add_subcommand("verify", "Walks the chain of seals and all rows.");
  AddPlace(*command, arguments);
  command->add_option(
      "--known", arguments.known,
      "<service>=<seal>:<hash> that was printed earlier, or stands in the service's "
      "log; may be repeated");
  command->add_option("--output", arguments.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Ends with 0 when all is as it was written, 1 when not, 2 when it cannot be read.");
  return command;
}

CLI::App* AddExport(CLI::App& app, Arguments& arguments) {
  CLI::App* command = app.add_subcommand("export", "Prints accesses; that is an access itself.");
  AddPlace(*command, arguments);
  command->add_option("--from", arguments.from, "first day in Korea, 2026-11-01")->required();
  command->add_option("--to", arguments.to, "last day in Korea")->required();
  command->add_option("--reason", arguments.reason, "why; kept in the log")
      ->required()
      ->check([](const std::string& text) {
        return text.empty() ? std::string("must say something") : std::string();
      });
  arguments.account = OwnAccount();
  command->add_option("--account", arguments.account, "who takes it")->capture_default_str();
  command->add_option("--format", arguments.format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  return command;
}

}  // namespace

Run AddAccessAudit(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* access = app.add_subcommand("access", "The log of accesses to personal data.");
  access->require_subcommand(1);
  const CLI::App* verify = AddVerify(*access, *arguments);
  AddExport(*access, *arguments);
  return [arguments, verify] {
    return OrSay(verify->parsed() ? VerifyAll(*arguments) : Export(*arguments));
  };
}

}  // namespace ieum::ctl
