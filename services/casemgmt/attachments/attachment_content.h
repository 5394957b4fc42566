// The bytes of attachments: sealed piece by piece under a key of the person or engagement, read
// through when all have come, kept, and read again from anywhere. A piece is a frame of the stored
// file; what it is sealed with names content, size and place, so none can be swapped, repeated or
// left out. Memory: a piece or two, whatever the size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"
#include "services/casemgmt/attachments/attachment_files.h"

namespace ieum::casemgmt {

struct AttachmentKeys {
  crypto::Key seal, name;
};
// What follows from the key of whose papers they are.
AttachmentKeys AttachmentKeysOf(const crypto::Key& owner);

// What is, or will be, in a file.
struct AttachmentContent {
  std::string sha256;  // 32 bytes
  int64_t size_bytes = 0;
  v1::AttachmentType type = v1::ATTACHMENT_TYPE_UNSPECIFIED;
};

struct AttachmentPiece {
  int number = 0;  // from 0
  std::string digest;
};

// The same content of the same owner has the same id; whoever has no key learns nothing from it.
base::Uuid FileIdOf(const AttachmentKeys& keys, std::string_view sha256);
// 16 bytes, by which the same bytes are known again.
std::string DigestOf(const AttachmentKeys& keys, std::string_view bytes);

// Sealed and on the disk when OK. Errors of AttachmentFiles.
absl::Status KeepPiece(const AttachmentFiles& files, const AttachmentKeys& keys,
                       const base::Uuid& attachment, const AttachmentContent& content,
                       const AttachmentPiece& piece, std::string_view bytes);

// Reads all pieces, in order and none missing, and keeps them as the file. ATTACHMENT_HASH,
// ATTACHMENT_TYPE, RESIDENT_NUMBER: nothing was kept. ATTACHMENT_DAMAGED: a piece is gone or
// altered.
absl::Status KeepWhole(const AttachmentFiles& files, const AttachmentKeys& keys,
                       const base::Uuid& attachment, const AttachmentContent& content,
                       const std::vector<AttachmentPiece>& pieces);

// Of the file in which so many bytes are sealed.
int64_t StoredBytes(int64_t size_bytes);

// At most `length` bytes from there; empty behind the end. ATTACHMENT_DAMAGED: the file is gone or
// altered.
absl::StatusOr<std::string> ReadRange(const AttachmentFiles& files, const AttachmentKeys& keys,
                                      const base::Uuid& file, const AttachmentContent& content,
                                      int64_t offset, int64_t length);

}  // namespace ieum::casemgmt
