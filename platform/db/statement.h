// A named SQL statement. It stands as a constant right above the one function that uses it; its
// name appears in metrics and logs instead of SQL. All statements of a binary register here, so
// that a test can prepare every one against the migrated schema.
#pragma once

#include <string>
#include <vector>

namespace ieum::db {

class Statement {
 public:
  // `name`: lower_snake, unique in the process, e.g. "organization_insert". Both must outlive the
  // process (literals).
  Statement(const char* name, const char* sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  const char* name() const { return name_; }
  const char* sql() const { return sql_; }
  // False for a plain SELECT, with locks or without.
  bool writes() const { return writes_; }
  static const std::vector<const Statement*>& All();

 private:
  const char* name_;
  const char* sql_;
  bool writes_;
};

}  // namespace ieum::db
