#include "platform/broker/connection.h"

#include <algorithm>

#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_status.h"
#include "platform/telemetry/log.h"

namespace ieum::broker {
namespace {

constexpr std::chrono::seconds kIdleLook(10);  // when nothing was said: to be sure
constexpr char kOwnApi[] = "$JS.API";

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(ConnectionOptions options) {
  // No spinning for a lock before it is waited for: with few cores its holder needs this one.
  static const natsStatus opened = nats_Open(0);
  RETURN_IF_ERROR(FromNats(opened, "library"));
  ASSIGN_OR_RETURN(Shown shown, ReadAccess(options.access));
  auto impl = std::make_unique<Impl>(std::move(options));
  RETURN_IF_ERROR(impl->MakeLink(&impl->current, std::move(shown)));
  auto connection = std::unique_ptr<Connection>(new Connection(std::move(impl)));
  Impl& made = *connection->impl_;
  if (made.current->up()) {
    made.Changed();
  } else {
    telemetry::Warn("broker does not answer yet; trying on", {{"connection", made.options.name}});
  }
  made.inbox = std::make_unique<Inbox>();
  RETURN_IF_ERROR(made.inbox->Open(made));
  made.watcher = std::thread([&made] { made.Watch(); });
  return connection;
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connection::~Connection() {
  if (impl_->Close()) return;
  telemetry::Error("broker connection does not close", {{"connection", impl_->options.name}});
  (void)impl_.release();  // leaked on purpose: a callback may still come, and is not passed on
}

std::shared_ptr<Link> Connection::Impl::link() const {
  std::lock_guard<std::mutex> lock(link_mutex);
  return current;
}

void Connection::Impl::Changed() {
  ++generation;
  {
    std::lock_guard<std::mutex> lock(watch_mutex);
    watch.notify_one();
  }
  std::lock_guard<std::mutex> lock(mutex);
  if (!closing && options.on_change) options.on_change();
}

void Connection::Impl::Complain(std::string_view what, std::string_view reason) {
  {
    std::lock_guard<std::mutex> lock(watch_mutex);
    if (!complained.insert(std::string(what).append(reason)).second) return;
  }
  telemetry::Warn(what, {{"connection", options.name}, {"reason", reason}});
}

// The library mends what is cut; what it cannot do is to come as somebody else.
void Connection::Impl::Watch() {
  std::unique_lock<std::mutex> lock(watch_mutex);
  while (!closing) {
    const std::shared_ptr<Link> now = link();
    const auto changed = [&] { return closing || now->up(); };
    if (now->up()) {
      complained.clear();
      pause = kMendInterval;
      watch.wait_for(lock, kIdleLook, [&] { return closing || !now->up(); });
    } else if (!watch.wait_for(lock, absl::ToChronoMilliseconds(kMendInterval), changed)) {
      lock.unlock();
      Mend();
      lock.lock();
    }
  }
}

bool Connection::Impl::LeaveAlone(bool same_files) {
  const auto now = std::chrono::steady_clock::now();
  if (!same_files) pause = kMendInterval;
  if (same_files && now < ask_again) return true;
  ask_again = now + absl::ToChronoMilliseconds(pause);
  pause = std::min(2 * pause, kMendIntervalMax);
  return false;
}

// The old link may have come back by itself while the other was made: what is under way on it is
// not to be lost for a newer file.
std::shared_ptr<Link> Connection::Impl::Replace(const std::shared_ptr<Link>& old,
                                                std::shared_ptr<Link> made, absl::Status* status) {
  std::lock_guard<std::mutex> lock(link_mutex);
  if (old->up()) return made;
  for (const auto& subscription : subscriptions) status->Update(made->Listen(subscription));
  if (!status->ok()) return made;
  current = std::move(made);
  return old;
}

void Connection::Impl::Mend() {
  const std::shared_ptr<Link> old = link();
  absl::StatusOr<Shown> shown = ReadAccess(options.access);
  const bool same_files = shown.ok() && *shown == old->shown;
  if (same_files && !old->gave_up) return;  // it tries on by itself
  absl::Status status = shown.status();
  std::shared_ptr<Link> made, unused;
  if (status.ok()) {
    if (LeaveAlone(same_files)) return;
    status = MakeLink(&made, *std::move(shown));
  }
  if (status.ok()) unused = Replace(old, made, &status);
  if (!status.ok()) Complain("broker connection cannot be made anew", status.ToString());
  if (unused != nullptr && !unused->Close()) (void)new std::shared_ptr<Link>(unused);  // as above
  if (unused == old && made->up()) {
    telemetry::Info("broker connection made anew", {{"connection", options.name}});
    Changed();
  }
}

// The library makes its callbacks on threads of its own: what they use goes after the last of them.
bool Connection::Impl::Close() {
  {
    std::scoped_lock lock(mutex, watch_mutex);
    closing = true;  // whoever is being told has been told now
    watch.notify_one();
  }
  if (watcher.joinable()) watcher.join();
  if (!link()->Close()) return false;
  subscriptions.clear();
  current.reset();
  return true;
}

bool Connection::connected() const { return impl_->link()->up(); }

uint64_t Connection::generation() const { return impl_->generation; }

absl::Status Connection::Publish(const Message& message) {
  const std::shared_ptr<Link> link = impl_->link();
  if (!link->up()) return absl::UnavailableError("the broker's connection is down");
  ASSIGN_OR_RETURN(const MessageHandle handle, ToNatsMessage(message));
  return FromNats(natsConnection_PublishMsg(link->handle.get(), handle.get()), "publish");
}

absl::StatusOr<std::unique_ptr<Subscription>> Connection::Subscribe(const std::string& subject,
                                                                    Subscription::Handler handler) {
  return SubscribeRaw(*impl_, subject, [handler = std::move(handler)](natsMsg* message) {
    handler(FromNatsMessage(message));
  });
}

std::string ApiPrefix(Connection::Impl& connection, std::string_view service) {
  const std::string& room = connection.options.access.room;
  if (room.empty() || room == service) return kOwnApi;
  return "read." + std::string(service);
}

ApiOptions::ApiOptions(Connection& connection, std::string_view service)
    : prefix(ApiPrefix(connection.impl(), service)) {
  jsOptions_Init(&options);
  options.Prefix = prefix.c_str();
  options.Wait = absl::ToInt64Milliseconds(kApiTimeout);
}

}  // namespace ieum::broker
