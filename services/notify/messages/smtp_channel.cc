#include "services/notify/messages/smtp_channel.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ieum::notify {
namespace {

void StartLibrary() {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// What was said during one hand-over. libcurl's result alone does not tell whether the end of the
// mail had been sent when a connection broke; its own view of the conversation does.
struct Conversation {
  std::string_view mail;
  size_t given = 0;    // bytes of the mail that libcurl took
  bool ended = false;  // libcurl was told that the mail ends: from here the server may have it
  std::string verb;    // the last command before the parting
  bool parting = false;
  int answer = 0;  // the server's last answer
  int answer_after_end = 0;
};

// An end is only told by a call of its own, so that a connection that breaks while the mail is on
// its way is known to have broken before its end.
size_t GiveMail(char* buffer, size_t size, size_t count, void* state) {
  auto* conversation = static_cast<Conversation*>(state);
  const std::string_view rest = conversation->mail.substr(conversation->given);
  const size_t n = std::min(rest.size(), size * count);
  std::memcpy(buffer, rest.data(), n);
  conversation->given += n;
  if (n == 0) conversation->ended = true;
  return n;
}

// "250 2.0.0 ok" ends an answer, "250-SIZE" does not. What is said at parting is about no mail.
void TakeAnswer(std::string_view line, Conversation* conversation) {
  int code = 0;
  if (conversation->parting) return;
  if (line.size() < 4 || line[3] == '-' || !absl::SimpleAtoi(std::string(line.substr(0, 3)), &code))
    return;
  conversation->answer = code;
  if (conversation->ended && conversation->answer_after_end == 0) {
    conversation->answer_after_end = code;
  }
}

int Listen(CURL*, curl_infotype type, char* data, size_t size, void* state) {
  auto* conversation = static_cast<Conversation*>(state);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_IN) {
    TakeAnswer(text, conversation);
  } else if (type == CURLINFO_HEADER_OUT) {
    const std::string verb(text.substr(0, text.find_first_of(" \r\n")));
    conversation->parting = verb == "QUIT";
    if (!conversation->parting) conversation->verb = verb;
  }
  return 0;
}

// A final no is about this mail only when it answers its recipient or its content; everything else
// (greeting, log-in, our own address) is about the server and may be mended there.
bool AboutThisMail(const Conversation& conversation) {
  return conversation.ended || absl::StartsWith(conversation.verb, "RCPT") ||
         absl::StartsWith(conversation.verb, "DATA");
}

Delivery Judge(CURLcode result, const Conversation& conversation) {
  if (result == CURLE_OK) return Delivery::kTaken;
  if (conversation.ended && conversation.answer_after_end == 0) return Delivery::kUnclear;
  const int code = conversation.ended ? conversation.answer_after_end : conversation.answer;
  // Taken, although libcurl stumbled over something later.
  if (conversation.ended && code >= 200 && code < 300) return Delivery::kTaken;
  if (code >= 500 && code < 600 && AboutThisMail(conversation)) return Delivery::kRefused;
  if (code >= 400 && code < 600) return Delivery::kNotNow;
  return conversation.ended ? Delivery::kUnclear : Delivery::kUnreachable;
}

}  // namespace

struct SmtpChannel::Impl {
  std::string url;
  CURL* curl = nullptr;

  ~Impl() {
    if (curl != nullptr) curl_easy_cleanup(curl);
  }
  void Prepare(const std::string& from, curl_slist* recipients, Conversation* conversation) const;
};

void SmtpChannel::Impl::Prepare(const std::string& from, curl_slist* recipients,
                                Conversation* conversation) const {
  curl_easy_reset(curl);  // keeps the connection
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(kConnectLimit)));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(kHandOverLimit)));
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, GiveMail);
  curl_easy_setopt(curl, CURLOPT_READDATA, conversation);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, Listen);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, conversation);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);  // to Listen only
}

SmtpChannel::SmtpChannel(std::string url) : impl_(std::make_unique<Impl>()) {
  StartLibrary();
  impl_->url = std::move(url);
  impl_->curl = curl_easy_init();
}

SmtpChannel::~SmtpChannel() = default;
SmtpChannel::SmtpChannel(SmtpChannel&&) noexcept = default;

DeliveryReport SmtpChannel::HandOver(const std::string& from, const std::string& to,
                                     const std::string& mail) {
  if (impl_->curl == nullptr) return {Delivery::kUnreachable, 0, "no memory"};
  Conversation conversation;
  conversation.mail = mail;
  curl_slist* recipients = curl_slist_append(nullptr, absl::StrCat("<", to, ">").c_str());
  impl_->Prepare(absl::StrCat("<", from, ">"), recipients, &conversation);
  const CURLcode result = curl_easy_perform(impl_->curl);
  curl_slist_free_all(recipients);
  return {Judge(result, conversation), conversation.answer, curl_easy_strerror(result)};
}

}  // namespace ieum::notify
