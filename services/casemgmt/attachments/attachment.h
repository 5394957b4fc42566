// What an attachment (첨부) is, in which pieces it comes, and which steps it may take. Sources:
// domain.md §6 L17 and L19 (who saw what, and why), L22 (sealed where it lies). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// A piece of an upload, and a frame of a stored file.
inline constexpr int64_t kChunkBytes = 262'144;
// The most that one download answers.
inline constexpr int64_t kMaxRangeBytes = 1'048'576;
// Living ones of one case, or of one engagement with its forms.
inline constexpr int kAttachmentLimit = 500;
// After that an upload is given up.
inline constexpr absl::Duration kUploadTime = absl::Hours(24);

// What it belongs to: a case, perhaps a session or plan of it; or an engagement, perhaps a form of
// it.
struct AttachmentParent {
  std::optional<base::Uuid> case_id, session, plan;
  std::optional<base::Uuid> engagement, application;  // of a form the store knows the engagement
};
// INVALID_FIELD blaming `field`.
absl::StatusOr<AttachmentParent> ParentIn(std::string_view name, std::string_view field);
std::string ParentName(const AttachmentParent& parent);

struct Attachment {
  base::Uuid id;
  AttachmentParent parent;
  std::optional<base::Uuid> person;  // of the case; nullopt = a firm's paper, or she was erased
  base::Uuid file_id;                // names the stored file
  std::string name_box, hash_box;    // file name and SHA-256, sealed; "" = gone
  v1::AttachmentType type = v1::ATTACHMENT_TYPE_UNSPECIFIED;
  int64_t size_bytes = 0;
  v1::AttachmentState state = v1::ATTACHMENT_STATE_UPLOADING;
  v1::AttachmentScanState scan_state = v1::ATTACHMENT_SCAN_STATE_UNSCANNED;
  std::string scanner;
  v1::AttachmentRemovalReason removal_reason = v1::ATTACHMENT_REMOVAL_REASON_UNSPECIFIED;
  absl::Time create_time, update_time;
  std::optional<absl::Time> store_time, scan_time;

  // Whose key seals it: the person's, or the engagement's.
  const base::Uuid& key_id() const { return person ? *person : *parent.engagement; }
  bool sealed() const { return !name_box.empty(); }
};

enum class AttachmentStep { kUpload, kFinish, kRead, kScan, kRemove, kAbandon, kErase };
inline constexpr int kAttachmentSteps = static_cast<int>(AttachmentStep::kErase) + 1;
// Where the step leads. ATTACHMENT_STATE says what would be right.
absl::StatusOr<v1::AttachmentState> NextState(v1::AttachmentState state, AttachmentStep step);

// INVALID_FIELD for a name with a folder, a control character or a reserved end;
// ATTACHMENT_TOO_LARGE.
absl::Status CheckFileName(std::string_view file_name, std::string_view field);
absl::Status CheckSize(int64_t size_bytes, int64_t max_bytes, std::string_view field);

// The pieces of a file, 0 … ChunkCount − 1, each kChunkBytes long but for the last one.
int ChunkCount(int64_t size_bytes);
int64_t ChunkLength(int64_t size_bytes, int number);
// The number of the piece that begins at `offset` and has so many bytes. ATTACHMENT_CHUNK blames
// `offset` or `content`.
absl::StatusOr<int> ChunkAt(int64_t size_bytes, int64_t offset, int64_t length);
// So many bytes from the first on are there. `numbers` ascend.
int64_t ReceivedBytes(int64_t size_bytes, const std::vector<int>& numbers);
// ATTACHMENT_INCOMPLETE names the first byte that is missing.
absl::Status CheckComplete(int64_t size_bytes, const std::vector<int>& numbers);

// Whether somebody may have the content. `for_scan`: whoever looks for malware reads what nobody
// else may. `unscanned_too`: this installation has no scanner, or trusts. ATTACHMENT_NOT_CLEAN.
absl::Status CheckClean(v1::AttachmentScanState state, bool for_scan, bool unscanned_too);

// Why somebody reads it: words, and nothing that says who anybody is (a long number, an address).
// INVALID_FIELD blaming `field`.
absl::Status CheckAccessReason(std::string_view reason, std::string_view field);

std::string AttachmentName(const base::Uuid& id);  // "attachments/{uuid}"

}  // namespace ieum::casemgmt
