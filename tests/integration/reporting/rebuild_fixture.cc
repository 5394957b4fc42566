#include "tests/integration/reporting/rebuild_fixture.h"

#include <gtest/gtest.h>

#include "services/reporting/rebuilds/rebuild_commands.h"

namespace ieum::reporting {

flow::LogReader LogOf(const std::vector<flow::ReceivedEvent>& events) {
  return [events](const std::string& producer, int shard, int64_t from, int) {
    platform::v1::ReadLogResponse piece;
    piece.set_epoch(1);
    for (const auto& event : events) {
      const auto& envelope = event.envelope;
      if (event.producer != producer || envelope.shard() != shard) continue;
      if (envelope.position() >= from && piece.events_size() < 2) *piece.add_events() = envelope;
    }
    return absl::StatusOr<platform::v1::ReadLogResponse>(piece);
  };
}

base::Uuid StartOne(ReportingDatabase& reporting, v1::RebuildMode mode) {
  const base::Uuid id = base::Uuid::NewV7();
  v1::CreateRebuildRequest request;
  request.set_rebuild_id(id.ToString());
  request.mutable_rebuild()->set_mode(mode);
  auto started =
      reporting.Run([&](ledger::UnitOfWork& work) { return StartRebuild(work, request); });
  EXPECT_TRUE(started.ok()) << started.status();
  return id;
}

v1::Rebuild Find(ReportingDatabase& reporting, const base::Uuid& id) {
  v1::Rebuild rebuild;
  EXPECT_TRUE(reporting.db.database()
                  .Read("find",
                        [&](db::Tx& tx) {
                          rebuild = *FindRebuild(tx, id);
                          return absl::OkStatus();
                        })
                  .ok());
  return rebuild;
}

}  // namespace ieum::reporting
