#include "services/notify/reminders/plan.h"

#include <algorithm>
#include <set>

#include "absl/strings/numbers.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/notify/reminders/planner.h"

namespace ieum::notify {
namespace {

// Versions of one code, which stand beside each other.
std::vector<absl::Span<const Rule>> ByCode(absl::Span<const Rule> rules) {
  std::vector<absl::Span<const Rule>> groups;
  for (size_t from = 0; from < rules.size();) {
    size_t to = from;
    while (to < rules.size() && rules[to].code == rules[from].code) ++to;
    groups.push_back(rules.subspan(from, to - from));
    from = to;
  }
  return groups;
}

// One rule's view: the version in force decides about triggers and about what is not planned yet,
// the pinned version about what is.
absl::Status Consider(absl::Span<const Rule> versions, const IncomingEvent& event,
                      Planner* planner) {
  const Rule* in_force = InForce(versions, event.at);
  for (const Rule& version : versions) {
    const auto match = MatchOf(version.terms, *event.message);
    if (!match) continue;
    const Reminder* last = planner->Last(version.code, match->subject_id);
    const bool decides =
        last == nullptr ? &version == in_force : last->rule_version == version.version;
    if (!decides) continue;
    ASSIGN_OR_RETURN(const Occasion occasion, OccasionOf(version, *match, event));
    planner->Apply(version, occasion);
    break;  // a row opened just now is pinned to this version; no other one decides
  }
  return absl::OkStatus();
}

}  // namespace

absl::Time DueInstant(const v1::Timing& timing, std::optional<absl::CivilDay> anchor,
                      absl::Time event_at) {
  if (timing.anchor_field().empty() || !anchor) return event_at;
  int hour = 9, minute = 0;
  if (timing.time_of_day().size() == 5) {
    absl::SimpleAtoi(timing.time_of_day().substr(0, 2), &hour);
    absl::SimpleAtoi(timing.time_of_day().substr(3, 2), &minute);
  }
  return base::KoreaInstant(*anchor + timing.offset_days(), hour, minute);
}

std::vector<std::string> SubjectsOf(absl::Span<const Rule> rules, const IncomingEvent& event) {
  std::set<std::string> subjects;
  for (const Rule& version : rules) {
    if (const auto match = MatchOf(version.terms, *event.message)) {
      subjects.insert(match->subject_id);
    }
  }
  return {subjects.begin(), subjects.end()};
}

absl::StatusOr<PlanDecision> DecidePlan(absl::Span<const Rule> rules, const IncomingEvent& event,
                                        const PlanState& state) {
  Planner planner(state);
  for (const absl::Span<const Rule> versions : ByCode(rules)) {
    RETURN_IF_ERROR(Consider(versions, event, &planner));
  }
  return std::move(planner).Decision();
}

}  // namespace ieum::notify
