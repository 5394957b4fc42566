// Making and closing one connection of the library.
#include <chrono>

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

Link* Self(void* closure) { return static_cast<Link*>(closure); }

const std::string& NameOf(void* closure) { return Self(closure)->owner.options.name; }

// Only said of a connection that had to be waited for.
void OnConnected(natsConnection*, void* closure) {
  if (Self(closure)->retired) return;
  telemetry::Info("broker answers", {{"connection", NameOf(closure)}});
  Self(closure)->owner.Changed();
}

// Closing ends the link too: that is no loss.
void OnDisconnected(natsConnection*, void* closure) {
  if (Self(closure)->retired) return;
  telemetry::Warn("broker connection lost", {{"connection", NameOf(closure)}});
  Self(closure)->owner.Changed();
}

void OnReconnected(natsConnection*, void* closure) {
  if (Self(closure)->retired) return;
  telemetry::Info("broker connection made again", {{"connection", NameOf(closure)}});
  Self(closure)->owner.Changed();
}

void OnClosed(natsConnection* connection, void* closure) {
  Link* self = Self(closure);
  self->gave_up = true;
  if (!self->retired) {
    const char* reason = nullptr;
    (void)natsConnection_GetLastError(connection, &reason);
    self->owner.Complain("broker lets us not in", reason == nullptr ? "" : reason);
  }
  self->closed.set_value();
}

void OnError(natsConnection*, natsSubscription*, natsStatus error, void* closure) {
  if (Self(closure)->retired) return;
  Self(closure)->owner.Complain("broker connection error", natsStatus_GetText(error));
}

natsStatus OnNonce(char**, unsigned char** signature, int* size, const char* nonce, void* closure) {
  return nats_Sign(Self(closure)->shown.seed.c_str(), nonce, signature, size);
}

natsStatus SetAccess(natsOptions* options, Link* link) {
  const Shown& shown = link->shown;
  natsStatus s = NATS_OK;
  if (!shown.seed.empty()) {
    s = natsOptions_SetNKey(options, shown.public_key.c_str(), OnNonce, link);
  }
  if (shown.authority.empty()) return s;
  if (s == NATS_OK) s = natsOptions_SetSecure(options, true);
  if (s == NATS_OK) s = natsOptions_SetCATrustedCertificates(options, shown.authority.c_str());
  if (s != NATS_OK || shown.certificate.empty()) return s;
  return natsOptions_SetCertificatesChain(options, shown.certificate.c_str(), shown.key.c_str());
}

natsStatus SetPatience(natsOptions* options) {
  natsStatus s = natsOptions_SetTimeout(options, Millis(kConnectTimeout));
  if (s == NATS_OK) s = natsOptions_SetMaxReconnect(options, kForEver);
  if (s == NATS_OK) s = natsOptions_SetReconnectWait(options, Millis(kReconnectWait));
  if (s == NATS_OK) {
    s = natsOptions_SetReconnectJitter(options, Millis(kReconnectJitter), Millis(kReconnectJitter));
  }
  if (s == NATS_OK) s = natsOptions_SetReconnectBufSize(options, kNoReconnectBuffer);
  if (s == NATS_OK) s = natsOptions_SetPingInterval(options, Millis(kPingInterval));
  if (s == NATS_OK) s = natsOptions_SetMaxPingsOut(options, kPingsUnanswered);
  return s;
}

absl::StatusOr<OptionsHandle> MakeOptions(const ConnectionOptions& with, Link* link) {
  natsOptions* raw = nullptr;
  RETURN_IF_ERROR(FromNats(natsOptions_Create(&raw), "options"));
  OptionsHandle options(raw);
  if (natsOptions_SetURL(raw, with.url.c_str()) != NATS_OK) {
    return absl::InvalidArgumentError("the broker's URL cannot be read");
  }
  if (SetAccess(raw, link) != NATS_OK) {
    return absl::InvalidArgumentError("the certificates for the broker cannot be used");
  }
  natsStatus s = natsOptions_SetName(raw, with.name.c_str());
  if (s == NATS_OK) s = SetPatience(raw);
  if (s == NATS_OK) s = natsOptions_SetSendAsap(raw, with.send_at_once);
  if (s == NATS_OK) s = natsOptions_SetErrorHandler(raw, OnError, link);
  if (s == NATS_OK) s = natsOptions_SetDisconnectedCB(raw, OnDisconnected, link);
  if (s == NATS_OK) s = natsOptions_SetReconnectedCB(raw, OnReconnected, link);
  if (s == NATS_OK) s = natsOptions_SetClosedCB(raw, OnClosed, link);
  if (s == NATS_OK) s = natsOptions_SetRetryOnFailedConnect(raw, true, OnConnected, link);
  RETURN_IF_ERROR(FromNats(s, "options"));
  return options;
}

void OnMessage(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  const MessageHandle owned(message);
  Subscription::Impl& to = *static_cast<Link::Ear*>(closure)->subscription;
  std::lock_guard<std::mutex> lock(to.mutex);
  if (!to.ended) to.handler(message);
}

void OnComplete(void* closure) { static_cast<Link::Ear*>(closure)->complete.set_value(); }

}  // namespace

absl::Status Connection::Impl::MakeLink(std::shared_ptr<Link>* made, Shown shown) {
  auto link = std::make_shared<Link>(*this);
  link->shown = std::move(shown);
  ASSIGN_OR_RETURN(const OptionsHandle nats_options, MakeOptions(options, link.get()));
  natsConnection* raw = nullptr;
  const natsStatus s = natsConnection_Connect(&raw, nats_options.get());
  if (s == NATS_INVALID_ARG) return absl::InvalidArgumentError("the broker's URL cannot be read");
  if (s != NATS_OK && s != NATS_NOT_YET_CONNECTED) return FromNats(s, "connect");
  link->handle.reset(raw);
  jsCtx* js = nullptr;
  const absl::Status context = FromNats(natsConnection_JetStream(&js, raw, nullptr), "jetstream");
  link->js.reset(js);
  if (context.ok()) {
    *made = std::move(link);
  } else if (!link->Close()) {
    (void)new std::shared_ptr<Link>(link);  // leaked on purpose: a callback may still come
  }
  return context;
}

absl::Status Link::Listen(std::shared_ptr<Subscription::Impl> subscription) {
  auto ear = std::make_unique<Ear>();
  ear->subscription = std::move(subscription);
  natsSubscription* raw = nullptr;
  RETURN_IF_ERROR(
      FromNats(natsConnection_Subscribe(&raw, handle.get(), ear->subscription->subject.c_str(),
                                        OnMessage, ear.get()),
               "subscribe"));
  ear->handle.reset(raw);
  const natsStatus told = natsSubscription_SetOnCompleteCB(raw, OnComplete, ear.get());
  if (told == NATS_OK) {
    ears.push_back(std::move(ear));
    return absl::OkStatus();
  }
  // The broker closed the link between the two, so that nobody will say when the library is through
  // with this ear: waiting for that would keep the whole link, and its threads, for ever. Whether
  // it still is, cannot be asked; so the ear stays until the next one fares the same, a pause
  // later.
  ear->handle.reset();
  owner.unheard = std::move(ear);
  return FromNats(told, "subscribe");
}

bool Link::up() const { return natsConnection_Status(handle.get()) == NATS_CONN_STATUS_CONNECTED; }

bool Link::Close() {
  retired = true;
  natsConnection_Close(handle.get());
  const auto until = std::chrono::steady_clock::now() + kCloseTimeout;
  bool over = closed.get_future().wait_until(until) == std::future_status::ready;
  for (const auto& ear : ears) {
    over &= ear->complete.get_future().wait_until(until) == std::future_status::ready;
  }
  return over;
}

}  // namespace ieum::broker
