// The suite that is tormented: real processes with a supervisor that starts again whatever was
// killed, and a business clock that runs fast.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/faults/process_log.h"
#include "tests/flows/suite.h"

namespace ieum::faults {

// Business time runs so much faster than real time: a day in twelve seconds.
inline constexpr double kClockSpeed = 7200;

// Thread-safe but for `suite()`, which only its owner and a fault may use, and only for what does
// not start or end service processes.
class World {
 public:
  World();
  ~World();

  testing::Suite& suite() { return suite_; }
  // Enters the masters of the Busan scenario and campaigns for the load, and lets supervisor and
  // clock run.
  absl::Status SetUp();

  absl::Time business_now() const { return absl::FromUnixNanos(business_now_); }
  // Campaigns that the load may use: with rules, with outside admission, and focus consulting; and
  // the text that its contacts are asked with whether they want advertising.
  struct Campaigns {
    std::string rules, few_seats, external, focus;
    std::string paper;
  };
  const Campaigns& campaigns() const { return campaigns_; }

  // Processes: "registry", and "registry+1" while there is a second one.
  std::vector<std::string> Processes() const;
  std::vector<std::string> ProcessesOf(const std::string& service) const;
  std::string AddressOf(const std::string& process) const;  // of its gRPC
  const std::string& token() const { return suite_.keyring().driver_token(); }
  void AddReplica(const std::string& process);
  // Ends it with SIGTERM and forgets it.
  void RemoveReplica(const std::string& process);

  void Kill(const std::string& process);  // -9; the supervisor starts it again
  // SIGTERM; how long it took to end, and with which exit code. The supervisor starts it again.
  struct Ended {
    absl::Duration took;
    int code = 0;
  };
  Ended Terminate(const std::string& process);
  // Ends it with SIGTERM, and it stays away until it is released.
  void Hold(const std::string& process);
  void Release(const std::string& process);
  void Signal(const std::string& process, int signal);
  // How often it was started so far, and its process id now.
  int Starts(const std::string& process) const;
  pid_t Pid(const std::string& process) const;
  bool WaitReady(const std::string& process, absl::Duration limit);
  // With these words in the environment of this process from its next start on; "" takes it back.
  void SetEnvironment(const std::string& process, const std::string& variable,
                      const std::string& value);
  // What the named failpoints of all processes of this service do from now on; "" = nothing.
  void SetFailpoints(const std::string& service, const std::string& words);

  // PostgreSQL's data folder and main process.
  const std::string& postgres_data() const { return postgres_data_; }
  // Where it listens: the path of its socket.
  std::string PostgresSocket() const;
  pid_t PostgresPid() const;
  void SignalPostgres(int signal);  // it and its children
  std::vector<std::string> DatabaseNames() const;

  // Ledger positions of all services, read from their databases.
  using Positions = std::map<std::string, std::vector<int64_t>>;
  absl::StatusOr<Positions> LedgerPositions();
  // Every consumer is where these ledgers were; the time it took, or what is missing.
  absl::StatusOr<absl::Duration> WaitCaughtUp(const Positions& ledgers, absl::Duration limit);

  // Waits for `condition` until `limit`, or until the world ends.
  bool WaitFor(const std::function<bool()>& condition, absl::Duration limit);
  // Lets so much time of a fault pass; false when the world ends meanwhile.
  bool Pass(absl::Duration time);

  void StopClock();
  void Breach(const std::string& words);
  std::vector<std::string> breaches() const;
  // Processes that were killed and started again by the supervisor.
  int restarts() const { return restarts_; }
  // A process was killed at this failpoint.
  void Struck(const std::string& failpoint);
  std::set<std::string> struck() const;

  // Memory and descriptors of each service now, pooled connections to PostgreSQL left out.
  using Footprints = std::map<std::string, Footprint>;
  Footprints FootprintsNow();
  void Keep(const Footprints& footprints, std::string_view label);
  const ProcessLog& process_log() const { return process_log_; }
  std::string FailpointFile(const std::string& service) const;

 private:
  absl::Status EnterMasters();
  absl::Status EnterCampaigns();
  void Supervise();
  void Look(const std::string& process);
  void NoteEnd(const std::string& process, bool asked, int code);
  void NoteStart(const std::string& process);
  void RunClock();
  void TellClock(const std::string& process);
  absl::StatusOr<std::string> Behind(const Positions& ledgers);

  testing::Suite suite_;
  ProcessLog process_log_;
  std::string postgres_data_;
  Campaigns campaigns_;
  std::atomic<int64_t> business_now_{0};

  mutable std::mutex mutex_;  // of all below, and of the suite's processes
  std::condition_variable ended_;
  std::set<std::string> processes_;
  std::set<std::string> asked_to_end_;
  std::set<std::string> held_;  // not started again for now
  std::set<std::string> stays_away_;
  std::map<std::string, int> starts_;
  std::vector<std::string> breaches_;
  std::set<std::string> struck_;       // failpoints
  std::map<std::string, pid_t> pids_;  // of services as they were started last
  std::atomic<int> restarts_{0};
  bool ending_ = false;
  std::atomic<bool> clock_runs_{false};
  std::thread supervisor_, clock_;
};

}  // namespace ieum::faults
