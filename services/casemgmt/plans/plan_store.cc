#include "services/casemgmt/plans/plan_store.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/casemgmt/plans/plan_part_store.h"

namespace ieum::casemgmt {
namespace {

// The name under which a decision's comment is sealed; it is bound into the box and never changes.
constexpr char kCommentBox[] = "plan_comment";

constexpr char kColumns[] =
    "p.id, p.case_id, p.version, p.state, p.author, p.decider, p.decided_date, p.signed_date, "
    "p.agreement, p.legal_due_date, p.on_time, p.created_at, p.updated_at";
constexpr char kFrom[] = "case_plan p";
// As it is shown.
const std::string kShownColumns = absl::StrCat(kColumns, ", p.comment_box, c.person_id, a.version");
constexpr char kShownFrom[] =
    "case_plan p JOIN casefile c ON c.id = p.case_id JOIN aggregate a ON a.id = p.case_id";
constexpr int kCommentColumn = 13, kPersonColumn = 14, kVersionColumn = 15;

CasePlan PlanFrom(const db::Row& row) {
  CasePlan plan;
  plan.id = db::AsUuid(row[0]);
  plan.case_id = db::AsUuid(row[1]);
  plan.version = row[2].as<int>();
  plan.state = static_cast<v1::CasePlanState>(row[3].as<int>());
  plan.author = db::AsUuid(row[4]);
  plan.decider = db::AsOptionalUuid(row[5]);
  plan.decided_day = db::AsOptionalDay(row[6]);
  plan.signed_day = db::AsOptionalDay(row[7]);
  plan.agreement = static_cast<v1::PlanAgreement>(row[8].as<int>());
  plan.legal_due_day = db::AsOptionalDay(row[9]);
  plan.on_time = row[10].as<bool>();
  plan.create_time = db::AsTime(row[11]);
  plan.update_time = db::AsTime(row[12]);
  return plan;
}

std::optional<CasePlan> WholeOf(db::Tx& tx, const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  CasePlan plan = PlanFrom(*row);
  (void)AddParts(tx, nullptr, {&plan});  // without words nothing can be wrong with a box
  return plan;
}

// All rows are of one case.
absl::StatusOr<std::vector<PlanView>> ViewsOf(db::Tx& tx, const db::PersonKeys& keys,
                                              const std::vector<db::Row>& rows) {
  std::vector<PlanView> views;
  if (rows.empty()) return views;
  const auto person = db::AsOptionalUuid(rows.front()[kPersonColumn]);
  ASSIGN_OR_RETURN(const SealedWords sealed, SealedWords::ToRead(tx, keys, person));
  for (const db::Row& row : rows) {
    PlanView view{.plan = PlanFrom(row),
                  .anonymised = !person.has_value(),
                  .version = row[kVersionColumn].as<int64_t>()};
    ASSIGN_OR_RETURN(view.plan.comment,
                     sealed.Words(kCommentBox, db::AsBytes(row[kCommentColumn])));
    views.push_back(std::move(view));
  }
  std::vector<CasePlan*> plans;
  for (PlanView& view : views) plans.push_back(&view.plan);
  RETURN_IF_ERROR(AddParts(tx, &sealed, plans));
  return views;
}

std::vector<db::Row> AllOf(const db::Rows& rows) {
  // In parentheses: an iterator of rows is a row, too.
  return std::vector<db::Row>(rows.begin(), rows.end());
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE p.case_id = $1 AND p.id = $2");
const db::Statement kFind("case_plan_find", kFindSql.c_str());

std::optional<CasePlan> FindPlan(db::Tx& tx, const base::Uuid& case_id, const base::Uuid& id) {
  return WholeOf(tx, tx.ExecOptional(kFind, case_id, id));
}

const std::string kNewestSql = absl::StrCat(
    "SELECT ", kColumns, " FROM ", kFrom, " WHERE p.case_id = $1 ORDER BY p.version DESC LIMIT 1");
const db::Statement kNewest("case_plan_newest", kNewestSql.c_str());

std::optional<CasePlan> NewestPlan(db::Tx& tx, const base::Uuid& case_id) {
  return WholeOf(tx, tx.ExecOptional(kNewest, case_id));
}

// State 5 is SIGNED; there is one at most.
const std::string kSignedSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE p.case_id = $1 AND p.state = 5");
const db::Statement kSigned("case_plan_signed", kSignedSql.c_str());

std::optional<CasePlan> SignedPlan(db::Tx& tx, const base::Uuid& case_id) {
  return WholeOf(tx, tx.ExecOptional(kSigned, case_id));
}

const db::Statement kInsert("case_plan_insert", R"(
  INSERT INTO case_plan (id, case_id, version, state, author, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING)");

bool InsertPlan(db::Tx& tx, const SealedWords& sealed, const CasePlan& p) {
  if (!tx.ExecOne(kInsert, p.id, p.case_id, p.version, p.state, p.author, p.create_time)) {
    return false;
  }
  KeepWriters(tx, p);
  WriteGoals(tx, sealed, p);
  WriteActions(tx, sealed, p);
  return true;
}

const db::Statement kSave("case_plan_save", R"(
  UPDATE case_plan SET state = $2, author = $3, updated_at = $4 WHERE id = $1)");

void SavePlan(db::Tx& tx, const CasePlan& p) {
  tx.Exec(kSave, p.id, p.state, p.author, p.update_time);
  KeepWriters(tx, p);
}

const db::Statement kDecide("case_plan_decide", R"(
  UPDATE case_plan
  SET state = $2, decider = $3, decided_date = $4, comment_box = $5::bytea, updated_at = $6
  WHERE id = $1)");

void SaveDecision(db::Tx& tx, const SealedWords& sealed, const CasePlan& p) {
  tx.Exec(kDecide, p.id, p.state, p.decider, p.decided_day, sealed.Box(kCommentBox, p.comment),
          p.update_time);
}

const db::Statement kSign("case_plan_sign", R"(
  UPDATE case_plan
  SET state = $2, signed_date = $3, agreement = $4, legal_due_date = $5, on_time = $6,
      updated_at = $7
  WHERE id = $1)");

void SaveSignature(db::Tx& tx, const CasePlan& p) {
  tx.Exec(kSign, p.id, p.state, p.signed_day, p.agreement, p.legal_due_day, p.on_time,
          p.update_time);
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kShownColumns, " FROM ", kShownFrom,
                 " WHERE p.case_id = $1 AND p.id = $2 AND ", ReachSql("c", 3));
const db::Statement kRead("case_plan_read", kReadSql.c_str());

absl::StatusOr<std::optional<PlanView>> ReadPlan(db::Tx& tx, const db::PersonKeys& keys,
                                                 const Reach& reach, const base::Uuid& case_id,
                                                 const base::Uuid& id) {
  const db::Rows rows = tx.Run(kRead, WithReach({case_id, id}, reach));
  ASSIGN_OR_RETURN(auto views, ViewsOf(tx, keys, AllOf(rows)));
  if (views.empty()) return std::optional<PlanView>();
  return std::optional(std::move(views.front()));
}

const filter::ListSpec& PlanList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kShownColumns,
      .from = kShownFrom,
      .fields = {{"version", filter::Int("p.version").NotNull()},
                 {"state", filter::Enum<v1::CasePlanState>("p.state").NotNull()},
                 {"signed_date", filter::Date("p.signed_date")},
                 {"create_time", filter::Timestamp("p.created_at").NotNull()}},
      .key = "version"};  // of one case
  return *spec;
}

absl::StatusOr<filter::Cursor> ListPlans(db::Tx& tx, const db::PersonKeys& keys,
                                         const filter::ListQuery& query,
                                         std::vector<PlanView>* views) {
  std::vector<db::Row> rows;
  filter::Cursor next = query.Read(tx, [&](const db::Row& row) { rows.push_back(row); });
  ASSIGN_OR_RETURN(*views, ViewsOf(tx, keys, rows));
  return next;
}

}  // namespace ieum::casemgmt
