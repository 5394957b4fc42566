#include "platform/identity/key_fetch.h"

#include <curl/curl.h>

#include <fstream>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/identity/key_set.h"

namespace ieum::identity {
namespace {

constexpr long kConnectTimeoutMs = 2000, kTimeoutMs = 5000;  // NOLINT(runtime/int): curl's type
constexpr char kThisMachine[] = "localhost,127.0.0.1,::1,[::1]";

using Url = std::unique_ptr<CURLU, void (*)(CURLU*)>;
using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;

void StartCurl() {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// Empty when the address has no such part.
std::string Part(const Url& url, CURLUPart part) {
  char* raw = nullptr;
  if (curl_url_get(url.get(), part, &raw, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, void (*)(void*)> owned(raw, curl_free);
  return raw;
}

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(absl::string_view(what.data(), what.size()));
}

size_t Keep(char* data, size_t size, size_t count, void* into) {
  std::string& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > kMaxKeySetBytes) return 0;  // curl gives up
  text.append(data, size * count);
  return size * count;
}

int StopWhenTold(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(stop) ? 1 : 0;
}

void Prepare(CURL* curl, const KeysAddress& address, const std::atomic<bool>& stop,
             std::string* text) {
  curl_easy_setopt(curl, CURLOPT_URL, address.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                   address.plain_http_allowed ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, kThisMachine);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!address.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, address.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, StopWhenTold);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
}

}  // namespace

absl::StatusOr<std::string> FetchKeysFromFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxKeySetBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.empty()) return absl::UnavailableError("the key file cannot be read or is empty");
  if (text.size() > kMaxKeySetBytes) return absl::UnavailableError("the key file is over 64 KiB");
  return text;
}

absl::Status CheckKeysAddress(const KeysAddress& address) {
  StartCurl();
  const Url url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, address.url.c_str(), 0) != CURLUE_OK) {
    return Bad("is no address");
  }
  if (!Part(url, CURLUPART_USER).empty() || !Part(url, CURLUPART_PASSWORD).empty()) {
    return Bad("names a user, which it must not");
  }
  const std::string scheme = Part(url, CURLUPART_SCHEME), host = Part(url, CURLUPART_HOST);
  if (scheme == "https") return absl::OkStatus();
  const bool here = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
  if (scheme == "http" && here && address.plain_http_allowed) return absl::OkStatus();
  return Bad("must be https; plain http only to this machine itself, and where that is allowed");
}

absl::StatusOr<std::string> FetchKeysFromAddress(const KeysAddress& address,
                                                 const std::atomic<bool>& stop) {
  RETURN_IF_ERROR(CheckKeysAddress(address));
  const Handle curl(curl_easy_init(), curl_easy_cleanup);
  if (curl == nullptr) return absl::ResourceExhaustedError("no memory to fetch keys with");
  std::string text;
  Prepare(curl.get(), address, stop, &text);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_WRITE_ERROR) return absl::UnavailableError("the answer is over 64 KiB");
  if (code != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(code));
  long status = 0;  // NOLINT(runtime/int): curl's type
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return absl::UnavailableError(absl::StrCat("the issuer answered ", status));
  return text;
}

}  // namespace ieum::identity
