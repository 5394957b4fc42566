#include "services/reporting/metrics/contributions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/casemgmt/v1/events.pb.h"
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
  // Parameters are numbered from `first` on.
  explicit Builder(int first) : before_(first - 1) {}
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
                                     const Descriptor& type);
  filter::Sql Take(std::string text) {
    sql_.text = std::move(text);
    return std::move(sql_);
  }

 private:
  size_t before_;
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
                                 static_cast<int>(before_ + sql_.params.size()) + 1));
  for (std::string& value : condition.params) sql_.params.push_back(std::move(value));
  return condition.text;
}

// " AND it was known": nothing where everything counts that is known now.
std::string KnownBy(Builder& builder, const char* table, const Scope& scope) {
  if (!scope.known_by) return "";
  return absl::StrCat(
      " AND ", table, ".occurred_at <= ",
      builder.Param(absl::FormatTime(absl::RFC3339_full, *scope.known_by, absl::UTCTimeZone())),
      "::timestamptz");
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
      " <= ", builder.Param(scope.cut_off_date), "::text)", KnownBy(builder, "u", scope), ")");
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
        builder.Param(std::to_string(scope.generation)),
        "::smallint AND r.type = ", builder.Param(rule.event_type()), " AND ",
        Builder::At("r", rule.instance_key()), " = ", Builder::At("f", source.instance_key()),
        rule.earlier_only() ? " AND r.aggregate_id = f.aggregate_id AND r.aggregate_version > "
                              "f.aggregate_version"
                            : "",
        " AND (", filter, ") AND (", builder.Param(scope.cut_off_date), "::text = '' OR ",
        Builder::At("r", rule.date_field()), " <= ", builder.Param(scope.cut_off_date), "::text)",
        KnownBy(builder, "r", scope), StillHolds(builder, rule, scope)));
  }
  if (takers.empty()) return std::string("NULL::uuid");
  return absl::StrCat("(SELECT event_id FROM (", absl::StrJoin(takers, " UNION ALL "),
                      ") taker ORDER BY occurred_at, event_id LIMIT 1)");
}

// How keys are told to mean the same one.
struct Joining {
  const google::protobuf::Descriptor* joins;
  const google::protobuf::Descriptor* parts;
  const char *lost, *won, *joining;  // fields of both
};

// People are counted each once, under however many records or tokens she was known.
std::optional<Joining> JoiningOf(const std::string& distinct_key) {
  if (absl::EndsWith("." + distinct_key, ".person_id")) {
    return Joining{registry::v1::PersonsMerged::descriptor(),
                   registry::v1::PersonsUnmerged::descriptor(), "duplicate_person_id",
                   "survivor_person_id", "merge_id"};
  }
  if (absl::EndsWith("." + distinct_key, ".participant_id")) {
    return Joining{casemgmt::v1::ParticipantsJoined::descriptor(),
                   casemgmt::v1::ParticipantsParted::descriptor(), "joined_participant_id",
                   "participant_id", "joining_id"};
  }
  return std::nullopt;
}

// The key that is counted, and the join that it needs.
struct CountedKey {
  std::string column, join;
};

CountedKey KeyOf(Builder& builder, const v1::SourceRule& source, const Scope& scope) {
  const std::string key = Builder::At("f", source.distinct_key());
  const std::optional<Joining> joining = JoiningOf(source.distinct_key());
  if (!joining) return {key, ""};
  const std::string known_by = scope.known_by
                                   ? builder.Param(absl::FormatTime(
                                         absl::RFC3339_full, *scope.known_by, absl::UTCTimeZone()))
                                   : "NULL";
  return {
      absl::StrCat("coalesce(j.won, ", key, ")"),
      absl::StrCat(" LEFT JOIN joined_keys(", builder.Param(std::to_string(scope.generation)),
                   "::smallint, '", joining->joins->full_name(), "', '",
                   joining->parts->full_name(), "', '", joining->lost, "', '", joining->won, "', '",
                   joining->joining, "', ", known_by, "::timestamptz) j ON j.lost = ", key)};
}

// What a fact adds to the sum; what it does not say is nothing.
std::string ValueOf(const v1::SourceRule& source) {
  if (source.sum_field().empty()) return "NULL::numeric";
  return absl::StrCat("coalesce(", Builder::At("f", source.sum_field()), "::numeric, 0)");
}

// "It is of the centres asked for", in SQL.
std::string OfCentres(Builder& builder, const Scope& scope) {
  return absl::StrCat("(", builder.Param(scope.centres.everywhere() ? "true" : "false"),
                      "::boolean OR f.centre_id = ANY(", builder.Param(scope.centres.AsArray()),
                      "::uuid[]))");
}

absl::StatusOr<std::string> SelectSource(Builder& builder, const v1::SourceRule& source, int place,
                                         const Scope& scope) {
  const Descriptor* type = EventType(source.event_type());
  if (type == nullptr) return absl::InternalError("a stored definition names no known event");
  ASSIGN_OR_RETURN(const std::string retracted_by, RetractedBy(builder, source, scope));
  ASSIGN_OR_RETURN(const std::string filter, builder.Filter("f", source.filter(), *type));
  const CountedKey key = KeyOf(builder, source, scope);
  const std::string date = Builder::At("f", source.date_field());
  return absl::StrCat(
      "SELECT ", key.column, " AS k, ", date,
      " AS d, f.event_id, f.type, f.producer, f.shard, f.pos, ", place, " AS source, ",
      ValueOf(source), " AS v, ", OfCentres(builder, scope), " AS mine, f.occurred_at, ",
      "f.aggregate_version, ", retracted_by, " AS retracted_by FROM fact f", key.join,
      " WHERE f.generation = ", builder.Param(std::to_string(scope.generation)),
      "::smallint AND f.type = ", builder.Param(source.event_type()), " AND ",
      Builder::At("f", source.programme_field()), " = ", builder.Param(scope.programme), " AND ",
      Builder::At("f", source.edition_field()), " = ", builder.Param(scope.edition), " AND ",
      Builder::At("f", source.distinct_key()), " IS NOT NULL AND (", filter, ") AND (",
      builder.Param(scope.cut_off_date), "::text = '' OR ", date,
      " <= ", builder.Param(scope.cut_off_date), "::text)", KnownBy(builder, "f", scope));
}

// Of each key the facts but the latest that counts are taken back by it, before the centre is
// looked at: a number that another centre has corrected since is not the number any more.
std::string LatestOfEachKey(const std::string& facts) {
  return absl::StrCat(
      "SELECT k, d, event_id, type, producer, shard, pos, source, v, mine, CASE WHEN retracted_by "
      "IS NULL AND nth > 1 THEN latest ELSE retracted_by END AS retracted_by FROM (SELECT s.*, "
      "row_number() OVER latest_first AS nth, first_value(event_id) OVER latest_first AS latest "
      "FROM (",
      facts,
      ") s WINDOW latest_first AS (PARTITION BY k ORDER BY (retracted_by IS NULL) DESC, "
      "occurred_at DESC, aggregate_version DESC, event_id DESC, source)) ranked");
}

}  // namespace

bool IsSum(const Sources& sources) {
  return std::any_of(sources.begin(), sources.end(),
                     [](const v1::SourceRule& one) { return !one.sum_field().empty(); });
}

absl::StatusOr<filter::Sql> Contributions(const Sources& sources, const Scope& scope, int first) {
  Builder builder(first);
  std::vector<std::string> selects;
  for (const v1::SourceRule& source : sources) {
    const int place = static_cast<int>(selects.size()) + 1;
    ASSIGN_OR_RETURN(std::string select, SelectSource(builder, source, place, scope));
    selects.push_back(std::move(select));
  }
  std::string facts = absl::StrJoin(selects, " UNION ALL ");
  if (IsSum(sources)) facts = LatestOfEachKey(facts);
  return builder.Take(absl::StrCat(
      "SELECT k, d, event_id, type, producer, shard, pos, source, v, retracted_by FROM (", facts,
      ") c WHERE mine"));
}

}  // namespace ieum::reporting
