#include "platform/access/book_store.h"

#include "absl/container/flat_hash_set.h"

namespace ieum::access {
namespace {

const db::Statement kRaise("access_raise", "UPDATE access_revision SET revision = revision + 1");

const db::Statement kPut("access_put_grant", R"(
  INSERT INTO access_grant (id, subject_id, role, centre, expires_at, pos)
  VALUES ($1, $2, $3, $4, $5::timestamptz, $6) ON CONFLICT DO NOTHING)");

const db::Statement kRemove("access_remove_grant", "DELETE FROM access_grant WHERE id = $1");

const db::Statement kSetClosed("access_set_closed", R"(
  INSERT INTO access_subject (id, closed) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET closed = excluded.closed)");

const db::Statement kRemoveAll("access_remove_all",
                               "DELETE FROM access_grant WHERE subject_id = $1");

const db::Statement kRemoveBehind("access_remove_behind", R"(
  DELETE FROM access_grant WHERE subject_id = ANY($1::uuid[]) AND pos > $2)");

const db::Statement kSubjects("access_subjects", "SELECT DISTINCT subject_id FROM access_grant");

const db::Statement kPutCentre("access_put_centre", R"(
  INSERT INTO access_centre (id, pos, parent_id) VALUES ($1, $2, $3)
  ON CONFLICT (id, pos) DO UPDATE SET parent_id = excluded.parent_id)");

const db::Statement kCentreIds("access_centre_ids", "SELECT DISTINCT id FROM access_centre");

const db::Statement kForgetCentres("access_forget_centres", R"(
  DELETE FROM access_centre WHERE id = ANY($1::uuid[]) AND pos > $2)");

const db::Statement kCentres("access_centres", R"(
  SELECT id, parent_id FROM (
    SELECT DISTINCT ON (id) id, parent_id FROM access_centre ORDER BY id, pos DESC) c
  WHERE parent_id IS NOT NULL)");

const db::Statement kRevision("access_revision", "SELECT revision FROM access_revision");

const db::Statement kClosed("access_closed", "SELECT id FROM access_subject WHERE closed");

const db::Statement kGrants("access_grants", R"(
  SELECT id, subject_id, role, centre, expires_at FROM access_grant ORDER BY id)");

using Children = absl::flat_hash_map<std::string, std::vector<std::string>>;

// Events of two centres may come in another order than they happened in, so that for a moment one
// stands above itself; it is walked once.
std::vector<std::string> AllBelow(const Children& children, const std::string& centre) {
  std::vector<std::string> all = {centre};
  absl::flat_hash_set<std::string> seen = {centre};
  for (size_t at = 0; at < all.size(); ++at) {
    const auto found = children.find(all[at]);
    if (found == children.end()) continue;
    for (const std::string& child : found->second) {
      if (seen.insert(child).second) all.push_back(child);
    }
  }
  all.erase(all.begin());
  return all;
}

CentresBelow ReadCentres(db::Tx& tx) {
  Children children;
  for (const auto& row : tx.Exec(kCentres)) {
    children[db::AsUuid(row[1]).ToString()].push_back(db::AsUuid(row[0]).ToString());
  }
  CentresBelow below;
  for (const auto& [centre, first] : children) below[centre] = AllBelow(children, centre);
  return below;
}

}  // namespace

void PutGrant(db::Tx& tx, const HeldGrant& grant, int64_t pos) {
  tx.Exec(kPut, grant.id, grant.subject_id, grant.role, grant.centre, grant.expires_at, pos);
  tx.Exec(kRaise);
}

void RemoveGrant(db::Tx& tx, const base::Uuid& id) {
  tx.Exec(kRemove, id);
  tx.Exec(kRaise);
}

void SetClosed(db::Tx& tx, const base::Uuid& subject, bool closed) {
  tx.Exec(kSetClosed, subject, closed);
  if (closed) tx.Exec(kRemoveAll, subject);
  tx.Exec(kRaise);
}

void RemoveGrantsBehind(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept) {
  std::array<std::vector<base::Uuid>, base::Uuid::kShards> subjects;
  for (const auto& row : tx.Exec(kSubjects)) {
    const base::Uuid id = db::AsUuid(row[0]);
    subjects[id.shard()].push_back(id);
  }
  for (size_t shard = 0; shard < subjects.size(); ++shard) {
    if (!subjects[shard].empty()) {
      tx.Exec(kRemoveBehind, db::ArrayOf(subjects[shard]), kept[shard]);
    }
  }
  tx.Exec(kRaise);
}

void PutCentre(db::Tx& tx, const base::Uuid& centre, const std::optional<base::Uuid>& parent,
               int64_t pos) {
  tx.Exec(kPutCentre, centre, pos, parent);
  tx.Exec(kRaise);
}

void ForgetCentresBehind(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept) {
  std::array<std::vector<base::Uuid>, base::Uuid::kShards> centres;
  for (const auto& row : tx.Exec(kCentreIds)) {
    const base::Uuid id = db::AsUuid(row[0]);
    centres[id.shard()].push_back(id);
  }
  for (size_t shard = 0; shard < centres.size(); ++shard) {
    if (!centres[shard].empty()) {
      tx.Exec(kForgetCentres, db::ArrayOf(centres[shard]), kept[shard]);
    }
  }
  tx.Exec(kRaise);
}

int64_t BookRevision(db::Tx& tx) { return tx.Exec(kRevision)[0][0].as<int64_t>(); }

Shelf ReadBook(db::Tx& tx) {
  Shelf shelf;
  shelf.revision = BookRevision(tx);
  for (const auto& row : tx.Exec(kClosed)) shelf.subjects[db::AsUuid(row[0])].closed = true;
  for (const auto& row : tx.Exec(kGrants)) {
    HeldGrant grant{db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsText(row[2]), db::AsText(row[3]),
                    db::AsOptionalTime(row[4])};
    shelf.subjects[grant.subject_id].grants.push_back(std::move(grant));
    ++shelf.grants;
  }
  shelf.below = ReadCentres(tx);
  return shelf;
}

}  // namespace ieum::access
