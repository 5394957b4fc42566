// Attachments as the contract shows them.
#pragma once

#include <string>

#include "ieum/casemgmt/v1/attachment_service.pb.h"
#include "services/casemgmt/attachments/attachment_store.h"

namespace ieum::casemgmt {

// What is sealed in the row, opened; empty when it is gone.
struct OpenedAttachment {
  AttachmentView view;
  std::string file_name, sha256;
};
v1::Attachment ToWire(const OpenedAttachment& opened);

}  // namespace ieum::casemgmt
