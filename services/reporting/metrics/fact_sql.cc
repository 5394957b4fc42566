#include "services/reporting/metrics/fact_sql.h"

#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/filter/expression.h"
#include "services/reporting/facts/fact.h"

namespace ieum::reporting {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// A column that compares as the field's type does.
filter::Field ColumnOf(const char* table, const std::string& path, const FieldDescriptor& field) {
  const std::string column = FactSql::At(table, path);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return filter::EnumOf(column + "::int", field.enum_type());
    case FieldDescriptor::CPPTYPE_BOOL:
      return filter::Bool(column + "::boolean");
    case FieldDescriptor::CPPTYPE_STRING:
      return filter::Text(column);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return filter::Timestamp(column + "::timestamptz");
    default:
      return filter::Int(column + "::bigint");
  }
}

// The allow-list of one expression: the fields that it names, and no others.
void FieldsOf(const filter::Expression& expression, const char* table, const Descriptor& type,
              std::map<std::string, filter::Field>* fields) {
  if (expression.kind == filter::Expression::Kind::kCompare) {
    const std::string path = expression.comparison.field();
    if (const FieldDescriptor* field = FieldAt(type, path)) {
      fields->emplace(path, ColumnOf(table, path, *field));
    }
  }
  for (const filter::Expression& part : expression.parts) FieldsOf(part, table, type, fields);
}

// How keys are told to mean the same one.
struct Joining {
  const Descriptor* joins;
  const Descriptor* parts;
  const char *lost, *won, *joining;  // fields of both
};

std::optional<Joining> JoiningOf(const std::string& path) {
  if (absl::EndsWith("." + path, ".person_id")) {
    return Joining{registry::v1::PersonsMerged::descriptor(),
                   registry::v1::PersonsUnmerged::descriptor(), "duplicate_person_id",
                   "survivor_person_id", "merge_id"};
  }
  if (absl::EndsWith("." + path, ".participant_id")) {
    return Joining{casemgmt::v1::ParticipantsJoined::descriptor(),
                   casemgmt::v1::ParticipantsParted::descriptor(), "joined_participant_id",
                   "participant_id", "joining_id"};
  }
  return std::nullopt;
}

std::string KnownTime(FactSql& sql, const Scope& scope) {
  if (!scope.known_by) return "NULL::timestamptz";
  return sql.Param(absl::FormatTime(absl::RFC3339_full, *scope.known_by, absl::UTCTimeZone())) +
         "::timestamptz";
}

}  // namespace

absl::StatusOr<std::string> FactSql::Filter(const char* table, const std::string& text,
                                            const Descriptor& type) {
  ASSIGN_OR_RETURN(const filter::Expression expression, filter::Parse(text));
  std::map<std::string, filter::Field> fields;
  FieldsOf(expression, table, type, &fields);
  ASSIGN_OR_RETURN(filter::Sql condition,
                   filter::ToSql(expression, filter::FieldMap(std::move(fields)),
                                 static_cast<int>(before_ + sql_.params.size()) + 1));
  for (std::string& value : condition.params) sql_.params.push_back(std::move(value));
  return condition.text;
}

std::string KnownBy(FactSql& sql, const char* table, const Scope& scope) {
  if (!scope.known_by) return "";
  return absl::StrCat(" AND ", table, ".occurred_at <= ", KnownTime(sql, scope));
}

CountedKey KeyOf(FactSql& sql, const char* table, const std::string& path, const Scope& scope) {
  const std::string key = FactSql::At(table, path);
  const std::optional<Joining> joining = JoiningOf(path);
  if (!joining) return {key, ""};
  return {
      absl::StrCat("coalesce(j.won, ", key, ")"),
      absl::StrCat(" LEFT JOIN joined_keys(", sql.Param(std::to_string(scope.generation)),
                   "::smallint, '", joining->joins->full_name(), "', '",
                   joining->parts->full_name(), "', '", joining->lost, "', '", joining->won, "', '",
                   joining->joining, "', ", KnownTime(sql, scope), ") j ON j.lost = ", key)};
}

}  // namespace ieum::reporting
