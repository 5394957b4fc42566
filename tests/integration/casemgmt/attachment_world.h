// Attachments in a test: uploaded through the door as a client does it, and looked at in the
// directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/attachment_service.pb.h"
#include "tests/integration/casemgmt/served.h"

namespace ieum::casemgmt::testing {

std::string Sha256Of(const std::string& bytes);

class Attachments {
 public:
  // Calls as whoever holds the token.
  explicit Attachments(Served& served, std::string token = kManagerToken)
      : served_(served), token_(std::move(token)) {}

  // What is said of the bytes; of a PDF unless it says something else.
  static v1::Attachment Said(const std::string& parent, const std::string& bytes,
                             v1::AttachmentType type = v1::ATTACHMENT_TYPE_PDF);

  absl::StatusOr<v1::Attachment> Begin(const v1::Attachment& attachment,
                                       const std::string& request_id = "");
  // One piece, from `offset` on; nothing is cut.
  absl::StatusOr<v1::Attachment> Send(const std::string& name, int64_t offset,
                                      const std::string& content);
  // All pieces from `offset` on.
  absl::Status SendFrom(const std::string& name, int64_t offset, const std::string& bytes);
  absl::StatusOr<v1::Attachment> Finish(const std::string& name,
                                        const std::string& request_id = "");
  // Begun, sent and finished.
  absl::StatusOr<v1::Attachment> Upload(const v1::Attachment& attachment, const std::string& bytes);
  // The same; must succeed. `scanned`: and was found clean.
  v1::Attachment Stored(const std::string& parent, const std::string& bytes, bool scanned = true);

  absl::StatusOr<v1::Attachment> Get(const std::string& name);
  absl::StatusOr<std::string> Range(const std::string& name, int64_t offset, int32_t max_bytes);
  // From the first byte to the last.
  absl::StatusOr<std::string> Download(const std::string& name);
  absl::StatusOr<v1::Attachment> Scan(const v1::Attachment& attachment,
                                      v1::AttachmentScanState result);
  absl::StatusOr<v1::Attachment> Remove(const std::string& name);
  absl::StatusOr<std::vector<v1::Attachment>> List(const std::string& parent,
                                                   const std::string& filter = "");

  // Deletes what nobody needs, as due work does.
  void CleanUp();
  // Files of the directory below this folder ("files", "pieces", "making").
  std::vector<std::filesystem::path> FilesBelow(const std::string& folder);

 private:
  template <class Response, class Request>
  absl::StatusOr<Response> Call(const std::string& method, const Request& request);

  Served& served_;
  std::string token_;
};

// Below that directory.
std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& directory);

}  // namespace ieum::casemgmt::testing
