#include "services/casemgmt/referrals/referral_store.h"

#include "absl/strings/str_cat.h"
#include "services/casemgmt/referrals/list_columns_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "f.id, f.case_id, f.state, f.service, f.recipient_id, f.contact_person_id, f.parts, f.items, "
    "f.sent_date, f.answer_due_date, f.end_date, f.overdue_told, f.answer_date, f.answer_way, "
    "f.reject_reason, f.outcome, f.result_date, f.result_way, f.revoke_reason, f.ended_at, "
    "f.receipt_id, f.consent_lost, f.revision, f.created_at, f.outside_box, f.request_box, "
    "f.answer_box, f.result_box, c.centre_id, c.manager_subject, c.person_id, "
    "CASE WHEN f.state IN (1, 2) AND l.used_at IS NULL THEN l.expires_at END";
constexpr char kFrom[] =
    "referral f JOIN casefile c ON c.id = f.case_id LEFT JOIN referral_link l ON l.referral_id = "
    "f.id";

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::string AsBox(const pqxx::field& field) { return field.is_null() ? "" : db::AsBytes(field); }

void ReadOutcome(const db::Row& row, Referral* referral) {
  referral->overdue_told = row[11].as<bool>();
  referral->answer_day = db::AsOptionalDay(row[12]);
  referral->answer_way = AsEnum<v1::ReferralAnswerWay>(row[13]);
  referral->reject_reason = AsEnum<v1::ReferralRejectReason>(row[14]);
  referral->outcome = AsEnum<v1::ReferralOutcome>(row[15]);
  referral->result_day = db::AsOptionalDay(row[16]);
  referral->result_way = AsEnum<v1::ReferralAnswerWay>(row[17]);
  referral->revoke_reason = AsEnum<v1::ReferralRevokeReason>(row[18]);
  referral->ended_at = db::AsOptionalTime(row[19]);
}

Referral ReferralFrom(const db::Row& row) {
  Referral referral;
  referral.id = db::AsUuid(row[0]);
  referral.case_id = db::AsUuid(row[1]);
  referral.state = AsEnum<v1::ReferralState>(row[2]);
  referral.service = AsEnum<v1::ReferralServiceKind>(row[3]);
  referral.recipient = db::AsOptionalUuid(row[4]);
  referral.contact = db::AsOptionalUuid(row[5]);
  referral.parts = AsEnums<v1::SharedPart>(row[6]);
  referral.items = AsTexts(row[7]);
  referral.sent_day = db::AsDay(row[8]);
  referral.answer_due = db::AsDay(row[9]);
  referral.end_day = db::AsDay(row[10]);
  ReadOutcome(row, &referral);
  referral.receipt = db::AsOptionalUuid(row[20]);
  referral.consent_lost = row[21].as<bool>();
  referral.revision = row[22].as<int64_t>();
  referral.create_time = db::AsTime(row[23]);
  return referral;
}

ReferralView ViewFrom(const db::Row& row) {
  return {.referral = ReferralFrom(row),
          .boxes = {.outside_body = AsBox(row[24]),
                    .request = AsBox(row[25]),
                    .answer = AsBox(row[26]),
                    .result = AsBox(row[27])},
          .centre = db::AsOptionalUuid(row[28]),
          .manager_subject = db::AsOptionalUuid(row[29]),
          .person = db::AsOptionalUuid(row[30]),
          .link_expires_at = db::AsOptionalTime(row[31])};
}

std::vector<ReferralPlace> PlacesIn(const db::Rows& rows) {
  std::vector<ReferralPlace> places;
  for (const auto& row : rows) places.push_back({db::AsUuid(row[0]), db::AsUuid(row[1])});
  return places;
}

int64_t NumberIn(const db::Rows& rows) { return rows[0][0].as<int64_t>(); }

}  // namespace

Side SideOf(const ReferralView& view, const Reach& reach, const base::Scope& scope) {
  if (Reaches(reach, view.centre, view.manager_subject)) return Side::kSender;
  const auto& recipient = view.referral.recipient;
  return recipient && scope.Holds(recipient->ToString()) ? Side::kRecipient : Side::kNone;
}

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE f.case_id = $1 AND f.id = $2");
const db::Statement kFind("referral_find", kFindSql.c_str());

std::optional<ReferralView> FindReferral(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, case_id, id);
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

const db::Statement kUnanswered("referral_unanswered", R"(
  SELECT case_id, id FROM referral
  WHERE state = 1 AND NOT overdue_told AND answer_due_date < $1
  ORDER BY answer_due_date, id LIMIT $2::bigint)");
const db::Statement kCountUnanswered("referral_count_unanswered", R"(
  SELECT count(*) FROM referral WHERE state = 1 AND NOT overdue_told AND answer_due_date < $1)");
const db::Statement kEnded("referral_ended_grants", R"(
  SELECT case_id, id FROM referral WHERE state IN (1, 2) AND end_date < $1
  ORDER BY end_date, id LIMIT $2::bigint)");
const db::Statement kCountEnded("referral_count_ended_grants", R"(
  SELECT count(*) FROM referral WHERE state IN (1, 2) AND end_date < $1)");
const db::Statement kWithoutConsent("referral_without_consent", R"(
  SELECT case_id, id FROM referral WHERE state IN (1, 2) AND consent_lost
  ORDER BY id LIMIT $1::bigint)");
const db::Statement kCountWithoutConsent("referral_count_without_consent", R"(
  SELECT count(*) FROM referral WHERE state IN (1, 2) AND consent_lost)");

std::vector<ReferralPlace> UnansweredReferrals(db::Tx& tx, absl::CivilDay today, int limit) {
  return PlacesIn(tx.Exec(kUnanswered, today, limit));
}

int64_t CountUnansweredReferrals(db::Tx& tx, absl::CivilDay today) {
  return NumberIn(tx.Exec(kCountUnanswered, today));
}

std::vector<ReferralPlace> EndedGrants(db::Tx& tx, absl::CivilDay today, int limit) {
  return PlacesIn(tx.Exec(kEnded, today, limit));
}

int64_t CountEndedGrants(db::Tx& tx, absl::CivilDay today) {
  return NumberIn(tx.Exec(kCountEnded, today));
}

std::vector<ReferralPlace> GrantsWithoutConsent(db::Tx& tx, int limit) {
  return PlacesIn(tx.Exec(kWithoutConsent, limit));
}

int64_t CountGrantsWithoutConsent(db::Tx& tx) { return NumberIn(tx.Exec(kCountWithoutConsent)); }

const db::Statement kOpenOf("referral_open_of", R"(
  SELECT id FROM referral WHERE case_id = $1 AND state IN (1, 2) ORDER BY id)");

std::vector<base::Uuid> OpenReferralsOf(db::Tx& tx, const base::Uuid& case_id) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kOpenOf, case_id)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

const db::Statement kFindOpen("referral_find_open", R"(
  SELECT id FROM referral
  WHERE case_id = $1 AND recipient_id = $2 AND service = $3 AND state IN (1, 2))");

std::optional<base::Uuid> FindOpenReferral(db::Tx& tx, const Referral& like) {
  const auto row = tx.ExecOptional(kFindOpen, like.case_id, like.recipient, like.service);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

const db::Statement kInsert("referral_insert", R"(
  INSERT INTO referral (id, case_id, state, service, recipient_id, outside_box, contact_person_id,
                        request_box, parts, items, sent_date, answer_due_date, end_date, receipt_id,
                        created_at, updated_at, centre_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::smallint[], $10::text[], $11, $12, $13, $14, $15, $15,
          $16)
  ON CONFLICT DO NOTHING)");

bool InsertReferral(db::Tx& tx, const Referral& f, const std::optional<base::Uuid>& centre,
                    const db::Param& outside_box, const db::Param& request_box) {
  return tx.ExecCount(kInsert, f.id, f.case_id, f.state, f.service, f.recipient, outside_box,
                      f.contact, request_box, db::ArrayOf(f.parts), db::ArrayOf(f.items),
                      f.sent_day, f.answer_due, f.end_day, f.receipt, f.create_time, centre) == 1;
}

const db::Statement kSave("referral_save", R"(
  UPDATE referral
  SET state = $2, overdue_told = $3, answer_date = $4, answer_way = $5, reject_reason = $6,
      outcome = $7, result_date = $8, result_way = $9, revoke_reason = $10, ended_at = $11,
      revision = $12, updated_at = $13
  WHERE id = $1)");

void SaveReferral(db::Tx& tx, Referral& f, absl::Time now) {
  ++f.revision;
  tx.Exec(kSave, f.id, f.state, f.overdue_told, f.answer_day, f.answer_way, f.reject_reason,
          f.outcome, f.result_day, f.result_way, f.revoke_reason, f.ended_at, f.revision, now);
}

const db::Statement kGive("referral_give", R"(
  UPDATE referral SET centre_id = $2 WHERE case_id = $1)");

void GiveReferrals(db::Tx& tx, const base::Uuid& case_id, const std::optional<base::Uuid>& centre) {
  tx.Exec(kGive, case_id, centre);
}

const db::Statement kSaveAnswer("referral_save_answer",
                                "UPDATE referral SET answer_box = $2 WHERE id = $1");
const db::Statement kSaveResult("referral_save_result",
                                "UPDATE referral SET result_box = $2 WHERE id = $1");
const db::Statement kForget("referral_forget_words", R"(
  UPDATE referral
  SET outside_box = NULL, request_box = NULL, answer_box = NULL, result_box = NULL
  WHERE case_id = $1)");

void SaveAnswerBox(db::Tx& tx, const base::Uuid& id, const db::Param& box) {
  tx.Exec(kSaveAnswer, id, box);
}

void SaveResultBox(db::Tx& tx, const base::Uuid& id, const db::Param& box) {
  tx.Exec(kSaveResult, id, box);
}

void ForgetReferralWords(db::Tx& tx, const base::Uuid& case_id) { tx.Exec(kForget, case_id); }

const db::Statement kForgetContact("referral_forget_contact", R"(
  UPDATE referral SET contact_person_id = NULL WHERE contact_person_id = $1)");

void ForgetReferralContact(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetContact, person);
}

const filter::ListSpec& ReferralList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("f.id", "cases/{}/referrals/{}").NotNull()},
                 {"state", filter::Enum<v1::ReferralState>("f.state").NotNull()},
                 {"service", filter::Enum<v1::ReferralServiceKind>("f.service").NotNull()},
                 {"recipient", filter::Resource("f.recipient_id", "organizations/{}")},
                 {"sent_date", filter::Date("f.sent_date").NotNull()},
                 {"answer_due_date", filter::Date("f.answer_due_date").NotNull()},
                 {"end_date", filter::Date("f.end_date").NotNull()},
                 {"answer_overdue", filter::Bool("f.overdue_told").NotNull()}},
      .key = "name",
      .centres = {"f.centre_id", "f.recipient_id"}};
  return *spec;
}

void WhereEitherSide(filter::ListQuery& query, const Reach& reach, const base::Scope& scope) {
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  // Few of many: a manager's own by his cases, those for his centre by the recipient. A team's are
  // so many that a page of them is found in the order of the list.
  if (reach.team.empty() && !scope.everywhere()) {
    return query.Where(
        "f.id IN (SELECT r.id FROM casefile k JOIN referral r ON r.case_id = k.id "
        "WHERE k.manager_subject = {}::uuid AND ({}::boolean OR k.centre_id = ANY({}::uuid[])) "
        "UNION ALL SELECT r.id FROM referral r WHERE r.recipient_id = ANY({}::uuid[]))",
        {reach.subject.ToString(), boolean(reach.own_in.everywhere()), reach.own_in.AsArray(),
         scope.AsArray()});
  }
  query.Where(
      "({}::boolean OR c.centre_id = ANY({}::uuid[]) OR (c.manager_subject = {}::uuid AND "
      "({}::boolean OR c.centre_id = ANY({}::uuid[]))) OR (f.recipient_id IS NOT NULL AND "
      "({}::boolean OR f.recipient_id = ANY({}::uuid[]))))",
      {boolean(reach.team.everywhere()), reach.team.AsArray(), reach.subject.ToString(),
       boolean(reach.own_in.everywhere()), reach.own_in.AsArray(), boolean(scope.everywhere()),
       scope.AsArray()});
}

filter::Cursor ListReferrals(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<ReferralView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
