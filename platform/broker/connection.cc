#include "platform/broker/connection.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_status.h"
#include "platform/telemetry/log.h"

namespace ieum::broker {
namespace {

constexpr int kForEver = -1;
constexpr int kNoReconnectBuffer = 0;  // bytes; see the header
constexpr std::chrono::seconds kCloseTimeout(5);

int64_t Millis(absl::Duration duration) { return absl::ToInt64Milliseconds(duration); }

Connection::Impl* Self(void* closure) { return static_cast<Connection::Impl*>(closure); }

// Only said of a connection that had to be waited for.
void OnConnected(natsConnection*, void* closure) {
  telemetry::Info("broker answers", {{"connection", Self(closure)->options.name}});
  Self(closure)->Changed();
}

// Closing ends the link too: that is no loss.
void OnDisconnected(natsConnection*, void* closure) {
  if (Self(closure)->closing) return;
  telemetry::Warn("broker connection lost", {{"connection", Self(closure)->options.name}});
  Self(closure)->Changed();
}

void OnReconnected(natsConnection*, void* closure) {
  telemetry::Info("broker connection made again", {{"connection", Self(closure)->options.name}});
  Self(closure)->Changed();
}

void OnClosed(natsConnection*, void* closure) { Self(closure)->closed.set_value(); }

void OnError(natsConnection*, natsSubscription*, natsStatus error, void* closure) {
  if (Self(closure)->closing) return;
  telemetry::Warn("broker connection error", {{"connection", Self(closure)->options.name},
                                              {"error", natsStatus_GetText(error)}});
}

absl::StatusOr<OptionsHandle> MakeOptions(Connection::Impl* impl) {
  natsOptions* raw = nullptr;
  RETURN_IF_ERROR(FromNats(natsOptions_Create(&raw), "options"));
  OptionsHandle options(raw);
  if (natsOptions_SetURL(raw, impl->options.url.c_str()) != NATS_OK) {
    return absl::InvalidArgumentError("the broker's URL cannot be read");
  }
  natsStatus s = natsOptions_SetName(raw, impl->options.name.c_str());
  if (s == NATS_OK) s = natsOptions_SetTimeout(raw, Millis(kConnectTimeout));
  if (s == NATS_OK) s = natsOptions_SetMaxReconnect(raw, kForEver);
  if (s == NATS_OK) s = natsOptions_SetReconnectWait(raw, Millis(kReconnectWait));
  if (s == NATS_OK) {
    s = natsOptions_SetReconnectJitter(raw, Millis(kReconnectJitter), Millis(kReconnectJitter));
  }
  if (s == NATS_OK) s = natsOptions_SetReconnectBufSize(raw, kNoReconnectBuffer);
  if (s == NATS_OK) s = natsOptions_SetPingInterval(raw, Millis(kPingInterval));
  if (s == NATS_OK) s = natsOptions_SetMaxPingsOut(raw, kPingsUnanswered);
  if (s == NATS_OK) s = natsOptions_SetSendAsap(raw, impl->options.send_at_once);
  if (s == NATS_OK) s = natsOptions_SetErrorHandler(raw, OnError, impl);
  if (s == NATS_OK) s = natsOptions_SetDisconnectedCB(raw, OnDisconnected, impl);
  if (s == NATS_OK) s = natsOptions_SetReconnectedCB(raw, OnReconnected, impl);
  if (s == NATS_OK) s = natsOptions_SetClosedCB(raw, OnClosed, impl);
  if (s == NATS_OK) s = natsOptions_SetRetryOnFailedConnect(raw, true, OnConnected, impl);
  RETURN_IF_ERROR(FromNats(s, "options"));
  return options;
}

absl::Status MakeJetStream(Connection::Impl* impl) {
  jsOptions options;
  RETURN_IF_ERROR(FromNats(jsOptions_Init(&options), "jetstream options"));
  options.Wait = Millis(kApiTimeout);
  jsCtx* js = nullptr;
  RETURN_IF_ERROR(
      FromNats(natsConnection_JetStream(&js, impl->handle.get(), &options), "jetstream"));
  impl->js.reset(js);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(ConnectionOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  ASSIGN_OR_RETURN(const OptionsHandle nats_options, MakeOptions(impl.get()));
  natsConnection* raw = nullptr;
  const natsStatus s = natsConnection_Connect(&raw, nats_options.get());
  if (s == NATS_INVALID_ARG) return absl::InvalidArgumentError("the broker's URL cannot be read");
  if (s != NATS_OK && s != NATS_NOT_YET_CONNECTED) return FromNats(s, "connect");
  impl->handle.reset(raw);
  if (s == NATS_OK) {
    impl->Changed();
  } else {
    telemetry::Warn("broker does not answer yet; trying on", {{"connection", impl->options.name}});
  }
  auto connection = std::unique_ptr<Connection>(new Connection(std::move(impl)));
  RETURN_IF_ERROR(MakeJetStream(connection->impl_.get()));
  connection->impl_->inbox = std::make_unique<Inbox>();
  RETURN_IF_ERROR(connection->impl_->inbox->Open(*connection->impl_));
  return connection;
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connection::~Connection() {
  if (impl_->Close()) return;
  telemetry::Error("broker connection does not close", {{"connection", impl_->options.name}});
  (void)impl_.release();  // leaked on purpose: a callback may still come, and is not passed on
}

void Connection::Impl::Changed() {
  ++generation;
  std::lock_guard<std::mutex> lock(mutex);
  if (!closing && options.on_change) options.on_change();
}

// The library makes its callbacks on threads of its own: what they use goes after the last of them.
bool Connection::Impl::Close() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    closing = true;  // whoever is being told has been told now
  }
  js.reset();
  natsConnection_Close(handle.get());
  const auto until = std::chrono::steady_clock::now() + kCloseTimeout;
  bool over = closed.get_future().wait_until(until) == std::future_status::ready;
  for (const auto& subscription : subscriptions) {
    over &= subscription->complete.get_future().wait_until(until) == std::future_status::ready;
  }
  if (!over) return false;
  subscriptions.clear();
  handle.reset();
  return true;
}

bool Connection::connected() const {
  return natsConnection_Status(impl_->handle.get()) == NATS_CONN_STATUS_CONNECTED;
}

uint64_t Connection::generation() const { return impl_->generation; }

absl::Status Connection::Publish(const Message& message) {
  if (!connected()) return absl::UnavailableError("the broker's connection is down");
  ASSIGN_OR_RETURN(const MessageHandle handle, ToNatsMessage(message));
  return FromNats(natsConnection_PublishMsg(impl_->handle.get(), handle.get()), "publish");
}

absl::StatusOr<std::unique_ptr<Subscription>> Connection::Subscribe(const std::string& subject,
                                                                    Subscription::Handler handler) {
  return SubscribeRaw(*impl_, subject, [handler = std::move(handler)](natsMsg* message) {
    handler(FromNatsMessage(message));
  });
}

}  // namespace ieum::broker
