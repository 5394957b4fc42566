#include "services/casemgmt/attachments/attachment.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "re2/re2.h"

namespace ieum::casemgmt {
namespace {

std::string Id(const std::optional<base::Uuid>& id) { return id->ToString(); }

// "STORED"
std::string Word(v1::AttachmentState state) {
  return v1::AttachmentState_Name(state).substr(std::string_view("ATTACHMENT_STATE_").size());
}

absl::Status WrongState(v1::AttachmentState state, const char* right) {
  return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_STATE,
                         absl::StrCat("the attachment is ", Word(state),
                                      "; this is done with one "
                                      "that is ",
                                      right),
                         {{"state", Word(state)}});
}

absl::Status ChunkError(std::string_view field, std::string_view description) {
  return base::InvalidField(v1::ERROR_REASON_ATTACHMENT_CHUNK, field, description);
}

}  // namespace

absl::StatusOr<AttachmentParent> ParentIn(std::string_view name, std::string_view field) {
  AttachmentParent parent;
  const auto starts = [&](std::string_view with) { return name.substr(0, with.size()) == with; };
  if (starts("engagements/")) {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("engagements/{}", name, field));
    parent.engagement = ids[0];
  } else if (starts("applications/")) {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("applications/{}", name, field));
    parent.application = ids[0];
  } else if (absl::StrContains(absl::string_view(name.data(), name.size()), "/sessions/")) {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("cases/{}/sessions/{}", name, field));
    parent.case_id = ids[0];
    parent.session = ids[1];
  } else if (absl::StrContains(absl::string_view(name.data(), name.size()), "/plans/")) {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("cases/{}/plans/{}", name, field));
    parent.case_id = ids[0];
    parent.plan = ids[1];
  } else {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("cases/{}", name, field));
    parent.case_id = ids[0];
  }
  return parent;
}

std::string ParentName(const AttachmentParent& parent) {
  if (parent.application) return absl::StrCat("applications/", Id(parent.application));
  if (parent.engagement) return absl::StrCat("engagements/", Id(parent.engagement));
  const std::string name = absl::StrCat("cases/", Id(parent.case_id));
  if (parent.session) return absl::StrCat(name, "/sessions/", Id(parent.session));
  if (parent.plan) return absl::StrCat(name, "/plans/", Id(parent.plan));
  return name;
}

absl::StatusOr<v1::AttachmentState> NextState(v1::AttachmentState state, AttachmentStep step) {
  const bool uploading = state == v1::ATTACHMENT_STATE_UPLOADING;
  const bool stored = state == v1::ATTACHMENT_STATE_STORED;
  switch (step) {
    case AttachmentStep::kUpload:
      if (uploading) return state;
      return WrongState(state, "UPLOADING");
    case AttachmentStep::kFinish:
      if (uploading) return v1::ATTACHMENT_STATE_STORED;
      return WrongState(state, "UPLOADING");
    case AttachmentStep::kAbandon:
      if (uploading) return v1::ATTACHMENT_STATE_ABANDONED;
      return WrongState(state, "UPLOADING");
    case AttachmentStep::kRead:
    case AttachmentStep::kScan:
      if (stored) return state;
      return WrongState(state, "STORED");
    case AttachmentStep::kRemove:
      if (uploading || stored) return v1::ATTACHMENT_STATE_REMOVED;
      return WrongState(state, "UPLOADING or STORED");
    case AttachmentStep::kErase:
      return v1::ATTACHMENT_STATE_ERASED;  // whatever it was: nothing of hers stays
  }
  return absl::InternalError("no such step");
}

absl::Status CheckFileName(std::string_view file_name, std::string_view field) {
  const auto wrong = [&](std::string_view why) {
    return base::InvalidField("INVALID_FIELD", field, why);
  };
  if (file_name.empty()) return wrong("must be given");
  for (const char c : file_name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return wrong("must have no control characters");
    }
    if (c == '/' || c == '\\') return wrong("must be the name alone, without a folder");
  }
  if (file_name == "." || file_name == "..") return wrong("must be the name of a file");
  return absl::OkStatus();
}

absl::Status CheckSize(int64_t size_bytes, int64_t max_bytes, std::string_view field) {
  if (size_bytes <= 0) return base::InvalidField("INVALID_FIELD", field, "must be 1 or more");
  if (size_bytes <= max_bytes) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_ATTACHMENT_TOO_LARGE, field,
                            absl::StrCat("must be at most ", max_bytes, " bytes"));
}

int ChunkCount(int64_t size_bytes) {
  return static_cast<int>((size_bytes + kChunkBytes - 1) / kChunkBytes);
}

int64_t ChunkLength(int64_t size_bytes, int number) {
  return std::min(kChunkBytes, size_bytes - number * kChunkBytes);
}

absl::StatusOr<int> ChunkAt(int64_t size_bytes, int64_t offset, int64_t length) {
  if (offset < 0 || offset % kChunkBytes != 0 || offset >= size_bytes) {
    return ChunkError("offset",
                      absl::StrCat("must be a multiple of ", kChunkBytes, " below ", size_bytes));
  }
  const int number = static_cast<int>(offset / kChunkBytes);
  const int64_t right = ChunkLength(size_bytes, number);
  if (length == right) return number;
  return ChunkError("content", absl::StrCat("must have ", right, " bytes there"));
}

int64_t ReceivedBytes(int64_t size_bytes, const std::vector<int>& numbers) {
  int next = 0;
  for (const int number : numbers) {
    if (number != next) break;
    ++next;
  }
  return std::min(size_bytes, next * kChunkBytes);
}

absl::Status CheckComplete(int64_t size_bytes, const std::vector<int>& numbers) {
  const int64_t received = ReceivedBytes(size_bytes, numbers);
  if (received == size_bytes) return absl::OkStatus();
  const std::string first = absl::StrCat(received);
  return base::Forbidden(
      v1::ERROR_REASON_ATTACHMENT_INCOMPLETE,
      absl::StrCat("the bytes from ", first, " on have not come; send them and finish again"),
      {{"received_bytes", first}});
}

absl::Status CheckClean(v1::AttachmentScanState state, bool for_scan, bool unscanned_too) {
  if (for_scan || state == v1::ATTACHMENT_SCAN_STATE_CLEAN) return absl::OkStatus();
  if (state == v1::ATTACHMENT_SCAN_STATE_INFECTED) {
    return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_NOT_CLEAN,
                           "malware was found in it; ask for another copy",
                           {{"scan_state", "INFECTED"}});
  }
  if (unscanned_too) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_NOT_CLEAN,
                         "nobody has looked for malware in it yet; come back when its scan is "
                         "recorded",
                         {{"scan_state", "UNSCANNED"}});
}

absl::Status CheckAccessReason(std::string_view reason, std::string_view field) {
  static const RE2 words(R"((?s)[\p{L}\p{N}].*[\p{L}\p{N}])");
  static const RE2 somebody(R"(@|\d[\d\s.-]{5,}\d)");
  const std::string text(reason);
  if (!RE2::PartialMatch(text, words)) {
    return base::InvalidField("INVALID_FIELD", field, "must say why, in words");
  }
  if (!RE2::PartialMatch(text, somebody)) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", field,
                            "must not hold a phone number, another long number or an address");
}

std::string AttachmentName(const base::Uuid& id) {
  return absl::StrCat("attachments/", id.ToString());
}

}  // namespace ieum::casemgmt
