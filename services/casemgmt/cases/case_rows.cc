#include "services/casemgmt/cases/case_rows.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ieum::casemgmt {
namespace {

// In the order of CaseParams and of CaseFrom.
constexpr const char* kColumns[] = {"id",
                                    "participant",
                                    "person_id",
                                    "case_number",
                                    "programme",
                                    "edition",
                                    "line_code",
                                    "centre_id",
                                    "ownership_epoch",
                                    "manager_subject",
                                    "manager_id",
                                    "supervisor_id",
                                    "state",
                                    "on_hold",
                                    "risk_level",
                                    "classification",
                                    "primary_factor",
                                    "urgent",
                                    "source",
                                    "source_enrolment_campaign",
                                    "source_enrolment_id",
                                    "source_organization_id",
                                    "opened_date",
                                    "intake_date",
                                    "closed_date",
                                    "last_step_date",
                                    "close_reason",
                                    "reject_reason",
                                    "due_date",
                                    "plan_due_date",
                                    "reassess_due_date",
                                    "hold_from",
                                    "hold_until",
                                    "hold_reason",
                                    "held_days",
                                    "closure_reason",
                                    "closure_employed",
                                    "closure_asked_date",
                                    "closure_due_date",
                                    "closure_by_subject",
                                    "closure_by_person",
                                    "template_id",
                                    "template_version",
                                    "reopened_from",
                                    "next_case",
                                    "created_at",
                                    "updated_at",
                                    "hold_ended",
                                    "hold_crisis_due",
                                    "urgent_due_date",
                                    "hold_began",
                                    "last_act_date",
                                    "ended_sessions",
                                    "ended_appointments",
                                    "ended_referrals",
                                    "ended_tasks",
                                    "planned_checks"};
constexpr int kCount = std::size(kColumns);

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

void ReadWho(const db::Row& row, Case* c) {
  c->id = db::AsUuid(row[0]);
  c->participant = db::AsUuid(row[1]);
  c->person = db::AsOptionalUuid(row[2]);
  c->case_number = db::AsText(row[3]);
  c->programme = db::AsText(row[4]);
  c->edition = db::AsText(row[5]);
  c->line_code = db::AsText(row[6]);
  c->centre = db::AsOptionalUuid(row[7]);
  c->ownership_epoch = c->loaded_epoch = row[8].as<int64_t>();
  c->manager_subject = c->loaded_manager = db::AsOptionalUuid(row[9]);
  c->manager = db::AsOptionalUuid(row[10]);
  c->supervisor = db::AsOptionalUuid(row[11]);
}

void ReadState(const db::Row& row, Case* c) {
  c->state = c->loaded_state = AsEnum<v1::CaseState>(row[12]);
  c->on_hold = row[13].as<bool>();
  c->risk_level = AsEnum<v1::RiskLevel>(row[14]);
  c->classification = AsEnum<v1::CaseClassification>(row[15]);
  c->primary_factor = db::AsText(row[16]);
  c->urgent = row[17].as<bool>();
  c->source = AsEnum<v1::CaseSource>(row[18]);
  c->source_campaign = db::AsOptionalUuid(row[19]);
  c->source_enrolment = db::AsOptionalUuid(row[20]);
  c->source_organization = db::AsOptionalUuid(row[21]);
}

void ReadDays(const db::Row& row, Case* c) {
  c->opened_day = db::AsDay(row[22]);
  c->intake_day = db::AsOptionalDay(row[23]);
  c->closed_day = db::AsOptionalDay(row[24]);
  c->last_step_day = db::AsDay(row[25]);
  c->close_reason = AsEnum<v1::CaseCloseReason>(row[26]);
  c->reject_reason = AsEnum<v1::CaseRejectReason>(row[27]);
  c->due_day = db::AsOptionalDay(row[28]);
  c->plan_due_day = db::AsOptionalDay(row[29]);
  c->reassess_due_day = db::AsOptionalDay(row[30]);
  if (!row[31].is_null()) {
    c->hold = CaseHold{.from = db::AsDay(row[31]),
                       .until = db::AsDay(row[32]),
                       .reason = AsEnum<v1::CaseHoldReason>(row[33]),
                       .crisis_due = db::AsOptionalDay(row[48])};
  }
  c->held_days = row[34].as<int>();
  c->hold_ended = db::AsOptionalDay(row[47]);
  c->urgent_due_day = db::AsOptionalDay(row[49]);
  c->hold_began = db::AsOptionalDay(row[50]);
  c->last_act_day = db::AsOptionalDay(row[51]);
}

void ReadEnding(const db::Row& row, Case* c) {
  if (row[52].is_null()) return;
  c->ending = CaseEnding{.sessions = row[52].as<int>(),
                         .appointments = row[53].as<int>(),
                         .referrals = row[54].as<int>(),
                         .tasks = row[55].as<int>(),
                         .planned_checks = row[56].as<int>()};
}

void AddEnding(const Case& c, std::vector<db::Param>* params) {
  if (!c.ending) {
    for (int at = 0; at < 5; ++at) params->emplace_back(std::nullopt);
    return;
  }
  for (const int count : {c.ending->sessions, c.ending->appointments, c.ending->referrals,
                          c.ending->tasks, c.ending->planned_checks}) {
    params->emplace_back(count);
  }
}

void ReadClosure(const db::Row& row, Case* c) {
  if (row[37].is_null()) return;
  c->closure = CaseClosureAsked{
      .reason = AsEnum<v1::CaseCloseReason>(row[35]),
      .day = db::AsDay(row[37]),
      .due = db::AsDay(row[38]),
      .employed = row[36].as<bool>(),
      .by = {.subject = db::AsUuid(row[39]), .person = db::AsOptionalUuid(row[40])}};
}

// What holds while the case is held, NULLs and 0 otherwise.
void AddHold(const Case& c, std::vector<db::Param>* params) {
  params->emplace_back(c.hold ? std::optional(c.hold->from) : std::nullopt);
  params->emplace_back(c.hold ? std::optional(c.hold->until) : std::nullopt);
  params->emplace_back(c.hold ? c.hold->reason : v1::CASE_HOLD_REASON_UNSPECIFIED);
  params->emplace_back(c.held_days);
}

void AddClosure(const Case& c, std::vector<db::Param>* params) {
  if (!c.closure) {
    params->emplace_back(0);
    params->emplace_back(false);
    for (int at = 0; at < 4; ++at) params->emplace_back(std::nullopt);
    return;
  }
  params->emplace_back(c.closure->reason);
  params->emplace_back(c.closure->employed);
  params->emplace_back(c.closure->day);
  params->emplace_back(c.closure->due);
  params->emplace_back(c.closure->by.subject);
  params->emplace_back(c.closure->by.person);
}

db::Param OrNull(const std::string& text) {
  return text.empty() ? db::Param(std::nullopt) : db::Param(text);
}

}  // namespace

const std::string& CaseColumns() {
  static const auto* columns = [] {
    std::vector<std::string> all;
    for (const char* column : kColumns) all.push_back(absl::StrCat("c.", column));
    all.push_back("a.version");
    all.push_back(PaceColumns());
    return new std::string(absl::StrJoin(all, ", "));
  }();
  return *columns;
}

CaseView CaseViewFrom(const db::Row& row) {
  CaseView view;
  ReadWho(row, &view.c);
  ReadState(row, &view.c);
  ReadDays(row, &view.c);
  ReadClosure(row, &view.c);
  ReadEnding(row, &view.c);
  view.c.template_id = db::AsOptionalUuid(row[41]);
  view.c.template_version = row[42].as<int>();
  view.c.reopened_from = db::AsOptionalUuid(row[43]);
  view.c.next_case = db::AsOptionalUuid(row[44]);
  view.c.create_time = db::AsTime(row[45]);
  view.c.update_time = db::AsTime(row[46]);
  view.version = row[kCount].as<int64_t>();
  view.c.pace = PaceFrom(row, kCount + 1);
  return view;
}

std::string InsertCaseSql() {
  std::vector<std::string> values;
  for (int at = 1; at <= kCount; ++at) values.push_back(absl::StrCat("$", at));
  return absl::StrCat("INSERT INTO casefile (", absl::StrJoin(kColumns, ", "), ") VALUES (",
                      absl::StrJoin(values, ", "), ") ON CONFLICT DO NOTHING");
}

std::string UpdateCaseSql() {
  std::vector<std::string> sets;
  for (int at = 1; at < kCount; ++at) sets.push_back(absl::StrCat(kColumns[at], " = $", at + 1));
  return absl::StrCat("UPDATE casefile SET ", absl::StrJoin(sets, ", "), " WHERE id = $1");
}

std::vector<db::Param> CaseParams(const Case& c) {
  std::vector<db::Param> params = {c.id,
                                   c.participant,
                                   c.person,
                                   OrNull(c.case_number),
                                   c.programme,
                                   c.edition,
                                   c.line_code,
                                   c.centre,
                                   c.ownership_epoch,
                                   c.manager_subject,
                                   c.manager,
                                   c.supervisor,
                                   c.state,
                                   c.on_hold,
                                   c.risk_level,
                                   c.classification,
                                   c.primary_factor,
                                   c.urgent,
                                   c.source,
                                   c.source_campaign,
                                   c.source_enrolment,
                                   c.source_organization,
                                   c.opened_day,
                                   c.intake_day,
                                   c.closed_day,
                                   c.last_step_day,
                                   c.close_reason,
                                   c.reject_reason,
                                   c.due_day,
                                   c.plan_due_day,
                                   c.reassess_due_day};
  AddHold(c, &params);
  AddClosure(c, &params);
  params.emplace_back(c.template_id);
  params.emplace_back(c.template_version);
  params.emplace_back(c.reopened_from);
  params.emplace_back(c.next_case);
  params.emplace_back(c.create_time);
  params.emplace_back(c.update_time);
  params.emplace_back(c.hold_ended);
  params.emplace_back(c.hold ? c.hold->crisis_due : std::nullopt);
  params.emplace_back(c.urgent_due_day);
  params.emplace_back(c.hold_began);
  params.emplace_back(c.last_act_day);
  AddEnding(c, &params);
  return params;
}

const char* PaceColumns() {
  return "p.contact_business_days, p.contact_crisis_days, p.consult_days, p.assessment_days, "
         "p.conference_days, p.conference_crisis_days, p.plan_days, p.intake_to_plan_days, "
         "p.urgent_plan_days, p.monitoring_days, p.monitoring_crisis_days, p.reassessment_months, "
         "p.reassessment_days, p.closing_days, p.max_hold_days, "
         "array_to_string(p.check_months, ' ')";
}

CasePace PaceFrom(const db::Row& row, int first) {
  CasePace pace;
  if (row[first].is_null()) return pace;
  int at = first;
  for (int* length :
       {&pace.contact_business_days, &pace.contact_crisis_days, &pace.consult_days,
        &pace.assessment_days, &pace.conference_days, &pace.conference_crisis_days, &pace.plan_days,
        &pace.intake_to_plan_days, &pace.urgent_plan_days, &pace.monitoring_days,
        &pace.monitoring_crisis_days, &pace.reassessment_months, &pace.reassessment_days,
        &pace.closing_days, &pace.max_hold_days}) {
    *length = row[at++].as<int>();
  }
  pace.check_months.clear();
  for (const auto& text : absl::StrSplit(db::AsText(row[at]), ' ', absl::SkipEmpty())) {
    int months = 0;
    if (absl::SimpleAtoi(text, &months)) pace.check_months.push_back(months);
  }
  return pace;
}

std::vector<db::Param> PaceParams(const CasePace& pace) {
  return {pace.contact_business_days,
          pace.contact_crisis_days,
          pace.consult_days,
          pace.assessment_days,
          pace.conference_days,
          pace.conference_crisis_days,
          pace.plan_days,
          pace.intake_to_plan_days,
          pace.urgent_plan_days,
          pace.monitoring_days,
          pace.monitoring_crisis_days,
          pace.reassessment_months,
          pace.reassessment_days,
          pace.closing_days,
          pace.max_hold_days,
          db::ArrayOf(pace.check_months)};
}

}  // namespace ieum::casemgmt
