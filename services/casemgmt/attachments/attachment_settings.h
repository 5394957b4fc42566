// What case management reads from its environment about attachments.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "platform/config/config.h"

namespace ieum::casemgmt {

struct AttachmentSettings {
  std::string directory;                 // without a slash at its end
  int64_t max_bytes = 20 * 1024 * 1024;  // of one file
  bool read_unscanned = false;           // where there is no scanner
  absl::Duration sweep_every = absl::Hours(1);
  absl::Duration sweep_after = absl::Hours(1);  // younger files may be on their way
};

// Faults stay in the reader.
void ReadAttachmentSettings(config::Reader& reader, AttachmentSettings* settings);

}  // namespace ieum::casemgmt
