#include "services/casemgmt/cases/case_words_store.h"

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

// Bound into the box, with the case: words cannot be moved from one case to another.
std::string FieldOf(const Case& c) { return absl::StrCat("case_words/", c.id.ToString()); }

}  // namespace

const db::Statement kInsert("case_words_insert", R"(
  INSERT INTO case_words (id, case_id, kind, box, author, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6))");

absl::Status KeepWords(ledger::UnitOfWork& work, const db::PersonKeys& keys, const Case& c,
                       v1::CaseWordsKind kind, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  if (!c.person) {
    return base::Forbidden("PERSON_ERASED", "whose case it is was erased; nothing is kept of her");
  }
  ASSIGN_OR_RETURN(const crypto::Key key, keys.GetOrCreate(work.tx(), *c.person));
  const base::Uuid id = work.DeriveId(absl::StrCat("words/", static_cast<int>(kind)));
  work.tx().Exec(kInsert, id, c.id, kind, db::Bytes(keys.vault().SealValue(key, FieldOf(c), text)),
                 access::SubjectId(work.caller().actor), work.now());
  return absl::OkStatus();
}

const db::Statement kRead("case_words_read", R"(
  SELECT kind, box, author, recorded_at FROM case_words WHERE case_id = $1
  ORDER BY recorded_at DESC, id DESC LIMIT $2)");

absl::StatusOr<std::vector<CaseWords>> ReadWords(db::Tx& tx, const db::PersonKeys& keys,
                                                 const Case& c, int limit) {
  std::vector<CaseWords> all;
  const db::Rows rows = tx.Exec(kRead, c.id, limit);
  if (rows.empty()) return all;
  absl::StatusOr<crypto::Key> key = absl::NotFoundError("erased");
  if (c.person) key = keys.Get(tx, *c.person);
  for (const auto& row : rows) {
    CaseWords words{.kind = static_cast<v1::CaseWordsKind>(row[0].as<int>()),
                    .author = db::AsUuid(row[2]),
                    .record_time = db::AsTime(row[3])};
    words.erased = row[1].is_null() || !key.ok();
    if (!words.erased) {
      ASSIGN_OR_RETURN(words.text, keys.vault().OpenValue(*key, FieldOf(c), db::AsBytes(row[1])));
    }
    all.push_back(std::move(words));
  }
  return all;
}

}  // namespace ieum::casemgmt
