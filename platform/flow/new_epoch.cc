#include "platform/flow/new_epoch.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/stream.h"
#include "platform/flow/epoch_store.h"
#include "platform/flow/relay_store.h"

namespace ieum::flow {
namespace {

// Walks the stream from its end back to the last event of each shard that the ledger still has.
class StreamWalk {
 public:
  StreamWalk(db::Database& database, broker::Connection& connection, std::string service,
             const LedgerHead& head)
      : database_(database), connection_(connection), service_(std::move(service)), head_(head) {
    kept_ = head.last;
  }

  absl::Status Run() {
    ASSIGN_OR_RETURN(const broker::StreamState state,
                     broker::GetStreamState(connection_, service_));
    RETURN_IF_ERROR(OpenShards());
    for (uint64_t seq = state.last_seq;
         open_count_ > 0 && seq >= std::max<uint64_t>(1, state.first_seq); --seq) {
      const auto stored = broker::MessageAt(connection_, service_, seq);
      if (absl::IsNotFound(stored.status())) continue;
      RETURN_IF_ERROR(stored.status());
      RETURN_IF_ERROR(Look(stored->message));
    }
    return absl::OkStatus();
  }

  // Every shard was followed back to an event that is still there, or to the first of all.
  bool complete() const { return open_count_ == 0; }
  const ShardPositions& kept() const { return kept_; }
  std::vector<platform::v1::LedgerEvent> TakeVanished() {
    std::vector<platform::v1::LedgerEvent> events;
    for (auto& [place, event] : std::exchange(vanished_, {})) events.push_back(std::move(event));
    return events;
  }

 private:
  // A shard whose last message is in the ledger has lost nothing.
  absl::Status OpenShards() {
    for (int shard = 0; shard < kShards; ++shard) {
      ASSIGN_OR_RETURN(
          const auto last,
          broker::LastOnSubject(connection_, service_, broker::EventSubject(service_, shard)));
      if (!last) continue;
      const auto decoded = broker::DecodeEvent(last->message);
      // A message that nobody of us wrote may stand there: what is before it decides.
      if (decoded.ok() && decoded->origin.epoch != head_.epoch) continue;
      open_[shard] = true;
      ++open_count_;
    }
    return absl::OkStatus();
  }

  absl::Status Look(const broker::Message& message) {
    const auto decoded = broker::DecodeEvent(message);
    if (!decoded.ok() || decoded->origin.service != service_ ||
        decoded->origin.epoch != head_.epoch) {
      return absl::OkStatus();
    }
    const auto& event = decoded->event;
    const int shard = event.shard();
    if (!open_[shard]) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool there, HasEvent(database_, event));
    const bool lost_some =
        vanished_.lower_bound({shard, 0}) != vanished_.lower_bound({shard + 1, 0});
    if (there) {
      if (lost_some) kept_[shard] = event.position();
      Close(shard);
      return absl::OkStatus();
    }
    vanished_.emplace(std::pair(shard, event.position()), event);
    if (event.position() == 1) {
      kept_[shard] = 0;
      Close(shard);
    }
    return absl::OkStatus();
  }

  void Close(int shard) {
    open_[shard] = false;
    --open_count_;
  }

  db::Database& database_;
  broker::Connection& connection_;
  const std::string service_;
  const LedgerHead head_;
  ShardPositions kept_{};
  std::array<bool, kShards> open_{};
  int open_count_ = 0;
  std::map<std::pair<int, int64_t>, platform::v1::LedgerEvent> vanished_;
};

absl::Status Save(db::Database& database, const NewEpochRequest& request, const LedgerHead& head,
                  const NewEpoch& found) {
  return database.Write("declare_epoch", [&](db::Tx& tx) -> absl::Status {
    const LedgerHead now = LockHead(tx);
    if (const std::string holder = LiveLease(tx); !holder.empty()) {
      return absl::FailedPreconditionError(fmt::format(
          "a process of this service runs and holds the lease {}; stop it first", holder));
    }
    if (now.epoch != head.epoch || now.last != head.last) {
      return absl::AbortedError("somebody appends to this ledger; stop the service first");
    }
    InsertEpoch(tx, request.service, found.epoch, found.kept, request.reason, found.vanished);
    return absl::OkStatus();
  });
}

absl::Status Unreachable(const absl::Status& status) {
  return absl::Status(
      status.code(),
      fmt::format("the stream cannot be read ({}), so what vanished cannot be seen; say with "
                  "--restored-at when the ledger was restored",
                  std::string_view(status.message().data(), status.message().size())));
}

}  // namespace

absl::StatusOr<NewEpoch> DeclareNewEpoch(db::Database& database, broker::Connection& connection,
                                         const NewEpochRequest& request) {
  ASSIGN_OR_RETURN(const LedgerHead head, ReadHead(database));
  NewEpoch found;
  found.epoch = head.epoch + 1;
  StreamWalk walk(database, connection, request.service, head);
  const absl::Status walked = walk.Run();
  found.stream_was_read = walked.ok();
  if (!request.restored_at) {
    if (!walked.ok()) return Unreachable(walked);
    if (!walk.complete()) {
      return absl::FailedPreconditionError(
          "the stream does not reach back to what the ledger still has; say with --restored-at "
          "when "
          "it was restored");
    }
  }
  found.kept = walk.kept();
  found.vanished = walk.TakeVanished();
  if (found.vanished.empty() && !request.restored_at) {
    return absl::FailedPreconditionError(
        "the ledger holds everything that was published; if the stream was lost too, say with "
        "--restored-at when the ledger was restored");
  }
  if (request.restored_at) {
    ASSIGN_OR_RETURN(const ShardPositions first, FirstSince(database, head, *request.restored_at));
    for (int shard = 0; shard < kShards; ++shard) {
      found.kept[shard] = std::min(found.kept[shard], first[shard] - 1);
    }
  }
  RETURN_IF_ERROR(Save(database, request, head, found));
  return found;
}

}  // namespace ieum::flow
