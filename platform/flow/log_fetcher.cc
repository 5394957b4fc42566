#include "platform/flow/log_fetcher.h"

namespace ieum::flow {

LogFetcher::LogFetcher(LogReader reader, std::string producer)
    : reader_(std::move(reader)), producer_(std::move(producer)), thread_([this] {
        while (!ended_) {
          for (const auto& question : questions_.Take(absl::InfiniteDuration())) question();
        }
      }) {}

LogFetcher::~LogFetcher() {
  questions_.Post([this] { ended_ = true; });
  thread_.join();
}

void LogFetcher::Ask(int shard, int64_t from, int max_events,
                     std::function<void(Answer)> on_answer) {
  questions_.Post([this, shard, from, max_events, on_answer = std::move(on_answer)] {
    on_answer(reader_ ? reader_(producer_, shard, from, max_events)
                      : absl::UnavailableError("the producer's ledger cannot be read"));
  });
}

}  // namespace ieum::flow
