// How PostgreSQL goes about a page of a list, and how long it takes.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "platform/db/database.h"
#include "platform/filter/list_query.h"
#include "platform/rpc/paging.h"

namespace ieum::testing {

// The first page in the list's own order.
inline filter::ListQuery FirstPage(const filter::ListSpec& spec, const base::Scope& scope,
                                   const std::string& filter = "") {
  return *filter::ListQuery::Make(spec, filter, "", rpc::kDefaultPageSize, {}, scope);
}

inline std::string PlanOf(db::Database& database, const filter::ListQuery& query) {
  const filter::Sql sql = query.ToSql();
  std::string plan;
  const absl::Status read = database.Read("list_plan", [&](db::Tx& tx) {
    plan.clear();
    for (const auto& row :
         tx.RunDynamic("EXPLAIN (COSTS OFF) " + sql.text, {sql.params.begin(), sql.params.end()})) {
      plan += std::string(row[0].c_str()) + "\n";
    }
    return absl::OkStatus();
  });
  return read.ok() ? plan : read.ToString();
}

// Pages of the database that are looked at for it: what a list costs, whatever the machine does
// besides.
inline int64_t PagesOf(db::Database& database, const filter::ListQuery& query) {
  const filter::Sql sql = query.ToSql();
  int64_t pages = -1;
  const absl::Status read = database.Read("list_pages", [&](db::Tx& tx) {
    const auto plan =
        nlohmann::json::parse(tx.RunDynamic("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.text,
                                            {sql.params.begin(), sql.params.end()})[0][0]
                                  .c_str());
    const auto& top = plan[0]["Plan"];
    pages = top["Shared Hit Blocks"].get<int64_t>() + top["Shared Read Blocks"].get<int64_t>();
    return absl::OkStatus();
  });
  return read.ok() ? pages : -1;
}

// Milliseconds of one page, the median of several.
inline double MillisecondsOf(db::Database& database, const filter::ListQuery& query) {
  std::vector<double> times;
  for (int turn = 0; turn < 15; ++turn) {
    const absl::Time start = absl::Now();
    const absl::Status read = database.Read("list_time", [&](db::Tx& tx) {
      query.Read(tx, [](const db::Row&) {});
      return absl::OkStatus();
    });
    if (!read.ok()) return -1;
    times.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace ieum::testing
