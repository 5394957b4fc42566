#include "services/casemgmt/cases/case_events.h"

#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

std::string IdText(const std::optional<base::Uuid>& id) { return id ? id->ToString() : ""; }

}  // namespace

void FillFacts(const Case& c, v1::CaseFacts* facts) {
  facts->set_case_id(c.id.ToString());
  facts->set_participant_id(c.participant.ToString());
  facts->set_programme(c.programme);
  facts->set_edition(c.edition);
  facts->set_line_code(c.line_code);
  facts->set_centre_id(IdText(c.centre));
  facts->set_ownership_epoch(c.ownership_epoch);
  facts->set_state(c.state);
  facts->set_on_hold(c.on_hold);
  facts->set_risk_level(c.risk_level);
  facts->set_classification(c.classification);
  facts->set_primary_factor(c.primary_factor);
  facts->set_manager_person_id(IdText(c.manager));
  facts->set_supervisor_person_id(IdText(c.supervisor));
  facts->set_case_number(c.case_number);
  facts->set_source(c.source);
  facts->set_intake_date(DayText(c.intake_day));
}

}  // namespace ieum::casemgmt
