// A small programme year as events, put into a reporting database the way the consumer does it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/base/clock.h"
#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet reporting_migrations();
}

namespace ieum::reporting {

// Events of one producer with gapless positions per shard, as a ledger would hold them.
class EventMaker {
 public:
  explicit EventMaker(std::string producer) : producer_(std::move(producer)) {}
  void Add(const base::Uuid& aggregate, const google::protobuf::Message& event);
  const std::vector<flow::ReceivedEvent>& events() const { return events_; }

 private:
  std::string producer_;
  std::vector<int64_t> positions_ = std::vector<int64_t>(base::Uuid::kShards, 0);
  std::map<base::Uuid, int64_t> versions_;
  std::vector<flow::ReceivedEvent> events_;
};

base::Uuid TestId(const std::string& name);
registry::v1::EnrolmentConfirmed Confirmed(const std::string& firm, const std::string& day);
registry::v1::EnrolmentWithdrawn Withdrawn(const std::string& firm, const std::string& day);
// Five firms confirmed, one of them withdrawn, one of them of another edition.
std::vector<flow::ReceivedEvent> SmallYear();
v1::Indicator CampaignFirms();

// A reporting database with a ledger and a clock.
struct ReportingDatabase {
  ReportingDatabase();
  // Applies events and moves the cursors, in one transaction.
  void Consume(const std::vector<flow::ReceivedEvent>& events);
  absl::StatusOr<ledger::Answer> Run(ledger::Ledger::UseCase use_case);
  void DefineCampaignFirms();

  ieum::testing::TestDatabase db;
  base::SystemClock clock;
  ledger::Ledger ledger;
};

}  // namespace ieum::reporting
