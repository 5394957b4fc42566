#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/fault.h"
#include "tests/faults/small_disk.h"

namespace ieum::faults {
namespace {

// Streams may claim 4 GiB each, and a broker that starts with less does not take them up.
constexpr uint64_t kFree = uint64_t{32} << 30;  // before it is filled
constexpr uint64_t kLeft = 64 << 10;            // afterwards: enough for a moment
constexpr uint64_t kFreeOfDatabase = 40 << 20;

absl::Status FillBroker(Scene& scene, absl::Duration time) {
  testing::NatsServer& nats = scene.world.suite().nats();
  SmallDisk disk(nats.store(), kFree);
  nats.KillNine();
  const absl::Status inserted = disk.Insert();
  nats.Start();
  absl::Status status = inserted;
  if (status.ok()) status = disk.Fill(kLeft);
  if (status.ok()) (void)scene.world.Pass(time);
  // A broker that met a full disk works again only when it is started again.
  nats.KillNine();
  const absl::Status removed = disk.Remove();
  nats.Start();
  RETURN_IF_ERROR(status);
  return removed;
}

absl::Status FillPostgres(Scene& scene, absl::Duration time) {
  testing::PostgresCluster& postgres = scene.world.suite().postgres();
  SmallDisk disk(scene.world.postgres_data(), kFreeOfDatabase);
  postgres.KillNine();
  absl::Status status = disk.Insert();
  postgres.StartAgain();
  if (status.ok()) status = disk.Fill(kLeft);
  if (status.ok()) (void)scene.world.Pass(time);
  disk.Empty();
  postgres.KillNine();
  const absl::Status removed = disk.Remove();
  postgres.StartAgain();
  RETURN_IF_ERROR(status);
  return removed;
}

Strike Draw(Dice& dice) {
  const absl::Duration time = dice.Millis(3000, 8000);
  const bool broker = dice.Chance(0.5);
  return {absl::StrCat("the disk of ", broker ? "the broker" : "PostgreSQL", " is full for ",
                       absl::FormatDuration(time)),
          time + absl::Seconds(3), [=](Scene& scene) {
            return broker ? FillBroker(scene, time) : FillPostgres(scene, time);
          }};
}

}  // namespace

Fault FillDisk() {
  return {"T11", "a full disk under the broker or under PostgreSQL",
          "commands are refused or answered, none is lost", Draw};
}

}  // namespace ieum::faults
