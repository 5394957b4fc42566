#include "services/casemgmt/participants/past_consents.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"
#include "services/casemgmt/participants/past_shard_store.h"
#include "services/casemgmt/participants/person_reactions.h"

namespace ieum::casemgmt {
namespace {

constexpr char kProducer[] = "registry";
constexpr int kPieceEvents = 1000;
constexpr absl::Duration kLookEvery = absl::Minutes(10);  // once it has come to where it stood

class Rereading {
 public:
  Rereading(db::Database& database, flow::LogReader read)
      : database_(database), read_(std::move(read)) {}

  absl::StatusOr<bool> Step() {
    const absl::Time now = absl::Now();  // releases change in real time
    if (now < next_) return false;
    if (round_.empty()) {
      ASSIGN_OR_RETURN(round_, Behind());
    }
    if (!round_.empty()) {
      RETURN_IF_ERROR(ReadPiece(round_.front()));
      if (round_.front().pos >= round_.front().cursor) round_.erase(round_.begin());
    }
    if (!round_.empty()) return true;
    next_ = now + kLookEvery;
    if (std::exchange(heard_, 0) > 0) telemetry::Info("consents of before the upgrade are known");
    RETURN_IF_ERROR(database_.Write("past_consents_end", [](db::Tx& tx) {
      EndPastShards(tx);
      return absl::OkStatus();
    }));
    return false;
  }

  absl::StatusOr<int64_t> Count() {
    int64_t count = 0;
    RETURN_IF_ERROR(database_.ReadOne("past_consents_count", [&](db::Tx& tx) {
      count = CountPastShards(tx);
      return absl::OkStatus();
    }));
    return count;
  }

 private:
  absl::StatusOr<std::vector<PastShard>> Behind() {
    std::vector<PastShard> behind;
    RETURN_IF_ERROR(database_.ReadOne("past_consents", [&](db::Tx& tx) {
      behind = PastShardsBehind(tx);
      return absl::OkStatus();
    }));
    return behind;
  }

  // Up to the cursor: what lies behind it the consumer will hear.
  absl::Status ReadPiece(PastShard& shard) {
    ASSIGN_OR_RETURN(auto read, read_(kProducer, shard.shard, shard.pos + 1, kPieceEvents));
    int64_t to = shard.cursor;  // of an empty piece: a restored ledger may be shorter
    if (read.events_size() > 0) {
      to = std::min(to, read.events(read.events_size() - 1).position());
    }
    RETURN_IF_ERROR(database_.Write("past_consents_piece", [&](db::Tx& tx) -> absl::Status {
      for (const platform::v1::LedgerEvent& event : read.events()) {
        if (event.position() > to) break;
        ASSIGN_OR_RETURN(const bool news, HearConsentAgain(tx, event));
        heard_ += news ? 1 : 0;
      }
      SavePastShard(tx, shard.shard, to);
      return absl::OkStatus();
    }));
    shard.pos = to;
    return absl::OkStatus();
  }

  db::Database& database_;
  const flow::LogReader read_;
  // Only the loop's thread steps.
  absl::Time next_ = absl::InfinitePast();
  // What is left of this round. The consumer goes on meanwhile; to run after it would never rest.
  std::vector<PastShard> round_;
  int64_t heard_ = 0;  // for the log
};

}  // namespace

flow::DueWork PastConsents(db::Database& database, flow::LogReader read) {
  const auto rereading = std::make_shared<Rereading>(database, std::move(read));
  flow::DueWork work;
  work.name = "past_consents";
  work.step = [rereading](absl::Time) { return rereading->Step(); };
  work.count_due = [rereading](absl::Time) { return rereading->Count(); };
  return work;
}

}  // namespace ieum::casemgmt
