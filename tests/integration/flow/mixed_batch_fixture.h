// A consumer's events and a lane of the test's own, which applies batches as the lane queue makes
// them.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/sample/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/flow/applier.h"
#include "tests/integration/flow/flow_fixture.h"

namespace ieum::flow::testing {

using OutcomeKind = Applier::Outcome::Kind;

// One consumer's events and its lane.
class MixedBatchTest : public ::testing::Test {
 protected:
  MixedBatchTest() {
    tally_.Effects()(subscriptions_);
    subscriptions_.ReactIf<sample::v1::Closed>(
        [](const sample::v1::Closed& event) { return !event.counter_id().empty(); },
        [this](ledger::UnitOfWork& work, const sample::v1::Closed& event, const ReceivedEvent&) {
          return on_closed_(work, event);
        });
    EXPECT_TRUE(LoadInbox(tally_.database(), "sample").ok());
  }

  std::unique_ptr<Applier> Lane(ConsumerMemory* memory) {
    Applier::Options options;
    options.producer = "sample";
    options.ledger = &ledger_;
    options.memory = memory;
    options.pause = [](absl::Duration) { return true; };
    options.on_applied = [](absl::Span<const CursorStep>) {};
    options.on_dead_letter = [] {};
    return std::make_unique<Applier>(std::move(options));
  }

  // The next event of the counter's shard; its id tells counter and version.
  template <class Event>
  void Arrives(int counter, Event message) {
    message.set_counter_id(Counter(counter).ToString());
    ReceivedEvent event;
    event.producer = "sample";
    event.epoch = 1;
    const int shard = Counter(counter).shard();
    event.envelope.set_shard(shard);
    event.envelope.set_position(++last_[shard]);
    event.envelope.set_event_id(base::Uuid::NewV7().ToString());
    event.envelope.set_aggregate_id(message.counter_id());
    event.envelope.set_aggregate_version(++versions_[counter]);
    event.envelope.set_type(Event::descriptor()->full_name());
    event.envelope.set_payload(message.SerializeAsString());
    ids_[counter].push_back(event.envelope.event_id());
    const Task task = TaskFor(subscriptions_, &event);
    queue_.Push(std::move(event), task, MonotonicNow());
  }
  void Counted(int counter, int64_t amount = 1) {
    sample::v1::Counted event;
    event.set_amount(amount);
    Arrives(counter, event);
  }
  void Renamed(int counter, const std::string& name = "fine") {
    sample::v1::Renamed event;
    event.set_name(name);
    Arrives(counter, event);
  }
  void Closed(int counter) { Arrives(counter, sample::v1::Closed()); }

  LaneBatch Batch() {
    auto batch = queue_.Next(MonotonicNow());
    EXPECT_TRUE(batch.has_value());
    return batch ? *std::move(batch) : LaneBatch{};
  }
  OutcomeKind Apply(const LaneBatch& batch) {
    const Applier::Outcome outcome = Lane(&memory_)->Apply(batch);
    if (outcome.kind == OutcomeKind::kDone) {
      queue_.Settle(batch, batch.steps.size(), MonotonicNow());
    }
    return outcome.kind;
  }

  // Own events: per shard as many as the counter says and as the last position is.
  void ExpectGapless() {
    EXPECT_EQ(tally_.Number("SELECT count(*) FROM (SELECT shard, count(*) AS n, max(pos) AS last "
                            "FROM event_log GROUP BY shard) e JOIN outbox_shard o USING (shard) "
                            "WHERE n <> last OR last <> last_pos"),
              0);
    EXPECT_EQ(tally_.Number("SELECT count(*) FROM (SELECT aggregate_id, count(*) AS n, "
                            "max(version) AS last FROM event_log GROUP BY aggregate_id) e "
                            "JOIN aggregate a ON a.id = aggregate_id WHERE n <> last OR "
                            "last <> a.version"),
              0);
  }
  // What caused the events of a counter, in the order of their positions.
  std::string Causes(int counter) {
    return tally_.Ask(absl::StrCat(
        "SELECT coalesce(string_agg(causation_id::text, ',' ORDER BY pos), '') FROM event_log "
        "WHERE aggregate_id = '",
        Counter(counter).ToString(), "'"));
  }
  int64_t Transactions(const char* table) {
    return tally_.Number(absl::StrCat("SELECT count(DISTINCT xmin::text) FROM ", table));
  }

  std::function<absl::Status(ledger::UnitOfWork&, const sample::v1::Closed&)> on_closed_;
  TallyDatabase tally_;
  base::SystemClock clock_;
  ledger::Ledger ledger_{tally_.database(), clock_, "tally"};
  Subscriptions subscriptions_;
  ConsumerMemory memory_;
  LaneQueue queue_{ConsumerLimits(), 7};
  std::array<int64_t, kShards> last_{};
  std::map<int, int64_t> versions_;
  std::map<int, std::vector<std::string>> ids_;
};

}  // namespace ieum::flow::testing
