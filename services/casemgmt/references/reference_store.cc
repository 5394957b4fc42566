#include "services/casemgmt/references/reference_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kCampaignColumns[] =
    "id, code, programme, edition, task, admission, state, window_start, window_end, "
    "window_end_date, version, centre_id";
constexpr char kFrom[] =
    " FROM campaign_reference WHERE id = $1 AND ($2::boolean OR centre_id = ANY($3::uuid[]))";

KnownCampaign CampaignFrom(const db::Row& row) {
  KnownCampaign known;
  CampaignReference& campaign = known.campaign;
  campaign.id = db::AsUuid(row[0]);
  campaign.code = db::AsText(row[1]);
  campaign.programme = db::AsText(row[2]);
  campaign.edition = db::AsText(row[3]);
  campaign.task = static_cast<registry::v1::TaskKind>(row[4].as<int>());
  campaign.admission = static_cast<registry::v1::AdmissionMode>(row[5].as<int>());
  campaign.state = static_cast<registry::v1::CampaignState>(row[6].as<int>());
  campaign.window_start = db::AsOptionalTime(row[7]);
  campaign.window_end = db::AsOptionalTime(row[8]);
  campaign.window_end_date = db::AsOptionalDay(row[9]);
  known.version = row[10].as<int64_t>();
  campaign.centre = db::AsOptionalUuid(row[11]);
  return known;
}

std::optional<CampaignReference> CampaignIn(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return CampaignFrom(*row).campaign;
}

}  // namespace

const db::Statement kFindOrganization("organization_reference_find", R"(
  SELECT id, kind, inactive_from FROM organization_reference WHERE id = $1)");

std::optional<OrganizationReference> FindOrganization(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindOrganization, id);
  if (!row) return std::nullopt;
  return OrganizationReference{
      .id = db::AsUuid((*row)[0]),
      .kind = static_cast<registry::v1::OrganizationKind>((*row)[1].as<int>()),
      .inactive_from = db::AsOptionalDay((*row)[2])};
}

const db::Statement kKeepOrganizations("organization_reference_keep", R"(
  INSERT INTO organization_reference AS known (id, kind, inactive_from, version)
  SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::date[], $4::bigint[])
  ON CONFLICT (id) DO UPDATE
  SET kind = EXCLUDED.kind, version = EXCLUDED.version,
      inactive_from = coalesce(EXCLUDED.inactive_from, known.inactive_from)
  WHERE EXCLUDED.version > known.version)");

void KeepOrganizations(db::Tx& tx, const std::vector<HeardOrganization>& heard) {
  std::vector<db::Param> ids, kinds, inactive, versions;
  for (const HeardOrganization& each : heard) {
    ids.emplace_back(each.organization.id);
    kinds.emplace_back(each.organization.kind);
    inactive.emplace_back(each.organization.inactive_from);
    versions.emplace_back(each.version);
  }
  tx.Exec(kKeepOrganizations, db::Array(ids), db::Array(kinds), db::Array(inactive),
          db::Array(versions));
}

const db::Statement kForgetOrganizationVersions("organization_reference_forget",
                                                "UPDATE organization_reference SET version = 0");
const db::Statement kForgetCampaignVersions("campaign_reference_forget",
                                            "UPDATE campaign_reference SET version = 0");

void ForgetReferenceVersions(db::Tx& tx) {
  tx.Exec(kForgetOrganizationVersions);
  tx.Exec(kForgetCampaignVersions);
}

const std::string kFindCampaignSql = absl::StrCat("SELECT ", kCampaignColumns, kFrom);
const db::Statement kFindCampaign("campaign_reference_find", kFindCampaignSql.c_str());

std::optional<CampaignReference> FindCampaign(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& id) {
  return CampaignIn(tx.ExecOptional(kFindCampaign, id, scope.everywhere(), scope.AsArray()));
}

const std::string kHoldCampaignSql = absl::StrCat(kFindCampaignSql, " FOR SHARE");
const db::Statement kHoldCampaign("campaign_reference_hold", kHoldCampaignSql.c_str());

std::optional<CampaignReference> HoldCampaign(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& id) {
  return CampaignIn(tx.ExecOptional(kHoldCampaign, id, scope.everywhere(), scope.AsArray()));
}

const std::string kTakeCampaignSql = absl::StrCat(
    "SELECT ", kCampaignColumns, " FROM campaign_reference WHERE id = $1 FOR NO KEY UPDATE");
const db::Statement kTakeCampaign("campaign_reference_take", kTakeCampaignSql.c_str());

std::optional<KnownCampaign> TakeCampaign(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kTakeCampaign, id);
  if (!row) return std::nullopt;
  return CampaignFrom(*row);
}

const db::Statement kKeepCampaign("campaign_reference_keep", R"(
  INSERT INTO campaign_reference AS known
    (id, code, programme, edition, task, admission, state, window_start, window_end,
     window_end_date, version, centre_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (id) DO UPDATE
  SET code = EXCLUDED.code, programme = EXCLUDED.programme, edition = EXCLUDED.edition,
      task = EXCLUDED.task, admission = EXCLUDED.admission, state = EXCLUDED.state,
      window_start = EXCLUDED.window_start, window_end = EXCLUDED.window_end,
      window_end_date = EXCLUDED.window_end_date, version = EXCLUDED.version,
      centre_id = EXCLUDED.centre_id
  WHERE EXCLUDED.version > known.version
     OR (EXCLUDED.version = known.version AND known.centre_id IS NULL
         AND EXCLUDED.centre_id IS NOT NULL))");

void KeepCampaign(db::Tx& tx, const CampaignReference& campaign, int64_t version) {
  tx.Exec(kKeepCampaign, campaign.id, campaign.code, campaign.programme, campaign.edition,
          campaign.task, campaign.admission, campaign.state, campaign.window_start,
          campaign.window_end, campaign.window_end_date, version, campaign.centre);
}

}  // namespace ieum::casemgmt
