#include "services/reporting/metrics/metric_store.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::reporting {
namespace {

std::vector<db::Param> ParamsOf(const filter::Sql& sql) {
  return {sql.params.begin(), sql.params.end()};
}

v1::Contribution ContributionOf(const db::Row& row) {
  v1::Contribution contribution;
  contribution.set_distinct_key(db::AsText(row[0]));
  contribution.set_date(db::AsText(row[1]));
  contribution.set_event_id(db::AsText(row[2]));
  contribution.set_event_type(db::AsText(row[3]));
  contribution.set_producer(db::AsText(row[4]));
  contribution.set_shard(row[5].as<int>());
  contribution.set_position(row[6].as<int64_t>());
  contribution.set_retracting_event_id(db::AsText(row[7]));
  contribution.set_counted(row[7].is_null());
  return contribution;
}

}  // namespace

absl::StatusOr<int64_t> CountDistinct(db::Tx& tx, const v1::Indicator& indicator,
                                      const Scope& scope) {
  ASSIGN_OR_RETURN(const filter::Sql facts, Contributions(indicator, scope));
  const db::Rows rows = tx.RunDynamic(
      absl::StrCat("SELECT count(DISTINCT k) FROM (", facts.text, ") c WHERE retracted_by IS NULL"),
      ParamsOf(facts));
  return rows[0][0].as<int64_t>();
}

absl::StatusOr<ContributionPage> ReadContributions(db::Tx& tx, const v1::Indicator& indicator,
                                                   const Scope& scope, int page_size,
                                                   const filter::Cursor& after) {
  ASSIGN_OR_RETURN(filter::Sql sql, Contributions(indicator, scope));
  std::vector<db::Param> params = ParamsOf(sql);
  std::string keyset = "TRUE";
  if (after.size() == 3) {
    const size_t first = params.size() + 1;
    for (const auto& value : after) params.emplace_back(value.value_or(""));
    keyset = absl::StrCat("(k, coalesce(d, ''), event_id) > ($", first, "::text, $", first + 1,
                          "::text, $", first + 2, "::uuid)");
  }
  const db::Rows rows = tx.RunDynamic(
      absl::StrCat("SELECT k, coalesce(d, '') AS d, event_id, type, producer, shard, pos, "
                   "retracted_by FROM (",
                   sql.text, ") c WHERE ", keyset, " ORDER BY k, coalesce(d, ''), event_id LIMIT ",
                   page_size + 1),
      params);
  ContributionPage page;
  for (const auto& row : rows) {
    if (static_cast<int>(page.contributions.size()) == page_size) {
      const v1::Contribution& last = page.contributions.back();
      page.next = {last.distinct_key(), last.date(), last.event_id()};
      break;
    }
    page.contributions.push_back(ContributionOf(row));
  }
  return page;
}

}  // namespace ieum::reporting
