#include "services/reporting/metrics/metric_store.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
  contribution.set_side(static_cast<v1::ContributionSide>(row[9].as<int>()));
  contribution.set_value(db::AsText(row[10]));
  return contribution;
}

// What orders contributions and names where a page ended. One event may be there for two sources,
// with the same key and date.
struct KeyColumn {
  const char* column;
  const char* type;
  int at;  // in the row that ContributionOf reads
};
constexpr KeyColumn kPageKey[] = {
    {"side", "int", 9},      {"k", "text", 0},        {"coalesce(d, '')", "text", 1},
    {"event_id", "uuid", 2}, {"producer", "text", 4}, {"shard", "smallint", 5},
    {"pos", "bigint", 6},    {"source", "int", 8}};

std::string KeyColumns() {
  return absl::StrJoin(kPageKey, ", ", [](std::string* out, const KeyColumn& key) {
    absl::StrAppend(out, key.column);
  });
}

filter::Cursor KeyOf(const db::Row& row) {
  filter::Cursor cursor;
  for (const KeyColumn& key : kPageKey) cursor.push_back(db::AsText(row[key.at]));
  return cursor;
}

// The facts of every side, each with its side.
absl::StatusOr<filter::Sql> AllSides(const v1::Indicator& indicator, const Scope& scope) {
  const bool ratio = indicator.aggregation() == v1::AGGREGATION_RATIO;
  const auto of = [](v1::ContributionSide side, const std::string& facts) {
    return absl::StrCat("SELECT *, ", static_cast<int>(side), " AS side FROM (", facts, ") s");
  };
  ASSIGN_OR_RETURN(filter::Sql all, Contributions(indicator.sources(), scope));
  all.text =
      of(ratio ? v1::CONTRIBUTION_SIDE_NUMERATOR : v1::CONTRIBUTION_SIDE_UNSPECIFIED, all.text);
  if (!ratio) return all;
  ASSIGN_OR_RETURN(const filter::Sql below, Contributions(indicator.denominator_sources(), scope,
                                                          static_cast<int>(all.params.size()) + 1));
  absl::StrAppend(&all.text, " UNION ALL ", of(v1::CONTRIBUTION_SIDE_DENOMINATOR, below.text));
  all.params.insert(all.params.end(), below.params.begin(), below.params.end());
  return all;
}

}  // namespace

absl::StatusOr<base::Decimal> Amount(db::Tx& tx, const Sources& sources, const Scope& scope) {
  ASSIGN_OR_RETURN(const filter::Sql facts, Contributions(sources, scope));
  const char* made = IsSum(sources) ? "coalesce(sum(v), 0)" : "count(DISTINCT k)";
  const db::Rows rows = tx.RunDynamic(
      absl::StrCat("SELECT ", made, " FROM (", facts.text, ") c WHERE retracted_by IS NULL"),
      ParamsOf(facts));
  const auto amount = base::Decimal::Parse(db::AsText(rows[0][0]));
  if (!amount) return absl::InternalError("a sum has more digits than any figure");
  return *amount;
}

absl::StatusOr<int64_t> CountDistinct(db::Tx& tx, const v1::Indicator& indicator,
                                      const Scope& scope) {
  ASSIGN_OR_RETURN(const filter::Sql facts, Contributions(indicator.sources(), scope));
  const db::Rows rows = tx.RunDynamic(
      absl::StrCat("SELECT count(DISTINCT k) FROM (", facts.text, ") c WHERE retracted_by IS NULL"),
      ParamsOf(facts));
  return rows[0][0].as<int64_t>();
}

absl::StatusOr<ContributionPage> ReadContributions(db::Tx& tx, const v1::Indicator& indicator,
                                                   const Scope& scope, int page_size,
                                                   const filter::Cursor& after) {
  ASSIGN_OR_RETURN(filter::Sql sql, AllSides(indicator, scope));
  std::vector<db::Param> params = ParamsOf(sql);
  std::string keyset = "TRUE";
  if (after.size() == std::size(kPageKey)) {
    std::vector<std::string> values;
    for (size_t at = 0; at < after.size(); ++at) {
      params.emplace_back(after[at].value_or(""));
      values.push_back(absl::StrCat("$", params.size(), "::", kPageKey[at].type));
    }
    keyset = absl::StrCat("(", KeyColumns(), ") > (", absl::StrJoin(values, ", "), ")");
  }
  const db::Rows rows = tx.RunDynamic(
      absl::StrCat("SELECT k, coalesce(d, ''), event_id, type, producer, shard, pos, retracted_by, "
                   "source, side, v FROM (",
                   sql.text, ") c WHERE ", keyset, " ORDER BY ", KeyColumns(), " LIMIT ",
                   page_size + 1),
      params);
  ContributionPage page;
  for (const auto& row : rows) {
    if (static_cast<int>(page.contributions.size()) == page_size) return page;
    page.contributions.push_back(ContributionOf(row));
    page.next = KeyOf(row);
  }
  page.next.clear();
  return page;
}

}  // namespace ieum::reporting
