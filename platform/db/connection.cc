#include "platform/db/connection.h"

namespace ieum::db {

Connection::Connection(const std::string& conninfo, const std::string& settings)
    : raw_(std::make_unique<pqxx::connection>(conninfo)) {
  // A silent reconnect would lose settings and prepared statements; a broken connection is thrown
  // away as a whole instead.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  raw_->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  pqxx::nontransaction setup(*raw_);
  setup.exec(settings);
}

void Connection::Prepare(const Statement& statement) {
  if (!prepared_.insert(&statement).second) return;
  raw_->prepare(statement.name(), statement.sql());
}

}  // namespace ieum::db
