#include "services/casemgmt/engagements/engagement_events.h"

#include "platform/base/chosen_centre.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

v1::EngagementFacts FactsOf(const Engagement& engagement) {
  v1::EngagementFacts facts;
  facts.set_engagement_id(engagement.id.ToString());
  facts.set_organization_id(engagement.organization_id.ToString());
  facts.set_campaign_id(engagement.campaign_id.ToString());
  facts.set_campaign_code(engagement.campaign_code);
  facts.set_programme(engagement.programme);
  facts.set_edition(engagement.edition);
  facts.set_task(engagement.task);
  if (engagement.consultant) facts.set_consultant_person_id(engagement.consultant->ToString());
  if (engagement.manager) facts.set_manager_person_id(engagement.manager->ToString());
  if (engagement.contact_person) {
    facts.set_contact_person_id(engagement.contact_person->ToString());
  }
  facts.set_state(engagement.state);
  facts.set_centre_id(base::CentreText(engagement.centre));
  return facts;
}

v1::VisitFacts FactsOf(const Visit& visit) {
  v1::VisitFacts facts;
  facts.set_visit_id(visit.id.ToString());
  facts.set_visit_date(base::FormatDay(visit.day()));
  *facts.mutable_start_time() = ToTimestamp(visit.start);
  *facts.mutable_end_time() = ToTimestamp(visit.end);
  facts.set_consultant_person_id(visit.consultant.ToString());
  if (visit.contact_person) facts.set_contact_person_id(visit.contact_person->ToString());
  facts.set_report_recorded(!visit.minutes.empty());
  return facts;
}

}  // namespace ieum::casemgmt
