#include "tools/ctl/ledger_walk.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/reporting/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "tools/ctl/output.h"

namespace ieum::ctl {
namespace {

using nlohmann::json;
using platform::v1::LedgerEvent;

constexpr char kReadLog[] = "/ieum.platform.v1.OpsService/ReadLog";
constexpr int64_t kChunk = 1000;

template <class Integer>
bool ReadNumber(const std::string& text, Integer* value) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && stop == text.data() + text.size();
}

bool Earlier(const Told& a, const Told& b) {
  const auto key = [](const Told& told) {
    const LedgerEvent& event = told.event;
    return std::tuple(event.time().seconds(), event.time().nanos(), event.shard(),
                      event.position());
  };
  return key(a) < key(b);
}

// Named, so that their files are linked in and found by name below.
void KnowEventTypes() {
  (void)registry::v1::PersonRegistered::descriptor();
  (void)casemgmt::v1::EngagementFacts::descriptor();
  (void)notify::v1::MessageHandedOver::descriptor();
  (void)reporting::v1::IndicatorDefined::descriptor();
}

// Its payload as JSON; null when this program does not know its type.
json DataOf(const LedgerEvent& event) {
  KnowEventTypes();
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(event.type());
  if (type == nullptr) return nullptr;
  std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  std::string text;
  if (!message->ParseFromString(event.payload()) ||
      !google::protobuf::util::MessageToJsonString(*message, &text).ok()) {
    return nullptr;
  }
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

json CloudEventOf(const Told& told) {
  const LedgerEvent& event = told.event;
  const absl::Time time = base::InstantOf(event.time());
  json out = {{"specversion", "1.0"},
              {"id", event.event_id()},
              {"source", "/ieum/" + told.service},
              {"type", event.type()},
              {"subject", event.subject()},
              {"time", absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone())},
              {"partitionkey", event.aggregate_id()},
              {"sequence", std::to_string(event.position())},
              {"shard", event.shard()},
              {"aggregateversion", event.aggregate_version()},
              {"authid", event.actor()},
              {"correlationid", event.correlation_id()},
              {"causationid", event.causation_id()}};
  json data = DataOf(event);
  if (data.is_null()) {
    out["data_base64"] = absl::Base64Escape(event.payload());
  } else {
    out["datacontenttype"] = "application/json";
    out["data"] = std::move(data);
  }
  return out;
}

}  // namespace

std::string PlaceOf(const Told& told) {
  return absl::StrCat(told.service, "/", told.event.shard(), "/", told.event.position());
}

absl::StatusOr<Place> ParsePlace(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, '/');
  Place place;
  if (words.size() != 3 || !ReadNumber(words[1], &place.shard) ||
      !ReadNumber(words[2], &place.position) || place.shard < 0 || place.shard >= kShards ||
      place.position < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text,
                     "' is neither the id of an event nor its place SERVICE/SHARD/POSITION, such "
                     "as registry/7/1234 (shards go from 0 to 15, positions from 1)"));
  }
  place.service = words[0];
  RETURN_IF_ERROR(CheckService(place.service));
  return place;
}

absl::Status ReadShard(Doors& doors, const std::string& service, int shard, int64_t from,
                       int64_t max, absl::FunctionRef<void(Told)> each) {
  while (max > 0) {
    platform::v1::ReadLogRequest request;
    request.set_shard(shard);
    request.set_from_position(from);
    request.set_max_events(static_cast<int32_t>(std::min(max, kChunk)));
    platform::v1::ReadLogResponse run;
    RETURN_IF_ERROR(doors.Call(service, kReadLog, request, &run));
    if (run.events().empty()) return absl::OkStatus();
    from += run.events_size();
    max -= run.events_size();
    for (LedgerEvent& event : *run.mutable_events()) each({service, std::move(event)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Told>> ReadOn(Doors& doors, Cursors* cursors) {
  std::vector<Told> events;
  for (auto& [service, positions] : *cursors) {
    ASSIGN_OR_RETURN(const auto progress, doors.Progress(service));
    for (int shard = 0; shard < progress.ledger_positions_size(); ++shard) {
      int64_t& from = positions[static_cast<size_t>(shard)];
      const int64_t count = progress.ledger_positions(shard) - from + 1;
      RETURN_IF_ERROR(ReadShard(doors, service, shard, from, count,
                                [&](Told told) { events.push_back(std::move(told)); }));
      from = std::max(from, progress.ledger_positions(shard) + 1);
    }
  }
  std::sort(events.begin(), events.end(), Earlier);
  return events;
}

absl::StatusOr<std::optional<Told>> FindEvent(Doors& doors, const std::string& event_id) {
  std::optional<Told> found;
  for (const std::string& service : doors.names()) {
    ASSIGN_OR_RETURN(const auto progress, doors.Progress(service));
    for (int shard = 0; shard < progress.ledger_positions_size(); ++shard) {
      for (int64_t end = progress.ledger_positions(shard); end > 0 && !found; end -= kChunk) {
        const int64_t from = std::max<int64_t>(1, end - kChunk + 1);
        RETURN_IF_ERROR(ReadShard(doors, service, shard, from, end - from + 1, [&](Told told) {
          if (told.event.event_id() == event_id) found = std::move(told);
        }));
      }
      if (found) return found;
    }
  }
  return found;
}

std::string CloudEventJson(const Told& told) { return CloudEventOf(told).dump(); }

std::string Description(const Told& told) {
  const LedgerEvent& event = told.event;
  const json whole = CloudEventOf(told);
  std::string text = absl::StrCat(
      event.type(), "\n  place        ", PlaceOf(told), "\n  id           ", event.event_id(),
      "\n  time         ", KoreaTime(event.time()), " (Korea)\n  subject      ", event.subject());
  absl::StrAppend(&text, "\n  aggregate    ", event.aggregate_id(), " version ",
                  event.aggregate_version(), "\n  actor        ", event.actor(),
                  "\n  correlation  ", event.correlation_id(), "\n  causation    ",
                  event.causation_id(), "\n");
  const bool known = whole.contains("data");
  absl::StrAppend(&text, known ? whole["data"].dump(2) : "base64 " + whole["data_base64"].dump(),
                  "\n");
  return text;
}

}  // namespace ieum::ctl
