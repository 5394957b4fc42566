#include "tests/faults/load.h"

#include "absl/strings/str_cat.h"

namespace ieum::faults {

Load::Load(World& world, journal::Writer& writer, const LoadOptions& options) {
  Dice dice(options.seed);
  for (int i = 0; i < options.clients; ++i) {
    clients_.push_back(std::make_unique<Client>(world, writer, absl::StrCat("load-", i), i,
                                                dice.Fork(), options.think));
  }
  for (const auto& client : clients_) {
    threads_.emplace_back([this, worker = client.get()] { worker->Work(stop_); });
  }
}

Load::~Load() {
  stop_.Now();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

absl::Status Load::Finish(absl::Duration limit) {
  const absl::Time until = absl::Now() + limit;
  stop_.Now();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::atomic<int> unknown{0};
  std::vector<std::thread> settling;
  for (const auto& client : clients_) {
    settling.emplace_back(
        [&unknown, until, worker = client.get()] { unknown += worker->Settle(until); });
  }
  for (std::thread& thread : settling) thread.join();
  if (unknown == 0) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat(unknown.load(), " commands have no known outcome ", absl::FormatDuration(limit),
                   " after everything was healed"));
}

Tallies Load::tallies() const {
  Tallies all;
  for (const auto& client : clients_) all.Add(client->tallies());
  return all;
}

}  // namespace ieum::faults
