#include "services/notify/reminders/occasion.h"

#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::notify {

bool HappenedBefore(const Occasion& a, const Occasion& b) {
  if (a.at != b.at) return a.at < b.at;
  return a.place.producer == b.place.producer && a.place.shard == b.place.shard &&
         a.place.pos < b.place.pos;
}

absl::StatusOr<Occasion> OccasionOf(const Rule& rule, const Match& match,
                                    const IncomingEvent& event) {
  Occasion occasion;
  occasion.rule_code = rule.code;
  occasion.subject_id = match.subject_id;
  occasion.role = match.role;
  occasion.event_id = event.id;
  occasion.at = event.at;
  occasion.place = event.place;
  occasion.correlation_id = event.correlation_id;
  occasion.facts = FactsOf(*event.message);
  if (match.role == Role::kCancel) return occasion;
  const std::string& anchor_field = rule.terms.timing().anchor_field();
  const std::string day = anchor_field.empty() ? "" : TextAt(*event.message, anchor_field);
  if (!day.empty()) {
    ASSIGN_OR_RETURN(occasion.anchor, base::ParseDay(day, anchor_field));
  }
  for (const std::string& path : rule.terms.audience()) {
    const std::string text = TextAt(*event.message, path);
    if (text.empty()) continue;
    ASSIGN_OR_RETURN(const base::Uuid person, base::ParseUuid(text, path));
    if (std::find(occasion.persons.begin(), occasion.persons.end(), person) ==
        occasion.persons.end()) {
      occasion.persons.push_back(person);
    }
  }
  return occasion;
}

}  // namespace ieum::notify
