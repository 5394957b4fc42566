// Every limit and interval of the flow, with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace ieum::flow {

struct RelayLimits {
  // Published and not yet acknowledged: some 20 ms of the broker's work, so that it has enough to
  // do while the ledger is read.
  int max_in_flight = 2048;
  int read_events_max = 1024;                         // ledger rows read at a time
  size_t read_bytes_max = 4u << 20;                   // payload bytes read at a time
  absl::Duration ack_timeout = absl::Seconds(5);      // then the stream is read again
  absl::Duration retry_min = absl::Milliseconds(50);  // back-off after trouble
  absl::Duration retry_max = absl::Seconds(2);
  // News are read together when they come within so long of the last look; the first after a calm
  // while are read at once.
  absl::Duration rest = absl::Milliseconds(2);
  // While half of what may be in flight is, answers are let gather: one look at forty of them costs
  // less than forty looks.
  absl::Duration breath = absl::Microseconds(500);
  absl::Duration poll_busy = absl::Milliseconds(100);  // counters are looked at this often
  absl::Duration poll_idle = absl::Milliseconds(500);  // … after poll_calm without any news
  absl::Duration poll_calm = absl::Seconds(5);
  absl::Duration housekeeping = absl::Seconds(1);   // belief row, watermark, lag metrics
  absl::Duration stopped_retry = absl::Seconds(1);  // a stopped relay looks for a new epoch
};

struct ConsumerLimits {
  int lanes = 2;           // transactions at a time
  int batch_max = 256;     // events of one transaction
  int reactions_max = 64;  // … of which go to reactions: what these lock, they hold to its end
  // After a transaction the next one waits so long, that it may find company; the first event after
  // a calm while waits for nothing. Reckoned, not yet compared: see docs/performance.md.
  absl::Duration rest = absl::Milliseconds(3);
  // What the broker brings is looked at this often while it brings something; the first after a
  // calm while at once.
  absl::Duration breath = absl::Microseconds(500);
  // The second lane takes part when so many events wait, or one of them for so long: what
  // one transaction can take costs less than two.
  int help_from = 128;
  absl::Duration help_after = absl::Milliseconds(50);
  int pull_batch = 256;  // messages of one pull request
  int64_t pull_bytes = 2 << 20;
  int pulls_outstanding = 2;
  absl::Duration pull_expires = absl::Seconds(5);
  absl::Duration pull_heartbeat = absl::Seconds(1);
  int pull_heartbeats_missed = 3;                     // then the pull is opened anew
  int queue_max = 2048;                               // events taken and not yet applied
  int ahead_max = 1024;                               // events of a shard kept behind a hole
  int repair_events_max = 1000;                       // events of one ReadLog
  absl::Duration behind_grace = absl::Seconds(5);     // behind the watermark, nothing pending
  absl::Duration mark_stale = absl::Seconds(5);       // no watermark for so long = no broker
  absl::Duration probe_interval = absl::Seconds(2);   // … then the ledgers are asked this often
  absl::Duration retry_min = absl::Milliseconds(50);  // back-off after a transient failure
  absl::Duration retry_max = absl::Seconds(5);
  absl::Duration rewind = absl::Minutes(10);       // of stream, when it is not what it was
  absl::Duration housekeeping = absl::Seconds(1);  // resume hint, metrics
  // Positions without effect wait so long for company: less than who waits for a service to be
  // settled notices, and still a few transactions a second at most under load.
  absl::Duration skip_linger = absl::Milliseconds(10);
  int poison_tries = 3;
  absl::Duration poison_pause = absl::Milliseconds(20);  // between the tries
};

struct LeaseLimits {
  absl::Duration ttl = absl::Seconds(3);
  absl::Duration renew = absl::Seconds(1);
  absl::Duration standby = absl::Milliseconds(400);  // how often a standby asks
};

struct Limits {
  RelayLimits relay;
  ConsumerLimits consumer;
  LeaseLimits lease;
  absl::Duration due_interval = absl::Milliseconds(500);  // a due loop looks at least this often
  int64_t stream_max_bytes = int64_t{4} << 30;
};

}  // namespace ieum::flow
