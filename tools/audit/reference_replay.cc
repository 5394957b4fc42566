#include "tools/audit/reference_replay.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/references/reference.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/replay.h"

namespace ieum::audit {
namespace {

namespace registry = ieum::registry::v1;

struct Organization {
  int kind = 0;
  std::string inactive_from;  // ISO day; empty = active
  int64_t version = 0;
  int64_t pos = 0;  // of the last event
};
struct Campaign {
  casemgmt::CampaignReference reference;
  int64_t version = 0;
  int64_t pos = 0;
};

struct References {
  std::map<base::Uuid, Organization> organizations;
  std::map<base::Uuid, Campaign> campaigns;
};

template <class Event>
const Event* As(const Replayed& replayed) {
  return replayed.event.type() == Event::descriptor()->full_name()
             ? static_cast<const Event*>(&replayed.message)
             : nullptr;
}

void Hear(const Replayed& replayed, int kind, std::string inactive_from, References& references) {
  const auto id = base::Uuid::Parse(replayed.event.aggregate_id());
  Organization& organization = references.organizations[id.value_or(base::Uuid())];
  organization.kind = kind;
  if (!inactive_from.empty()) organization.inactive_from = std::move(inactive_from);
  organization.version = replayed.event.aggregate_version();
  organization.pos = replayed.event.position();
}

template <class Event>
absl::Status Learn(const Replayed& replayed, References& references) {
  const Event* event = As<Event>(replayed);
  if (event == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(casemgmt::CampaignReference reference, casemgmt::CampaignOf(event->campaign()));
  const base::Uuid id = reference.id;
  references.campaigns[id] = {std::move(reference), replayed.event.aggregate_version(),
                              replayed.event.position()};
  return absl::OkStatus();
}

absl::Status Apply(const Replayed& replayed, References& references) {
  if (const auto* event = As<registry::OrganizationRegistered>(replayed)) {
    Hear(replayed, event->kind(), "", references);
  } else if (const auto* updated = As<registry::OrganizationUpdated>(replayed)) {
    Hear(replayed, updated->kind(), "", references);
  } else if (const auto* gone = As<registry::OrganizationDeactivated>(replayed)) {
    Hear(replayed, gone->kind(), gone->effective_date(), references);
  }
  RETURN_IF_ERROR(Learn<registry::CampaignCreated>(replayed, references));
  RETURN_IF_ERROR(Learn<registry::CampaignChanged>(replayed, references));
  RETURN_IF_ERROR(Learn<registry::CampaignOpened>(replayed, references));
  return Learn<registry::CampaignClosed>(replayed, references);
}

Offender OffenderOf(const base::Uuid& id, int64_t pos, std::string what) {
  return {"registry", id.shard(), pos, "", id.ToString(), std::move(what)};
}

const db::Statement kOrganizations("audit_organization_references", R"(
  SELECT id, kind, coalesce(to_char(inactive_from, 'YYYY-MM-DD'), ''), version
  FROM organization_reference)");

void CompareOrganizations(db::Tx& tx, std::map<base::Uuid, Organization> expected, Tally& tally) {
  for (const auto& row : tx.Exec(kOrganizations)) {
    tally.Checked();
    const base::Uuid id = db::AsUuid(row[0]);
    const auto found = expected.find(id);
    if (found == expected.end()) {
      tally.Breach(OffenderOf(id, 0, "casemgmt keeps an organization that no event told of"));
      continue;
    }
    const Organization& made = found->second;
    if (row[1].as<int>() != made.kind || db::AsText(row[2]) != made.inactive_from ||
        row[3].as<int64_t>() != made.version) {
      tally.Breach(OffenderOf(id, made.pos, "casemgmt keeps another organization than a replay"));
    }
    expected.erase(found);
  }
  for (const auto& [id, made] : expected) {
    tally.Breach(OffenderOf(id, made.pos, "a replay gives an organization that casemgmt lacks"));
  }
}

const db::Statement kCampaigns("audit_campaign_references", R"(
  SELECT id, code, programme, edition, task, admission, state, window_start, window_end,
         window_end_date, version
  FROM campaign_reference)");

bool Equal(const db::Row& row, const Campaign& made) {
  const casemgmt::CampaignReference& campaign = made.reference;
  return db::AsText(row[1]) == campaign.code && db::AsText(row[2]) == campaign.programme &&
         db::AsText(row[3]) == campaign.edition && row[4].as<int>() == campaign.task &&
         row[5].as<int>() == campaign.admission && row[6].as<int>() == campaign.state &&
         db::AsOptionalTime(row[7]) == campaign.window_start &&
         db::AsOptionalTime(row[8]) == campaign.window_end &&
         db::AsOptionalDay(row[9]) == campaign.window_end_date &&
         row[10].as<int64_t>() == made.version;
}

void CompareCampaigns(db::Tx& tx, std::map<base::Uuid, Campaign> expected, Tally& tally) {
  for (const auto& row : tx.Exec(kCampaigns)) {
    tally.Checked();
    const base::Uuid id = db::AsUuid(row[0]);
    const auto found = expected.find(id);
    if (found == expected.end()) {
      tally.Breach(OffenderOf(id, 0, "casemgmt keeps a campaign that no event told of"));
      continue;
    }
    if (!Equal(row, found->second)) {
      tally.Breach(
          OffenderOf(id, found->second.pos, "casemgmt keeps another campaign than a replay"));
    }
    expected.erase(found);
  }
  for (const auto& [id, made] : expected) {
    tally.Breach(OffenderOf(id, made.pos, "a replay gives a campaign that casemgmt lacks"));
  }
}

}  // namespace

absl::Status ReplayReferences(Subject& subject, const Service& casemgmt, Tally& tally) {
  const Service* producer = subject.Find("registry");
  if (producer == nullptr) return absl::OkStatus();
  if (!subject.at_rest()) {
    tally.Note("casemgmt's references are compared at rest only");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*producer->database));
  if (ledger.epoch > 1) {
    tally.Note("casemgmt's references are not compared: registry's ledger was restored once");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Inbox inbox, ReadInbox(*casemgmt.database));
  References references;
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    RETURN_IF_ERROR(Replay(*producer, shard, inbox,
                           [&](const Replayed& event) { return Apply(event, references); }));
  }
  return casemgmt.database->Read("audit_references", [&](db::Tx& tx) {
    CompareOrganizations(tx, references.organizations, tally);
    CompareCampaigns(tx, references.campaigns, tally);
    return absl::OkStatus();
  });
}

}  // namespace ieum::audit
