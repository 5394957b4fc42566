#include "platform/flow/lease_store.h"

#include "platform/base/status.h"

namespace ieum::flow {
namespace {

// In name order, so that two processes never wait for each other in a circle.
const db::Statement kTake("lease_take", R"(
  INSERT INTO lease AS l (name, owner, term, until)
  SELECT n, $1, 1, clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  FROM unnest($2::text[]) n ORDER BY n
  ON CONFLICT (name) DO UPDATE
  SET owner = EXCLUDED.owner, until = EXCLUDED.until,
      term = CASE WHEN l.owner = EXCLUDED.owner THEN l.term ELSE l.term + 1 END
  WHERE l.owner = EXCLUDED.owner OR l.until < clock_timestamp()
  RETURNING name, term)");

}  // namespace

absl::StatusOr<std::map<std::string, int64_t>> TakeLeases(db::Database& database,
                                                          const std::string& owner,
                                                          std::vector<std::string> names,
                                                          absl::Duration ttl, bool renewal) {
  std::map<std::string, int64_t> terms;
  const auto body = [&](db::Tx& tx) {
    terms.clear();
    for (const auto& row :
         tx.Exec(kTake, owner, db::ArrayOf(names), absl::ToInt64Milliseconds(ttl))) {
      terms[db::AsText(row[0])] = row[1].as<int64_t>();
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(renewal ? database.WriteRelaxed("renew_leases", body)
                          : database.Write("take_leases", body));
  return terms;
}

namespace {

const db::Statement kFree("lease_free", R"(
  UPDATE lease SET until = clock_timestamp() - interval '1 second'
  WHERE owner = $1 AND name = ANY($2::text[]))");

}  // namespace

absl::Status FreeLeases(db::Database& database, const std::string& owner,
                        std::vector<std::string> names) {
  return database.Write("free_leases", [&](db::Tx& tx) {
    tx.Exec(kFree, owner, db::ArrayOf(names));
    return absl::OkStatus();
  });
}

}  // namespace ieum::flow
