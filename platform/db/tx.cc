#include "platform/db/tx.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "absl/strings/numbers.h"
#include "platform/base/instant_text.h"
#include "platform/db/connection.h"
#include "platform/db/pipeline.h"

namespace ieum::db {
namespace {

constexpr char kInstantFormat[] = "%Y-%m-%d %H:%M:%E6S+00";

// Payloads are no secrets: these need not take the same time for all of them.
std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(bytes.size() * 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    hex[2 * i] = kDigits[byte >> 4];
    hex[2 * i + 1] = kDigits[byte & 15];
  }
  return hex;
}

// Values of the digits as the server writes them. A table, for a record of a case is mostly boxes.
constexpr std::array<unsigned char, 256> kDigitValues = [] {
  std::array<unsigned char, 256> values{};
  for (unsigned char digit = 0; digit < 10; ++digit) values['0' + digit] = digit;
  for (unsigned char digit = 10; digit < 16; ++digit) values['a' + digit - 10] = digit;
  return values;
}();
unsigned char ValueOf(char digit) { return kDigitValues[static_cast<unsigned char>(digit)]; }

// The protocol ends a text at its first zero; the doors refuse U+0000, and what slipped through
// must not be stored by half.
void RefuseZeros(const std::vector<Param>& params) {
  for (const Param& param : params) {
    if (param.text() && param.text()->find('\0') != std::string::npos) {
      throw pqxx::argument_error("a parameter contains U+0000");
    }
  }
}

// Null pointers travel as NULL.
std::vector<const char*> Texts(const std::vector<Param>& params) {
  RefuseZeros(params);
  std::vector<const char*> texts;
  for (const Param& param : params) {
    texts.push_back(param.text() ? param.text()->c_str() : nullptr);
  }
  return texts;
}

// Nearly every element is copied as it is.
void AppendEscaped(std::string_view element, std::string* text) {
  const auto special = [](char c) { return c == '"' || c == '\\'; };
  if (std::none_of(element.begin(), element.end(), special)) {
    text->append(element);
    return;
  }
  for (const char c : element) {
    if (special(c)) text->push_back('\\');
    text->push_back(c);
  }
}

// What is thrown through a body that is only probed.
struct ProbeEnd {
  bool asked;  // the transaction for something
};

}  // namespace

Param::Param(absl::Time instant) : text_(base::InstantText(instant, base::kSqlInstant)) {
  if (!text_) text_ = absl::FormatTime(kInstantFormat, instant, absl::UTCTimeZone());
}

Param::Param(absl::CivilDay day) : text_(absl::FormatCivilTime(day)) {}

Param Bytes(std::string_view bytes) { return Param("\\x" + Hex(bytes)); }

Param Array(const std::vector<Param>& elements) {
  size_t size = 2;
  for (const Param& element : elements) size += element.text() ? element.text()->size() + 3 : 5;
  std::string text;
  text.reserve(size);
  text.push_back('{');
  for (const Param& element : elements) {
    if (text.size() > 1) text.push_back(',');
    if (!element.text()) {
      text += "NULL";
      continue;
    }
    text.push_back('"');
    AppendEscaped(*element.text(), &text);
    text.push_back('"');
  }
  text.push_back('}');
  return Param(std::move(text));
}

Tx::Tx(Connection& connection, pqxx::transaction_base& work, Kind kind)
    : connection_(connection), work_(work), kind_(kind) {}

Rows Tx::Run(const Statement& statement, const std::vector<Param>& params) {
  BeforeStatement();
  connection_.Prepare(statement);
  Rows rows =
      work_.exec_prepared(statement.name(), pqxx::prepare::make_dynamic_params(Texts(params)));
  if (statement.writes() && rows.affected_rows() > 0) ++changes_;
  return rows;
}

Rows Tx::RunDynamic(const std::string& sql, const std::vector<Param>& params) {
  BeforeStatement();
  ++changes_;  // who knows
  return work_.exec_params(sql, pqxx::prepare::make_dynamic_params(Texts(params)));
}

void Tx::BeforeStatement() {
  if (probing_) throw ProbeEnd{true};
  if (kind_ == Kind::kOneStatement && ++statements_ > 1) {
    assert(false && "a read of one statement sent another");
    throw pqxx::usage_error("a read of one statement sent another");
  }
  Send();
}

bool Tx::RunExpecting(int64_t rows, const Statement& statement, std::vector<Param> params) {
  if (probing_) throw ProbeEnd{true};
  if (!gathering_ || (rows != kAnyRows && wrong_ == nullptr)) {
    const Rows result = Run(statement, params);
    return rows == kAnyRows || static_cast<int64_t>(result.affected_rows()) == rows;
  }
  RefuseZeros(params);
  size_t bytes = 0;
  for (const Param& param : params) bytes += param.text() ? param.text()->size() + 8 : 8;
  if (noted_.size() >= kPipelineStatements || noted_bytes_ + bytes > kPipelineBytes) Send();
  noted_bytes_ += bytes;
  noted_.push_back({&statement, std::move(params), rows, unit_});
  ++changes_;
  return true;
}

void Tx::Gather(std::vector<int>* wrong) {
  gathering_ = true;
  wrong_ = wrong;
}

void Tx::Send() {
  if (noted_.empty()) return;
  const std::vector<NotedStatement> noted = std::exchange(noted_, {});
  noted_bytes_ = 0;
  size_t failed = 0;
  std::vector<int64_t> changed;
  try {
    changed = ExecPipelined(connection_, noted, &failed);
  } catch (const pqxx::failure&) {  // deadlocks are no sql_error
    if (wrong_ != nullptr && failed < noted.size()) wrong_->push_back(noted[failed].unit);
    throw;
  }
  bool as_expected = true;
  for (size_t i = 0; i < noted.size(); ++i) {
    if (noted[i].rows == kAnyRows || noted[i].rows == changed[i]) continue;
    as_expected = false;
    wrong_->push_back(noted[i].unit);
  }
  if (!as_expected) Conflict();
}

bool Tx::Probe(absl::FunctionRef<void()> body) {
  probing_ = true;
  bool asked = false;
  try {
    body();
  } catch (const ProbeEnd& end) {
    asked = end.asked;
  } catch (...) {
    probing_ = false;
    throw;
  }
  probing_ = false;
  return !asked;
}

void Tx::StopProbe() { throw ProbeEnd{false}; }

void Conflict() { throw pqxx::serialization_failure("a row was changed meanwhile"); }

void Tx::RunScript(const std::string& sql) {
  BeforeStatement();
  ++changes_;
  work_.exec(sql);
}

base::Uuid AsUuid(const pqxx::field& field) {
  return base::Uuid::Parse(field.c_str()).value_or(base::Uuid());
}

std::optional<base::Uuid> AsOptionalUuid(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : base::Uuid::Parse(field.c_str());
}

absl::Time AsTime(const pqxx::field& field) {
  if (const auto quick = base::InstantOf({field.c_str(), field.size()}, base::kSqlInstant)) {
    return *quick;
  }
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
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(ValueOf(hex[2 * i]) << 4 | ValueOf(hex[2 * i + 1]));
  }
  return bytes;
}

std::string AsText(const pqxx::field& field) {
  return field.is_null() ? std::string() : std::string(field.c_str(), field.size());
}

}  // namespace ieum::db
