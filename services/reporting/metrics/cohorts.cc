#include "services/reporting/metrics/cohorts.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/definition.h"

namespace ieum::reporting {
namespace {

// SELECT of k (who belongs), grp (to what), start and last day, by the latest event of each stay:
// one row for each of them, whichever centre's it is.
absl::StatusOr<std::string> Stays(FactSql& sql, const v1::CohortRule& rule, const Scope& scope) {
  std::vector<std::string> types;
  for (const std::string& type : rule.event_types()) types.push_back(sql.Param(type));
  const auto* type = EventType(rule.event_types(0));
  if (type == nullptr) return absl::InternalError("a stored definition names no known event");
  ASSIGN_OR_RETURN(const std::string filter, sql.Filter("e", rule.filter(), *type));
  const std::string stay = FactSql::At("e", rule.stay_key());
  const CountedKey key = KeyOf(sql, "e", rule.member_key(), scope);
  return absl::StrCat(
      "SELECT ", key.column, " AS k, ", FactSql::At("e", rule.group_key()), " AS grp, ",
      FactSql::At("e", rule.start_field()), "::date AS start, ", FactSql::At("e", rule.end_field()),
      "::date AS last FROM (SELECT DISTINCT ON (", stay, ") e.fields FROM fact e ",
      "WHERE e.generation = ", sql.Param(std::to_string(scope.generation)),
      "::smallint AND e.type IN (", absl::StrJoin(types, ", "), ")", KnownBy(sql, "e", scope),
      " ORDER BY ", stay, ", e.occurred_at DESC, e.aggregate_version DESC, e.event_id DESC) e",
      key.join, " WHERE ", filter);
}

// "The day of the count has come, and is not behind the cut-off".
std::string HasCome(FactSql& sql, const Scope& scope) {
  std::string come = "TRUE";
  if (!scope.cut_off_date.empty()) {
    absl::StrAppend(&come, " AND g.later <= ", sql.Param(scope.cut_off_date), "::date");
  }
  if (scope.today) {
    absl::StrAppend(&come, " AND g.later <= ", sql.Param(base::FormatDay(*scope.today)), "::date");
  }
  return come;
}

}  // namespace

absl::StatusOr<std::string> CohortsFoundedBy(FactSql& sql, const v1::CohortRule& rule,
                                             const std::string& founding, const Scope& scope) {
  ASSIGN_OR_RETURN(const std::string stays, Stays(sql, rule, scope));
  const char* staying = "";
  if (rule.staying()) {
    staying =
        " AND EXISTS (SELECT FROM stay b WHERE b.k = a.k AND b.grp = g.k AND b.start <= g.later "
        "AND (b.last IS NULL OR b.last >= g.later))";
  }
  return absl::StrCat(
      "(WITH stay AS MATERIALIZED (", stays, "), founded AS (SELECT DISTINCT ON (k) s.*, d::date ",
      "AS day, (d::date + make_interval(months => ", sql.Param(std::to_string(rule.months())),
      "::int))::date AS later FROM (", founding, ") s WHERE retracted_by IS NULL ",
      "ORDER BY k, d, occurred_at, event_id) ",
      "SELECT DISTINCT a.k, to_char(g.later, 'YYYY-MM-DD') AS d, g.event_id, g.type, g.producer, ",
      "g.shard, g.pos, g.source, g.v, g.mine, g.occurred_at, g.aggregate_version, ",
      "NULL::uuid AS retracted_by FROM founded g JOIN stay a ON a.grp = g.k AND a.start <= g.day ",
      "AND (a.last IS NULL OR a.last >= g.day) WHERE ", HasCome(sql, scope), staying, ")");
}

}  // namespace ieum::reporting
