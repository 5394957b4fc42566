#include "platform/telemetry/otlp_post.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace ieum::telemetry {
namespace {

constexpr long kConnectTimeoutMs = 2000, kTimeoutMs = 5000;  // NOLINT(runtime/int): curl's type
constexpr size_t kAnswerMax = 16 << 10;

void StartCurl() {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// The rest is let go: taking it all keeps the connection.
size_t Keep(char* data, size_t size, size_t count, void* into) {
  std::string& text = *static_cast<std::string*>(into);
  text.append(data, std::min(size * count, kAnswerMax - std::min(kAnswerMax, text.size())));
  return size * count;
}

int StopWhenTold(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(stop) ? 1 : 0;
}

// A handle and its headers, kept between posts.
class Line {
 public:
  explicit Line(const std::string& endpoint) : curl_(curl_easy_init()) {
    headers_ = curl_slist_append(nullptr, "Content-Type: application/json");
    headers_ = curl_slist_append(headers_, "Expect:");
    if (curl_ == nullptr) return;
    const std::string url = endpoint + (endpoint.ends_with('/') ? "v1/traces" : "/v1/traces");
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl_, CURLOPT_PROXY, "");
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(curl_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, Keep);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, StopWhenTold);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    curl_easy_cleanup(curl_);
    curl_slist_free_all(headers_);
  }

  PostAnswer Send(const std::string& body, const std::atomic<bool>& stop) {
    PostAnswer answer;
    if (curl_ == nullptr) return answer;
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
    if (curl_easy_perform(curl_) != CURLE_OK) return {};
    long code = 0;  // NOLINT(runtime/int): curl's type
    curl_off_t wait = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(curl_, CURLINFO_RETRY_AFTER, &wait);
    answer.code = static_cast<int>(code);
    answer.retry_after = absl::Seconds(wait);
    return answer;
  }

 private:
  CURL* const curl_;
  curl_slist* headers_ = nullptr;
};

std::string Part(CURLU* url, CURLUPart part) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, void (*)(void*)> owned(raw, curl_free);
  return raw;
}

}  // namespace

absl::Status CheckCollector(const std::string& endpoint) {
  StartCurl();
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, endpoint.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("is no address");
  }
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return absl::InvalidArgumentError("must begin with http:// or https://");
  }
  if (!Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty()) {
    return absl::InvalidArgumentError("names a user, which it must not");
  }
  if (!Part(url.get(), CURLUPART_QUERY).empty() || !Part(url.get(), CURLUPART_FRAGMENT).empty()) {
    return absl::InvalidArgumentError("has more than host, port and path");
  }
  return absl::OkStatus();
}

Post PostTo(const std::string& endpoint) {
  StartCurl();
  return [line = std::make_shared<Line>(endpoint)](const std::string& body,
                                                   const std::atomic<bool>& stop) {
    return line->Send(body, stop);
  };
}

}  // namespace ieum::telemetry
