#include "tools/audit/effects.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/flow/check_hash.h"
#include "tools/audit/effect_tables.h"

namespace ieum::audit {

void JudgeCursors(const std::string& consumer, const std::string& producer,
                  const LedgerState& ledger, const std::vector<Cursor>& cursors, bool at_rest,
                  Tally& tally) {
  for (const Cursor& cursor : cursors) {
    if (cursor.producer != producer) continue;
    tally.Checked();
    const int64_t last = ledger.last[cursor.shard];
    std::string what;
    if (cursor.pos > last) {
      what = absl::StrCat(consumer, " says that it took position ", cursor.pos,
                          ", the ledger ends at ", last);
    } else if (at_rest && cursor.pos < last) {
      what = absl::StrCat(consumer, " stands at ", cursor.pos, ", the ledger ends at ", last);
    } else if (cursor.pos > 0 && cursor.epoch > ledger.epoch) {
      what = absl::StrCat(consumer, " stands in epoch ", cursor.epoch, ", the ledger has ",
                          ledger.epoch);
    } else {
      continue;
    }
    tally.Breach({.service = producer,
                  .shard = cursor.shard,
                  .pos = std::min(cursor.pos, last) + 1,
                  .what = std::move(what)});
  }
}

HashWalk::HashWalk(std::string producer, int shard, std::vector<Claim> claims, Tally& tally)
    : producer_(std::move(producer)), shard_(shard), claims_(std::move(claims)), tally_(tally) {}

void HashWalk::Event(const platform::v1::LedgerEvent& event) {
  hash_ ^= flow::EventHash(event);
  for (; next_ < claims_.size() && claims_[next_].pos <= event.position(); ++next_) {
    const Claim& claim = claims_[next_];
    if (claim.pos < event.position()) continue;  // a hole in the ledger: INV2's breach
    tally_.Checked();
    if (claim.hash == hash_) {
      agreed_[claim.consumer] = claim.pos;
      continue;
    }
    if (std::exchange(broken_[claim.consumer], true)) continue;
    tally_.Breach({producer_, shard_, agreed_[claim.consumer] + 1, "", "",
                   absl::StrCat(claim.consumer, " took something else than the ledger holds, in ",
                                agreed_[claim.consumer] + 1, "…", claim.pos)});
  }
}

namespace {

using Inboxes = std::map<std::string, Inbox>;  // by consumer

absl::StatusOr<Inboxes> ReadInboxes(const Subject& subject) {
  Inboxes inboxes;
  for (const Service& service : subject.services()) {
    ASSIGN_OR_RETURN(inboxes[service.name], ReadInbox(*service.database));
  }
  return inboxes;
}

std::vector<HashWalk::Claim> ClaimsOn(const std::string& producer, int shard, int64_t epoch,
                                      const Inboxes& inboxes) {
  std::vector<HashWalk::Claim> claims;
  const auto add = [&](const std::string& consumer, const std::vector<Cursor>& cursors) {
    for (const Cursor& cursor : cursors) {
      // What was taken before a restore is not what the ledger holds now.
      if (cursor.producer != producer || cursor.shard != shard || cursor.epoch != epoch) continue;
      claims.push_back({consumer, cursor.pos, cursor.check_hash});
    }
  };
  for (const auto& [consumer, inbox] : inboxes) {
    add(consumer, inbox.check_points);
    add(consumer, inbox.cursors);
  }
  std::stable_sort(claims.begin(), claims.end(),
                   [](const auto& a, const auto& b) { return a.pos < b.pos; });
  return claims;
}

absl::Status CheckHashes(const Service& producer, const LedgerState& ledger, const Inboxes& inboxes,
                         Tally& tally) {
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    HashWalk walk(producer.name, shard, ClaimsOn(producer.name, shard, ledger.epoch, inboxes),
                  tally);
    ShardReader reader(*producer.database, shard);
    for (int64_t pos = 1; pos <= std::min(walk.end(), ledger.last[shard]); ++pos) {
      ASSIGN_OR_RETURN(const auto* event, reader.At(pos));
      if (event != nullptr) walk.Event(*event);
    }
  }
  return absl::OkStatus();
}

Offender OffenderOf(const DeadLetter& dead, std::string what) {
  return {dead.producer,  dead.shard, dead.pos, dead.event_id, dead.aggregate.ToString(),
          std::move(what)};
}

// A dead letter stands for an event that the consumer has passed, and keeps its aggregate parked.
absl::Status CheckDeadLetters(const Subject& subject, const Inboxes& inboxes, Tally& tally) {
  for (const auto& [consumer, inbox] : inboxes) {
    for (const DeadLetter& dead : inbox.dead) {
      if (dead.discarded) continue;
      tally.Checked();
      const auto cursor =
          std::find_if(inbox.cursors.begin(), inbox.cursors.end(), [&](const Cursor& one) {
            return one.producer == dead.producer && one.shard == dead.shard;
          });
      if (cursor == inbox.cursors.end() || cursor->pos < dead.pos) {
        tally.Breach(OffenderOf(dead, consumer + " put it aside without having passed it"));
      } else if (!dead.parked) {
        tally.Breach(OffenderOf(dead, consumer + " put it aside, but its aggregate goes on"));
      }
      const Service* producer = subject.Find(dead.producer);
      if (producer == nullptr) continue;
      const auto row = KeyAt(*producer->database, dead.shard, dead.pos);
      if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
      if (!row.ok() || row->event_id.ToString() != dead.event_id) {
        tally.Breach(OffenderOf(dead, consumer + " put aside what the ledger does not hold there"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckEffects(Subject& subject, Tally& tally) {
  // Cursors before ledgers: a ledger only grows.
  ASSIGN_OR_RETURN(const Inboxes inboxes, ReadInboxes(subject));
  for (const Service& producer : subject.services()) {
    ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*producer.database));
    for (const auto& [consumer, inbox] : inboxes) {
      JudgeCursors(consumer, producer.name, ledger, inbox.cursors, subject.at_rest(), tally);
    }
    RETURN_IF_ERROR(CheckHashes(producer, ledger, inboxes, tally));
  }
  RETURN_IF_ERROR(CheckDeadLetters(subject, inboxes, tally));
  for (const Service& service : subject.services()) {
    RETURN_IF_ERROR(CheckEffectTables(subject, service, inboxes.at(service.name), tally));
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
