#include "bench/rows/commands_sql.h"

#include "absl/strings/str_cat.h"
#include "bench/harness/pgbench.h"

namespace ieum::bench {
namespace {

// pgbench has no ids; two numbers of sixteen digits side by side are one.
constexpr char kNumbers[] =
    "\\set a random(1000000000000000, 9999999999999999)\n"
    "\\set b random(1000000000000000, 9999999999999999)\n"
    "\\set c random(1000000000000000, 9999999999999999)\n"
    "\\set n random(1000000000, 9999999999)\n"
    "\\set s random(0, 15)\n";
constexpr char kRequest[] = "(:a::text || :b::text)::uuid";
constexpr char kOrganization[] = "(:b::text || :c::text)::uuid";
constexpr char kEvent[] = "(:c::text || :a::text)::uuid";
// As long as those of the service.
constexpr char kHash[] =
    "'\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'::bytea";
constexpr char kPayload[] =
    "'\\x0a2430313866666666662d666666662d376666662d626666662d66666666666666666666666612"
    "0a323032362d31312d3232180122"
    "0a31303030303030303030'::bytea";
constexpr char kName[] = "'organizations/018fffff-ffff-7fff-bfff-ffffffffffff'";
constexpr char kActor[] = "'bench/driver'";
constexpr char kCorrelation[] = "'018fffff-ffff-7fff-bfff-ffffffffffff'";
constexpr char kTrace[] = "'00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'";
constexpr char kType[] = "'ieum.registry.v1.OrganizationRegistered'";

std::string ArrayOf(const std::string& value) { return absl::StrCat("ARRAY[", value, "]"); }

}  // namespace

std::string OneCommandScript() {
  return absl::StrCat(
      kNumbers, "BEGIN;\n", StatementText("command_dedup_select", {ArrayOf(kRequest)}),
      StatementText("aggregate_lock", {ArrayOf(kOrganization)}),
      StatementText("organization_insert",
                    {kOrganization, "1::smallint", "'달빛 정밀 주식회사'", ":n::text", "NULL",
                     "1::smallint", "now()", "NULL::uuid", "1"}),
      StatementText("organization_take_claim", {"'BUSINESS_NUMBER'", ":n::text", kOrganization}),
      StatementText("aggregate_insert",
                    {ArrayOf(kOrganization), ArrayOf("'organization'"), ArrayOf("1")}),
      StatementText("event_log_append",
                    {ArrayOf(":s"), ArrayOf(kEvent), ArrayOf(kOrganization), ArrayOf("1"),
                     ArrayOf(kType), ArrayOf(kName), ArrayOf("now()"), ArrayOf(kActor),
                     ArrayOf(kCorrelation), ArrayOf("''"), ArrayOf(kTrace), ArrayOf(kPayload)}),
      StatementText("command_dedup_insert", {ArrayOf(kRequest), ArrayOf(kHash), ArrayOf(kName),
                                             ArrayOf("1"), ArrayOf(":s::smallint"), ArrayOf("1")}),
      "END;\n");
}

std::string ReadBackScript() {
  return absl::StrCat(
      kNumbers, "BEGIN;\nSET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;\n",
      StatementText("organization_find_view", {ArrayOf(kOrganization), "'2026-11-22'"}), "END;\n");
}

std::string BatchScript() {
  // The rows of all commands, made again by each statement; ids follow from a number.
  const std::string rows = absl::StrCat(
      "(SELECT g, md5((:a::bigint + g)::text)::uuid AS request, md5((:b::bigint + g)::text)::uuid "
      "AS organization, "
      "md5((:c::bigint + g)::text)::uuid AS event, (:n::bigint + g)::text AS number, (:s::int + g) "
      "% 16 AS shard "
      "FROM generate_series(0, ",
      kBatch - 1, ") g) r");
  const auto all = [&](const std::string& column) {
    return absl::StrCat("(SELECT array_agg(", column, " ORDER BY g) FROM ", rows, ")");
  };
  const auto same = [](const std::string& value) {
    return absl::StrCat("array_fill(", value, ", ARRAY[", kBatch, "])");
  };
  const auto text = [&](const char* value) { return same(absl::StrCat(value, "::text")); };
  return absl::StrCat(
      kNumbers, "BEGIN;\n",
      "SELECT request_id, request_hash, name, etag, shard, pos FROM command_dedup "
      "WHERE request_id = ANY(",
      all("request"), "::uuid[]);\n", StatementText("aggregate_lock", {all("organization")}),
      "INSERT INTO organization_claim (kind, value, organization_id) "
      "SELECT 'BUSINESS_NUMBER', number, organization FROM ",
      rows, " ON CONFLICT (kind, value) DO NOTHING;\n",
      "INSERT INTO organization (id, kind, display_name, business_number, external_code, state, "
      "created_at, updated_at, version) SELECT organization, 1, '달빛 정밀 주식회사', number, "
      "NULL, "
      "1, now(), now(), 1 FROM ",
      rows, ";\n",
      "INSERT INTO aggregate (id, kind, version) SELECT organization, 'organization', 1 FROM ",
      rows, " ORDER BY organization ON CONFLICT (id) DO NOTHING;\n",
      StatementText("event_log_append",
                    {all("shard::smallint"), all("event"), all("organization"), all("1::bigint"),
                     text(kType), text(kName), same("now()"), text(kActor), text(kCorrelation),
                     text("''"), text(kTrace), all(kPayload)}),
      "INSERT INTO command_dedup (request_id, request_hash, name, etag, shard, pos) SELECT "
      "request, ",
      kHash, ", ", kName, ", 1, shard, 1 FROM ", rows, " ON CONFLICT (request_id) DO NOTHING;\n",
      "END;\n");
}

}  // namespace ieum::bench
