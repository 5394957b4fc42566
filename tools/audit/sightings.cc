#include "tools/audit/sightings.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "tools/audit/event_ids.h"
#include "tools/journal/reader.h"

namespace ieum::audit {
namespace {

constexpr int64_t kSightingsAtOnce = 500'000;
constexpr size_t kLookUpAtOnce = 5000;

// `"7"` → 7; 0 when it is no etag.
int64_t VersionOf(const std::string& etag) {
  int64_t version = 0;
  if (etag.size() < 3 || !absl::SimpleAtoi(etag.substr(1, etag.size() - 2), &version)) return 0;
  return version;
}

struct Place {
  int shard = 0;
  int64_t pos = 0;
};

std::optional<Place> PlaceOf(const std::string& position) {
  const std::vector<std::string> parts = absl::StrSplit(position, '/');
  Place place;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &place.shard) ||
      !absl::SimpleAtoi(parts[2], &place.pos)) {
    return std::nullopt;
  }
  return place;
}

// An answered write whose aggregate is still to be looked up, or a read that names it.
struct Answered {
  Sighting sighting;
  std::optional<Place> place;  // of a write
  base::Uuid request_id;       // of a write
};

class Gathering {
 public:
  // Aggregates' places are spread over shares by shard and position, reads by aggregate; a share
  // holds whole shards, so one aggregate is in one share.
  Gathering(int64_t place, int64_t shares) : place_(place), shares_(shares) {}

  void Take(const journal::Entry& entry);
  absl::Status LookUp(Subject& subject);
  std::vector<Sighting> Finish();

 private:
  void Answer(const journal::Answer& answer);
  bool Ours(int shard) const { return shard % shares_ == place_; }

  const int64_t place_, shares_;
  absl::flat_hash_map<std::string, journal::Attempt> open_;  // by attempt
  absl::flat_hash_map<std::string, int64_t> first_begin_;    // by request
  absl::flat_hash_map<std::string, size_t> answered_by_request_;
  std::vector<Answered> answered_;
};

void Gathering::Take(const journal::Entry& entry) {
  if (const auto* attempt = std::get_if<journal::Attempt>(&entry)) {
    if (!attempt->request_id.empty()) {
      first_begin_.try_emplace(attempt->service + attempt->request_id, attempt->begin.ns);
    }
    open_[attempt->id] = *attempt;
  } else if (const auto* answer = std::get_if<journal::Answer>(&entry)) {
    Answer(*answer);
  }
}

void Gathering::Answer(const journal::Answer& answer) {
  const auto found = open_.find(answer.attempt);
  if (found == open_.end()) return;
  const journal::Attempt attempt = std::move(found->second);
  open_.erase(found);
  const int64_t version = VersionOf(answer.etag);
  if (answer.code != "OK" || version == 0) return;
  Answered told;
  told.sighting = {.aggregate = {},
                   .version = version,
                   .write = false,
                   .begin_ns = attempt.begin.ns,
                   .end_ns = answer.end.ns,
                   .service = attempt.service,
                   .who = attempt.id};
  told.place = PlaceOf(answer.position);
  if (told.place && !attempt.request_id.empty()) {
    const std::string request = attempt.service + attempt.request_id;
    if (!Ours(told.place->shard)) return;
    if (!answered_by_request_.try_emplace(request, answered_.size()).second) return;
    told.sighting.write = true;
    told.sighting.begin_ns = first_begin_.at(request);
    told.sighting.who = "request " + attempt.request_id;
    first_begin_.erase(request);
    told.request_id = base::Uuid::Parse(attempt.request_id).value_or(base::Uuid());
  } else {
    // A command that changed nothing tells its first answer for ever: no sighting of now.
    const auto aggregate = base::Uuid::Parse(attempt.aggregate);
    if (!attempt.request_id.empty() || !aggregate || !Ours(aggregate->shard())) return;
    told.place.reset();
    told.sighting.aggregate = *aggregate;
  }
  answered_.push_back(std::move(told));
}

const db::Statement kAggregatesAt("audit_aggregates_at", R"(
  SELECT w.n, e.aggregate_id, e.event_id
  FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS w(n, shard, pos)
  JOIN event_log e ON e.shard = w.shard AND e.pos = w.pos)");

absl::Status Gathering::LookUp(Subject& subject) {
  for (const Service& service : subject.services()) {
    std::vector<db::Param> places, shards, positions;
    const auto flush = [&]() {
      return service.database->Read("audit_aggregates_at", [&](db::Tx& tx) {
        for (const auto& row :
             tx.Exec(kAggregatesAt, db::Array(places), db::Array(shards), db::Array(positions))) {
          Answered& told = answered_[row[0].as<size_t>()];
          // After a restore another command's event may stand there.
          if (IndexOf(service.name, told.request_id, db::AsUuid(row[2])) >= 0) {
            told.sighting.aggregate = db::AsUuid(row[1]);
          }
        }
        places.clear(), shards.clear(), positions.clear();
        return absl::OkStatus();
      });
    };
    for (size_t i = 0; i < answered_.size(); ++i) {
      if (!answered_[i].place || answered_[i].sighting.service != service.name) continue;
      places.emplace_back(i);
      shards.emplace_back(answered_[i].place->shard);
      positions.emplace_back(answered_[i].place->pos);
      if (places.size() == kLookUpAtOnce) RETURN_IF_ERROR(flush());
    }
    RETURN_IF_ERROR(flush());
  }
  return absl::OkStatus();
}

// A write whose place holds no event is INV1's breach; here it says nothing.
std::vector<Sighting> Gathering::Finish() {
  std::vector<Sighting> sightings;
  for (Answered& told : answered_) {
    if (!told.sighting.aggregate.nil()) sightings.push_back(std::move(told.sighting));
  }
  return sightings;
}

}  // namespace

absl::Status EachShareOfSightings(Subject& subject,
                                  absl::FunctionRef<void(std::vector<Sighting>)> each) {
  int64_t answers = 0;
  RETURN_IF_ERROR(journal::ReadJournal(subject.options().journal, [&](const auto& entry) {
                    answers += std::holds_alternative<journal::Answer>(entry);
                  }).status());
  const int64_t shares = std::min<int64_t>(1 + answers / kSightingsAtOnce, base::Uuid::kShards);
  for (int64_t place = 0; place < shares; ++place) {
    Gathering gathering(place, shares);
    RETURN_IF_ERROR(journal::ReadJournal(subject.options().journal, [&](const auto& entry) {
                      gathering.Take(entry);
                    }).status());
    RETURN_IF_ERROR(gathering.LookUp(subject));
    each(gathering.Finish());
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
