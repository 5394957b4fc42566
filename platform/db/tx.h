// One transaction on one connection. Statements throw pqxx exceptions; they end in Database::Write
// and Database::Read, which turn them into a status. No other code throws or catches them.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
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

// A statement that is sent later, and what is expected of it.
struct NotedStatement {
  const Statement* statement;
  std::vector<Param> params;
  int64_t rows;  // changed; kAnyRows = whatever it is
  int unit;      // on whose behalf
};
inline constexpr int64_t kAnyRows = -1;
inline constexpr int kNoUnit = -1;

class Tx {
 public:
  enum class Kind { kMany, kOneStatement };
  Tx(Connection& connection, pqxx::transaction_base& work, Kind kind = Kind::kMany);
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  template <class... Args>
  Rows Exec(const Statement& statement, Args&&... args) {
    return Run(statement, ParamsOf(std::forward<Args>(args)...));
  }
  // The only row, or nullopt when there is none.
  template <class... Args>
  std::optional<Row> ExecOptional(const Statement& statement, Args&&... args) {
    const Rows rows = Run(statement, ParamsOf(std::forward<Args>(args)...));
    if (rows.empty()) return std::nullopt;
    return rows[0];
  }
  // Rows changed.
  template <class... Args>
  int64_t ExecCount(const Statement& statement, Args&&... args) {
    return static_cast<int64_t>(
        Run(statement, ParamsOf(std::forward<Args>(args)...)).affected_rows());
  }
  // Whether exactly one row (`rows` rows) was changed, such as by INSERT … ON CONFLICT DO NOTHING.
  // Where several units share a transaction (see Gather) the answer is an assumption: the statement
  // is sent later, and if it then changes another number of rows the transaction ends, and this
  // unit runs again in one of its own, which hears the truth. So: return a refusal on false.
  template <class... Args>
  bool ExecOne(const Statement& statement, Args&&... args) {
    return RunExpecting(1, statement, ParamsOf(std::forward<Args>(args)...));
  }
  template <class... Args>
  bool ExecRows(int64_t rows, const Statement& statement, Args&&... args) {
    return RunExpecting(rows, statement, ParamsOf(std::forward<Args>(args)...));
  }
  // A write whose outcome nobody asks for; it may be sent together with what follows.
  template <class... Args>
  void ExecLater(const Statement& statement, Args&&... args) {
    RunExpecting(kAnyRows, statement, ParamsOf(std::forward<Args>(args)...));
  }
  Rows Run(const Statement& statement, const std::vector<Param>& params);
  // SQL text made by code, such as a list filter over an allow-list of columns; values are always
  // parameters ($1…).
  Rows RunDynamic(const std::string& sql, const std::vector<Param>& params);

  // A migration file: several statements, no parameters.
  void RunScript(const std::string& sql);

  // For whoever runs several units in one transaction. From now on ExecLater, and with `wrong` also
  // ExecOne and ExecRows, are noted and sent together, in their order: before the next statement
  // that is answered, by Send, or before COMMIT. When one of them changes another number of rows
  // than expected, or fails, its unit is put into `wrong` and the transaction ends as a Conflict.
  void Gather(std::vector<int>* wrong);
  void SetUnit(int unit) { unit_ = unit; }
  void Send();

  // How many statements have changed something, or are noted.
  int64_t changes() const { return changes_; }

  // Runs `body` until it first asks this transaction for something, or calls StopProbe; nothing is
  // sent. False when it was the transaction that stopped it.
  bool Probe(absl::FunctionRef<void()> body);
  [[noreturn]] static void StopProbe();
  bool probing() const { return probing_; }

 private:
  template <class... Args>
  static std::vector<Param> ParamsOf(Args&&... args) {
    std::vector<Param> params;
    params.reserve(sizeof...(args));
    (params.emplace_back(std::forward<Args>(args)), ...);
    return params;
  }
  bool RunExpecting(int64_t rows, const Statement& statement, std::vector<Param> params);
  void BeforeStatement();

  Connection& connection_;
  pqxx::transaction_base& work_;
  const Kind kind_;
  int64_t changes_ = 0;
  int64_t statements_ = 0;
  bool probing_ = false;
  bool gathering_ = false;
  std::vector<int>* wrong_ = nullptr;
  int unit_ = kNoUnit;
  std::vector<NotedStatement> noted_;
  size_t noted_bytes_ = 0;
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
