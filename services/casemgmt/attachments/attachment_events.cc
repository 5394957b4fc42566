#include "services/casemgmt/attachments/attachment_events.h"

namespace ieum::casemgmt {

v1::AttachmentFacts FactsOf(const Attachment& attachment) {
  v1::AttachmentFacts facts;
  facts.set_attachment_id(attachment.id.ToString());
  const AttachmentParent& parent = attachment.parent;
  if (parent.case_id) facts.set_case_id(parent.case_id->ToString());
  if (parent.session) facts.set_session_id(parent.session->ToString());
  if (parent.plan) facts.set_plan_id(parent.plan->ToString());
  if (parent.engagement) facts.set_engagement_id(parent.engagement->ToString());
  if (parent.application) facts.set_application_id(parent.application->ToString());
  facts.set_type(attachment.type);
  facts.set_size_bytes(attachment.size_bytes);
  facts.set_state(attachment.state);
  facts.set_scan_state(attachment.scan_state);
  return facts;
}

}  // namespace ieum::casemgmt
