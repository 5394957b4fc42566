#include "services/notify/mail_settings.h"

#include "absl/strings/match.h"
#include "services/notify/messages/mail.h"

namespace ieum::notify {

void ReadMailSettings(config::Reader& reader, MailSettings* settings) {
  reader.Required("IEUM_SMTP_URL", "mail server, smtp://host:port or smtps://user:password@host",
                  &settings->smtp_url);
  reader.Required("IEUM_MAIL_FROM", "address that mails come from", &settings->mail_from);
  const std::string& url = settings->smtp_url;
  if (!url.empty() && !absl::StartsWith(url, "smtp://") && !absl::StartsWith(url, "smtps://")) {
    reader.Fault("IEUM_SMTP_URL must begin with smtp:// or smtps://");
  }
  if (!settings->mail_from.empty() && !IsMailAddress(settings->mail_from)) {
    reader.Fault("IEUM_MAIL_FROM must be an e-mail address");
  }
}

}  // namespace ieum::notify
