// How a connection is made. libpqxx leaves that to libpq, which writes whatever a server says
// meanwhile to standard error ("terminating connection because of crash of another server
// process"): a log that is read by machines would hold lines that are not its own.
#pragma once

#include <pqxx/pqxx>
#include <string>

namespace ieum::db {

// As pqxx's own, but what the server says, then and later, goes into our log (severity and
// SQLSTATE, no words: they may quote data), and a server that does not answer is given up after
// 10 s.
class Connecting : public pqxx::connectionpolicy {
 public:
  explicit Connecting(const std::string& conninfo) : connectionpolicy(conninfo) {}
  // Throws pqxx::broken_connection when there is no connection in the end.
  handle do_startconnect(handle made) override;
};

using RawConnection = pqxx::basic_connection_base<Connecting>;

}  // namespace ieum::db
