#include "tests/faults/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/faults/failpoints.h"

namespace ieum::faults {
namespace {

// "0.31" seconds.
std::string Seconds(absl::Duration duration) {
  return absl::StrFormat("%.2f", absl::ToDoubleSeconds(duration));
}

absl::Duration At(std::vector<absl::Duration> times, double share) {
  std::sort(times.begin(), times.end());
  return times[std::min(times.size() - 1,
                        static_cast<size_t>(share * static_cast<double>(times.size())))];
}

std::string FaultRow(const Fault& fault, const FaultTally& tally) {
  std::string row = absl::StrCat("| ", fault.id, " | ", fault.does, " | ", tally.struck, " | ");
  if (tally.recovered.empty()) {
    absl::StrAppend(&row, "– | – |");
  } else {
    absl::StrAppend(&row, Seconds(At(tally.recovered, 0.5)), " | ", Seconds(At(tally.recovered, 1)),
                    " |");
  }
  return absl::StrCat(row, " ", fault.promise, " |\n");
}

std::string FaultTable(const Result& result) {
  std::string table =
      "| | Fault | Struck | Recovery, median (s) | longest (s) | Must hold beyond the laws |\n"
      "|---|---|---:|---:|---:|---|\n";
  for (const Fault& fault : Faults()) {
    const auto found = result.faults.find(fault.id);
    if (found != result.faults.end() && found->second.struck > 0) {
      absl::StrAppend(&table, FaultRow(fault, found->second));
    }
  }
  return table;
}

std::string LeftOut(const Result& result) {
  std::string text;
  for (const auto& [id, tally] : result.faults) {
    for (const std::string& reason : tally.skipped) {
      absl::StrAppend(&text, "* ", id, ": ", reason, "\n");
    }
  }
  return text.empty() ? "" : absl::StrCat("Left out:\n\n", text, "\n");
}

std::string Coverage(const Result& result) {
  std::string text = absl::StrCat("Killed at ", result.killed_at.size(), " of ",
                                  Failpoints().size(), " failpoints");
  std::string missing;
  for (const Failpoint& point : Failpoints()) {
    if (std::find(result.killed_at.begin(), result.killed_at.end(), point.name) !=
        result.killed_at.end()) {
      continue;
    }
    absl::StrAppend(&missing, missing.empty() ? "; not at " : ", ", point.name);
  }
  return absl::StrCat(text, missing, ".\n");
}

std::string Held(const Result& result) {
  std::string text =
      "| Held by | MiB before | after | descriptors before | after |\n|---|---:|---:|---:|---:|\n";
  for (const auto& [service, before] : result.before) {
    const auto after = result.after.find(service);
    if (after == result.after.end()) continue;
    absl::StrAppend(&text, "| ", service, " | ", before.rss_kb / 1024, " | ",
                    after->second.rss_kb / 1024, " | ", before.fds, " | ", after->second.fds,
                    " |\n");
  }
  return text;
}

std::string Counts(const Result& result) {
  const Tallies& t = result.tallies;
  std::string text = absl::StrCat(
      "| Counted | |\n|---|---:|\n| commands given (request ids) | ", t.commands,
      " |\n| attempts sent | ", t.calls, " |\n| answered OK | ", t.done, " |\n| refused | ",
      t.refused, " |\n| outcome unknown at first | ", t.unknown,
      " |\n| never asked for again on purpose | ", t.abandoned,
      " |\n| done ones sent once more on purpose | ", t.repeated, " |\n| events in the ledgers | ",
      result.events, " |\n| processes started again | ", result.restarts,
      " |\n| streams refilled after a loss | ", result.republished,
      " |\n| mails that the mail server received | ", result.mails, " |\n");
  for (const auto& [state, count] : result.messages) {
    absl::StrAppend(&text, "| messages ", state, " | ", count, " |\n");
  }
  for (const auto& [code, count] : t.codes) {
    absl::StrAppend(&text, "| answers ", code, " | ", count, " |\n");
  }
  return text;
}

}  // namespace

std::string ReportOf(const Result& result, const std::string& command) {
  std::string text = absl::StrCat(
      "Command: `", command, "`, begun ",
      absl::FormatTime("%Y-%m-%d %H:%M", result.began, absl::UTCTimeZone()), " UTC, seed ",
      result.options.seed, ", ", absl::FormatDuration(absl::Trunc(result.took, absl::Seconds(1))),
      " with ", result.options.clients, " clients. Breaches: **", result.breaches.size(),
      "**.\n\n");
  for (const std::string& breach : result.breaches) {
    absl::StrAppend(&text, "* ", breach.substr(0, breach.find('\n')), "\n");
  }
  if (!result.breaches.empty()) text += "\n";
  absl::StrAppend(&text, FaultTable(result), "\n", LeftOut(result), Coverage(result), "\n",
                  Counts(result), "\n", Held(result), "\n");
  text += "| Law | |\n|---|---|\n";
  for (const std::string& line : result.laws) absl::StrAppend(&text, "| ", line, " |\n");
  return text;
}

}  // namespace ieum::faults
