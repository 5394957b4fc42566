#include "services/casemgmt/conferences/agenda_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "platform/base/status.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/plans/plan_part_store.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt {
namespace {

// Names under which words are sealed; they are bound into the boxes and never change.
constexpr char kQuestionBox[] = "agenda_question";
constexpr char kMinutesBox[] = "agenda_minutes";

constexpr char kColumns[] =
    "g.id, g.conference_id, g.case_id, g.state, g.classification, g.classified_date, g.created_at, "
    "g.updated_at";
const std::string kShownColumns = absl::StrCat(
    kColumns,
    ", g.question_box, g.minutes_box, f.conference_date, f.centre_id, c.centre_id, "
    "c.manager_subject, c.person_id, c.case_number, c.state, c.risk_level, c.primary_factor, "
    "c.intake_date, a.version");
constexpr char kShownFrom[] =
    "agenda_item g JOIN conference f ON f.id = g.conference_id JOIN casefile c ON c.id = g.case_id "
    "JOIN aggregate a ON a.id = g.case_id";
constexpr int kQuestionColumn = 8, kMinutesColumn = 9, kDayColumn = 10, kHostColumn = 11,
              kCentreColumn = 12, kManagerColumn = 13, kPersonColumn = 14;

// Of those who sit in the conference; what was taken off the agenda is theirs no more. State 3 is
// CANCELLED and WITHDRAWN. $0 is the caller's subject, $1 and $2 the centres of his permission.
constexpr char kSeated[] =
    "(f.state <> 3 AND g.state <> 3 AND EXISTS (SELECT 1 FROM conference_seat s WHERE "
    "s.conference_id = g.conference_id AND s.subject = $0::uuid) AND ($1::boolean OR f.centre_id = "
    "ANY($2::uuid[])))";

AgendaItem ItemFrom(const db::Row& row) {
  AgendaItem item;
  item.id = db::AsUuid(row[0]);
  item.conference_id = db::AsUuid(row[1]);
  item.case_id = db::AsUuid(row[2]);
  item.state = static_cast<v1::AgendaItemState>(row[3].as<int>());
  item.classification = static_cast<v1::CaseClassification>(row[4].as<int>());
  item.classified_day = db::AsOptionalDay(row[5]);
  item.create_time = db::AsTime(row[6]);
  item.update_time = db::AsTime(row[7]);
  return item;
}

// A member sees what he has to decide upon, and nothing of what becomes of it later.
bool ShowsCodes(const AgendaItemView& view) {
  return view.whole || view.item.state == v1::AGENDA_ITEM_STATE_PENDING;
}

AgendaItemView ViewFrom(const db::Row& row, const Reach& reach) {
  AgendaItemView view{.item = ItemFrom(row)};
  view.whole = Reaches(reach, db::AsOptionalUuid(row[kCentreColumn]),
                       db::AsOptionalUuid(row[kManagerColumn]));
  view.conference_day = db::AsDay(row[kDayColumn]);
  view.case_number = db::AsText(row[15]);
  view.version = row[20].as<int64_t>();
  if (!ShowsCodes(view)) return view;
  view.case_state = static_cast<v1::CaseState>(row[16].as<int>());
  view.risk_level = static_cast<v1::RiskLevel>(row[17].as<int>());
  view.primary_factor = db::AsText(row[18]);
  view.intake_day = db::AsOptionalDay(row[19]);
  return view;
}

// A member knows who she is where she consented that the conference's centre is told.
bool MayBeNamed(db::Tx& tx, const db::Row& row, const base::Uuid& person, absl::Time now) {
  const auto host = db::AsOptionalUuid(row[kHostColumn]);
  return host &&
         HasConsent(tx, person, registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, now, host);
}

// What the caller may know beyond codes and dates.
absl::Status AddWords(db::Tx& tx, const db::PersonKeys& keys, absl::Time now, const db::Row& row,
                      AgendaItemView* view) {
  const auto person = db::AsOptionalUuid(row[kPersonColumn]);
  view->anonymised = !person && ShowsCodes(*view);
  if (person && ShowsCodes(*view) && (view->whole || MayBeNamed(tx, row, *person, now))) {
    view->person = person;
  }
  if (!view->whole) return absl::OkStatus();
  ASSIGN_OR_RETURN(const SealedWords sealed, SealedWords::ToRead(tx, keys, person));
  ASSIGN_OR_RETURN(view->item.question,
                   sealed.Words(kQuestionBox, db::AsBytes(row[kQuestionColumn])));
  ASSIGN_OR_RETURN(view->item.minutes, sealed.Words(kMinutesBox, db::AsBytes(row[kMinutesColumn])));
  return absl::OkStatus();
}

void AddCodes(db::Tx& tx, std::vector<AgendaItemView>* views) {
  absl::flat_hash_map<base::Uuid, std::vector<AgendaItemView*>> by_case;
  for (AgendaItemView& view : *views) {
    if (ShowsCodes(view)) by_case[view.item.case_id].push_back(&view);
  }
  std::vector<base::Uuid> cases;
  for (const auto& [case_id, of_case] : by_case) cases.push_back(case_id);
  if (cases.empty()) return;
  for (const auto& [case_id, severities] : ApprovedSeverities(tx, cases)) {
    for (AgendaItemView* view : by_case[case_id]) view->severities = severities;
  }
  for (const auto& [case_id, actions] : ServicesOf(tx, cases)) {
    for (AgendaItemView* view : by_case[case_id]) view->services = actions;
  }
}

absl::StatusOr<std::vector<AgendaItemView>> ViewsOf(db::Tx& tx, const db::PersonKeys& keys,
                                                    const Reach& reach, absl::Time now,
                                                    const std::vector<db::Row>& rows) {
  std::vector<AgendaItemView> views;
  for (const db::Row& row : rows) {
    AgendaItemView view = ViewFrom(row, reach);
    RETURN_IF_ERROR(AddWords(tx, keys, now, row, &view));
    views.push_back(std::move(view));
  }
  AddCodes(tx, &views);
  return views;
}

std::vector<db::Row> AllOf(const db::Rows& rows) {
  // In parentheses: an iterator of rows is a row, too.
  return std::vector<db::Row>(rows.begin(), rows.end());
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns,
                                          " FROM agenda_item g WHERE g.conference_id = $1 AND "
                                          "g.id = $2");
const db::Statement kFind("agenda_item_find", kFindSql.c_str());

std::optional<AgendaItem> FindAgendaItem(db::Tx& tx, const base::Uuid& conference_id,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, conference_id, id);
  if (!row) return std::nullopt;
  return ItemFrom(*row);
}

const db::Statement kPending("agenda_item_pending", R"(
  SELECT case_id FROM agenda_item WHERE conference_id = $1 AND state = 1 ORDER BY case_id)");

std::vector<base::Uuid> PendingCases(db::Tx& tx, const base::Uuid& conference_id) {
  std::vector<base::Uuid> cases;
  for (const auto& row : tx.Exec(kPending, conference_id)) cases.push_back(db::AsUuid(row[0]));
  return cases;
}

const db::Statement kInsert("agenda_item_insert", R"(
  INSERT INTO agenda_item (id, conference_id, case_id, state, question_box, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5::bytea, $6, $6) ON CONFLICT DO NOTHING)");

bool InsertAgendaItem(db::Tx& tx, const SealedWords& sealed, const AgendaItem& g) {
  return tx.ExecOne(kInsert, g.id, g.conference_id, g.case_id, g.state,
                    sealed.Box(kQuestionBox, g.question), g.create_time);
}

const db::Statement kSave("agenda_item_save", R"(
  UPDATE agenda_item
  SET state = $2, classification = $3, classified_date = $4, minutes_box = $5::bytea,
      updated_at = $6
  WHERE id = $1)");

void SaveAgendaItem(db::Tx& tx, const SealedWords& sealed, const AgendaItem& g) {
  tx.Exec(kSave, g.id, g.state, g.classification, g.classified_day,
          sealed.Box(kMinutesBox, g.minutes), g.update_time);
}

// State 1 is PENDING, 3 WITHDRAWN.
const db::Statement kWithdrawAll("agenda_item_withdraw_all", R"(
  UPDATE agenda_item SET state = 3, updated_at = $2
  WHERE conference_id = $1 AND state = 1 RETURNING case_id, id)");

std::vector<std::pair<base::Uuid, base::Uuid>> WithdrawAll(db::Tx& tx,
                                                           const base::Uuid& conference_id,
                                                           absl::Time now) {
  std::vector<std::pair<base::Uuid, base::Uuid>> items;
  for (const auto& row : tx.Exec(kWithdrawAll, conference_id, now)) {
    items.emplace_back(db::AsUuid(row[0]), db::AsUuid(row[1]));
  }
  return items;
}

const db::Statement kWithdrawOfCase("agenda_item_withdraw_of_case", R"(
  UPDATE agenda_item SET state = 3, updated_at = $2
  WHERE case_id = $1 AND state = 1 RETURNING conference_id, id)");

std::optional<std::pair<base::Uuid, base::Uuid>> WithdrawPendingOf(db::Tx& tx,
                                                                   const base::Uuid& case_id,
                                                                   absl::Time now) {
  const auto row = tx.ExecOptional(kWithdrawOfCase, case_id, now);
  if (!row) return std::nullopt;
  return std::pair(db::AsUuid((*row)[0]), db::AsUuid((*row)[1]));
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kShownColumns, " FROM ", kShownFrom,
                 " WHERE g.conference_id = $1 AND g.id = $2 AND (", ReachSql("c", 3), " OR ",
                 absl::Substitute(kSeated, "$5", "$6", "$7"), ")");
const db::Statement kRead("agenda_item_read", kReadSql.c_str());

absl::StatusOr<std::optional<AgendaItemView>> ReadAgendaItem(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach, absl::Time now,
                                                             const base::Uuid& conference_id,
                                                             const base::Uuid& id) {
  const db::Rows rows = tx.Run(kRead, WithReach({conference_id, id}, reach));
  ASSIGN_OR_RETURN(auto views, ViewsOf(tx, keys, reach, now, AllOf(rows)));
  if (views.empty()) return std::optional<AgendaItemView>();
  return std::optional(std::move(views.front()));
}

const filter::ListSpec& AgendaList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kShownColumns,
      .from = kShownFrom,
      .fields = {{"name", filter::Resource("g.id", "conferences/{}/agendaItems/{}").NotNull()},
                 {"state", filter::Enum<v1::AgendaItemState>("g.state").NotNull()},
                 {"case_number", filter::Text("c.case_number")},
                 {"classification",
                  filter::Enum<v1::CaseClassification>("g.classification").NotNull()},
                 {"create_time", filter::Timestamp("g.created_at").NotNull()}},
      .key = "name"};
  return *spec;
}

void WhereSeen(filter::ListQuery& query, const Reach& reach) {
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  const std::string subject = reach.subject.ToString();
  const std::string own_everywhere = boolean(reach.own_in.everywhere());
  query.Where(
      absl::StrCat("(({}::boolean OR c.centre_id = ANY({}::uuid[])) OR (c.manager_subject = "
                   "{}::uuid AND ({}::boolean OR c.centre_id = ANY({}::uuid[]))) OR ",
                   absl::Substitute(kSeated, "{}", "{}", "{}"), ")"),
      {boolean(reach.team.everywhere()), reach.team.AsArray(), subject, own_everywhere,
       reach.own_in.AsArray(), subject, own_everywhere, reach.own_in.AsArray()});
}

absl::StatusOr<filter::Cursor> ListAgenda(db::Tx& tx, const db::PersonKeys& keys,
                                          const Reach& reach, absl::Time now,
                                          const filter::ListQuery& query,
                                          std::vector<AgendaItemView>* views) {
  std::vector<db::Row> rows;
  filter::Cursor next = query.Read(tx, [&](const db::Row& row) { rows.push_back(row); });
  ASSIGN_OR_RETURN(*views, ViewsOf(tx, keys, reach, now, rows));
  return next;
}

}  // namespace ieum::casemgmt
