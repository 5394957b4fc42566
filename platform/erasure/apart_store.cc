#include "platform/erasure/apart_store.h"

#include <vector>

namespace ieum::erasure {
namespace {

const db::Statement kKeep("key_keep_apart",
                          "SELECT person_key_keep_apart($1, $2::smallint, $3::bigint)");

const db::Statement kPutBack("key_put_back", "SELECT person_key_put_back($1)");

const db::Statement kPutVanishedBack("key_put_vanished_back", R"(
  SELECT person_key_put_back(a.person_id)
  FROM person_key_apart a
  JOIN unnest($1::bigint[]) WITH ORDINALITY AS kept(pos, place) ON kept.place = a.shard + 1
  WHERE a.pos > kept.pos)");

}  // namespace

void KeepKeyApart(db::Tx& tx, const base::Uuid& person, int shard, int64_t pos) {
  tx.Exec(kKeep, person, shard, pos);
}

void PutKeyBack(db::Tx& tx, const base::Uuid& person) { tx.Exec(kPutBack, person); }

void PutVanishedBack(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept) {
  tx.Exec(kPutVanishedBack, db::ArrayOf(std::vector<int64_t>(kept.begin(), kept.end())));
}

}  // namespace ieum::erasure
