// The links' part of the store.
#include "services/casemgmt/referrals/referral_store.h"

namespace ieum::casemgmt {
namespace {

const db::Statement kPut("referral_link_put", R"(
  INSERT INTO referral_link AS l (referral_id, link_id, secret_hash, expires_at)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (referral_id) DO UPDATE
  SET link_id = EXCLUDED.link_id, secret_hash = EXCLUDED.secret_hash,
      expires_at = EXCLUDED.expires_at, wrong_count = 0, used_at = NULL)");

const db::Statement kFind("referral_link_find", R"(
  SELECT l.link_id, l.referral_id, l.secret_hash, l.expires_at, l.wrong_count,
         l.used_at IS NOT NULL, f.case_id
  FROM referral_link l JOIN referral f ON f.id = l.referral_id
  WHERE l.link_id = $1)");

const db::Statement kWrongTry("referral_link_wrong_try", R"(
  UPDATE referral_link SET wrong_count = wrong_count + 1 WHERE link_id = $1)");

const db::Statement kUse("referral_link_use", R"(
  UPDATE referral_link SET used_at = $2 WHERE referral_id = $1 AND used_at IS NULL)");

}  // namespace

void PutLink(db::Tx& tx, const ReferralLink& link) {
  tx.Exec(kPut, link.referral, link.link, db::Bytes(link.secret_hash), link.expires_at);
}

std::optional<LinkPlace> FindLink(db::Tx& tx, const base::Uuid& link) {
  const auto row = tx.ExecOptional(kFind, link);
  if (!row) return std::nullopt;
  LinkPlace place;
  place.link = {.link = db::AsUuid((*row)[0]),
                .referral = db::AsUuid((*row)[1]),
                .secret_hash = db::AsBytes((*row)[2]),
                .expires_at = db::AsTime((*row)[3]),
                .wrong_count = (*row)[4].as<int>(),
                .used = (*row)[5].as<bool>()};
  place.case_id = db::AsUuid((*row)[6]);
  return place;
}

void CountWrongTry(db::Tx& tx, const base::Uuid& link) { tx.Exec(kWrongTry, link); }

void UseLink(db::Tx& tx, const base::Uuid& referral, absl::Time now) {
  tx.Exec(kUse, referral, now);
}

}  // namespace ieum::casemgmt
