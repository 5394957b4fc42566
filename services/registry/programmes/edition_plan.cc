// How a plan is taken: its codes, targets and days.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/korea_time.h"
#include "services/registry/printed_name.h"
#include "services/registry/programmes/date_rule.h"
#include "services/registry/programmes/edition.h"

namespace ieum::registry {
namespace {

constexpr int kDaysOfWeek = 7;
// Of a whole plan: its targets are told in one event, and each of its dates in one, at one instant.
constexpr int kTargetsMax = 1000;
constexpr int kDatesMax = 1000;

// Takes the lines of one plan.
class PlanReader {
 public:
  PlanReader(const Edition& edition, const base::BusinessCalendar& calendar,
             base::FieldErrors* errors)
      : edition_(edition), calendar_(calendar), errors_(errors) {}

  v1::ActivityLine Line(v1::ActivityLine line, const std::string& field) {
    CheckOnce(&lines_, line.code(), absl::StrCat(field, ".code"), "a line");
    line.set_display_name(CheckPrintedName(
        line.display_name(), absl::StrCat(field, ".display_name"), kTitleMax, errors_));
    if (!line.display_name_en().empty()) {
      line.set_display_name_en(CheckPrintedName(
          line.display_name_en(), absl::StrCat(field, ".display_name_en"), kTitleMax, errors_));
    }
    for (int at = 0; at < line.targets_size(); ++at) {
      CheckTarget(line.targets(at), absl::StrCat(field, ".targets[", at, "]"));
    }
    std::set<std::string> keys;
    for (int at = 0; at < line.dates_size(); ++at) {
      const std::string place = absl::StrCat(field, ".dates[", at, "]");
      CheckOnce(&keys, line.dates(at).key(), absl::StrCat(place, ".key"), "a date of the line");
      FindDays(line.code(), line.mutable_dates(at), place);
    }
    return line;
  }

 private:
  void CheckOnce(std::set<std::string>* seen, const std::string& code, const std::string& field,
                 std::string_view what) {
    if (seen->insert(code).second) return;
    errors_->Add(
        v1::ERROR_REASON_PLAN_CODE_TWICE, field,
        absl::StrCat("stands above already: the code of ", std::string(what), " is its own"));
  }

  void CheckTarget(const v1::PlannedTarget& target, const std::string& field) {
    CheckOnce(&indicators_, target.indicator(), absl::StrCat(field, ".indicator"), "a target");
    if (target.value().empty()) return;
    const auto value = base::Decimal::Parse(target.value());
    if (value && *value > base::Decimal(0)) return;
    errors_->Add(v1::ERROR_REASON_TARGET_INVALID, absl::StrCat(field, ".value"),
                 "must be a decimal above zero, or empty for a figure without a target");
  }

  std::optional<absl::CivilDay> Day(const v1::DateRule& rule, const std::string& field) {
    if (!rule.date().empty() && rule.years_after() != 0) {
      errors_->Add("INVALID_FIELD", absl::StrCat(field, ".years_after"), "is for rules, not days");
    }
    auto day = DayOf(rule, edition_.year, calendar_, field);
    if (day.ok()) return *day;
    errors_->Add(day.status());
    return std::nullopt;
  }

  void FindDays(const std::string& line, v1::PlannedDate* date, const std::string& field) {
    if (date->kind() == v1::PLANNED_DATE_KIND_UNSPECIFIED) {
      date->set_kind(v1::PLANNED_DATE_KIND_ACTIVITY);
    }
    date->set_activity_id(
        base::Uuid::Derive(EditionId(edition_.key), absl::StrCat(line, "/", date->key()))
            .ToString());
    const auto first = Day(date->start(), absl::StrCat(field, ".start"));
    const auto last = date->has_end() ? Day(date->end(), absl::StrCat(field, ".end")) : first;
    if (!first || !last) return;
    date->set_start_date(base::FormatDay(*first));
    date->set_end_date(base::FormatDay(*last));
    if (*last >= *first) return;
    errors_->Add(
        v1::ERROR_REASON_DATE_ORDER, absl::StrCat(field, ".end"),
        absl::StrCat("gives ", date->end_date(), ", which is before ", date->start_date()));
  }

  const Edition& edition_;
  const base::BusinessCalendar& calendar_;
  base::FieldErrors* errors_;
  std::set<std::string> lines_, indicators_;
};

// Two fixed days within a week are one occasion: both moved by their own weekdays could end before
// it begins, or a week later. Its last day stays as far behind the first one; false for others.
bool CopyOccasion(int from_year, int year, v1::PlannedDate* date) {
  const auto first = base::ParseDay(date->start().date(), "start");
  const auto last = base::ParseDay(date->end().date(), "end");
  if (!first.ok() || !last.ok() || *last - *first >= kDaysOfWeek) return false;
  *date->mutable_start() = CopiedRule(date->start(), from_year, year);
  const auto moved = base::ParseDay(date->start().date(), "start");
  if (moved.ok()) date->mutable_end()->set_date(base::FormatDay(*moved + (*last - *first)));
  return true;
}

void CopyDays(int from_year, int year, v1::PlannedDate* date) {
  const bool call = date->kind() == v1::PLANNED_DATE_KIND_CALL;
  if (!call && date->has_end() && CopyOccasion(from_year, year, date)) return;
  *date->mutable_start() = call ? CopiedFirstDay(date->start(), from_year, year)
                                : CopiedRule(date->start(), from_year, year);
  if (!date->has_end()) return;
  *date->mutable_end() =
      call ? CopiedLastDay(date->end(), from_year, year) : CopiedRule(date->end(), from_year, year);
}

}  // namespace

void TakePlan(const v1::Edition& wanted, const base::BusinessCalendar& calendar, Edition* edition,
              base::FieldErrors* errors) {
  if (wanted.year() == 0) errors->Add("INVALID_FIELD", "edition.year", "must be given");
  edition->year = wanted.year();
  edition->budget_year = wanted.budget_year() == 0 ? wanted.year() : wanted.budget_year();
  edition->plan.Clear();
  int targets = 0, dates = 0;
  for (const v1::ActivityLine& line : wanted.lines()) {
    targets += line.targets_size();
    dates += line.dates_size();
  }
  if (targets > kTargetsMax || dates > kDatesMax) {
    errors->Add("INVALID_FIELD", "edition.lines",
                absl::StrCat("hold ", targets, " targets and ", dates,
                             " dates: a plan has at most ", kTargetsMax, " and ", kDatesMax));
    return;
  }
  PlanReader reader(*edition, calendar, errors);
  for (int at = 0; at < wanted.lines_size(); ++at) {
    *edition->plan.add_lines() =
        reader.Line(wanted.lines(at), absl::StrCat("edition.lines[", at, "]"));
  }
}

v1::Edition CopiedTerms(const Edition& from, int year,
                        const google::protobuf::RepeatedPtrField<v1::ChangedTarget>& changed,
                        base::FieldErrors* errors) {
  std::map<std::string, v1::PlannedTarget*> targets;
  v1::Edition terms = TermsOf(from);
  terms.set_year(year);
  terms.set_budget_year(year + from.budget_year - from.year);
  for (v1::ActivityLine& line : *terms.mutable_lines()) {
    for (v1::PlannedTarget& target : *line.mutable_targets()) targets[target.indicator()] = &target;
    for (v1::PlannedDate& date : *line.mutable_dates()) CopyDays(from.year, year, &date);
  }
  for (int at = 0; at < changed.size(); ++at) {
    const auto target = targets.find(changed.Get(at).indicator());
    if (target != targets.end()) {
      target->second->set_value(changed.Get(at).value());
    } else {
      errors->Add(v1::ERROR_REASON_INDICATOR_NOT_PLANNED,
                  absl::StrCat("targets[", at, "].indicator"), "no line of the plan has it");
    }
  }
  return terms;
}

}  // namespace ieum::registry
