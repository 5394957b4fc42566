#include "platform/db/statement.h"

#include <string_view>

namespace ieum::db {
namespace {

std::vector<const Statement*>& Registered() {
  static std::vector<const Statement*> statements;
  return statements;
}

bool IsSelect(std::string_view sql) {
  const size_t first = sql.find_first_not_of(" \n\t");
  return first != std::string_view::npos && sql.substr(first).starts_with("SELECT");
}

}  // namespace

Statement::Statement(const char* name, const char* sql)
    : name_(name), sql_(sql), writes_(!IsSelect(sql)) {
  Registered().push_back(this);
}

const std::vector<const Statement*>& Statement::All() { return Registered(); }

}  // namespace ieum::db
