// What every query over facts is put together from. Values are parameters; what stands in the text
// are paths that were checked when the definition was stored.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "platform/filter/sql.h"
#include "services/reporting/metrics/contributions.h"

namespace ieum::reporting {

// Collects parameters while the text grows.
class FactSql {
 public:
  // Parameters are numbered from `first` on.
  explicit FactSql(int first) : before_(first - 1) {}
  std::string Param(const std::string& value) {
    sql_.params.push_back(value);
    return absl::StrCat("$", before_ + sql_.params.size());
  }
  // `table`.fields at a path; the path was checked to be of letters, digits, _ and dots.
  static std::string At(const char* table, const std::string& path) {
    return absl::StrCat("(", table, ".fields->>'", path, "')");
  }
  // The filter of a rule over the facts of one event type.
  absl::StatusOr<std::string> Filter(const char* table, const std::string& text,
                                     const google::protobuf::Descriptor& type);
  filter::Sql Take(std::string text) {
    sql_.text = std::move(text);
    return std::move(sql_);
  }

 private:
  size_t before_;
  filter::Sql sql_;
};

// " AND it was known": nothing where everything counts that is known now.
std::string KnownBy(FactSql& sql, const char* table, const Scope& scope);

// The key that is counted at a path of `table`, and the join that it needs. People are counted each
// once, under however many records or tokens she was known.
struct CountedKey {
  std::string column, join;
};
CountedKey KeyOf(FactSql& sql, const char* table, const std::string& path, const Scope& scope);

}  // namespace ieum::reporting
