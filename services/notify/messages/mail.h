// A mail as it goes over the wire: RFC 5322 headers, RFC 2047 for what is not ASCII, one text part
// in UTF-8. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

struct MailHead {
  std::string from;        // address
  std::string to_name;     // of the recipient
  std::string to;          // address
  std::string message_id;  // local part of Message-ID; its domain is the sender's
  absl::Time date;
};

// Whether this can be put into an SMTP command and a header: one `@`, no spaces, controls, brackets
// or quotes, at most 254 bytes.
bool IsMailAddress(const std::string& address);

// With CRLF line ends, no line longer than 998 bytes.
std::string ComposeMail(const MailHead& head, const Text& text);

}  // namespace ieum::notify
