#include "services/casemgmt/conferences/conference_wire.h"

#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

void AddCodes(const AgendaItemView& view, v1::AgendaItem* wire) {
  wire->set_case_number(view.case_number);
  wire->set_case_state(view.case_state);
  wire->set_risk_level(view.risk_level);
  wire->set_primary_factor(view.primary_factor);
  for (const auto& [code, severity] : view.severities) {
    auto* added = wire->add_factors();
    added->set_code(code);
    added->set_severity(severity);
  }
  wire->set_intake_date(DayText(view.intake_day));
  for (const PlanAction& action : view.services) {
    auto* added = wire->add_services();
    added->set_service(action.service);
    added->set_due_date(base::FormatDay(action.due));
    added->set_result(action.result);
  }
}

}  // namespace

v1::Conference ToWire(const ConferenceView& view) {
  const Conference& conference = view.conference;
  v1::Conference wire;
  wire.set_name(ConferenceName(conference.id));
  wire.set_state(conference.state);
  wire.set_centre(NameIn("organizations", conference.centre));
  wire.set_conference_date(base::FormatDay(conference.day));
  for (const base::Uuid& member : conference.members) {
    wire.add_members(NameIn("subjects", member));
  }
  wire.set_agenda_item_count(view.agenda_items);
  *wire.mutable_create_time() = base::ToTimestamp(conference.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(conference.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::AgendaItem ToWire(const AgendaItemView& view) {
  const AgendaItem& item = view.item;
  v1::AgendaItem wire;
  wire.set_name(AgendaItemName(item.conference_id, item.id));
  wire.set_state(item.state);
  wire.set_person(NameIn("persons", view.person));
  wire.set_conference_date(base::FormatDay(view.conference_day));
  AddCodes(view, &wire);
  wire.set_classification(item.classification);
  wire.set_classified_date(DayText(item.classified_day));
  wire.set_anonymised(view.anonymised);
  *wire.mutable_create_time() = base::ToTimestamp(item.create_time);
  if (!view.whole) return wire;
  wire.set_case_(CaseName(item.case_id));
  wire.set_question_text(item.question);
  wire.set_minutes_text(item.minutes);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::casemgmt
