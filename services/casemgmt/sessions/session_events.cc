#include "services/casemgmt/sessions/session_events.h"

#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

v1::SessionFacts FactsOf(const Session& session) {
  v1::SessionFacts facts;
  facts.set_session_id(session.id.ToString());
  facts.set_type(session.type);
  facts.set_purpose(session.purpose);
  facts.set_channel(session.channel);
  facts.set_state(session.state);
  facts.set_service_date(DayText(session.service_day()));
  facts.set_record_date(DayText(session.record_day));
  facts.set_minutes(session.minutes);
  if (session.provider_organization) {
    facts.set_provider_organization_id(session.provider_organization->ToString());
  }
  facts.set_urgent(session.urgent);
  facts.set_revision(session.revision);
  return facts;
}

}  // namespace ieum::casemgmt
