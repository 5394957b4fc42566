#include "services/registry/campaigns/campaign_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/registry/json_columns.h"
#include "services/registry/organizations/organization_rows.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define CAMPAIGN_COLUMNS                                                               \
  "c.id, c.programme, c.edition, c.code, c.display_name, c.task, c.admission, "        \
  "c.window_start, c.window_end, c.capacity, c.waiting_list, c.eligibility, c.state, " \
  "c.closed_at, c.seats_taken, c.waiting, c.last_line, c.created_at, c.updated_at, "   \
  "c.centre_id, c.offer_hours, c.offered"
constexpr int kVersionColumn = 22;

Campaign ReadCampaign(const db::Row& row) {
  Campaign campaign;
  campaign.id = db::AsUuid(row[0]);
  campaign.programme = db::AsText(row[1]);
  campaign.edition = db::AsText(row[2]);
  campaign.code = db::AsText(row[3]);
  campaign.display_name = db::AsText(row[4]);
  campaign.task = static_cast<v1::TaskKind>(row[5].as<int>());
  campaign.admission = static_cast<v1::AdmissionMode>(row[6].as<int>());
  if (!row[7].is_null()) campaign.window = TimeWindow{db::AsTime(row[7]), db::AsTime(row[8])};
  campaign.capacity = row[9].as<int>();
  campaign.waiting_list = row[10].as<bool>();
  FromJson(db::AsText(row[11]), &campaign.eligibility);
  campaign.state = static_cast<v1::CampaignState>(row[12].as<int>());
  campaign.closed_at = db::AsOptionalTime(row[13]);
  campaign.seats_taken = row[14].as<int>();
  campaign.waiting = row[15].as<int>();
  campaign.last_line = row[16].as<int64_t>();
  campaign.created_at = db::AsTime(row[17]);
  campaign.updated_at = db::AsTime(row[18]);
  campaign.centre = db::AsOptionalUuid(row[19]);
  campaign.offer_hours = row[20].as<int>();
  campaign.offered = row[21].as<int>();
  return campaign;
}

std::optional<absl::Time> StartOf(const Campaign& campaign) {
  return campaign.window ? std::optional(campaign.window->start) : std::nullopt;
}

std::optional<absl::Time> EndOf(const Campaign& campaign) {
  return campaign.window ? std::optional(campaign.window->end) : std::nullopt;
}

const db::Statement kEnterGates("campaign_enter_gates", R"(
  SELECT id FROM campaign
  WHERE id = ANY($1::uuid[]) AND ($2::boolean OR centre_id = ANY($3::uuid[]))
  ORDER BY id FOR UPDATE)");

const db::Statement kFind("campaign_find", "SELECT " CAMPAIGN_COLUMNS R"(
  FROM campaign c WHERE c.id = $1 AND ($2::boolean OR c.centre_id = ANY($3::uuid[])))");

const db::Statement kFindView("campaign_find_view", "SELECT " CAMPAIGN_COLUMNS R"(, a.version
  FROM campaign c JOIN aggregate a ON a.id = c.id
  WHERE c.id = $1 AND ($2::boolean OR c.centre_id = ANY($3::uuid[])))");

const db::Statement kInsert("campaign_insert", R"(
  INSERT INTO campaign (id, programme, edition, code, display_name, task, admission, window_start,
                        window_end, capacity, waiting_list, eligibility, state, created_at,
                        updated_at, centre_id, offer_hours)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz, $10, $11, $12::jsonb, $13,
          $14::timestamptz, $14::timestamptz, $15, $16)
  ON CONFLICT DO NOTHING)");

const db::Statement kSave("campaign_save", R"(
  UPDATE campaign SET display_name = $2, window_start = $3::timestamptz,
    window_end = $4::timestamptz, capacity = $5, waiting_list = $6, eligibility = $7::jsonb,
    state = $8, closed_at = $9::timestamptz, updated_at = $10::timestamptz, offer_hours = $11
  WHERE id = $1 AND ($12::boolean OR centre_id = ANY($13::uuid[])))");

const db::Statement kSaveSeats("campaign_save_seats", R"(
  UPDATE campaign SET seats_taken = $2, waiting = $3, last_line = $4, offered = $5
  WHERE id = $1 AND ($6::boolean OR centre_id = ANY($7::uuid[])))");

// Where each enrolment of these campaigns stood; a held seat is taken, too. Whosever the enrolments
// are: they are the campaign's seats.
const db::Statement kCountsThen("campaign_counts_then", R"(
  SELECT e.campaign_id, count(*) FILTER (WHERE h.state IN (4, 5, 6, 8)),
    count(*) FILTER (WHERE h.state = 8), count(*) FILTER (WHERE h.state = 3)
  FROM enrolment e JOIN LATERAL (
    SELECT s.state FROM enrolment_transition s
    WHERE s.enrolment_id = e.id AND s.recorded_at <= $2::timestamptz
    ORDER BY s.step DESC LIMIT 1) h ON TRUE
  WHERE e.campaign_id = ANY($1::uuid[]) GROUP BY e.campaign_id)");

}  // namespace

void EnterGates(db::Tx& tx, const base::Scope& scope, const std::vector<base::Uuid>& campaigns) {
  tx.Exec(kEnterGates, db::ArrayOf(campaigns), scope.everywhere(), scope.AsArray());
}

std::optional<Campaign> FindCampaign(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadCampaign(*row);
}

bool InsertCampaign(db::Tx& tx, const Campaign& campaign) {
  return tx.ExecCount(kInsert, campaign.id, campaign.programme, campaign.edition, campaign.code,
                      campaign.display_name, campaign.task, campaign.admission, StartOf(campaign),
                      EndOf(campaign), campaign.capacity, campaign.waiting_list,
                      ToJson(campaign.eligibility), campaign.state, campaign.created_at,
                      campaign.centre, campaign.offer_hours) == 1;
}

void SaveCampaign(db::Tx& tx, const base::Scope& scope, const Campaign& campaign) {
  tx.Exec(kSave, campaign.id, campaign.display_name, StartOf(campaign), EndOf(campaign),
          campaign.capacity, campaign.waiting_list, ToJson(campaign.eligibility), campaign.state,
          campaign.closed_at, campaign.updated_at, campaign.offer_hours, scope.everywhere(),
          scope.AsArray());
}

void SaveSeats(db::Tx& tx, const base::Scope& scope, const Campaign& campaign) {
  tx.Exec(kSaveSeats, campaign.id, campaign.seats_taken, campaign.waiting, campaign.last_line,
          campaign.offered, scope.everywhere(), scope.AsArray());
}

std::optional<CampaignView> FindCampaignView(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id) {
  auto row = tx.ExecOptional(kFindView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadCampaignView(*row);
}

namespace {

// The same words now and at any instant: the view's columns have the table's names.
filter::FieldMap CampaignFields() {
  return {{"name", filter::Resource("c.id", "campaigns/{}").NotNull()},
          {"programme", filter::Text("c.programme").NotNull()},
          {"edition", filter::Text("c.edition").NotNull()},
          {"code", filter::Text("c.code").NotNull()},
          {"task", filter::Enum<v1::TaskKind>("c.task").NotNull()},
          {"admission", filter::Enum<v1::AdmissionMode>("c.admission").NotNull()},
          {"state", filter::Enum<v1::CampaignState>("c.state").NotNull()},
          {"create_time", filter::Timestamp("c.created_at").NotNull()},
          {"centre", filter::Resource("c.centre_id", "organizations/{}")}};
}

}  // namespace

const filter::ListSpec& CampaignList() {
  static const auto* spec =
      new filter::ListSpec{.columns = CAMPAIGN_COLUMNS ", a.version",
                           .from = "campaign c JOIN aggregate a ON a.id = c.id",
                           .fields = CampaignFields(),
                           .key = "name",
                           .centres = {"c.centre_id"}};
  return *spec;
}

filter::ListSpec CampaignListThen(absl::Time instant) {
  const std::string then = InstantLiteral(instant);
  return {.columns = absl::StrCat(
              "c.id, c.programme, c.edition, c.code, c.display_name, c.task, c.admission, "
              "c.window_start, c.window_end, c.capacity, c.waiting_list, c.eligibility, c.state, "
              "c.closed_at, 0, 0, 0, c.created_at, c.updated_at, c.centre_id, c.offer_hours, 0, "
              "coalesce((SELECT v.version FROM event_log v WHERE v.aggregate_id = c.id AND "
              "v.occurred_at <= ",
              then, " ORDER BY v.version DESC LIMIT 1), 0)"),
          .from = "campaign_version c",
          .fields = CampaignFields(),
          .key = "name",
          .fixed = KnownAt("c.", instant),
          .centres = {"c.centre_id"}};
}

void AddCountsThen(db::Tx& tx, absl::Time instant, std::vector<CampaignView>* views) {
  absl::flat_hash_map<base::Uuid, Campaign*> by_id;
  std::vector<base::Uuid> ids;
  for (CampaignView& view : *views) {
    by_id[view.campaign.id] = &view.campaign;
    ids.push_back(view.campaign.id);
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kCountsThen, db::ArrayOf(ids), instant)) {
    Campaign& campaign = *by_id.at(db::AsUuid(row[0]));
    campaign.seats_taken = row[1].as<int>();
    campaign.offered = row[2].as<int>();
    campaign.waiting = row[3].as<int>();
  }
}

CampaignView ReadCampaignView(const db::Row& row) {
  return {ReadCampaign(row), row[kVersionColumn].as<int64_t>()};
}

}  // namespace ieum::registry
