#include "services/registry/leads/lead_store.h"

#include "absl/container/flat_hash_map.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define LEAD_COLUMNS                                                                              \
  "l.id, l.organization_id, l.programme, l.edition, l.task, l.source_code, l.source, "            \
  "l.source_campaign_id, l.contact_person_id, l.contact_due_date, l.due_told_at, l.campaign_id, " \
  "l.enrolment_id, l.centre_id, l.created_at, l.updated_at"
constexpr int kVersionColumn = 16;

Lead ReadLead(const db::Row& row) {
  Lead lead;
  lead.id = db::AsUuid(row[0]);
  lead.organization_id = db::AsUuid(row[1]);
  lead.programme = db::AsText(row[2]);
  lead.edition = db::AsText(row[3]);
  lead.task = static_cast<v1::TaskKind>(row[4].as<int>());
  lead.source_code = db::AsText(row[5]);
  lead.source = db::AsText(row[6]);
  lead.source_campaign_id = db::AsOptionalUuid(row[7]);
  lead.contact_person_id = db::AsOptionalUuid(row[8]);
  if (!row[9].is_null()) lead.contact_due = db::AsDay(row[9]);
  lead.due_told_at = db::AsOptionalTime(row[10]);
  lead.campaign_id = db::AsOptionalUuid(row[11]);
  lead.enrolment_id = db::AsOptionalUuid(row[12]);
  lead.centre = db::AsOptionalUuid(row[13]);
  lead.created_at = db::AsTime(row[14]);
  lead.updated_at = db::AsTime(row[15]);
  return lead;
}

const db::Statement kFindSteps("lead_find_steps", R"(
  SELECT lead_id, state, day, channel, loss_reason, recorded_at
  FROM lead_transition WHERE lead_id = ANY($1::uuid[]) ORDER BY lead_id, step)");

void ReadSteps(db::Tx& tx, const absl::flat_hash_map<base::Uuid, Lead*>& by_id) {
  std::vector<base::Uuid> ids;
  for (const auto& [id, lead] : by_id) ids.push_back(id);
  for (const auto& row : tx.Exec(kFindSteps, db::ArrayOf(ids))) {
    LeadStep step;
    step.state = static_cast<v1::LeadState>(row[1].as<int>());
    step.day = db::AsDay(row[2]);
    step.channel = static_cast<v1::LeadContactChannel>(row[3].as<int>());
    step.loss_reason = static_cast<v1::LeadLossReason>(row[4].as<int>());
    step.recorded_at = db::AsTime(row[5]);
    by_id.at(db::AsUuid(row[0]))->steps.push_back(step);
  }
}

const db::Statement kFind("lead_find", "SELECT " LEAD_COLUMNS R"(
  FROM lead l WHERE l.id = $1 AND ($2::boolean OR l.centre_id = ANY($3::uuid[])))");

const db::Statement kInsert("lead_insert", R"(
  INSERT INTO lead (id, organization_id, programme, edition, task, source_code, source,
                    source_campaign_id, contact_person_id, state, centre_id, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz, $13::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kSave("lead_save", R"(
  UPDATE lead SET state = $2, contact_due_date = $3::date, due_told_at = $4::timestamptz,
    campaign_id = $5, enrolment_id = $6, updated_at = $7::timestamptz
  WHERE id = $1 AND ($8::boolean OR centre_id = ANY($9::uuid[])))");

const db::Statement kPutSteps("lead_put_steps", R"(
  INSERT INTO lead_transition (lead_id, step, state, day, channel, loss_reason, recorded_at)
  SELECT $1, s.step, s.state, s.day, s.channel, s.loss_reason, s.recorded_at
  FROM unnest($2::smallint[], $3::smallint[], $4::date[], $5::smallint[], $6::smallint[],
              $7::timestamptz[])
    AS s (step, state, day, channel, loss_reason, recorded_at)
  ON CONFLICT (lead_id, step) DO NOTHING)");

void PutSteps(db::Tx& tx, const Lead& lead) {
  std::vector<db::Param> numbers, states, days, channels, reasons, instants;
  for (const LeadStep& step : lead.steps) {
    numbers.emplace_back(numbers.size() + 1);
    states.emplace_back(step.state);
    days.emplace_back(step.day);
    channels.emplace_back(step.channel);
    reasons.emplace_back(step.loss_reason);
    instants.emplace_back(step.recorded_at);
  }
  tx.Exec(kPutSteps, lead.id, db::Array(numbers), db::Array(states), db::Array(days),
          db::Array(channels), db::Array(reasons), db::Array(instants));
}

const db::Statement kOpenOf("lead_open_of", R"(
  SELECT id FROM lead WHERE organization_id = $1 AND state IN (1, 2, 3) ORDER BY id)");

const db::Statement kDue("lead_due", R"(
  SELECT id FROM lead WHERE state = 2 AND due_told_at IS NULL AND contact_due_date <= $1::date
  ORDER BY contact_due_date, id LIMIT $2::bigint)");

const db::Statement kCountDue("lead_count_due", R"(
  SELECT count(*) FROM lead
  WHERE state = 2 AND due_told_at IS NULL AND contact_due_date <= $1::date)");

}  // namespace

std::optional<Lead> FindLead(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  Lead lead = ReadLead(*row);
  ReadSteps(tx, {{id, &lead}});
  return lead;
}

bool InsertLead(db::Tx& tx, const Lead& lead) {
  const bool made =
      tx.ExecCount(kInsert, lead.id, lead.organization_id, lead.programme, lead.edition, lead.task,
                   lead.source_code, lead.source, lead.source_campaign_id, lead.contact_person_id,
                   lead.state(), lead.centre, lead.created_at, lead.updated_at) == 1;
  if (made) PutSteps(tx, lead);
  return made;
}

void SaveLead(db::Tx& tx, const base::Scope& scope, const Lead& lead) {
  tx.Exec(kSave, lead.id, lead.state(), lead.contact_due, lead.due_told_at, lead.campaign_id,
          lead.enrolment_id, lead.updated_at, scope.everywhere(), scope.AsArray());
  PutSteps(tx, lead);
}

std::vector<base::Uuid> OpenLeadsOf(db::Tx& tx, const base::Uuid& organization) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kOpenOf, organization)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

std::vector<base::Uuid> LeadsDue(db::Tx& tx, absl::CivilDay day, int limit) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kDue, day, limit)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

int64_t CountLeadsDue(db::Tx& tx, absl::CivilDay day) {
  return tx.Exec(kCountDue, day)[0][0].as<int64_t>();
}

const filter::ListSpec& LeadList() {
  static const auto* spec = new filter::ListSpec{
      .columns = LEAD_COLUMNS ", a.version",
      .from = "lead l JOIN aggregate a ON a.id = l.id",
      .fields = {{"name", filter::Resource("l.id", "leads/{}").NotNull()},
                 {"organization",
                  filter::Resource("l.organization_id", "organizations/{}").NotNull()},
                 {"programme", filter::Text("l.programme").NotNull()},
                 {"edition", filter::Text("l.edition").NotNull()},
                 {"state", filter::Enum<v1::LeadState>("l.state").NotNull()},
                 {"source_code", filter::Text("l.source_code").NotNull()},
                 {"contact_due_date", filter::Date("l.contact_due_date")},
                 {"create_time", filter::Timestamp("l.created_at").NotNull()},
                 {"centre", filter::Resource("l.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"l.centre_id"}};
  return *spec;
}

LeadView ReadLeadView(const db::Row& row) {
  return {ReadLead(row), row[kVersionColumn].as<int64_t>()};
}

void AddSteps(db::Tx& tx, std::vector<LeadView>* views) {
  absl::flat_hash_map<base::Uuid, Lead*> by_id;
  for (LeadView& view : *views) by_id[view.lead.id] = &view.lead;
  ReadSteps(tx, by_id);
}

}  // namespace ieum::registry
