#include "platform/db/statement.h"

namespace ieum::db {
namespace {

std::vector<const Statement*>& Registered() {
  static std::vector<const Statement*> statements;
  return statements;
}

}  // namespace

Statement::Statement(const char* name, const char* sql) : name_(name), sql_(sql) {
  Registered().push_back(this);
}

const std::vector<const Statement*>& Statement::All() { return Registered(); }

}  // namespace ieum::db
