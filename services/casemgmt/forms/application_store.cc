#include "services/casemgmt/forms/application_store.h"

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "f.id, f.engagement_id, f.organization_id, f.campaign_id, f.state, f.form_version, f.answers, "
    "f.signed_by_representative, f.draft_version, f.last_step_date, f.submit_time, "
    "f.receipt_number, f.received_date, f.enrolment_id, f.waiting, f.denial_reason, "
    "f.external_receipt_number, f.forwarded_date, f.result_date, f.result_outcome, "
    "f.result_score, f.result_grade, f.result_valid_until, f.withdrawal_reason, f.created_at, "
    "f.updated_at, c.code, c.programme, c.edition, c.task, c.admission, c.window_end_date, "
    "e.consultant_id, e.contact_person_id, a.version, f.centre_id";
constexpr char kFrom[] =
    "application f JOIN engagement e ON e.id = f.engagement_id "
    "JOIN campaign_reference c ON c.id = f.campaign_id JOIN aggregate a ON a.id = f.id";
constexpr int kVersionColumn = 34;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::string ToJson(const std::vector<FormAnswer>& answers) {
  nlohmann::json json = nlohmann::json::array();
  for (const FormAnswer& answer : answers) {
    json.push_back({{"item_code", answer.item_code}, {"text", answer.text}});
  }
  return json.dump();
}

std::vector<FormAnswer> AnswersFrom(const pqxx::field& field) {
  std::vector<FormAnswer> answers;
  for (const auto& each : nlohmann::json::parse(db::AsText(field))) {
    answers.push_back({.item_code = each["item_code"].get<std::string>(),
                       .text = each["text"].get<std::string>()});
  }
  return answers;
}

void ReadOutcome(const db::Row& row, Application* application) {
  application->external_receipt_number = db::AsText(row[16]);
  application->forwarded_day = db::AsOptionalDay(row[17]);
  if (!row[18].is_null()) {
    application->result = ExternalResult{.day = db::AsDay(row[18]),
                                         .outcome = AsEnum<v1::ExternalOutcome>(row[19]),
                                         .score = db::AsText(row[20]),
                                         .grade = AsEnum<v1::Grade>(row[21]),
                                         .valid_until = db::AsOptionalDay(row[22])};
  }
  application->withdrawal_reason = AsEnum<v1::ApplicationWithdrawalReason>(row[23]);
  application->create_time = db::AsTime(row[24]);
  application->update_time = db::AsTime(row[25]);
}

void ReadNeighbours(const db::Row& row, Application* application) {
  application->campaign_code = db::AsText(row[26]);
  application->programme = db::AsText(row[27]);
  application->edition = db::AsText(row[28]);
  application->task = AsEnum<registry::v1::TaskKind>(row[29]);
  application->admission = AsEnum<registry::v1::AdmissionMode>(row[30]);
  application->window_end_date = db::AsOptionalDay(row[31]);
  application->consultant = db::AsOptionalUuid(row[32]);
  application->contact_person = db::AsOptionalUuid(row[33]);
}

Application ApplicationFrom(const db::Row& row) {
  Application application;
  application.id = db::AsUuid(row[0]);
  application.engagement_id = db::AsUuid(row[1]);
  application.organization_id = db::AsUuid(row[2]);
  application.campaign_id = db::AsUuid(row[3]);
  application.state = AsEnum<v1::ApplicationState>(row[4]);
  application.form_version = db::AsText(row[5]);
  application.answers = AnswersFrom(row[6]);
  application.signed_by_representative = row[7].as<bool>();
  application.draft_version = row[8].as<int>();
  application.last_step_day = db::AsDay(row[9]);
  application.submit_time = db::AsOptionalTime(row[10]);
  application.receipt_number = db::AsText(row[11]);
  application.received_day = db::AsOptionalDay(row[12]);
  application.enrolment = db::AsOptionalUuid(row[13]);
  application.waiting = row[14].as<bool>();
  application.denial_reason = AsEnum<registry::v1::DenialReason>(row[15]);
  application.centre = db::AsOptionalUuid(row[35]);
  ReadOutcome(row, &application);
  ReadNeighbours(row, &application);
  return application;
}

ApplicationView ViewFrom(const db::Row& row) {
  return {.application = ApplicationFrom(row), .version = row[kVersionColumn].as<int64_t>()};
}

std::optional<std::string> NotEmpty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::vector<base::Uuid> Ids(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE f.id = $1 AND ($2::boolean OR f.centre_id = ANY($3::uuid[]))");
const db::Statement kFind("application_find", kFindSql.c_str());

std::optional<ApplicationView> ReadApplication(db::Tx& tx, const base::Scope& scope,
                                               const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

std::optional<Application> FindApplication(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id) {
  auto view = ReadApplication(tx, scope, id);
  if (!view) return std::nullopt;
  return std::move(view->application);
}

const db::Statement kInsert("application_insert", R"(
  INSERT INTO application
    (id, engagement_id, organization_id, campaign_id, state, form_version, answers,
     signed_by_representative, draft_version, last_step_date, created_at, updated_at, centre_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $11, $12)
  ON CONFLICT DO NOTHING)");

bool InsertApplication(db::Tx& tx, const Application& application) {
  return tx.ExecCount(kInsert, application.id, application.engagement_id,
                      application.organization_id, application.campaign_id, application.state,
                      application.form_version, ToJson(application.answers),
                      application.signed_by_representative, application.draft_version,
                      application.last_step_day, application.create_time, application.centre) == 1;
}

const db::Statement kSave("application_save", R"(
  UPDATE application
  SET state = $2, form_version = $3, answers = $4::jsonb, signed_by_representative = $5,
      draft_version = $6, last_step_date = $7, submit_time = $8, receipt_number = $9,
      received_date = $10, enrolment_id = $11, waiting = $12, denial_reason = $13,
      external_receipt_number = $14, forwarded_date = $15, result_date = $16,
      result_outcome = $17, result_score = $18, result_grade = $19, result_valid_until = $20,
      withdrawal_reason = $21, updated_at = $22
  WHERE id = $1 AND ($23::boolean OR centre_id = ANY($24::uuid[])))");

void SaveApplication(db::Tx& tx, const base::Scope& scope, const Application& f) {
  const db::Param null(std::nullopt);
  std::vector<db::Param> values = {f.id,
                                   f.state,
                                   f.form_version,
                                   ToJson(f.answers),
                                   f.signed_by_representative,
                                   f.draft_version,
                                   f.last_step_day,
                                   f.submit_time,
                                   NotEmpty(f.receipt_number),
                                   f.received_day,
                                   f.enrolment,
                                   f.waiting,
                                   f.denial_reason,
                                   NotEmpty(f.external_receipt_number),
                                   f.forwarded_day};
  if (f.result) {
    values.insert(values.end(), {f.result->day, f.result->outcome, f.result->score, f.result->grade,
                                 f.result->valid_until});
  } else {
    values.insert(values.end(), {null, null, null, null, null});
  }
  values.insert(values.end(),
                {f.withdrawal_reason, f.update_time, scope.everywhere(), scope.AsArray()});
  tx.Run(kSave, values);
}

const db::Statement kUnfinished("application_unfinished", R"(
  SELECT id FROM application
  WHERE engagement_id = $1 AND state IN (1, 2, 3)
    AND ($2::boolean OR centre_id = ANY($3::uuid[])) ORDER BY id)");

std::vector<base::Uuid> UnfinishedFormsOf(db::Tx& tx, const base::Scope& scope,
                                          const base::Uuid& engagement_id) {
  return Ids(tx.Exec(kUnfinished, engagement_id, scope.everywhere(), scope.AsArray()));
}

const db::Statement kDrafts("application_drafts", R"(
  SELECT id FROM application WHERE campaign_id = $1 AND state = 1 ORDER BY id)");

std::vector<base::Uuid> DraftsOf(db::Tx& tx, const base::Uuid& campaign_id) {
  return Ids(tx.Exec(kDrafts, campaign_id));
}

const db::Statement kNextReceipt("receipt_counter_next", R"(
  INSERT INTO receipt_counter AS counter (campaign_id, last_number) VALUES ($1, 1)
  ON CONFLICT (campaign_id) DO UPDATE SET last_number = counter.last_number + 1
  RETURNING last_number)");

int64_t NextReceiptNumber(db::Tx& tx, const base::Uuid& campaign_id) {
  return tx.Exec(kNextReceipt, campaign_id)[0][0].as<int64_t>();
}

const db::Statement kInsertExternalReceipt("external_receipt_insert", R"(
  INSERT INTO external_receipt (campaign_id, number, application_id) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING)");

bool InsertExternalReceipt(db::Tx& tx, const base::Uuid& campaign_id, const std::string& number,
                           const base::Uuid& application_id) {
  return tx.ExecCount(kInsertExternalReceipt, campaign_id, number, application_id) == 1;
}

const filter::ListSpec& ApplicationList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("f.id", "applications/{}").NotNull()},
                 {"engagement", filter::Resource("f.engagement_id", "engagements/{}").NotNull()},
                 {"organization",
                  filter::Resource("f.organization_id", "organizations/{}").NotNull()},
                 {"campaign", filter::Resource("f.campaign_id", "campaigns/{}").NotNull()},
                 {"task", filter::Enum<registry::v1::TaskKind>("c.task").NotNull()},
                 {"state", filter::Enum<v1::ApplicationState>("f.state").NotNull()},
                 {"receipt_number", filter::Text("f.receipt_number")},
                 {"received_date", filter::Date("f.received_date")},
                 {"create_time", filter::Timestamp("f.created_at").NotNull()},
                 {"centre", filter::Resource("f.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"f.centre_id"}};
  return *spec;
}

filter::Cursor ListApplications(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<ApplicationView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
