#include "platform/telemetry/admin_server.h"

#include <httplib.h>

#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/telemetry/metrics.h"

namespace ieum::telemetry {

namespace {

// The library would share a port with whoever has it (SO_REUSEPORT), and calls would go astray.
void TakePortAlone(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace

struct AdminServer::Impl {
  httplib::Server server;
  std::promise<void> running;
  std::thread thread;
};

AdminServer::AdminServer(Metrics& metrics, std::function<absl::Status()> ready)
    : impl_(std::make_unique<Impl>()) {
  impl_->server.set_socket_options(TakePortAlone);
  // Two threads are plenty for a scraper and a probe; the library's default is one per core. It
  // asks for them when it has begun to run; a stop before that moment would be lost.
  impl_->server.new_task_queue = [impl = impl_.get()] {
    impl->running.set_value();
    return new httplib::ThreadPool(2);
  };
  impl_->server.Get("/metrics", [&metrics](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics.Render(), "text/plain; version=0.0.4");
  });
  impl_->server.Get("/livez", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain");
  });
  impl_->server.Get("/readyz", [ready](const httplib::Request&, httplib::Response& response) {
    const absl::Status status = ready();
    response.status = status.ok() ? 200 : 503;
    response.set_content(status.ok() ? "ok\n" : absl::StrCat(status.message(), "\n"), "text/plain");
  });
}

AdminServer::~AdminServer() { Stop(); }

absl::StatusOr<int> AdminServer::Start(const std::string& address, int port) {
  const int bound = port == 0 ? impl_->server.bind_to_any_port(address.c_str())
                              : (impl_->server.bind_to_port(address.c_str(), port) ? port : -1);
  if (bound <= 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", address, ":", port,
                     " for the admin port; it is in use or not ours; set IEUM_ADMIN_PORT"));
  }
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
  impl_->running.get_future().wait();
  return bound;
}

void AdminServer::Stop() {
  if (!impl_->thread.joinable()) return;
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace ieum::telemetry
