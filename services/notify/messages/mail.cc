#include "services/notify/messages/mail.h"

#include <gmime/gmime.h>

#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"

namespace ieum::notify {
namespace {

constexpr size_t kAddressBytesMax = 254;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// The library keeps tables of its own; made once, for the life of the process.
void StartLibrary() {
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
}

std::string DomainOf(const std::string& address) { return address.substr(address.rfind('@') + 1); }

void SetDate(GMimeMessage* message, absl::Time date) {
  GTimeZone* korea = g_time_zone_new_offset(9 * 60 * 60);
  GDateTime* utc = g_date_time_new_from_unix_utc(absl::ToUnixSeconds(date));
  GDateTime* local = g_date_time_to_timezone(utc, korea);
  g_mime_message_set_date(message, local);
  g_date_time_unref(local);
  g_date_time_unref(utc);
  g_time_zone_unref(korea);
}

Owned<GMimeMessage> MakeMessage(const MailHead& head, const Text& text) {
  Owned<GMimeMessage> message(g_mime_message_new(TRUE));
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM, nullptr, head.from.c_str());
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, head.to_name.c_str(),
                             head.to.c_str());
  g_mime_message_set_subject(message.get(), text.subject.c_str(), "utf-8");
  SetDate(message.get(), head.date);
  g_mime_message_set_message_id(message.get(),
                                absl::StrCat(head.message_id, "@", DomainOf(head.from)).c_str());
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "auto-generated",
                           "utf-8");
  Owned<GMimeTextPart> part(g_mime_text_part_new());
  g_mime_text_part_set_charset(part.get(), "utf-8");
  g_mime_text_part_set_text(part.get(), text.body.c_str());
  g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_BASE64);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(part.get()));
  return message;
}

// SMTP knows no line end but CRLF.
std::string WithCrlf(const char* text) {
  std::string lines;
  for (const char* at = text; *at != '\0'; ++at) {
    if (*at == '\r') continue;
    if (*at == '\n') lines += '\r';
    lines += *at;
  }
  if (lines.size() < 2 || lines.substr(lines.size() - 2) != "\r\n") lines += "\r\n";
  return lines;
}

}  // namespace

bool IsMailAddress(const std::string& address) {
  if (address.size() > kAddressBytesMax) return false;
  const size_t at = address.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == address.size()) return false;
  if (address.find('@', at + 1) != std::string::npos) return false;
  for (const char c : address) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f ||
        std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::string ComposeMail(const MailHead& head, const Text& text) {
  StartLibrary();
  const Owned<GMimeMessage> message = MakeMessage(head, text);
  char* written = g_mime_object_to_string(GMIME_OBJECT(message.get()), nullptr);
  std::string mail = WithCrlf(written);
  g_free(written);
  return mail;
}

}  // namespace ieum::notify
