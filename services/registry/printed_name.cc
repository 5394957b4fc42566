#include "services/registry/printed_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/text.h"

namespace ieum::registry {

std::string CheckPrintedName(std::string_view text, std::string_view field, int max,
                             base::FieldErrors* errors) {
  if (absl::Status fault = base::CheckText(text, field); !fault.ok()) {
    errors->Add(fault);
    return "";
  }
  const std::string normal = base::Nfc(text);
  const std::string name(absl::StripAsciiWhitespace(normal));
  const int length = base::CodePoints(name);
  if (length < 1 || length > max) {
    errors->Add("INVALID_FIELD", field, absl::StrCat("must have 1 to ", max, " characters"));
  } else if (std::any_of(name.begin(), name.end(), absl::ascii_iscntrl)) {
    errors->Add("INVALID_FIELD", field, "must be one line without control characters");
  }
  return name;
}

}  // namespace ieum::registry
