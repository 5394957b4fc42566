#include "bench/rows/backlog.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "bench/rows/one_organization.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int64_t kAtOnce = 250'000;  // rows of a transaction

// Ids are hashes of a number that was never used before in this database.
constexpr char kMade[] = R"(
  CREATE TEMP TABLE made AS
  SELECT g, md5('organization/' || g)::uuid AS id, md5('event/' || g)::uuid AS event_id,
         to_char(9000000000 - g, 'FM0000000000') AS number
  FROM generate_series({0} + 1, {0} + {1}) g;
  INSERT INTO aggregate (id, kind, version) SELECT id, 'organization', 1 FROM made;
  INSERT INTO organization_claim (kind, value, organization_id)
  SELECT 'BUSINESS_NUMBER', number, id FROM made;
  INSERT INTO organization (id, kind, display_name, business_number, external_code, state,
                            created_at, updated_at)
  SELECT id, 1 + (g % 4), '달빛 정밀 주식회사', number, NULL, 1, now(), now() FROM made;)";

// The event's text names the organization once, as 36 characters; the copies name their own.
constexpr char kEvents[] = R"(
  WITH template AS (
    SELECT * FROM event_log WHERE type = 'ieum.registry.v1.OrganizationRegistered' LIMIT 1
  ), placed AS (
    SELECT *, get_byte(uuid_send(id), 15) % 16 AS shard,
           row_number() OVER (PARTITION BY get_byte(uuid_send(id), 15) % 16 ORDER BY g) AS place
    FROM made
  )
  INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
                         actor, correlation_id, causation_id, traceparent, payload)
  SELECT p.shard, o.last_pos + p.place, p.event_id, p.id, 1, t.type, 'organizations/' || p.id,
         now(), t.actor, p.event_id, t.causation_id, t.traceparent,
         decode(replace(encode(t.payload, 'hex'), encode(convert_to(t.aggregate_id::text, 'UTF8'), 'hex'),
                        encode(convert_to(p.id::text, 'UTF8'), 'hex')), 'hex')
  FROM placed p JOIN outbox_shard o USING (shard), template t;
  UPDATE outbox_shard o SET last_pos = greatest(last_pos, e.last)
  FROM (SELECT shard, max(pos) AS last FROM event_log GROUP BY shard) e WHERE e.shard = o.shard;)";

}  // namespace

void FillOrganizations(Suite& suite, int64_t count, Fill fill) {
  if (suite.Ask("registry", "SELECT count(*) FROM event_log") == "0") MakeOrganization(suite);
  for (int64_t left = count; left > 0; left -= kAtOnce) {
    const std::string before = suite.Ask("registry", "SELECT count(*) FROM organization");
    // One text is one transaction; writers of the counters wait for it.
    suite.Ask("registry",
              absl::StrCat("SELECT 1 FROM outbox_shard FOR UPDATE;",
                           fmt::format(kMade, before, std::min(left, kAtOnce)),
                           fill == Fill::kWithEvents ? kEvents : "", "DROP TABLE made;"));
  }
  suite.Ask("registry", "VACUUM ANALYZE");
  suite.postgres().Settle();
}

}  // namespace ieum::bench
