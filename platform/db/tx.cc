#include "platform/db/tx.h"

#include <sodium.h>

#include "absl/strings/numbers.h"
#include "platform/db/connection.h"

namespace ieum::db {
namespace {

constexpr char kInstantFormat[] = "%Y-%m-%d %H:%M:%E6S+00";

std::string Hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  hex.pop_back();
  return hex;
}

// Null pointers travel as NULL. The protocol ends a text at its first zero; the doors refuse
// U+0000, and what slipped through must not be stored by half.
std::vector<const char*> Texts(const std::vector<Param>& params) {
  std::vector<const char*> texts;
  for (const Param& param : params) {
    if (param.text() && param.text()->find('\0') != std::string::npos) {
      throw pqxx::argument_error("a parameter contains U+0000");
    }
    texts.push_back(param.text() ? param.text()->c_str() : nullptr);
  }
  return texts;
}

}  // namespace

Param::Param(absl::Time instant)
    : text_(absl::FormatTime(kInstantFormat, instant, absl::UTCTimeZone())) {}

Param::Param(absl::CivilDay day) : text_(absl::FormatCivilTime(day)) {}

Param Bytes(std::string_view bytes) { return Param("\\x" + Hex(bytes)); }

Param Array(const std::vector<Param>& elements) {
  std::string text = "{";
  for (const Param& element : elements) {
    if (text.size() > 1) text.push_back(',');
    if (!element.text()) {
      text += "NULL";
      continue;
    }
    text.push_back('"');
    for (char c : *element.text()) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  text.push_back('}');
  return Param(std::move(text));
}

Tx::Tx(Connection& connection, pqxx::transaction_base& work)
    : connection_(connection), work_(work) {}

Rows Tx::Run(const Statement& statement, const std::vector<Param>& params) {
  connection_.Prepare(statement);
  return work_.exec_prepared(statement.name(), pqxx::prepare::make_dynamic_params(Texts(params)));
}

Rows Tx::RunDynamic(const std::string& sql, const std::vector<Param>& params) {
  return work_.exec_params(sql, pqxx::prepare::make_dynamic_params(Texts(params)));
}

void Conflict() { throw pqxx::serialization_failure("a row was changed meanwhile"); }

void Tx::RunScript(const std::string& sql) { work_.exec(sql); }

base::Uuid AsUuid(const pqxx::field& field) {
  return base::Uuid::Parse(field.c_str()).value_or(base::Uuid());
}

std::optional<base::Uuid> AsOptionalUuid(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : base::Uuid::Parse(field.c_str());
}

absl::Time AsTime(const pqxx::field& field) {
  absl::Time instant;
  std::string error;
  // The session's time zone is UTC: "2023-03-06 01:00:00.25+00".
  absl::ParseTime("%Y-%m-%d %H:%M:%E*S%Ez", field.c_str(), &instant, &error);
  return instant;
}

std::optional<absl::Time> AsOptionalTime(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return AsTime(field);
}

absl::CivilDay AsDay(const pqxx::field& field) {
  absl::CivilDay day;
  absl::ParseCivilTime(field.c_str(), &day);
  return day;
}

std::optional<absl::CivilDay> AsOptionalDay(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return AsDay(field);
}

std::string AsBytes(const pqxx::field& field) {
  std::string_view hex(field.c_str(), field.size());
  if (hex.substr(0, 2) == "\\x") hex.remove_prefix(2);
  std::string bytes(hex.size() / 2, '\0');
  size_t size = 0;
  sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(),
                 hex.size(), nullptr, &size, nullptr);
  bytes.resize(size);
  return bytes;
}

std::string AsText(const pqxx::field& field) {
  return field.is_null() ? std::string() : std::string(field.c_str(), field.size());
}

}  // namespace ieum::db
