#include "services/casemgmt/conferences/conference.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

// "PLANNED"
std::string Word(v1::ConferenceState state) {
  return v1::ConferenceState_Name(state).substr(sizeof("CONFERENCE_STATE_") - 1);
}

bool Allows(v1::ConferenceState state, ConferenceStep step) {
  switch (state) {
    case v1::CONFERENCE_STATE_PLANNED:
      return step != ConferenceStep::kDecide;
    case v1::CONFERENCE_STATE_HELD:
      return step == ConferenceStep::kDecide || step == ConferenceStep::kSeat;
    default:
      return false;
  }
}

}  // namespace

absl::Status CheckStep(const Conference& conference, ConferenceStep step) {
  if (Allows(conference.state, step)) return absl::OkStatus();
  const bool decides = step == ConferenceStep::kDecide;
  return base::Forbidden(
      v1::ERROR_REASON_CONFERENCE_STATE,
      absl::StrCat("the conference is ", Word(conference.state), "; this can be done while it is ",
                   decides ? "HELD" : "PLANNED"),
      {{"conference", ConferenceName(conference.id)}, {"state", Word(conference.state)}});
}

absl::StatusOr<std::vector<base::Uuid>> SeatsOf(std::vector<base::Uuid> members) {
  std::sort(members.begin(), members.end());
  if (std::adjacent_find(members.begin(), members.end()) == members.end()) return members;
  return base::InvalidField("INVALID_FIELD", "conference.members",
                            "names somebody twice; name each member once");
}

absl::Status CheckPending(const AgendaItem& item) {
  if (item.state == v1::AGENDA_ITEM_STATE_PENDING) return absl::OkStatus();
  const bool decided = item.state == v1::AGENDA_ITEM_STATE_DECIDED;
  return base::Forbidden(v1::ERROR_REASON_AGENDA_ITEM_STATE,
                         decided ? "the conference has decided about this case already"
                                 : "the case was taken off this agenda; put it on it again first",
                         {{"agenda_item", AgendaItemName(item.conference_id, item.id)}});
}

std::string ConferenceName(const base::Uuid& id) {
  return absl::StrCat("conferences/", id.ToString());
}

std::string AgendaItemName(const base::Uuid& conference_id, const base::Uuid& id) {
  return absl::StrCat(ConferenceName(conference_id), "/agendaItems/", id.ToString());
}

}  // namespace ieum::casemgmt
