#include "platform/db/connection.h"

#include <libpq-fe.h>

#include <algorithm>

#include "platform/db/connecting.h"

namespace ieum::db {
namespace {

constexpr std::chrono::seconds kFirstPlansLast(1);
constexpr std::chrono::minutes kPlansLastAtMost(5);

// Remembers what it connected.
class Handled final : public Connecting {
 public:
  using Connecting::Connecting;
  handle do_startconnect(handle made) override { return made_ = Connecting::do_startconnect(made); }
  handle made() const { return made_; }

 private:
  handle made_ = nullptr;
};

}  // namespace

class Connection::Session final : public pqxx::connection_base {
 public:
  explicit Session(const std::string& conninfo)
      : connection_base(connecting_), connecting_(conninfo) {
    init();
  }
  ~Session() noexcept { close(); }
  pg_conn* handle() const { return connecting_.made(); }

 private:
  Handled connecting_;
};

Connection::Connection(const std::string& conninfo, const std::string& settings)
    : session_(std::make_unique<Session>(conninfo)), lasting_(kFirstPlansLast) {
  // A silent reconnect would lose settings and prepared statements; a broken connection is thrown
  // away as a whole instead.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  session_->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  pqxx::nontransaction setup(*session_);
  setup.exec(settings);
}

Connection::~Connection() = default;

pqxx::connection_base& Connection::raw() { return *session_; }

bool Connection::usable() {
  return session_->is_open() && PQpipelineStatus(handle()) == PQ_PIPELINE_OFF;
}

pg_conn* Connection::handle() { return session_->handle(); }

void Connection::RenewPlans() {
  const auto now = std::chrono::steady_clock::now();
  if (now - renewed_ < lasting_) return;
  pqxx::nontransaction(*session_).exec("DISCARD PLANS");
  renewed_ = now;
  lasting_ = std::min<std::chrono::steady_clock::duration>(2 * lasting_, kPlansLastAtMost);
}

void Connection::Prepare(const Statement& statement) {
  if (prepared_.contains(&statement)) return;
  session_->prepare(statement.name(), statement.sql());
  session_->prepare_now(statement.name());
  prepared_.insert(&statement);
}

}  // namespace ieum::db
