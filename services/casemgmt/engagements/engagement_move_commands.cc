#include "services/casemgmt/engagements/engagement_move_commands.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/engagement_events.h"
#include "services/casemgmt/engagements/engagement_move_store.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/forms/application_events.h"
#include "services/casemgmt/forms/application_store.h"

namespace ieum::casemgmt {
namespace {

template <class Event>
void Tell(ledger::UnitOfWork& work, const FollowMoveInput& input, Event event, const auto& row) {
  event.set_previous_centre_id(base::CentreText(input.from));
  event.set_move_id(input.move_id);
  Append(work, row, event);
}

}  // namespace

absl::Status FollowMove(ledger::UnitOfWork& work, const FollowMoveInput& input) {
  const std::vector<base::Uuid> forms = FormsOf(work.tx(), input.engagement_id);
  std::vector<base::Uuid> locked = forms;
  locked.push_back(input.engagement_id);
  work.Lock(std::move(locked));
  const auto engagement = FindEngagement(work.tx(), work.scope(), input.engagement_id);
  if (!engagement || engagement->centre != input.from) return absl::OkStatus();
  // Whoever begins a form holds the engagement.
  if (FormsOf(work.tx(), input.engagement_id) != forms) db::Conflict();

  HandOver(work.tx(), input.engagement_id, input.to, work.now());
  const auto moved = FindEngagement(work.tx(), work.scope(), input.engagement_id);
  Tell(work, input, EventOf<v1::EngagementMoved>(*moved, work.now()), *moved);
  GiveAdoptionChecks(work, *moved);
  for (const base::Uuid& id : forms) {
    const auto form = FindApplication(work.tx(), work.scope(), id);
    Tell(work, input, EventOf<v1::ApplicationMoved>(*form, work.now()), *form);
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
