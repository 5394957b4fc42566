#include "services/casemgmt/cases/case_words_store.h"

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

// Bound into the box.
constexpr char kField[] = "case_words";

}  // namespace

const db::Statement kInsert("case_words_insert", R"(
  INSERT INTO case_words (id, case_id, kind, box, author, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6))");

absl::Status KeepWords(ledger::UnitOfWork& work, const db::PersonKeys& keys, const Case& c,
                       v1::CaseWordsKind kind, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const SealedWords sealed, SealedWords::ToWrite(work.tx(), keys, c.person, true));
  const base::Uuid id = work.DeriveId(absl::StrCat("words/", static_cast<int>(kind)));
  work.tx().Exec(kInsert, id, c.id, kind, sealed.Box(kField, text),
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
  ASSIGN_OR_RETURN(const SealedWords sealed, SealedWords::ToRead(tx, keys, c.person));
  for (const auto& row : rows) {
    CaseWords words{.kind = static_cast<v1::CaseWordsKind>(row[0].as<int>()),
                    .author = db::AsUuid(row[2]),
                    .record_time = db::AsTime(row[3])};
    if (!row[1].is_null()) {
      ASSIGN_OR_RETURN(words.text, sealed.Words(kField, db::AsBytes(row[1])));
    }
    words.erased = words.text.empty();  // there are no empty ones
    all.push_back(std::move(words));
  }
  return all;
}

}  // namespace ieum::casemgmt
