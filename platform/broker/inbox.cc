#include "platform/broker/inbox.h"

#include <array>

#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/number.h"

namespace ieum::broker {
namespace {

std::string NewSubject() {
  natsInbox* inbox = nullptr;
  if (natsInbox_Create(&inbox) != NATS_OK) return "";
  std::string subject(inbox);
  natsInbox_Destroy(inbox);
  return subject;
}

}  // namespace

// $JS.ACK.<stream>.<consumer>.<deliveries>.<seq>.<consumer seq>.<time>.<pending>; newer servers put
// domain and account behind the second word.
std::optional<StreamPlace> ParseStreamPlace(std::string_view reply) {
  constexpr size_t kWords = 9, kWordsWithDomain = 11;
  if (!reply.starts_with("$JS.ACK.")) return std::nullopt;
  std::array<std::string_view, kWordsWithDomain + 1> words;
  size_t count = 0;
  for (size_t from = 0; from <= reply.size() && count < words.size(); ++count) {
    const size_t dot = std::min(reply.find('.', from), reply.size());
    words[count] = reply.substr(from, dot - from);
    from = dot + 1;
  }
  if (count < kWords) return std::nullopt;
  const size_t shift = count >= kWordsWithDomain ? 2 : 0;
  StreamPlace place{words[3 + shift], 0, 0};
  if (!ParseNumber(words[5 + shift], &place.seq) ||
      !ParseNumber(words[8 + shift], &place.pending)) {
    return std::nullopt;
  }
  return place;
}

Inbox::Inbox() : subject_(NewSubject()) {}

absl::Status Inbox::Open(Connection::Impl& connection) {
  ASSIGN_OR_RETURN(subscription_, SubscribeRaw(connection, subject_ + ".>",
                                               [this](natsMsg* message) { Receive(message); }));
  return absl::OkStatus();
}

std::string Inbox::AddRoute(Handler handler) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::string route = fmt::format("{}.{}", subject_, ++routes_made_);
  routes_.emplace(route, std::move(handler));
  return route;
}

void Inbox::AddConsumer(const std::string& route, const std::string& consumer) {
  std::lock_guard<std::mutex> lock(mutex_);
  consumers_[consumer] = route;
}

void Inbox::RemoveRoute(const std::string& route) {
  std::lock_guard<std::mutex> lock(mutex_);
  routes_.erase(route);
  std::erase_if(consumers_, [&route](const auto& entry) { return entry.second == route; });
}

// Messages of a stream keep their own subject; only answers and statuses come under ours.
void Inbox::Receive(natsMsg* message) {
  std::lock_guard<std::mutex> lock(mutex_);
  const std::string_view subject = natsMsg_GetSubject(message);
  std::string_view route = subject.substr(0, subject.find('.', subject_.size() + 1));
  if (!subject.starts_with(subject_)) {
    const char* reply = natsMsg_GetReply(message);
    const auto place = ParseStreamPlace(reply == nullptr ? "" : reply);
    const auto consumer = place ? consumers_.find(place->consumer) : consumers_.end();
    if (consumer == consumers_.end()) return;
    route = consumer->second;
  }
  const auto found = routes_.find(route);
  if (found != routes_.end()) found->second(message);
}

}  // namespace ieum::broker
