#include "services/casemgmt/forms/application_wire.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

v1::ExternalResult ToWire(const ExternalResult& result) {
  v1::ExternalResult wire;
  wire.set_result_date(base::FormatDay(result.day));
  wire.set_outcome(result.outcome);
  wire.set_score(result.score);
  wire.set_grade(result.grade);
  wire.set_valid_until_date(DayText(result.valid_until));
  return wire;
}

void AddContent(const Application& application, v1::Application* wire) {
  wire->set_form_version(application.form_version);
  for (const FormAnswer& answer : application.answers) {
    auto* added = wire->add_answers();
    added->set_item_code(answer.item_code);
    added->set_text(answer.text);
  }
  wire->set_signed_by_representative(application.signed_by_representative);
  wire->set_draft_version(application.draft_version);
}

void AddOutcome(const Application& application, v1::Application* wire) {
  if (application.enrolment) {
    wire->set_enrolment(absl::StrCat("campaigns/", application.campaign_id.ToString(),
                                     "/enrolments/", application.enrolment->ToString()));
  }
  wire->set_waiting(application.waiting);
  wire->set_denial_reason(application.denial_reason);
  wire->set_external_receipt_number(application.external_receipt_number);
  wire->set_forwarded_date(DayText(application.forwarded_day));
  if (application.result) *wire->mutable_external_result() = ToWire(*application.result);
  wire->set_withdrawal_reason(application.withdrawal_reason);
}

}  // namespace

v1::Application ToWire(const ApplicationView& view) {
  const Application& application = view.application;
  v1::Application wire;
  wire.set_name(ApplicationName(application.id));
  wire.set_engagement(EngagementName(application.engagement_id));
  wire.set_organization(NameIn("organizations", application.organization_id));
  wire.set_campaign(NameIn("campaigns", application.campaign_id));
  wire.set_centre(NameIn("organizations", application.centre));
  wire.set_task(application.task);
  wire.set_state(application.state);
  AddContent(application, &wire);
  if (application.submit_time) *wire.mutable_submit_time() = ToTimestamp(*application.submit_time);
  wire.set_receipt_number(application.receipt_number);
  wire.set_received_date(DayText(application.received_day));
  AddOutcome(application, &wire);
  *wire.mutable_create_time() = ToTimestamp(application.create_time);
  *wire.mutable_update_time() = ToTimestamp(application.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::casemgmt
