#include "tools/audit/command_reader.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/ledger/ledger.h"
#include "tools/audit/event_ids.h"
#include "tools/journal/reader.h"

namespace ieum::audit {
namespace {

constexpr int64_t kChunkRows = 5000;
constexpr int64_t kStoriesAtOnce = 100'000;
constexpr int kEventsLookedFor = 16;  // of a request that does not say how many it makes
// An answer is forgotten a while after the retention at the earliest.
const absl::Duration kSurelyKept = ledger::kRequestRetention - absl::Hours(1);

StoredAnswer StoredOf(const db::Row& row) {
  return {absl::BytesToHexString(db::AsBytes(row[1])), row[2].as<int64_t>(), row[3].as<int>(),
          row[4].as<int64_t>()};
}

const db::Statement kKept("audit_kept_answers", R"(
  SELECT d.request_id, d.request_hash, d.etag, d.shard, d.pos, e.event_id, e.aggregate_id, e.version
  FROM command_dedup d LEFT JOIN event_log e ON e.shard = d.shard AND e.pos = d.pos
  WHERE $1::uuid IS NULL OR d.request_id > $1::uuid
  ORDER BY d.request_id LIMIT $2::bigint)");

KeptAnswer KeptOf(const db::Row& row) {
  KeptAnswer kept{db::AsUuid(row[0]), StoredOf(row), std::nullopt};
  if (row[5].is_null()) return kept;
  EventKey event;
  event.shard = kept.answer.shard;
  event.pos = kept.answer.pos;
  event.event_id = db::AsUuid(row[5]);
  event.aggregate = db::AsUuid(row[6]);
  event.version = row[7].as<int64_t>();
  kept.event = event;
  return kept;
}

}  // namespace

absl::Status EachKeptAnswer(const Service& service,
                            absl::FunctionRef<void(const KeptAnswer&)> each) {
  std::optional<base::Uuid> last;
  for (bool more = true; more;) {
    RETURN_IF_ERROR(service.database->Read("audit_kept_answers", [&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kKept, last, kChunkRows);
      more = static_cast<int64_t>(rows.size()) == kChunkRows;
      for (const auto& row : rows) {
        const KeptAnswer kept = KeptOf(row);
        last = kept.request_id;
        each(kept);
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

namespace {

// A service that acts by itself names itself as actor, and keeps no answer.
const db::Statement kWithoutAnswer("audit_events_without_answer", R"(
  SELECT e.shard, e.pos, e.event_id, e.aggregate_id
  FROM event_log e
  WHERE e.causation_id = '' AND e.actor <> $1
    AND e.recorded_at > now() - make_interval(secs => $2::int)
    AND NOT EXISTS (SELECT 1 FROM command_dedup d WHERE d.request_id =
      CASE WHEN e.correlation_id ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
           THEN e.correlation_id::uuid END)
  ORDER BY e.shard, e.pos LIMIT 1000)");

}  // namespace

absl::Status EachEventWithoutAnswer(const Service& service,
                                    absl::FunctionRef<void(const EventKey&)> each) {
  return service.database->Read("audit_events_without_answer", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kWithoutAnswer, absl::StrCat("service/", service.name),
                                   absl::ToInt64Seconds(kSurelyKept))) {
      EventKey key;
      key.shard = row[0].as<int>();
      key.pos = row[1].as<int64_t>();
      key.event_id = db::AsUuid(row[2]);
      key.aggregate = db::AsUuid(row[3]);
      each(key);
    }
    return absl::OkStatus();
  });
}

namespace {

// Some of the journal's requests, chosen so that all shares together hold each once.
class Share {
 public:
  Share(int64_t place, int64_t shares) : place_(place), shares_(shares) {}

  absl::Status Read(const std::string& path) {
    return journal::ReadJournal(path, [this](const journal::Entry& entry) { Take(entry); })
        .status();
  }
  absl::Status LookUp(const Service& service);
  std::vector<CommandStory>& stories() { return stories_; }

 private:
  using Key = std::pair<std::string, base::Uuid>;  // service, request
  void Take(const journal::Entry& entry);
  absl::Status LookUpAnswers(const Service& service);
  absl::Status LookUpEvents(const Service& service);
  static int Expected(const CommandStory& story);

  const int64_t place_, shares_;
  std::vector<CommandStory> stories_;
  absl::flat_hash_map<Key, size_t> by_request_;
  absl::flat_hash_map<std::string, std::pair<size_t, size_t>> open_;  // attempt → story, place
};

void Share::Take(const journal::Entry& entry) {
  if (const auto* attempt = std::get_if<journal::Attempt>(&entry)) {
    const auto request = base::Uuid::Parse(attempt->request_id);
    if (!request ||
        absl::HashOf(*request) % static_cast<size_t>(shares_) != static_cast<size_t>(place_)) {
      return;
    }
    const auto [at, fresh] =
        by_request_.try_emplace(Key(attempt->service, *request), stories_.size());
    if (fresh) stories_.push_back({.service = attempt->service, .request_id = *request});
    CommandStory& story = stories_[at->second];
    open_[attempt->id] = {at->second, story.told.size()};
    story.told.push_back({*attempt, std::nullopt});
    story.may_be_pruned |= absl::Now() - attempt->begin.wall > kSurelyKept;
  } else if (const auto* answer = std::get_if<journal::Answer>(&entry)) {
    const auto found = open_.find(answer->attempt);
    if (found == open_.end()) return;
    stories_[found->second.first].told[found->second.second].answer = *answer;
    open_.erase(found);
  }
}

int Share::Expected(const CommandStory& story) {
  int expected = kEventsLookedFor;
  for (const Told& told : story.told) {
    if (told.attempt.events) expected = *told.attempt.events + 2;  // more than it may make
  }
  return expected;
}

const db::Statement kAnswers("audit_answers_of", R"(
  SELECT request_id, request_hash, etag, shard, pos FROM command_dedup
  WHERE request_id = ANY($1::uuid[]))");

absl::Status Share::LookUpAnswers(const Service& service) {
  std::vector<base::Uuid> ids;
  const auto flush = [&]() {
    return service.database->Read("audit_answers_of", [&](db::Tx& tx) {
      for (const auto& row : tx.Exec(kAnswers, db::ArrayOf(ids))) {
        stories_[by_request_.at(Key(service.name, db::AsUuid(row[0])))].stored = StoredOf(row);
      }
      ids.clear();
      return absl::OkStatus();
    });
  };
  for (const CommandStory& story : stories_) {
    if (story.service != service.name) continue;
    ids.push_back(story.request_id);
    if (static_cast<int64_t>(ids.size()) == kChunkRows) RETURN_IF_ERROR(flush());
  }
  return flush();
}

absl::Status Share::LookUpEvents(const Service& service) {
  absl::flat_hash_map<base::Uuid, std::pair<size_t, int>> wanted;
  for (size_t i = 0; i < stories_.size(); ++i) {
    if (stories_[i].service != service.name) continue;
    const int expected = Expected(stories_[i]);
    for (int index = 0; index < expected; ++index) {
      wanted[EventIdOf(service.name, stories_[i].request_id, index)] = {i, index};
    }
  }
  if (wanted.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(EachVanished(*service.database, [&](const base::Uuid& id) {
    const auto found = wanted.find(id);
    if (found != wanted.end()) stories_[found->second.first].vanished = true;
  }));
  return EachKey(*service.database, [&](const EventKey& key) {
    const auto found = wanted.find(key.event_id);
    if (found == wanted.end()) return;
    stories_[found->second.first].events.emplace(
        found->second.second,
        FoundEvent{key.shard, key.pos, key.version, key.event_id, key.aggregate});
  });
}

absl::Status Share::LookUp(const Service& service) {
  RETURN_IF_ERROR(LookUpAnswers(service));
  return LookUpEvents(service);
}

absl::StatusOr<int64_t> CountAttempts(const Subject& subject, Tally& tally) {
  int64_t attempts = 0;
  ASSIGN_OR_RETURN(const journal::ReadCounts counts,
                   journal::ReadJournal(subject.options().journal, [&](const auto& entry) {
                     const auto* attempt = std::get_if<journal::Attempt>(&entry);
                     if (attempt == nullptr) return;
                     ++attempts;
                     if (subject.Find(attempt->service) != nullptr) return;
                     tally.Breach({.service = attempt->service,
                                   .what = "the journal names a service that is not audited"});
                   }));
  if (counts.torn > 0) {
    tally.Note(absl::StrCat(counts.torn, " lines of the journal were torn by a killed client"));
  }
  return attempts;
}

}  // namespace

absl::Status EachStory(Subject& subject, Tally& tally,
                       absl::FunctionRef<void(const CommandStory&)> each) {
  ASSIGN_OR_RETURN(const int64_t attempts, CountAttempts(subject, tally));
  const int64_t shares = 1 + attempts / kStoriesAtOnce;
  for (int64_t place = 0; place < shares; ++place) {
    Share share(place, shares);
    RETURN_IF_ERROR(share.Read(subject.options().journal));
    for (const Service& service : subject.services()) RETURN_IF_ERROR(share.LookUp(service));
    for (const CommandStory& story : share.stories()) each(story);
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
