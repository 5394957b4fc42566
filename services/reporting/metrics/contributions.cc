#include "services/reporting/metrics/contributions.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/filter/expression.h"
#include "services/reporting/facts/fact.h"
#include "services/reporting/indicators/definition.h"

namespace ieum::reporting {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Collects parameters while the text grows.
class Builder {
 public:
  std::string Param(const std::string& value) {
    sql_.params.push_back(value);
    return absl::StrCat("$", sql_.params.size());
  }
  // `table`.fields at a path; the path was checked to be of letters, digits, _ and dots.
  static std::string At(const char* table, const std::string& path) {
    return absl::StrCat("(", table, ".fields->>'", path, "')");
  }
  // The filter of a rule over the facts of one event type.
  absl::StatusOr<std::string> Filter(const char* table, const std::string& text,
                                     const Descriptor& type);
  filter::Sql Take(std::string text) {
    sql_.text = std::move(text);
    return std::move(sql_);
  }

 private:
  filter::Sql sql_;
};

// A column that compares as the field's type does.
filter::Field ColumnOf(const char* table, const std::string& path, const FieldDescriptor& field) {
  const std::string column = Builder::At(table, path);
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

absl::StatusOr<std::string> Builder::Filter(const char* table, const std::string& text,
                                            const Descriptor& type) {
  ASSIGN_OR_RETURN(const filter::Expression expression, filter::Parse(text));
  std::map<std::string, filter::Field> fields;
  FieldsOf(expression, table, type, &fields);
  ASSIGN_OR_RETURN(filter::Sql condition,
                   filter::ToSql(expression, filter::FieldMap(std::move(fields)),
                                 static_cast<int>(sql_.params.size()) + 1));
  for (std::string& value : condition.params) sql_.params.push_back(std::move(value));
  return condition.text;
}

// An end of an enrolment that came of a merge takes nothing back once the merge is undone.
std::string StillHolds(Builder& builder, const v1::RetractionRule& rule, const Scope& scope) {
  if (rule.event_type() != registry::v1::EnrolmentWithdrawn::descriptor()->full_name()) return "";
  return absl::StrCat(
      " AND NOT EXISTS (SELECT FROM fact u WHERE u.generation = ",
      builder.Param(std::to_string(scope.generation)), "::smallint AND u.type = ",
      builder.Param(std::string(registry::v1::EnrolmentReinstated::descriptor()->full_name())),
      " AND u.aggregate_id = r.aggregate_id AND u.aggregate_version > r.aggregate_version AND (",
      builder.Param(scope.cut_off_date), "::text = '' OR ", Builder::At("u", "event_date"),
      " <= ", builder.Param(scope.cut_off_date), "::text))");
}

// "The first event that takes fact f back": a scalar subquery, NULL when there is none. Whosever
// event that is: what a shared fact undoes is undone for every centre.
absl::StatusOr<std::string> RetractedBy(Builder& builder, const v1::SourceRule& source,
                                        const Scope& scope) {
  std::vector<std::string> takers;
  for (const v1::RetractionRule& rule : source.retractions()) {
    const Descriptor* type = EventType(rule.event_type());
    if (type == nullptr) return absl::InternalError("a stored definition names no known event");
    ASSIGN_OR_RETURN(const std::string filter, builder.Filter("r", rule.filter(), *type));
    takers.push_back(absl::StrCat(
        "SELECT r.event_id, r.occurred_at FROM fact r WHERE r.generation = ",
        builder.Param(std::to_string(scope.generation)), "::smallint AND r.type = ",
        builder.Param(rule.event_type()), " AND ", Builder::At("r", rule.instance_key()), " = ",
        Builder::At("f", source.instance_key()), " AND (", filter, ") AND (",
        builder.Param(scope.cut_off_date), "::text = '' OR ", Builder::At("r", rule.date_field()),
        " <= ", builder.Param(scope.cut_off_date), "::text)", StillHolds(builder, rule, scope)));
  }
  if (takers.empty()) return std::string("NULL::uuid");
  return absl::StrCat("(SELECT event_id FROM (", absl::StrJoin(takers, " UNION ALL "),
                      ") taker ORDER BY occurred_at, event_id LIMIT 1)");
}

// Whether what is counted are people: each once, under however many records she was known.
bool CountsPersons(const std::string& distinct_key) {
  return absl::EndsWith("." + distinct_key, ".person_id");
}

absl::StatusOr<std::string> SelectSource(Builder& builder, const v1::SourceRule& source, int place,
                                         const Scope& scope) {
  const Descriptor* type = EventType(source.event_type());
  if (type == nullptr) return absl::InternalError("a stored definition names no known event");
  ASSIGN_OR_RETURN(const std::string retracted_by, RetractedBy(builder, source, scope));
  ASSIGN_OR_RETURN(const std::string filter, builder.Filter("f", source.filter(), *type));
  const std::string key = Builder::At("f", source.distinct_key());
  const std::string generation = builder.Param(std::to_string(scope.generation)) + "::smallint";
  const bool persons = CountsPersons(source.distinct_key());
  const std::string counted = persons ? absl::StrCat("coalesce(mp.survivor, ", key, ")") : key;
  const std::string merged =
      persons ? absl::StrCat(" LEFT JOIN merged_persons(", generation, ") mp ON mp.person = ", key)
              : "";
  const std::string date = Builder::At("f", source.date_field());
  return absl::StrCat(
      "SELECT ", counted, " AS k, ", date,
      " AS d, f.event_id, f.type, f.producer, f.shard, f.pos, ", place, " AS source, ",
      retracted_by, " AS retracted_by FROM fact f", merged, " WHERE f.generation = ", generation,
      " AND f.type = ", builder.Param(source.event_type()), " AND (",
      builder.Param(scope.centres.everywhere() ? "true" : "false"),
      "::boolean OR f.centre_id = ANY(", builder.Param(scope.centres.AsArray()), "::uuid[])) AND ",
      Builder::At("f", source.programme_field()), " = ", builder.Param(scope.programme), " AND ",
      Builder::At("f", source.edition_field()), " = ", builder.Param(scope.edition), " AND ", key,
      " IS NOT NULL AND (", filter, ") AND (", builder.Param(scope.cut_off_date), "::text = '' OR ",
      date, " <= ", builder.Param(scope.cut_off_date), "::text)");
}

}  // namespace

absl::StatusOr<filter::Sql> Contributions(const v1::Indicator& indicator, const Scope& scope) {
  Builder builder;
  std::vector<std::string> selects;
  for (const v1::SourceRule& source : indicator.sources()) {
    const int place = static_cast<int>(selects.size()) + 1;
    ASSIGN_OR_RETURN(std::string select, SelectSource(builder, source, place, scope));
    selects.push_back(std::move(select));
  }
  return builder.Take(absl::StrJoin(selects, " UNION ALL "));
}

}  // namespace ieum::reporting
