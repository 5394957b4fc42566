#include "services/casemgmt/transfers/transfer_store.h"

#include "absl/strings/str_cat.h"
#include "services/casemgmt/referrals/list_columns_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "t.id, t.case_id, t.state, t.from_centre_id, t.to_centre_id, t.contact_person_id, t.reason, "
    "t.items, t.asked_date, t.answer_due_date, t.overdue_told, t.requester, t.expires_at, "
    "t.decided_at, t.decider, t.reject_reason, t.withdraw_cause, t.receipt_id, t.ownership_epoch, "
    "t.revision, t.created_at, t.reason_box, t.decision_box, c.centre_id, c.manager_subject, "
    "c.person_id, c.case_number, c.programme";
constexpr char kFrom[] = "case_transfer t JOIN casefile c ON c.id = t.case_id";

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::string AsBox(const pqxx::field& field) { return field.is_null() ? "" : db::AsBytes(field); }

Transfer TransferFrom(const db::Row& row) {
  Transfer transfer;
  transfer.id = db::AsUuid(row[0]);
  transfer.case_id = db::AsUuid(row[1]);
  transfer.state = AsEnum<v1::TransferState>(row[2]);
  transfer.from_centre = db::AsOptionalUuid(row[3]);
  transfer.to_centre = db::AsUuid(row[4]);
  transfer.contact = db::AsOptionalUuid(row[5]);
  transfer.reason = AsEnum<v1::TransferReason>(row[6]);
  transfer.items = AsTexts(row[7]);
  transfer.asked_day = db::AsDay(row[8]);
  transfer.answer_due = db::AsDay(row[9]);
  transfer.overdue_told = row[10].as<bool>();
  transfer.requester = db::AsText(row[11]);
  transfer.expires_at = db::AsTime(row[12]);
  transfer.decided_at = db::AsOptionalTime(row[13]);
  transfer.decider = db::AsText(row[14]);
  transfer.reject_reason = AsEnum<v1::TransferRejectReason>(row[15]);
  transfer.withdraw_cause = AsEnum<v1::TransferWithdrawCause>(row[16]);
  transfer.receipt = db::AsUuid(row[17]);
  transfer.ownership_epoch = row[18].as<int64_t>();
  transfer.revision = row[19].as<int64_t>();
  transfer.create_time = db::AsTime(row[20]);
  return transfer;
}

TransferView ViewFrom(const db::Row& row) {
  return {.transfer = TransferFrom(row),
          .reason_box = AsBox(row[21]),
          .decision_box = AsBox(row[22]),
          .centre = db::AsOptionalUuid(row[23]),
          .manager_subject = db::AsOptionalUuid(row[24]),
          .person = db::AsOptionalUuid(row[25]),
          .case_number = db::AsText(row[26]),
          .programme = db::AsText(row[27])};
}

std::vector<TransferPlace> PlacesIn(const db::Rows& rows) {
  std::vector<TransferPlace> places;
  for (const auto& row : rows) places.push_back({db::AsUuid(row[0]), db::AsUuid(row[1])});
  return places;
}

int64_t NumberIn(const db::Rows& rows) { return rows[0][0].as<int64_t>(); }

}  // namespace

bool IsOfGiver(const TransferView& view, const Reach& reach, const base::Scope& scope) {
  // Until it is accepted the giver is who reaches the case; afterwards the centre that gave it.
  if (view.transfer.state != v1::TRANSFER_STATE_ACCEPTED) {
    return Reaches(reach, view.centre, view.manager_subject);
  }
  return scope.Holds(view.transfer.from_centre ? view.transfer.from_centre->ToString() : "");
}

bool IsOfReceiver(const TransferView& view, const base::Scope& scope) {
  return scope.Holds(view.transfer.to_centre.ToString());
}

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE t.case_id = $1 AND t.id = $2");
const db::Statement kFind("transfer_find", kFindSql.c_str());

std::optional<TransferView> FindTransfer(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, case_id, id);
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

const db::Statement kFindOpen("transfer_find_open",
                              "SELECT id FROM case_transfer WHERE case_id = $1 AND state = 1");

std::optional<base::Uuid> FindOpenTransfer(db::Tx& tx, const base::Uuid& case_id) {
  const auto row = tx.ExecOptional(kFindOpen, case_id);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

const db::Statement kUnanswered("transfer_unanswered", R"(
  SELECT case_id, id FROM case_transfer
  WHERE state = 1 AND NOT overdue_told AND answer_due_date < $1
  ORDER BY answer_due_date, id LIMIT $2::bigint)");
const db::Statement kCountUnanswered("transfer_count_unanswered", R"(
  SELECT count(*) FROM case_transfer
  WHERE state = 1 AND NOT overdue_told AND answer_due_date < $1)");
const db::Statement kEnded("transfer_ended", R"(
  SELECT case_id, id FROM case_transfer WHERE state = 1 AND expires_at <= $1::timestamptz
  ORDER BY expires_at, id LIMIT $2::bigint)");
const db::Statement kCountEnded("transfer_count_ended", R"(
  SELECT count(*) FROM case_transfer WHERE state = 1 AND expires_at <= $1::timestamptz)");

std::vector<TransferPlace> UnansweredTransfers(db::Tx& tx, absl::CivilDay today, int limit) {
  return PlacesIn(tx.Exec(kUnanswered, today, limit));
}

int64_t CountUnansweredTransfers(db::Tx& tx, absl::CivilDay today) {
  return NumberIn(tx.Exec(kCountUnanswered, today));
}

std::vector<TransferPlace> EndedTransfers(db::Tx& tx, absl::Time now, int limit) {
  return PlacesIn(tx.Exec(kEnded, now, limit));
}

int64_t CountEndedTransfers(db::Tx& tx, absl::Time now) {
  return NumberIn(tx.Exec(kCountEnded, now));
}

const db::Statement kInsert("transfer_insert", R"(
  INSERT INTO case_transfer (id, case_id, state, from_centre_id, to_centre_id, contact_person_id,
                             reason, reason_box, items, asked_date, answer_due_date, requester,
                             expires_at, receipt_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12, $13, $14, $15)
  ON CONFLICT DO NOTHING)");

bool InsertTransfer(db::Tx& tx, const Transfer& t, const db::Param& reason_box) {
  return tx.ExecCount(kInsert, t.id, t.case_id, t.state, t.from_centre, t.to_centre, t.contact,
                      t.reason, reason_box, db::ArrayOf(t.items), t.asked_day, t.answer_due,
                      t.requester, t.expires_at, t.receipt, t.create_time) == 1;
}

const db::Statement kSave("transfer_save", R"(
  UPDATE case_transfer
  SET state = $2, overdue_told = $3, decided_at = $4, decider = $5, reject_reason = $6,
      withdraw_cause = $7, receipt_id = $8, ownership_epoch = $9, revision = $10
  WHERE id = $1)");

void SaveTransfer(db::Tx& tx, Transfer& t) {
  ++t.revision;
  tx.Exec(kSave, t.id, t.state, t.overdue_told, t.decided_at, t.decider, t.reject_reason,
          t.withdraw_cause, t.receipt, t.ownership_epoch, t.revision);
}

const db::Statement kSaveDecision("transfer_save_decision",
                                  "UPDATE case_transfer SET decision_box = $2 WHERE id = $1");
const db::Statement kForget("transfer_forget_words", R"(
  UPDATE case_transfer SET reason_box = NULL, decision_box = NULL WHERE case_id = $1)");

void SaveDecisionBox(db::Tx& tx, const base::Uuid& id, const db::Param& box) {
  tx.Exec(kSaveDecision, id, box);
}

void ForgetTransferWords(db::Tx& tx, const base::Uuid& case_id) { tx.Exec(kForget, case_id); }

const db::Statement kForgetContact("transfer_forget_contact", R"(
  UPDATE case_transfer SET contact_person_id = NULL WHERE contact_person_id = $1)");

void ForgetTransferContact(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetContact, person);
}

const filter::ListSpec& TransferList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("t.id", "cases/{}/transfers/{}").NotNull()},
                 {"state", filter::Enum<v1::TransferState>("t.state").NotNull()},
                 {"from_centre", filter::Resource("t.from_centre_id", "organizations/{}")},
                 {"to_centre", filter::Resource("t.to_centre_id", "organizations/{}").NotNull()},
                 {"answer_due_date", filter::Date("t.answer_due_date").NotNull()},
                 {"answer_overdue", filter::Bool("t.overdue_told").NotNull()},
                 {"create_time", filter::Timestamp("t.created_at").NotNull()}},
      .key = "name",
      .centres = {"t.from_centre_id", "t.to_centre_id"}};
  return *spec;
}

// The conditions of IsOfGiver and IsOfReceiver. State 2 is ACCEPTED.
void WhereEitherCentre(filter::ListQuery& query, const Reach& reach, const base::Scope& scope) {
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  const std::string everywhere = boolean(scope.everywhere()), centres = scope.AsArray();
  query.Where(
      "(({}::boolean OR t.to_centre_id = ANY({}::uuid[])) OR CASE WHEN t.state = 2 "
      "THEN {}::boolean OR t.from_centre_id = ANY({}::uuid[]) "
      "ELSE {}::boolean OR c.centre_id = ANY({}::uuid[]) OR (c.manager_subject = {}::uuid AND "
      "({}::boolean OR c.centre_id = ANY({}::uuid[]))) END)",
      {everywhere, centres, everywhere, centres, boolean(reach.team.everywhere()),
       reach.team.AsArray(), reach.subject.ToString(), boolean(reach.own_in.everywhere()),
       reach.own_in.AsArray()});
}

filter::Cursor ListTransfers(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<TransferView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
