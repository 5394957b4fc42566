#include "services/casemgmt/forms/application_events.h"

#include "platform/base/chosen_centre.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

v1::ApplicationFacts FactsOf(const Application& application) {
  v1::ApplicationFacts facts;
  facts.set_application_id(application.id.ToString());
  facts.set_engagement_id(application.engagement_id.ToString());
  facts.set_organization_id(application.organization_id.ToString());
  facts.set_campaign_id(application.campaign_id.ToString());
  facts.set_campaign_code(application.campaign_code);
  facts.set_programme(application.programme);
  facts.set_edition(application.edition);
  facts.set_task(application.task);
  facts.set_admission(application.admission);
  if (application.consultant) facts.set_consultant_person_id(application.consultant->ToString());
  if (application.contact_person) {
    facts.set_contact_person_id(application.contact_person->ToString());
  }
  facts.set_state(application.state);
  facts.set_window_end_date(DayText(application.window_end_date));
  facts.set_receipt_number(application.receipt_number);
  facts.set_draft_version(application.draft_version);
  facts.set_centre_id(base::CentreText(application.centre));
  return facts;
}

}  // namespace ieum::casemgmt
