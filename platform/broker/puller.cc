#include "platform/broker/puller.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_event.h"
#include "platform/broker/nats_status.h"
#include "platform/broker/number.h"
#include "platform/broker/stream.h"

namespace ieum::broker {
namespace {

using Kind = Delivery::Kind;

constexpr std::string_view kIdleHeartbeat = "100";
constexpr std::string_view kNoResponders = "503";
constexpr std::string_view kConflict = "409";  // several meanings, told by the description

Kind KindOfStatus(std::string_view status, std::string_view description) {
  if (status == kIdleHeartbeat) return Kind::kHeartbeat;
  if (status == kNoResponders) return Kind::kGone;
  if (status == kConflict && description.find("Deleted") != std::string_view::npos) {
    return Kind::kGone;
  }
  return Kind::kEnd;
}

const char* StatusOf(natsMsg* message) {
  const char* status = nullptr;
  if (natsMsg_GetDataLength(message) != 0) return nullptr;
  if (natsMsgHeader_Get(message, "Status", &status) != NATS_OK) return nullptr;
  return status;
}

Delivery StreamDelivery(natsMsg* raw, Puller::Read read) {
  Delivery delivery;
  const char* reply = natsMsg_GetReply(raw);
  const auto place = ParseStreamPlace(reply == nullptr ? "" : reply);
  if (!place) {
    delivery.kind = Kind::kHeartbeat;  // not from the stream; a sign of life at most
    return delivery;
  }
  delivery.kind = Kind::kMessage;
  delivery.seq = place->seq;
  delivery.pending = place->pending;
  if (read == Puller::Read::kMessages) {
    delivery.message = FromNatsMessage(raw);
  } else if (auto event = DecodeNatsEvent(raw); event.ok()) {
    delivery.event = *std::move(event);
  }
  return delivery;
}

Delivery StatusDelivery(natsMsg* raw, const char* status) {
  Delivery delivery;
  const char* description = nullptr;
  (void)natsMsgHeader_Get(raw, "Description", &description);
  delivery.kind = KindOfStatus(status, description == nullptr ? "" : description);
  const std::string_view subject = natsMsg_GetSubject(raw);
  (void)ParseNumber(subject.substr(subject.rfind('.') + 1), &delivery.request);
  return delivery;
}

Delivery DeliveryOf(natsMsg* raw, Puller::Read read) {
  const char* status = StatusOf(raw);
  return status == nullptr ? StreamDelivery(raw, read) : StatusDelivery(raw, status);
}

jsConsumerConfig ConfigOf(const PullStart& start) {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.AckPolicy = js_AckNone;
  config.ReplayPolicy = js_ReplayInstant;
  config.MemoryStorage = true;
  config.Replicas = 1;
  config.InactiveThreshold = absl::ToInt64Nanoseconds(kConsumerInactive);
  if (start.kind == PullStart::Kind::kSequence) {
    config.DeliverPolicy = js_DeliverByStartSequence;
    config.OptStartSeq = start.seq;
  } else if (start.kind == PullStart::Kind::kTime) {
    config.DeliverPolicy = js_DeliverByStartTime;
    config.OptStartTime = absl::ToUnixNanos(start.time);
  }
  return config;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Puller>> Puller::Open(Connection& connection,
                                                     std::string_view service,
                                                     const PullStart& start,
                                                     std::function<void(Delivery)> handler,
                                                     uint64_t* pending, Read read) {
  auto puller = std::unique_ptr<Puller>(
      new Puller(connection, std::string(service), std::move(handler), read));
  RETURN_IF_ERROR(puller->MakeConsumer(start, pending));
  return puller;
}

Puller::Puller(Connection& connection, std::string service, std::function<void(Delivery)> handler,
               Read read)
    : connection_(connection),
      service_(std::move(service)),
      stream_(StreamName(service_)),
      handler_(std::move(handler)),
      read_(read) {
  route_ =
      connection.impl().inbox->AddRoute([this](natsMsg* raw) { handler_(DeliveryOf(raw, read_)); });
}

absl::Status Puller::MakeConsumer(const PullStart& start, uint64_t* pending) {
  jsConsumerConfig config = ConfigOf(start);
  jsConsumerInfo* raw = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  ApiOptions api(connection_, service_);
  const natsStatus s = js_AddConsumer(&raw, connection_.impl().link()->js.get(), stream_.c_str(),
                                      &config, &api.options, &code);
  const ConsumerInfoHandle info(raw);
  RETURN_IF_ERROR(FromNats(s, "consumer", code));
  consumer_ = info->Name;
  connection_.impl().inbox->AddConsumer(route_, consumer_);
  *pending = info->NumPending;
  return absl::OkStatus();
}

Puller::~Puller() {
  connection_.impl().inbox->RemoveRoute(route_);
  if (consumer_.empty() || !connection_.connected()) return;  // the broker removes it by itself
  jsErrCode code = static_cast<jsErrCode>(0);
  ApiOptions api(connection_, service_);
  (void)js_DeleteConsumer(connection_.impl().link()->js.get(), stream_.c_str(), consumer_.c_str(),
                          &api.options, &code);
}

absl::StatusOr<uint64_t> Puller::Ask(const PullRequest& request) {
  const nlohmann::json body = {{"batch", request.batch},
                               {"max_bytes", request.max_bytes},
                               {"expires", absl::ToInt64Nanoseconds(request.expires)},
                               {"idle_heartbeat", absl::ToInt64Nanoseconds(request.heartbeat)}};
  const uint64_t number = requests_ + 1;
  RETURN_IF_ERROR(
      connection_.Publish({.subject = absl::StrCat(ApiPrefix(connection_.impl(), service_),
                                                   ".CONSUMER.MSG.NEXT.", stream_, ".", consumer_),
                           .reply = fmt::format("{}.{}", route_, number),
                           .headers = {},
                           .payload = body.dump()}));
  requests_ = number;
  return number;
}

}  // namespace ieum::broker
