// What a file is, told by its bytes and never by its name: the types that are taken
// (v1::AttachmentType), and nothing else. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/types.pb.h"

namespace ieum::casemgmt {

// Exactly so many bytes from there; never asked beyond the end.
using ReadBytes = absl::FunctionRef<absl::StatusOr<std::string>(int64_t offset, int64_t length)>;

// A picture or document of a known format; UNSPECIFIED for any other, for an Office document with
// macros in it, and for what claims to be two of them. Text is told by TextScan alone. Reads the
// ends of the file, a few hundred KiB. Errors are those of `read`.
absl::StatusOr<v1::AttachmentType> TypeOf(int64_t size_bytes, ReadBytes read);

// Reads a text piece by piece. Pieces may end within a character.
class TextScan {
 public:
  void Add(std::string_view piece);
  // After the last piece. ATTACHMENT_TYPE unless it was UTF-8 without control characters but tab,
  // line ends and form feed; RESIDENT_NUMBER when something in it looks like one (PIPA art. 24-2).
  absl::Status Finish();

 private:
  void ScanNumbers(std::string_view piece);

  std::string open_;  // the beginning of a character
  std::string held_;  // what a number may have begun in
  bool text_ = true;
  bool number_ = false;
};

// OK when what was said is what is there. ATTACHMENT_TYPE says both.
absl::Status CheckType(v1::AttachmentType said, v1::AttachmentType found);

}  // namespace ieum::casemgmt
