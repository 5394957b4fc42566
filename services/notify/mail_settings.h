// What notify reads from its environment besides what every service reads.
#pragma once

#include <string>

#include "platform/config/config.h"

namespace ieum::notify {

struct MailSettings {
  std::string smtp_url;   // IEUM_SMTP_URL: smtp://host:port or smtps://user:password@host:port
  std::string mail_from;  // IEUM_MAIL_FROM: the sender's address
};

// Faults stay in the reader.
void ReadMailSettings(config::Reader& reader, MailSettings* settings);

}  // namespace ieum::notify
