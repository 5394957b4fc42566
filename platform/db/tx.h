// One transaction on one connection. Statements throw pqxx exceptions; they end in Database::Write
// and Database::Read, which turn them into a status. No other code throws or catches them.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/uuid.h"
#include "platform/db/statement.h"

namespace ieum::db {

// A value as PostgreSQL reads it in text form; NULL when empty. A text with U+0000 in it fails its
// statement.
class Param {
 public:
  Param(std::nullopt_t) {}                                    // NOLINT(runtime/explicit)
  Param(const char* text) : text_(text) {}                    // NOLINT(runtime/explicit)
  Param(std::string_view text) : text_(std::string(text)) {}  // NOLINT(runtime/explicit)
  Param(std::string text) : text_(std::move(text)) {}         // NOLINT(runtime/explicit)
  Param(bool value) : text_(value ? "t" : "f") {}             // NOLINT(runtime/explicit)
  template <class I, std::enable_if_t<std::is_integral_v<I> && !std::is_same_v<I, bool>, int> = 0>
  Param(I value) : text_(std::to_string(value)) {}  // NOLINT(runtime/explicit)
  // Exact numbers only: a double would silently become a boolean.
  template <class F, std::enable_if_t<std::is_floating_point_v<F>, int> = 0>
  Param(F value) = delete;  // NOLINT(runtime/explicit)
  template <class E, std::enable_if_t<std::is_enum_v<E>, int> = 0>
  Param(E value) : text_(std::to_string(static_cast<int>(value))) {}  // NOLINT(runtime/explicit)
  Param(const base::Uuid& id) : text_(id.ToString()) {}               // NOLINT(runtime/explicit)
  Param(absl::Time instant);                                          // NOLINT(runtime/explicit)
  Param(absl::CivilDay day);                                          // NOLINT(runtime/explicit)
  template <class T>
  Param(const std::optional<T>& value) {  // NOLINT(runtime/explicit)
    if (value) *this = Param(*value);
  }
  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

// Bytes as a bytea parameter.
Param Bytes(std::string_view bytes);
// Arrays for `= ANY($1)` and `unnest($1::…)`: elements quoted and escaped; Param NULLs are kept.
Param Array(const std::vector<Param>& elements);
template <class T>
Param ArrayOf(const std::vector<T>& values) {
  return Array(std::vector<Param>(values.begin(), values.end()));
}

class Connection;

// What statements answer; columns by index (`row[0]`) with the readers below.
using Rows = pqxx::result;
using Row = pqxx::row;

// Ends the running transaction as a serialisation conflict; its body is run again.
[[noreturn]] void Conflict();

class Tx {
 public:
  Tx(Connection& connection, pqxx::transaction_base& work);
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  template <class... Args>
  Rows Exec(const Statement& statement, const Args&... args) {
    return Run(statement, {Param(args)...});
  }
  // The only row, or nullopt when there is none.
  template <class... Args>
  std::optional<Row> ExecOptional(const Statement& statement, const Args&... args) {
    const Rows rows = Run(statement, {Param(args)...});
    if (rows.empty()) return std::nullopt;
    return rows[0];
  }
  // Rows changed.
  template <class... Args>
  int64_t ExecCount(const Statement& statement, const Args&... args) {
    return static_cast<int64_t>(Run(statement, {Param(args)...}).affected_rows());
  }
  Rows Run(const Statement& statement, const std::vector<Param>& params);
  // SQL text made by code, such as a list filter over an allow-list of columns; values are always
  // parameters ($1…).
  Rows RunDynamic(const std::string& sql, const std::vector<Param>& params);

  // A migration file: several statements, no parameters.
  void RunScript(const std::string& sql);

 private:
  Connection& connection_;
  pqxx::transaction_base& work_;
};

// Columns back into values.
base::Uuid AsUuid(const pqxx::field& field);
std::optional<base::Uuid> AsOptionalUuid(const pqxx::field& field);
absl::Time AsTime(const pqxx::field& field);
std::optional<absl::Time> AsOptionalTime(const pqxx::field& field);
absl::CivilDay AsDay(const pqxx::field& field);
std::optional<absl::CivilDay> AsOptionalDay(const pqxx::field& field);
std::string AsBytes(const pqxx::field& field);
std::string AsText(const pqxx::field& field);  // "" for NULL

}  // namespace ieum::db
