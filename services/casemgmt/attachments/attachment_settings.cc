#include "services/casemgmt/attachments/attachment_settings.h"

namespace ieum::casemgmt {
namespace {

constexpr int64_t kMaxBytes = 100 * 1024 * 1024;

}  // namespace

void ReadAttachmentSettings(config::Reader& reader, AttachmentSettings* settings) {
  reader.Required("IEUM_ATTACHMENTS_DIR",
                  "directory of sealed attachments; all replicas share it, and it is in the backup",
                  &settings->directory);
  while (settings->directory.size() > 1 && settings->directory.back() == '/') {
    settings->directory.pop_back();
  }
  reader.Bytes("IEUM_ATTACHMENT_MAX_BYTES", "size of the largest attachment", 1, kMaxBytes,
               &settings->max_bytes);
  reader.Flag("IEUM_ATTACHMENTS_READ_UNSCANNED",
              "attachments are read before anybody has looked for malware in them",
              &settings->read_unscanned);
  reader.Duration("IEUM_ATTACHMENTS_SWEEP_EVERY", "how often files that no row knows are deleted",
                  &settings->sweep_every);
  reader.Duration("IEUM_ATTACHMENTS_SWEEP_AFTER", "how old such a file must be",
                  &settings->sweep_after);
}

}  // namespace ieum::casemgmt
