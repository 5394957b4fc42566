// The life of events in one process: the relay that carries this service's ledger to the broker,
// one consumer for each producer listened to, and the loops of work that becomes due. The runtime
// starts it, asks it how far it is, and drains it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/access.h"
#include "platform/flow/dead_letters.h"
#include "platform/flow/due_work.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/log_reader.h"
#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"

namespace ieum::flow {

struct FlowOptions {
  std::string service;                           // "registry"
  std::string nats_url;                          // "nats://127.0.0.1:4222"
  broker::Access broker_access;                  // who we are there
  ledger::Ledger* ledger = nullptr;              // outlives the flow
  const Subscriptions* subscriptions = nullptr;  // filled before Start; outlives the flow
  LogReader log_reader;                          // may be empty when nothing is listened to
  telemetry::Metrics* metrics = nullptr;         // outlives the flow
  std::vector<DueWork> due_works;
  Limits limits;  // tests shorten some
};

// Thread-safe after Start. Start sets the ledger's OnCommitted, so it comes before the first
// command.
class Flow {
 public:
  explicit Flow(FlowOptions options);
  ~Flow();
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  // Begins in the background. PostgreSQL or the broker being away is waited for, not an error.
  // INVALID_ARGUMENT when the broker's URL cannot be read.
  absl::Status Start();

  // Finishes what is begun, publishes what is committed, gives the leases back; at most `limit`.
  // Nothing runs afterwards. The destructor drains too.
  void Drain(absl::Duration limit);

  // Fills what the flow knows: epoch, ledger_positions, published_positions, consumers, due_timers,
  // dead_letters and relay_leader. Positions are read from the database in one instant.
  absl::Status Progress(platform::v1::Progress* progress);

  DeadLetters& dead_letters();

  // Runs the named due work soon, without waiting for its next round.
  void PokeDue(const std::string& name);

  // OK when the broker's connections are up; UNAVAILABLE in words otherwise. Not a reason to refuse
  // commands: the ledger takes them, and the relay catches up.
  absl::Status BrokerReady() const;

  // What the broker says of this service's stream: its size, and how far the broker's clock was
  // ahead of the database's when it stored the newest event (absent = it holds none). UNAVAILABLE
  // when the broker does not answer.
  struct StreamLook {
    int64_t bytes = 0, max_bytes = 0;
    std::optional<absl::Duration> broker_lead;
  };
  absl::StatusOr<StreamLook> LookAtStream();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::flow
