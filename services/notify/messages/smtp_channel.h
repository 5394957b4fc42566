// Handing a mail to a mail server over SMTP, and telling exactly what is known afterwards.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::notify {

// What is known after a hand-over.
enum class Delivery {
  kTaken,        // the server answered that it has the mail
  kNotNow,       // it answered no for now; it has no mail
  kRefused,      // it answered no for good to this recipient or mail; it has no mail
  kUnreachable,  // no mail was given: no connection, or one that broke before the end of the mail
  kUnclear,      // the end of the mail may have been sent and no answer came: perhaps it has it
};

struct DeliveryReport {
  Delivery delivery = Delivery::kUnreachable;
  int smtp_code = 0;   // the server's last answer; 0 = none
  std::string detail;  // libcurl's words, without addresses
};

// Connection and transfer together take at most this long; then the end is unclear or unreachable.
inline constexpr absl::Duration kHandOverLimit = absl::Seconds(30);
inline constexpr absl::Duration kConnectLimit = absl::Seconds(5);

// Used by one thread at a time. Keeps the connection for the next mail.
class SmtpChannel {
 public:
  // `url`: "smtp://host:port" or "smtps://user:password@host:port".
  explicit SmtpChannel(std::string url);
  ~SmtpChannel();
  SmtpChannel(SmtpChannel&&) noexcept;

  // `mail` has CRLF line ends; `from` and `to` are addresses.
  DeliveryReport HandOver(const std::string& from, const std::string& to, const std::string& mail);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::notify
