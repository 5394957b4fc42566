#include "tools/audit/streams.h"

#include <deque>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/audit/stream_reader.h"

namespace ieum::audit {
namespace {

using platform::v1::LedgerEvent;

// A refill goes as far back as a stream would keep; a clock may be a little off.
constexpr absl::Duration kRefillSlack = absl::Hours(1);

bool IsOfTheChain(const std::string& header) { return absl::StartsWithIgnoreCase(header, "Nats-"); }

// The headers that a service wrote itself, in both directions.
std::string HeaderDifference(const broker::Message& expected, const broker::Message& message) {
  for (const auto& [name, value] : expected.headers) {
    if (IsOfTheChain(name) || message.Header(name) == value) continue;
    return absl::StrCat("header ", name, " differs");
  }
  for (const auto& [name, value] : message.headers) {
    if (IsOfTheChain(name) || expected.Header(name) == value) continue;
    return absl::StrCat("header ", name, " is not in the ledger");
  }
  return "";
}

}  // namespace

std::string DifferenceFrom(const LedgerEvent& row, const broker::Message& message,
                           const broker::Origin& origin) {
  const broker::Message expected = broker::EncodeEvent(row, origin, {});
  if (message.subject != expected.subject) return "is on the subject of another shard";
  if (message.payload != expected.payload) return "payload differs from the ledger's";
  return HeaderDifference(expected, message);
}

std::string StreamOrder::Next(int shard, int64_t pos) {
  Shard& at = shards_[shard];
  if (at.first == 0) {
    at = {pos, pos};
    return "";
  }
  if (pos <= at.last) {
    ++repeats_;
    return "";
  }
  const int64_t before = at.last;
  at.last = pos;
  if (pos == before + 1) return "";
  return absl::StrCat("comes behind position ", before, ": the stream has a hole");
}

namespace {

// One service's stream against its ledger.
class StreamCheck {
 public:
  StreamCheck(const Service& service, const LedgerState& ledger, Tally& tally)
      : service_(service), ledger_(ledger), tally_(tally) {
    for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
      readers_.emplace_back(*service.database, shard);
    }
  }

  absl::Status Message(uint64_t seq, const broker::Message& message);
  absl::Status Finish(const broker::StreamState& stream, bool at_rest);

 private:
  absl::Status Compare(const broker::DecodedEvent& event, const broker::Message& message,
                       Offender offender);
  absl::Status CheckBeginning(const broker::StreamState& stream, int shard);

  const Service& service_;
  const LedgerState& ledger_;
  Tally& tally_;
  std::deque<ShardReader> readers_;
  StreamOrder order_;
  int64_t messages_ = 0;
  int64_t earlier_epochs_ = 0;
};

absl::Status StreamCheck::Message(uint64_t seq, const broker::Message& message) {
  tally_.Checked();
  ++messages_;
  const auto decoded = broker::DecodeEvent(message);
  if (!decoded.ok()) {
    tally_.Breach({.service = service_.name,
                   .what = absl::StrCat("message ", seq, " of the stream is no event (",
                                        decoded.status().message(), ")")});
    return absl::OkStatus();
  }
  const LedgerEvent& event = decoded->event;
  Offender offender{service_.name,    event.shard(),        event.position(),
                    event.event_id(), event.aggregate_id(), ""};
  if (decoded->origin.epoch < ledger_.epoch) {
    ++earlier_epochs_;
    return absl::OkStatus();
  }
  if (decoded->origin.epoch > ledger_.epoch || decoded->origin.service != service_.name) {
    offender.what = absl::StrCat("message ", seq, " says epoch ", decoded->origin.epoch, " of ",
                                 decoded->origin.service, ", the ledger has ", ledger_.epoch);
    tally_.Breach(std::move(offender));
    return absl::OkStatus();
  }
  return Compare(*decoded, message, std::move(offender));
}

absl::Status StreamCheck::Compare(const broker::DecodedEvent& event, const broker::Message& message,
                                  Offender offender) {
  const int shard = event.event.shard();
  ASSIGN_OR_RETURN(const LedgerEvent* row, readers_[shard].At(event.event.position()));
  if (row == nullptr) {
    offender.what = "is in the stream, but the ledger has no such position";
  } else {
    offender.what = DifferenceFrom(*row, message, event.origin);
    if (offender.what.empty()) offender.what = order_.Next(shard, event.event.position());
  }
  if (!offender.what.empty()) tally_.Breach(std::move(offender));
  return absl::OkStatus();
}

// A stream that was made anew begins behind what was too old to be published again; one that
// dropped its oldest messages begins anywhere.
absl::Status StreamCheck::CheckBeginning(const broker::StreamState& stream, int shard) {
  const int64_t first = order_.first(shard);
  if (first <= 1 || stream.first_seq > 1 || earlier_epochs_ > 0) return absl::OkStatus();
  const auto before = KeyAt(*service_.database, shard, first - 1);
  if (absl::IsNotFound(before.status())) return absl::OkStatus();  // INV2's breach
  RETURN_IF_ERROR(before.status());
  if (before->recorded_at < stream.created - broker::kStreamMaxAge + kRefillSlack) {
    return absl::OkStatus();
  }
  tally_.Breach({service_.name, shard, first - 1, before->event_id.ToString(),
                 before->aggregate.ToString(), "is not in the stream, which begins behind it"});
  return absl::OkStatus();
}

absl::Status StreamCheck::Finish(const broker::StreamState& stream, bool at_rest) {
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    RETURN_IF_ERROR(CheckBeginning(stream, shard));
    if (!at_rest || order_.last(shard) >= ledger_.last[shard]) continue;
    if (order_.last(shard) == 0 && stream.first_seq > 1) continue;  // dropped as too old
    tally_.Breach(
        {.service = service_.name,
         .shard = shard,
         .pos = order_.last(shard) + 1,
         .what = absl::StrCat("is not in the stream; the ledger ends at ", ledger_.last[shard])});
  }
  tally_.Note(
      absl::StrCat(service_.name, ": ", messages_, " messages, ", order_.repeats(), " repeats"));
  if (earlier_epochs_ > 0) {
    tally_.Note(absl::StrCat(service_.name, ": ", earlier_epochs_,
                             " messages of earlier epochs, not compared"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStreams(Subject& subject, Tally& tally) {
  if (subject.broker() == nullptr) {
    tally.NotChecked("no broker was given");
    return absl::OkStatus();
  }
  for (const Service& service : subject.services()) {
    ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*service.database));
    StreamCheck check(service, ledger, tally);
    const auto stream = EachMessage(
        *subject.broker(), service.name,
        [&](uint64_t seq, const broker::Message& message) { return check.Message(seq, message); });
    if (absl::IsNotFound(stream.status())) {
      tally.Breach({.service = service.name, .what = "has no stream"});
      continue;
    }
    RETURN_IF_ERROR(stream.status());
    RETURN_IF_ERROR(check.Finish(*stream, subject.at_rest()));
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
