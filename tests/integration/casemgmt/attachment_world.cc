#include "tests/integration/casemgmt/attachment_world.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/crypto/sha256.h"
#include "services/casemgmt/attachments/attachment_dues.h"

namespace ieum::casemgmt::testing {

namespace fs = std::filesystem;

std::string Sha256Of(const std::string& bytes) {
  crypto::Sha256 hash;
  hash.Add(bytes);
  return hash.Finish();
}

template <class Response, class Request>
absl::StatusOr<Response> Attachments::Call(const std::string& method, const Request& request) {
  Response response;
  RETURN_IF_ERROR(served_.CallAs(token_, "AttachmentService/" + method, request, &response));
  return response;
}

v1::Attachment Attachments::Said(const std::string& parent, const std::string& bytes,
                                 v1::AttachmentType type) {
  v1::Attachment attachment;
  attachment.set_parent(parent);
  attachment.set_file_name("동의서 (김연결).pdf");
  attachment.set_type(type);
  attachment.set_size_bytes(static_cast<int64_t>(bytes.size()));
  attachment.set_sha256(Sha256Of(bytes));
  return attachment;
}

absl::StatusOr<v1::Attachment> Attachments::Begin(const v1::Attachment& attachment,
                                                  const std::string& request_id) {
  v1::CreateAttachmentRequest request;
  *request.mutable_attachment() = attachment;
  request.set_request_id(request_id);
  return Call<v1::Attachment>("CreateAttachment", request);
}

absl::StatusOr<v1::Attachment> Attachments::Send(const std::string& name, int64_t offset,
                                                 const std::string& content) {
  v1::UploadAttachmentChunkRequest request;
  request.set_name(name);
  request.set_offset(offset);
  request.set_content(content);
  return Call<v1::Attachment>("UploadAttachmentChunk", request);
}

absl::Status Attachments::SendFrom(const std::string& name, int64_t offset,
                                   const std::string& bytes) {
  for (auto at = static_cast<size_t>(offset); at < bytes.size(); at += kChunkBytes) {
    RETURN_IF_ERROR(Send(name, static_cast<int64_t>(at), bytes.substr(at, kChunkBytes)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Attachment> Attachments::Finish(const std::string& name,
                                                   const std::string& request_id) {
  v1::FinishAttachmentRequest request;
  request.set_name(name);
  request.set_request_id(request_id);
  return Call<v1::Attachment>("FinishAttachment", request);
}

absl::StatusOr<v1::Attachment> Attachments::Upload(const v1::Attachment& attachment,
                                                   const std::string& bytes) {
  ASSIGN_OR_RETURN(const v1::Attachment begun, Begin(attachment));
  RETURN_IF_ERROR(SendFrom(begun.name(), 0, bytes));
  return Finish(begun.name());
}

v1::Attachment Attachments::Stored(const std::string& parent, const std::string& bytes,
                                   bool scanned) {
  auto stored = Upload(Said(parent, bytes), bytes);
  EXPECT_TRUE(stored.ok()) << stored.status();
  if (!stored.ok() || !scanned) return stored.value_or(v1::Attachment());
  stored = Attachments(served_, kScannerToken).Scan(*stored, v1::ATTACHMENT_SCAN_STATE_CLEAN);
  EXPECT_TRUE(stored.ok()) << stored.status();
  return stored.value_or(v1::Attachment());
}

absl::StatusOr<v1::Attachment> Attachments::Get(const std::string& name) {
  v1::GetAttachmentRequest request;
  request.set_name(name);
  return Call<v1::Attachment>("GetAttachment", request);
}

absl::StatusOr<std::string> Attachments::Range(const std::string& name, int64_t offset,
                                               int32_t max_bytes) {
  v1::DownloadAttachmentRequest request;
  request.set_name(name);
  request.set_access_reason("사례 회의 준비");
  request.set_offset(offset);
  request.set_max_bytes(max_bytes);
  ASSIGN_OR_RETURN(const auto range,
                   Call<v1::DownloadAttachmentResponse>("DownloadAttachment", request));
  return range.content();
}

absl::StatusOr<std::string> Attachments::Download(const std::string& name) {
  std::string bytes;
  for (;;) {
    ASSIGN_OR_RETURN(const std::string range, Range(name, static_cast<int64_t>(bytes.size()), 0));
    if (range.empty()) return bytes;
    bytes += range;
  }
}

absl::StatusOr<v1::Attachment> Attachments::Scan(const v1::Attachment& attachment,
                                                 v1::AttachmentScanState result) {
  v1::RecordAttachmentScanRequest request;
  request.set_name(attachment.name());
  request.set_result(result);
  request.set_sha256(attachment.sha256());
  request.set_scanner("clamav 1.4.1");
  return Call<v1::Attachment>("RecordAttachmentScan", request);
}

absl::StatusOr<v1::Attachment> Attachments::Remove(const std::string& name) {
  v1::RemoveAttachmentRequest request;
  request.set_name(name);
  request.set_reason(v1::ATTACHMENT_REMOVAL_REASON_WRONG_FILE);
  return Call<v1::Attachment>("RemoveAttachment", request);
}

absl::StatusOr<std::vector<v1::Attachment>> Attachments::List(const std::string& parent,
                                                              const std::string& filter) {
  v1::ListAttachmentsRequest request;
  request.set_parent(parent);
  request.set_filter(filter);
  ASSIGN_OR_RETURN(const auto page, Call<v1::ListAttachmentsResponse>("ListAttachments", request));
  return std::vector<v1::Attachment>(page.attachments().begin(), page.attachments().end());
}

void Attachments::CleanUp() {
  const flow::DueWork work =
      AttachmentCleanup(served_.world().ledger(), served_.attachment_files());
  for (;;) {
    const auto more = work.step(absl::Now());
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) break;
  }
  EXPECT_EQ(*work.count_due(absl::Now()), 0);
}

std::vector<fs::path> Attachments::FilesBelow(const std::string& folder) {
  return FilesIn(fs::path(served_.attachment_folder()) / folder);
}

std::vector<fs::path> FilesIn(const fs::path& directory) {
  std::vector<fs::path> found;
  if (!fs::exists(directory)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) found.push_back(entry.path());
  }
  return found;
}

}  // namespace ieum::casemgmt::testing
