#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/poison.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kParkedWithin = absl::Seconds(20);
constexpr char kDiscard[] = "/ieum.platform.v1.OpsService/DiscardDeadLetters";

// As a program that writes what it cannot read again would: an event of registry's own, in order
// and counted, whose payload is no message at all.
constexpr char kAggregate[] =
    "INSERT INTO aggregate (id, kind, version) VALUES ($1::uuid, 'organization', 1)";
constexpr char kEvent[] = R"(
  WITH place AS (
    UPDATE outbox_shard SET last_pos = last_pos + 1 WHERE shard = $2::smallint RETURNING last_pos)
  INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
                         actor, correlation_id, causation_id, traceparent, payload)
  SELECT $2::smallint, last_pos, $3::uuid, $1::uuid, 1, 'ieum.registry.v1.OrganizationRegistered',
         'organizations/' || $1::uuid::text, to_timestamp($4::bigint), 'service/registry', '', '', '',
         '\xffffffff'
  FROM place)";

absl::Status Write(World& world, const base::Uuid& firm, const base::Uuid& event) {
  try {
    pqxx::connection connection(world.suite().DatabaseOf("registry"));
    pqxx::work work(connection);
    work.exec_params(kAggregate, firm.ToString());
    work.exec_params(kEvent, firm.ToString(), firm.shard(), event.ToString(),
                     absl::ToUnixSeconds(world.business_now()));
    work.commit();
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::UnavailableError(error.what());
  }
}

// Who has put it aside.
std::vector<std::string> Holders(World& world, const base::Uuid& firm) {
  std::vector<std::string> holders;
  for (const std::string& service : testing::kServices) {
    if (DeadLetters(world, service, firm) > 0) holders.push_back(service);
  }
  return holders;
}

absl::Status Discard(World& world, const std::string& service, const base::Uuid& firm) {
  platform::v1::DiscardDeadLettersRequest request;
  request.set_producer("registry");
  request.set_aggregate_id(firm.ToString());
  request.set_reason("nobody can read it");
  platform::v1::DiscardDeadLettersResponse response;
  return world.suite().driver(service).Call(kDiscard, request, &response);
}

absl::Status Run(Scene& scene, const base::Uuid& firm, const base::Uuid& event) {
  World& world = scene.world;
  RETURN_IF_ERROR(Write(world, firm, event));
  ASSIGN_OR_RETURN(const World::Positions ledgers, world.LedgerPositions());
  RETURN_IF_ERROR(world.WaitCaughtUp(ledgers, kParkedWithin).status());
  // casemgmt keeps organizations, reporting keeps facts of everything.
  const std::vector<std::string> holders = Holders(world, firm);
  if (holders.size() < 2) {
    return absl::DataLossError(
        absl::StrCat(holders.size(), " services have put an event aside that nobody can read"));
  }
  for (const std::string& service : holders) RETURN_IF_ERROR(Discard(world, service, firm));
  return absl::OkStatus();
}

}  // namespace

Strike DrawUndecodable(Dice& dice) {
  const base::Uuid firm = dice.Id(), event = dice.Id();
  return {"registry's ledger holds an event that nobody can read", absl::Seconds(3),
          [=](Scene& scene) { return Run(scene, firm, event); }};
}

}  // namespace ieum::faults
