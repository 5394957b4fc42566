#include "tests/faults/world.h"

#include <signal.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "platform/base/status.h"
#include "pqxx/pqxx"
#include "tests/faults/campaigns.h"
#include "tests/flows/played_year.h"

namespace ieum::faults {
namespace {

constexpr std::chrono::milliseconds kSupervisorLooks(5);
constexpr std::chrono::milliseconds kClockTicks(50);
constexpr std::chrono::milliseconds kPoll(5);  // for a process to end
constexpr absl::Duration kClockPatience = absl::Milliseconds(300);
constexpr char kSetClock[] = "/ieum.platform.v1.OpsService/SetClock";
constexpr int kKilled = 128 + SIGKILL;

platform::v1::SetClockRequest ClockRequest(absl::Time time) {
  platform::v1::SetClockRequest request;
  const int64_t nanos = absl::ToUnixNanos(time);
  request.mutable_time()->set_seconds(nanos / 1'000'000'000);
  request.mutable_time()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  return request;
}

// Written apart and moved over, so that nobody reads half of it.
void ReplaceFile(const std::string& path, const std::string& text) {
  const std::string made = path + ".new";
  std::ofstream(made) << text;
  std::rename(made.c_str(), path.c_str());
}

std::string TailOf(const std::string& text) {
  return text.substr(text.size() - std::min<size_t>(text.size(), 1500));
}

}  // namespace

World::World() : process_log_(suite_.folder() + "/processes.jsonl") {
  postgres_data_ = suite_.Ask("registry", "SHOW data_directory");
  for (const std::string& service : testing::kServices) {
    ReplaceFile(FailpointFile(service), "");
    suite_.SetEnvironment(service, "IEUM_FAILPOINTS_FILE", FailpointFile(service));
    processes_.insert(service);
    starts_[service] = 1;
  }
}

World::~World() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  if (supervisor_.joinable()) supervisor_.join();
  if (clock_.joinable()) clock_.join();
}

// The first processes were started before they could be told where their failpoints are.
absl::Status World::SetUp() {
  for (const std::string& service : testing::kServices) {
    suite_.StopService(service);
    suite_.StartService(service);
    NoteStart(service);
  }
  RETURN_IF_ERROR(EnterMasters());
  RETURN_IF_ERROR(EnterCampaigns());
  clock_runs_ = true;
  supervisor_ = std::thread([this] { Supervise(); });
  clock_ = std::thread([this] { RunClock(); });
  return absl::OkStatus();
}

absl::Status World::EnterMasters() {
  play::Scenario scenario = testing::BusanYear();
  scenario.cut_off = scenario.set_up_at;
  scenario.actions.clear();
  scenario.expected = nullptr;
  ASSIGN_OR_RETURN(play::Services services, play::Services::Open(suite_.file()));
  play::Player player(scenario, services);
  RETURN_IF_ERROR(player.Play());
  business_now_ = absl::ToUnixNanos(scenario.set_up_at);
  return absl::OkStatus();
}

absl::Status World::EnterCampaigns() {
  ASSIGN_OR_RETURN(campaigns_.rules, MakeCampaign(suite_.driver("registry"), CampaignKind::kRules));
  ASSIGN_OR_RETURN(campaigns_.few_seats,
                   MakeCampaign(suite_.driver("registry"), CampaignKind::kFewSeats));
  ASSIGN_OR_RETURN(campaigns_.external,
                   MakeCampaign(suite_.driver("registry"), CampaignKind::kExternal));
  ASSIGN_OR_RETURN(campaigns_.focus, MakeCampaign(suite_.driver("registry"), CampaignKind::kFocus));
  ASSIGN_OR_RETURN(campaigns_.paper, MakePaper(suite_.driver("registry")));
  return absl::OkStatus();
}

std::vector<std::string> World::Processes() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return {processes_.begin(), processes_.end()};
}

std::string World::AddressOf(const std::string& process) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return suite_.Address(process);
}

std::vector<std::string> World::ProcessesOf(const std::string& service) const {
  std::vector<std::string> found;
  for (const std::string& process : Processes()) {
    if (testing::ServiceOf(process) == service) found.push_back(process);
  }
  return found;
}

void World::AddReplica(const std::string& process) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    suite_.SetEnvironment(process, "IEUM_FAILPOINTS_FILE",
                          FailpointFile(testing::ServiceOf(process)));
    asked_to_end_.erase(process);
    if (suite_.SpawnService(process)) processes_.insert(process);
    ++starts_[process];
  }
  if (!WaitReady(process, absl::Seconds(20))) Breach(process + " was started and is not ready");
}

void World::RemoveReplica(const std::string& process) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (processes_.erase(process) > 0) suite_.StopService(process);
}

void World::Kill(const std::string& process) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (suite_.Running(process)) suite_.Signal(process, SIGKILL);
}

World::Ended World::Terminate(const std::string& process) {
  const absl::Time begin = absl::Now();
  std::unique_lock<std::mutex> lock(mutex_);
  held_.insert(process);
  asked_to_end_.insert(process);
  suite_.Signal(process, SIGTERM);
  while (suite_.Running(process) && absl::Now() - begin < absl::Seconds(30)) {
    ended_.wait_for(lock, kPoll);
  }
  const Ended ended{absl::Now() - begin, suite_.Running(process) ? -1 : suite_.ExitCode(process)};
  if (ended.code < 0) suite_.Signal(process, SIGKILL);
  if (!stays_away_.contains(process)) held_.erase(process);
  return ended;
}

void World::Hold(const std::string& process) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stays_away_.insert(process);
  }
  const Ended ended = Terminate(process);
  if (ended.code != 0) Breach(absl::StrCat(process, " ended with ", ended.code));
}

void World::Release(const std::string& process) {
  std::lock_guard<std::mutex> lock(mutex_);
  stays_away_.erase(process);
  held_.erase(process);
}

void World::Signal(const std::string& process, int signal) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (suite_.Running(process)) suite_.Signal(process, signal);
}

int World::Starts(const std::string& process) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = starts_.find(process);
  return found == starts_.end() ? 0 : found->second;
}

pid_t World::Pid(const std::string& process) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return suite_.Pid(process);
}

bool World::WaitReady(const std::string& process, absl::Duration limit) {
  return WaitFor([&] { return suite_.ReadyNow(process); }, limit);
}

void World::SetEnvironment(const std::string& process, const std::string& variable,
                           const std::string& value) {
  std::lock_guard<std::mutex> lock(mutex_);
  suite_.SetEnvironment(process, variable, value);
}

std::string World::FailpointFile(const std::string& service) const {
  return absl::StrCat(suite_.folder(), "/failpoints-", service);
}

void World::SetFailpoints(const std::string& service, const std::string& words) {
  ReplaceFile(FailpointFile(service), words);
}

pid_t World::PostgresPid() const {
  pid_t pid = 0;
  std::ifstream(postgres_data_ + "/postmaster.pid") >> pid;
  return pid;
}

std::string World::PostgresSocket() const {
  // Lines of the file: pid, data folder, start, port, folder of the socket.
  std::ifstream file(postgres_data_ + "/postmaster.pid");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines.size() < 5 ? "" : absl::StrCat(lines[4], "/.s.PGSQL.", lines[3]);
}

void World::SignalPostgres(int signal) {
  const pid_t pid = PostgresPid();
  if (pid <= 0) return;
  kill(pid, signal);
  (void)testing::RunToEnd(
      {.argv = {"pkill", absl::StrCat("-", signal), "-P", std::to_string(pid)}});
}

std::vector<std::string> World::DatabaseNames() const {
  std::vector<std::string> names;
  for (const std::string& service : testing::kServices) names.push_back("ieum_" + service);
  return names;
}

void World::StopClock() { clock_runs_ = false; }

void World::Breach(const std::string& words) {
  std::fprintf(stderr, "BREACH: %s\n", words.c_str());
  std::lock_guard<std::mutex> lock(mutex_);
  breaches_.push_back(words);
}

std::vector<std::string> World::breaches() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return breaches_;
}

void World::Supervise() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ended_.wait_for(lock, kSupervisorLooks, [this] { return ending_; })) {
    for (const std::string& process : processes_) Look(process);
  }
}

// Called with the mutex held.
void World::Look(const std::string& process) {
  if (held_.contains(process) || suite_.Running(process)) return;
  const int code = suite_.ExitCode(process);
  const bool asked = asked_to_end_.erase(process) > 0;
  if (code != kKilled && !(asked && code == 0)) {
    breaches_.push_back(
        absl::StrCat(process, " ended unasked with ", code, ":\n", TailOf(suite_.LogOf(process))));
    std::fprintf(stderr, "BREACH: %s\n", breaches_.back().c_str());
  }
  NoteEnd(process, asked, code);
  ++restarts_;
  ++starts_[process];
  if (suite_.SpawnService(process)) NoteStart(process);
}

// Called with the mutex held, as NoteStart is once the supervisor works.
void World::NoteEnd(const std::string& process, bool asked, int code) {
  const pid_t pid = pids_[process];
  if (asked || code == kKilled) process_log_.Happened(process, pid, asked ? "asked" : "killed");
  process_log_.Exited(process, pid, code);
}

void World::NoteStart(const std::string& process) {
  pids_[process] = suite_.Pid(process);
  process_log_.Happened(process, pids_[process], "started");
}

void World::Struck(const std::string& failpoint) {
  std::lock_guard<std::mutex> lock(mutex_);
  struck_.insert(failpoint);
}

std::set<std::string> World::struck() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return struck_;
}

void World::Keep(const Footprints& footprints, std::string_view label) {
  for (const auto& [service, footprint] : footprints) {
    process_log_.Sample(service, Pid(service), label, footprint);
  }
}

// A process that was started anew does not know the time; one that halts is not waited for.
void World::TellClock(const std::string& process) {
  rpc::Peer* peer = nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    peer = &suite_.driver(process);
  }
  platform::v1::SetClockResponse response;
  (void)peer->Call(kSetClock, ClockRequest(business_now()), &response, kClockPatience);
}

void World::RunClock() {
  absl::Time last = absl::Now();
  while (Pass(absl::FromChrono(kClockTicks))) {
    const absl::Time now = absl::Now();
    if (clock_runs_) business_now_ += absl::ToInt64Nanoseconds((now - last) * kClockSpeed);
    last = now;
    for (const std::string& process : Processes()) TellClock(process);
  }
}

}  // namespace ieum::faults
