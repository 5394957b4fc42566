#include "platform/db/connecting.h"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <string_view>

#include "platform/telemetry/log.h"

namespace ieum::db {
namespace {

using Clock = std::chrono::steady_clock;  // the machine's time may jump

constexpr std::chrono::seconds kConnectWithin(10);

void OnNotice(void*, const PGresult* notice) {
  const auto field = [notice](int code) {
    const char* text = PQresultErrorField(notice, code);
    return std::string_view(text == nullptr ? "" : text);
  };
  telemetry::Warn("the database says", {{"db_severity", field(PG_DIAG_SEVERITY_NONLOCALIZED)},
                                        {"db_sqlstate", field(PG_DIAG_SQLSTATE)}});
}

// Until the socket is ready for what libpq waits for; false at the limit.
bool Await(const PGconn* connection, PostgresPollingStatusType state, Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  if (left.count() <= 0) return false;
  pollfd ready{.fd = PQsocket(connection),
               .events = static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT),
               .revents = 0};
  return poll(&ready, 1, static_cast<int>(left.count())) != 0;
}

bool Connect(PGconn* connection) {
  const Clock::time_point until = Clock::now() + kConnectWithin;
  auto state = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD && state != PGRES_POLLING_FAILED) {
    if (state == PGRES_POLLING_OK) return true;
    if (!Await(connection, state, until)) return false;
    state = PQconnectPoll(connection);
  }
  return false;
}

// A server whose machine vanishes says nothing more; without this the kernel waits a quarter of an
// hour for its answer, and with it whoever asked. On a Unix socket these are refused, and not
// needed.
void GiveUpTheSilent(int socket) {
  const int on = 1, idle_s = 5, every_s = 5, times = 2;
  const unsigned unacknowledged_ms = 15'000;
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
}

}  // namespace

Connecting::handle Connecting::do_startconnect(handle made) {
  if (made != nullptr) return made;
  made = PQconnectStart(options().c_str());
  if (made == nullptr) throw std::bad_alloc();
  PQsetNoticeReceiver(made, OnNotice, nullptr);
  if (Connect(made)) {
    GiveUpTheSilent(PQsocket(made));
    return made;
  }
  const std::string why = PQerrorMessage(made);
  PQfinish(made);
  throw pqxx::broken_connection(why.empty() ? "the server did not answer in time" : why);
}

}  // namespace ieum::db
