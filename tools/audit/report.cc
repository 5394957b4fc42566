#include "tools/audit/report.h"

#include <nlohmann/json.hpp>

#include "fmt/format.h"

namespace ieum::audit {
namespace {

using nlohmann::json;

const char* Word(const Finding& finding) {
  if (finding.tally.breaches() == 0 && !finding.status.ok()) return "cannot read";
  switch (finding.tally.verdict()) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kBroken:
      return "BROKEN";
    case Verdict::kNotChecked:
      break;
  }
  return "not checked";
}

const char* Word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAllHold:
      return "all hold";
    case Outcome::kBreach:
      return "breach";
    case Outcome::kCannotRead:
      break;
  }
  return "cannot read";
}

json JsonOf(const Offender& offender) {
  return {{"service", offender.service},     {"shard", offender.shard},
          {"position", offender.pos},        {"event_id", offender.event_id},
          {"aggregate", offender.aggregate}, {"what", offender.what}};
}

}  // namespace

Outcome OutcomeOf(const std::vector<Finding>& findings) {
  Outcome outcome = Outcome::kAllHold;
  for (const Finding& finding : findings) {
    if (finding.tally.breaches() > 0) return Outcome::kBreach;
    if (!finding.status.ok()) outcome = Outcome::kCannotRead;
  }
  return outcome;
}

std::string ReportText(const std::vector<Finding>& findings) {
  std::string text = fmt::format("  {:<5}  {:<41}  {:>10}  {:>8}  {}\n", "law", "says", "looked at",
                                 "breaches", "verdict");
  for (const Finding& finding : findings) {
    text += fmt::format("  {:<5}  {:<41}  {:>10}  {:>8}  {}\n", finding.law->id, finding.law->says,
                        finding.tally.checked(), finding.tally.breaches(), Word(finding));
  }
  for (const Finding& finding : findings) {
    if (finding.tally.first()) {
      text += fmt::format("\n{} is broken, first by\n  {}\n", finding.law->id,
                          finding.tally.first()->ToString());
    }
    if (!finding.status.ok()) {
      text += fmt::format("\n{} could not be looked at to the end: {}\n", finding.law->id,
                          std::string(finding.status.message()));
    }
  }
  std::string notes;
  for (const Finding& finding : findings) {
    for (const std::string& note : finding.tally.notes()) {
      notes += fmt::format("  {}: {}\n", finding.law->id, note);
    }
  }
  if (!notes.empty()) text += "\nNotes\n" + notes;
  return text + fmt::format("\nOutcome: {}\n", Word(OutcomeOf(findings)));
}

std::string ReportJson(const std::vector<Finding>& findings) {
  json laws = json::array();
  for (const Finding& finding : findings) {
    json law = {{"law", finding.law->id},
                {"says", finding.law->says},
                {"verdict", Word(finding)},
                {"checked", finding.tally.checked()},
                {"breaches", finding.tally.breaches()},
                {"notes", finding.tally.notes()}};
    if (finding.tally.first()) law["first"] = JsonOf(*finding.tally.first());
    if (!finding.status.ok()) law["error"] = std::string(finding.status.message());
    laws.push_back(std::move(law));
  }
  return json{{"outcome", Word(OutcomeOf(findings))}, {"laws", laws}}.dump(
             2, ' ', false, json::error_handler_t::replace) +
         "\n";
}

}  // namespace ieum::audit
