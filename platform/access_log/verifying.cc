#include "platform/access_log/verifying.h"

#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/access_log/access_store.h"
#include "platform/base/status.h"

namespace ieum::access_log {
namespace {

constexpr int kSealsAtOnce = 200;
constexpr int kUnsealedMax = 20'000;  // more than may wait for their seal

// Walks seal after seal; stops at the first fault.
class Walk {
 public:
  explicit Walk(const std::optional<KnownSeal>& known) : known_(known) {}

  // One piece; true: there may be more.
  bool Step(db::Tx& tx);
  void LookAtUnsealed(db::Tx& tx);
  void LookAtKnown();
  const Verdict& verdict() const { return verdict_; }

 private:
  void Fault(std::string words) {
    if (!verdict_.fault) verdict_.fault = std::move(words);
  }
  void LookAtSeal(const Seal& seal);
  void LookAtRows(const Seal& seal, const std::vector<Row>& rows);
  void Compare(int64_t number, const std::string& hash);

  const std::optional<KnownSeal>& known_;
  bool begun_ = false, known_met_ = false;
  ChainEnd end_;
  std::map<base::Uuid, int64_t> sealed_;  // last sealed row of each writer
  Verdict verdict_;
};

bool Walk::Step(db::Tx& tx) {
  if (!begun_) {
    end_ = ChainBeginning(tx);
    verdict_.began_after = end_.number;
    Compare(end_.number, end_.hash);
    begun_ = true;
  }
  const std::vector<Seal> seals = ReadSeals(tx, end_.number, kSealsAtOnce);
  for (const Seal& seal : seals) {
    LookAtSeal(seal);
    if (verdict_.fault) return false;
    LookAtRows(seal, ReadRows(tx, seal.writer, seal.first_row, seal.last_row));
    if (verdict_.fault) return false;
    end_ = {seal.number, seal.hash, {}};
    sealed_[seal.writer] = seal.last_row;
    ++verdict_.seals;
    Compare(seal.number, seal.hash);
  }
  verdict_.head_number = end_.number;
  verdict_.head_hash = absl::BytesToHexString(end_.hash);
  return !seals.empty() && !verdict_.fault;
}

void Walk::LookAtSeal(const Seal& seal) {
  const std::string name = absl::StrCat("seal ", seal.number);
  if (seal.number != end_.number + 1) {
    return Fault(absl::StrCat("seal ", end_.number + 1, " is missing"));
  }
  if (seal.hash != HashOf(seal)) return Fault(absl::StrCat(name, " was altered"));
  if (seal.previous_hash != end_.hash) {
    return Fault(absl::StrCat(name, " does not follow the one before: one of them was replaced"));
  }
  const auto before = sealed_.find(seal.writer);
  // Behind an anchor a writer may have rows that went.
  const bool first = before == sealed_.end();
  if (first && verdict_.began_after > 0) return;
  const int64_t wanted = first ? 1 : before->second + 1;
  if (seal.first_row == wanted) return;
  Fault(absl::StrCat(name, " begins with row ", RowId{seal.writer, seal.first_row}.ToString(),
                     " instead of ", RowId{seal.writer, wanted}.ToString()));
}

void Walk::LookAtRows(const Seal& seal, const std::vector<Row>& rows) {
  size_t at = 0;
  for (int64_t number = seal.first_row; number <= seal.last_row; ++number, ++at) {
    const std::string name = absl::StrCat("row ", RowId{seal.writer, number}.ToString());
    if (at >= rows.size() || rows[at].id.number != number) {
      return Fault(absl::StrCat(name, " is missing (seal ", seal.number, ")"));
    }
    const std::string hash = seal.row_hashes.substr(at * kHashBytes, kHashBytes);
    if (HashOf(rows[at]) != hash) {
      return Fault(absl::StrCat(name, " was altered (seal ", seal.number, ")"));
    }
    ++verdict_.rows;
  }
}

void Walk::Compare(int64_t number, const std::string& hash) {
  if (!known_ || known_->number != number) return;
  known_met_ = true;
  if (absl::BytesToHexString(hash) == known_->hash) return;
  Fault(absl::StrCat("seal ", number, " is not the one that was known: the chain was replaced"));
}

void Walk::LookAtKnown() {
  if (!known_ || known_met_ || verdict_.fault || known_->number < verdict_.began_after) return;
  Fault(absl::StrCat("seal ", known_->number,
                     " was known and is not there: the chain's end was cut off"));
}

// In the order of writers and numbers: what is not yet sealed goes on where the seals end.
void Walk::LookAtUnsealed(db::Tx& tx) {
  RowId expected;
  for (const Unsealed& row : UnsealedRows(tx, kUnsealedMax)) {
    if (row.id.writer != expected.writer) expected = {row.id.writer, row.sealed_up_to + 1};
    const std::string name = absl::StrCat("row ", row.id.ToString());
    if (row.id.number < expected.number) {
      return Fault(absl::StrCat(name, " was put in: no seal holds it"));
    }
    if (row.id.number > expected.number) {
      return Fault(absl::StrCat("row ", expected.ToString(), " is missing"));
    }
    if (row.age > kSealingPatience) {
      return Fault(
          absl::StrCat(name, " was never sealed: put in with an old date, or nobody seals"));
    }
    ++expected.number;
    ++verdict_.pending;
  }
}

}  // namespace

absl::StatusOr<Verdict> Verify(db::Database& database, const std::optional<KnownSeal>& known) {
  Walk walk(known);
  bool more = true;
  while (more) {
    // Read does not run its body again: a failure of it ends the walk.
    RETURN_IF_ERROR(database.Read("access_log_verify", [&](db::Tx& tx) {
      more = walk.Step(tx);
      return absl::OkStatus();
    }));
  }
  if (walk.verdict().fault) return walk.verdict();
  walk.LookAtKnown();
  if (walk.verdict().fault) return walk.verdict();
  RETURN_IF_ERROR(database.Read("access_log_verify_rest", [&](db::Tx& tx) {
    walk.LookAtUnsealed(tx);
    return absl::OkStatus();
  }));
  return walk.verdict();
}

}  // namespace ieum::access_log
