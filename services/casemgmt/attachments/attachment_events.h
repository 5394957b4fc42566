// What events say of an attachment: never what it is called, nor of whom it is.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/attachments/attachment.h"

namespace ieum::casemgmt {

inline constexpr char kAttachmentKind[] = "attachment";

v1::AttachmentFacts FactsOf(const Attachment& attachment);

// An event with the attachment, its parent's centre and the day of recording.
template <class Event>
Event EventOf(const Attachment& attachment, const std::optional<base::Uuid>& centre,
              absl::Time now) {
  Event event;
  *event.mutable_attachment() = FactsOf(attachment);
  if (centre) event.set_centre_id(centre->ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

}  // namespace ieum::casemgmt
