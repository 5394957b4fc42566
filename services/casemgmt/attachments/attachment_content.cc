#include "services/casemgmt/attachments/attachment_content.h"

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/crypto/sha256.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_type.h"

namespace ieum::casemgmt {
namespace {

constexpr size_t kDigestBytes = 16;
// Nonce in front, tag behind (crypto::Seal).
constexpr int64_t kSealBytes = 24 + 16;
constexpr int64_t kFrameBytes = kChunkBytes + kSealBytes;

crypto::Key Derived(const crypto::Key& owner, std::string_view use) {
  return *crypto::Key::FromBytes(crypto::KeyedHash(owner, use));
}

absl::Status Damaged() {
  return base::Error(absl::StatusCode::kDataLoss, v1::ERROR_REASON_ATTACHMENT_DAMAGED,
                     "what lies there is not what was stored; bring it back from a backup, or "
                     "remove the attachment and upload it again");
}

// The errors of reading that mean damage, as such.
template <class T>
absl::StatusOr<T> OrDamaged(absl::StatusOr<T> read) {
  if (absl::IsNotFound(read.status()) || absl::IsDataLoss(read.status())) return Damaged();
  return read;
}

// The "1" is the shape of the files: another one would be another word here.
std::string FrameContext(const AttachmentContent& content, int number) {
  return absl::StrCat(
      "attachment/1/",
      absl::BytesToHexString(absl::string_view(content.sha256.data(), content.sha256.size())), "/",
      content.size_bytes, "/", number);
}

absl::StatusOr<std::string> OpenFrame(const AttachmentKeys& keys, const AttachmentContent& content,
                                      int number, std::string_view box) {
  ASSIGN_OR_RETURN(std::string bytes,
                   OrDamaged(crypto::Open(keys.seal, box, FrameContext(content, number))));
  const auto right = static_cast<size_t>(ChunkLength(content.size_bytes, number));
  if (bytes.size() != right) return Damaged();
  return bytes;
}

// Pieces of an upload as one run of bytes.
class Pieces {
 public:
  Pieces(const AttachmentFiles& files, const AttachmentKeys& keys, const base::Uuid& attachment,
         const AttachmentContent& content, const std::vector<AttachmentPiece>& pieces)
      : files_(files), keys_(keys), attachment_(attachment), content_(content), pieces_(pieces) {}

  absl::StatusOr<std::string> Box(int number) const {
    const AttachmentPiece& piece = pieces_[static_cast<size_t>(number)];
    return OrDamaged(files_.ReadPiece(attachment_, piece.number, piece.digest));
  }
  absl::StatusOr<std::string> Open(int number, const std::string& box) const {
    return OpenFrame(keys_, content_, number, box);
  }
  absl::StatusOr<std::string> Read(int64_t offset, int64_t length) const {
    std::string bytes;
    while (static_cast<int64_t>(bytes.size()) < length) {
      const int64_t at = offset + static_cast<int64_t>(bytes.size());
      const int number = static_cast<int>(at / kChunkBytes);
      ASSIGN_OR_RETURN(const std::string box, Box(number));
      ASSIGN_OR_RETURN(const std::string piece, Open(number, box));
      const auto left = static_cast<size_t>(length) - bytes.size();
      bytes.append(piece, static_cast<size_t>(at % kChunkBytes), left);
    }
    return bytes;
  }

 private:
  const AttachmentFiles& files_;
  const AttachmentKeys& keys_;
  const base::Uuid& attachment_;
  const AttachmentContent& content_;
  const std::vector<AttachmentPiece>& pieces_;
};

absl::Status CheckWhat(const AttachmentContent& content, TextScan& scan, const Pieces& pieces) {
  ASSIGN_OR_RETURN(const v1::AttachmentType found,
                   TypeOf(content.size_bytes, [&](int64_t offset, int64_t length) {
                     return pieces.Read(offset, length);
                   }));
  const bool text = content.type == v1::ATTACHMENT_TYPE_TEXT;
  if (text && found == v1::ATTACHMENT_TYPE_UNSPECIFIED) return scan.Finish();
  return CheckType(content.type, found);
}

}  // namespace

AttachmentKeys AttachmentKeysOf(const crypto::Key& owner) {
  return {.seal = Derived(owner, "attachments/content"),
          .name = Derived(owner, "attachments/name")};
}

base::Uuid FileIdOf(const AttachmentKeys& keys, std::string_view sha256) {
  const std::string hash = crypto::KeyedHash(keys.name, absl::StrCat("file/", std::string(sha256)));
  std::array<uint8_t, 16> bytes{};
  std::copy_n(hash.begin(), bytes.size(), bytes.begin());
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x80);  // version 8: made from something
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  return base::Uuid(bytes);
}

std::string DigestOf(const AttachmentKeys& keys, std::string_view bytes) {
  return crypto::KeyedHash(keys.name, absl::StrCat("piece/", std::string(bytes)))
      .substr(0, kDigestBytes);
}

absl::Status KeepPiece(const AttachmentFiles& files, const AttachmentKeys& keys,
                       const base::Uuid& attachment, const AttachmentContent& content,
                       const AttachmentPiece& piece, std::string_view bytes) {
  ASSIGN_OR_RETURN(AttachmentDraft draft, files.Begin());
  RETURN_IF_ERROR(
      draft.Append(crypto::Seal(keys.seal, bytes, FrameContext(content, piece.number))));
  return files.KeepPiece(std::move(draft), attachment, piece.number, piece.digest);
}

absl::Status KeepWhole(const AttachmentFiles& files, const AttachmentKeys& keys,
                       const base::Uuid& attachment, const AttachmentContent& content,
                       const std::vector<AttachmentPiece>& of_it) {
  const Pieces pieces(files, keys, attachment, content, of_it);
  ASSIGN_OR_RETURN(AttachmentDraft draft, files.Begin());
  crypto::Sha256 hash;
  TextScan scan;
  for (int number = 0; number < ChunkCount(content.size_bytes); ++number) {
    ASSIGN_OR_RETURN(const std::string box, pieces.Box(number));
    ASSIGN_OR_RETURN(const std::string bytes, pieces.Open(number, box));
    hash.Add(bytes);
    if (content.type == v1::ATTACHMENT_TYPE_TEXT) scan.Add(bytes);
    RETURN_IF_ERROR(draft.Append(box));
  }
  if (hash.Finish() != content.sha256) {
    return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_HASH,
                           "the SHA-256 of what came is another one than was said; remove the "
                           "attachment and upload it again");
  }
  RETURN_IF_ERROR(CheckWhat(content, scan, pieces));
  return files.KeepFile(std::move(draft), FileIdOf(keys, content.sha256));
}

int64_t StoredBytes(int64_t size_bytes) { return size_bytes + ChunkCount(size_bytes) * kSealBytes; }

absl::StatusOr<std::string> ReadRange(const AttachmentFiles& files, const AttachmentKeys& keys,
                                      const base::Uuid& file, const AttachmentContent& content,
                                      int64_t offset, int64_t length) {
  if (offset >= content.size_bytes) return std::string();
  ASSIGN_OR_RETURN(const int64_t size, OrDamaged(files.SizeOf(file)));
  if (size != StoredBytes(content.size_bytes)) return Damaged();
  const int64_t end = offset + std::min(content.size_bytes - offset, length);
  std::string bytes;
  for (int64_t at = offset; at < end; at = offset + static_cast<int64_t>(bytes.size())) {
    const int number = static_cast<int>(at / kChunkBytes);
    const int64_t box_bytes = ChunkLength(content.size_bytes, number) + kSealBytes;
    ASSIGN_OR_RETURN(const std::string box,
                     OrDamaged(files.ReadFile(file, number * kFrameBytes, box_bytes)));
    ASSIGN_OR_RETURN(const std::string frame, OpenFrame(keys, content, number, box));
    bytes.append(frame, static_cast<size_t>(at % kChunkBytes), static_cast<size_t>(end - at));
  }
  return bytes;
}

}  // namespace ieum::casemgmt
