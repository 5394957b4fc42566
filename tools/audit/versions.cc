#include "tools/audit/versions.h"

#include <algorithm>
#include <limits>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "tools/audit/sightings.h"

namespace ieum::audit {

void VersionWalk::Breach(const EventKey& key, std::string what) {
  tally_.Breach({service_, key.shard, key.pos, key.event_id.ToString(), key.aggregate.ToString(),
                 std::move(what)});
}

void VersionWalk::BreachOf(const Last& last, std::string what) {
  tally_.Breach({service_, last.shard, last.pos, "", last.id.ToString(), std::move(what)});
}

void VersionWalk::Event(const EventKey& key) {
  tally_.Checked();
  if (!last_ || last_->id != key.aggregate) {
    if (last_) ends_.push_back(*last_);
    last_ = Last{key.aggregate, 0, key.aggregate.shard(), 0};
  }
  if (key.version != last_->version + 1) {
    Breach(key, absl::StrCat("version ", key.version, " follows ", last_->version));
  } else if (key.shard != key.aggregate.shard()) {
    Breach(key, "stands in a shard that is not its aggregate's");
  } else if (key.pos <= last_->pos) {
    Breach(key, absl::StrCat("version ", key.version, " stands before version ", last_->version,
                             " (position ", last_->pos, ")"));
  }
  last_ = Last{key.aggregate, key.version, key.shard, key.pos};
}

void VersionWalk::Finish() {
  if (last_) ends_.push_back(*last_);
  last_.reset();
}

void VersionWalk::Aggregate(const AggregateVersion& aggregate) {
  while (next_end_ < ends_.size() && ends_[next_end_].id < aggregate.id) {
    BreachOf(ends_[next_end_++], "has events, but the service keeps no version of it");
  }
  if (next_end_ == ends_.size() || ends_[next_end_].id != aggregate.id) {
    return BreachOf({aggregate.id, 0, aggregate.id.shard(), 0},
                    absl::StrCat("is kept with version ", aggregate.version, ", without events"));
  }
  const Last& end = ends_[next_end_++];
  if (end.version == aggregate.version) return;
  BreachOf(end, absl::StrCat("its last event made version ", end.version, ", kept is ",
                             aggregate.version));
}

void VersionWalk::FinishAggregates() {
  while (next_end_ < ends_.size()) {
    BreachOf(ends_[next_end_++], "has events, but the service keeps no version of it");
  }
}

namespace {

// Order in which an aggregate must have gone through them: a version's write before its readers.
bool Before(const Sighting& a, const Sighting& b) {
  if (a.aggregate != b.aggregate) return a.aggregate < b.aggregate;
  if (a.version != b.version) return a.version < b.version;
  return a.write && !b.write;
}

bool Same(const Sighting& a, const Sighting& b) { return !Before(a, b) && !Before(b, a); }

void Breach(const Sighting& sighting, const Sighting& other, const char* what, Tally& tally) {
  tally.Breach({.service = sighting.service,
                .shard = sighting.aggregate.shard(),
                .aggregate = sighting.aggregate.ToString(),
                .what = absl::StrCat(sighting.who, " was told version ", sighting.version, what,
                                     other.who, " was told version ", other.version)});
}

}  // namespace

void JudgeRealTime(std::vector<Sighting> sightings, Tally& tally) {
  tally.Checked(static_cast<int64_t>(sightings.size()));
  std::sort(sightings.begin(), sightings.end(), Before);
  // From the end: `soonest` is the earliest told of all that come later in the order.
  const Sighting* soonest = nullptr;
  for (size_t end = sightings.size(); end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && Same(sightings[begin - 1], sightings[end - 1])) --begin;
    if (end < sightings.size() && sightings[end].aggregate != sightings[begin].aggregate) {
      soonest = nullptr;
    }
    for (size_t i = begin; i < end; ++i) {
      if (soonest != nullptr && soonest->end_ns < sightings[i].begin_ns) {
        Breach(sightings[i], *soonest, " and began after ", tally);
      }
      if (sightings[i].write && i > begin) {
        Breach(sightings[i], sightings[i - 1], " as its own, and so ", tally);
      }
    }
    for (size_t i = begin; i < end; ++i) {
      if (soonest == nullptr || sightings[i].end_ns < soonest->end_ns) soonest = &sightings[i];
    }
    end = begin;
  }
}

absl::Status CheckVersions(Subject& subject, Tally& tally) {
  for (const Service& service : subject.services()) {
    VersionWalk walk(service.name, tally);
    RETURN_IF_ERROR(EachVersion(*service.database, [&](const EventKey& key) { walk.Event(key); }));
    walk.Finish();
    RETURN_IF_ERROR(EachAggregate(*service.database,
                                  [&](const AggregateVersion& kept) { walk.Aggregate(kept); }));
    walk.FinishAggregates();
  }
  if (subject.options().journal.empty()) {
    tally.Note("no journal was given: versions were not compared with real time");
    return absl::OkStatus();
  }
  return EachShareOfSightings(
      subject, [&](std::vector<Sighting> share) { JudgeRealTime(std::move(share), tally); });
}

}  // namespace ieum::audit
