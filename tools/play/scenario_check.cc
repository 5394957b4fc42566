#include "tools/play/scenario_check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/play/actions.h"
#include "tools/play/json_file.h"
#include "tools/play/masters.h"
#include "tools/play/times.h"

namespace ieum::play {
namespace {

using nlohmann::json;

void CheckUnknown(const json& fields, absl::Span<const CallShape> shapes, const std::string& place,
                  Faults& faults) {
  const std::vector<std::string> unknown = UnknownFields(fields, shapes);
  if (!unknown.empty()) {
    faults.Add(place, absl::StrCat("unknown field `", absl::StrJoin(unknown, "`, `"), "`"));
  }
}

// Builds the request and gives its key to a made-up resource.
void Rehearse(const CallShape& shape, const json& fields, const std::string& place, Names& names,
              Faults& faults) {
  const auto request = BuildRequest(shape, fields, names, "made-up");
  if (!request.ok()) faults.Add(place, request.status());
  if (shape.key_field.empty()) return;
  const absl::StatusOr<std::string> key = TextAt(fields, shape.key_field);
  if (!key.ok()) {
    faults.Add(place, key.status());
    return;
  }
  const absl::Status defined =
      names.Define(*key, {shape.collection, absl::StrCat(shape.collection, "/", *key)});
  if (!defined.ok()) faults.Add(place, defined);
}

void CheckTime(const Scenario& scenario, const Action& action, absl::Time earlier, Faults& faults) {
  if (action.time <= earlier) {
    faults.Add(action.Place(), "does not stand later than what precedes it");
  }
  if (action.time > scenario.cut_off) faults.Add(action.Place(), "stands behind the cut-off");
  if (IsReminderInstant(action.time)) {
    faults.Add(action.Place(), "stands on the instant of reminders, 09:00:00");
  }
}

void CheckAction(const Action& action, Names& names, Faults& faults) {
  const auto row = Actions().find(action.verb);
  if (row == Actions().end()) {
    faults.Add(action.Place(), absl::StrCat("`", action.verb, "` is nothing that can be done"));
    return;
  }
  CheckUnknown(action.fields, {row->second}, action.Place(), faults);
  Rehearse(row->second, action.fields, action.Place(), names, faults);
}

}  // namespace

void CheckScenario(const Scenario& scenario, Faults& faults) {
  Names names;
  for (size_t i = 0; i < scenario.masters.size(); ++i) {
    const std::vector<CallShape>& calls = Masters()[i].calls;
    for (const Entry& entry : scenario.masters[i]) {
      CheckUnknown(entry.fields, calls, entry.Place(), faults);
      for (const CallShape& shape : calls) {
        if (shape.IsFor(entry.fields)) {
          Rehearse(shape, entry.fields, entry.Place(), names, faults);
        }
      }
    }
  }
  absl::Time earlier = scenario.set_up_at;
  for (const Action& action : scenario.actions) {
    CheckTime(scenario, action, earlier, faults);
    CheckAction(action, names, faults);
    earlier = action.time;
  }
}

}  // namespace ieum::play
