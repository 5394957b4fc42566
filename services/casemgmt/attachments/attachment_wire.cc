#include "services/casemgmt/attachments/attachment_wire.h"

#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {

v1::Attachment ToWire(const OpenedAttachment& opened) {
  const Attachment& attachment = opened.view.attachment;
  v1::Attachment wire;
  wire.set_name(AttachmentName(attachment.id));
  wire.set_parent(ParentName(attachment.parent));
  wire.set_file_name(opened.file_name);
  wire.set_type(attachment.type);
  wire.set_size_bytes(attachment.size_bytes);
  wire.set_sha256(opened.sha256);
  wire.set_state(attachment.state);
  wire.set_scan_state(attachment.scan_state);
  wire.set_received_bytes(opened.view.received_bytes);
  *wire.mutable_create_time() = base::ToTimestamp(attachment.create_time);
  if (attachment.store_time) {
    *wire.mutable_store_time() = base::ToTimestamp(*attachment.store_time);
  }
  if (attachment.scan_time) *wire.mutable_scan_time() = base::ToTimestamp(*attachment.scan_time);
  wire.set_scanner(attachment.scanner);
  wire.set_person(NameIn("persons", attachment.person));
  wire.set_removal_reason(attachment.removal_reason);
  wire.set_etag(ledger::FormatEtag(opened.view.version));
  return wire;
}

}  // namespace ieum::casemgmt
