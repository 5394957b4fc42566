#include "services/reporting/metrics/contributions.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/metrics/cohorts.h"
#include "services/reporting/metrics/fact_sql.h"

namespace ieum::reporting {
namespace {

using google::protobuf::Descriptor;

// An end of an enrolment that came of a merge takes nothing back once the merge is undone.
std::string StillHolds(FactSql& sql, const v1::RetractionRule& rule, const Scope& scope) {
  if (rule.event_type() != registry::v1::EnrolmentWithdrawn::descriptor()->full_name()) return "";
  return absl::StrCat(
      " AND NOT EXISTS (SELECT FROM fact u WHERE u.generation = ",
      sql.Param(std::to_string(scope.generation)), "::smallint AND u.type = ",
      sql.Param(std::string(registry::v1::EnrolmentReinstated::descriptor()->full_name())),
      " AND u.aggregate_id = r.aggregate_id AND u.aggregate_version > r.aggregate_version AND (",
      sql.Param(scope.cut_off_date), "::text = '' OR ", FactSql::At("u", "event_date"),
      " <= ", sql.Param(scope.cut_off_date), "::text)", KnownBy(sql, "u", scope), ")");
}

// "The first event that takes fact f back": a scalar subquery, NULL when there is none. Whosever
// event that is: what a shared fact undoes is undone for every centre.
absl::StatusOr<std::string> RetractedBy(FactSql& sql, const v1::SourceRule& source,
                                        const Scope& scope) {
  std::vector<std::string> takers;
  for (const v1::RetractionRule& rule : source.retractions()) {
    const Descriptor* type = EventType(rule.event_type());
    if (type == nullptr) return absl::InternalError("a stored definition names no known event");
    ASSIGN_OR_RETURN(const std::string filter, sql.Filter("r", rule.filter(), *type));
    takers.push_back(absl::StrCat(
        "SELECT r.event_id, r.occurred_at FROM fact r WHERE r.generation = ",
        sql.Param(std::to_string(scope.generation)),
        "::smallint AND r.type = ", sql.Param(rule.event_type()), " AND ",
        FactSql::At("r", rule.instance_key()), " = ", FactSql::At("f", source.instance_key()),
        rule.earlier_only() ? " AND r.aggregate_id = f.aggregate_id AND r.aggregate_version > "
                              "f.aggregate_version"
                            : "",
        " AND (", filter, ") AND (", sql.Param(scope.cut_off_date), "::text = '' OR ",
        FactSql::At("r", rule.date_field()), " <= ", sql.Param(scope.cut_off_date), "::text)",
        KnownBy(sql, "r", scope), StillHolds(sql, rule, scope)));
  }
  if (takers.empty()) return std::string("NULL::uuid");
  return absl::StrCat("(SELECT event_id FROM (", absl::StrJoin(takers, " UNION ALL "),
                      ") taker ORDER BY occurred_at, event_id LIMIT 1)");
}

// What a fact adds to the sum; what it does not say is nothing.
std::string ValueOf(const v1::SourceRule& source) {
  if (source.sum_field().empty()) return "NULL::numeric";
  return absl::StrCat("coalesce(", FactSql::At("f", source.sum_field()), "::numeric, 0)");
}

// "It is of the centres asked for", in SQL.
std::string OfCentres(FactSql& sql, const Scope& scope) {
  return absl::StrCat("(", sql.Param(scope.centres.everywhere() ? "true" : "false"),
                      "::boolean OR f.centre_id = ANY(", sql.Param(scope.centres.AsArray()),
                      "::uuid[]))");
}

absl::StatusOr<std::string> SelectSource(FactSql& sql, const v1::SourceRule& source, int place,
                                         const Scope& scope) {
  const Descriptor* type = EventType(source.event_type());
  if (type == nullptr) return absl::InternalError("a stored definition names no known event");
  ASSIGN_OR_RETURN(const std::string retracted_by, RetractedBy(sql, source, scope));
  ASSIGN_OR_RETURN(const std::string filter, sql.Filter("f", source.filter(), *type));
  const CountedKey key = KeyOf(sql, "f", source.distinct_key(), scope);
  const std::string date = FactSql::At("f", source.date_field());
  return absl::StrCat(
      "SELECT ", key.column, " AS k, ", date,
      " AS d, f.event_id, f.type, f.producer, f.shard, f.pos, ", place, " AS source, ",
      ValueOf(source), " AS v, ", OfCentres(sql, scope), " AS mine, f.occurred_at, ",
      "f.aggregate_version, ", retracted_by, " AS retracted_by FROM fact f", key.join,
      " WHERE f.generation = ", sql.Param(std::to_string(scope.generation)),
      "::smallint AND f.type = ", sql.Param(source.event_type()), " AND ",
      FactSql::At("f", source.programme_field()), " = ", sql.Param(scope.programme), " AND ",
      FactSql::At("f", source.edition_field()), " = ", sql.Param(scope.edition), " AND ",
      FactSql::At("f", source.distinct_key()), " IS NOT NULL AND (", filter, ") AND (",
      sql.Param(scope.cut_off_date), "::text = '' OR ", date, " <= ", sql.Param(scope.cut_off_date),
      "::text)", KnownBy(sql, "f", scope));
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
  FactSql sql(first);
  std::vector<std::string> selects;
  for (const v1::SourceRule& source : sources) {
    const int place = static_cast<int>(selects.size()) + 1;
    ASSIGN_OR_RETURN(std::string select, SelectSource(sql, source, place, scope));
    if (source.has_cohort()) {
      ASSIGN_OR_RETURN(select, CohortsFoundedBy(sql, source.cohort(), select, scope));
    }
    selects.push_back(std::move(select));
  }
  std::string facts = absl::StrJoin(selects, " UNION ALL ");
  if (IsSum(sources)) facts = LatestOfEachKey(facts);
  return sql.Take(absl::StrCat(
      "SELECT k, d, event_id, type, producer, shard, pos, source, v, retracted_by FROM (", facts,
      ") c WHERE mine"));
}

}  // namespace ieum::reporting
