// What other services have said about firms and campaigns, as far as it decides something here.
// Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct OrganizationReference {
  base::Uuid id;
  registry::v1::OrganizationKind kind = registry::v1::ORGANIZATION_KIND_UNSPECIFIED;
  std::optional<absl::CivilDay> inactive_from;  // absent = active
};

struct CampaignReference {
  base::Uuid id;
  std::string code, programme, edition;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  registry::v1::AdmissionMode admission = registry::v1::ADMISSION_MODE_UNSPECIFIED;
  registry::v1::CampaignState state = registry::v1::CAMPAIGN_STATE_UNSPECIFIED;
  std::optional<absl::Time> window_start, window_end;  // start ≤ t < end; absent = no window
  std::optional<absl::CivilDay> window_end_date;
  std::optional<base::Uuid> centre;  // whose it is; nullopt = the whole suite's
};

// The campaign that an event tells of. INVALID_ARGUMENT when an id or a day cannot be read.
absl::StatusOr<CampaignReference> CampaignOf(const registry::v1::CampaignFacts& facts);

// ORGANIZATION_UNKNOWN when nothing was heard of it, ORGANIZATION_INACTIVE when it is deactivated
// on that day.
absl::Status CheckActive(const std::optional<OrganizationReference>& organization,
                         absl::CivilDay on);

// The same of a firm; ORGANIZATION_NOT_FIRM when it is another kind
// of body, ORGANIZATION_INACTIVE when it is deactivated on that day.
absl::Status CheckTakesPart(const std::optional<OrganizationReference>& organization,
                            absl::CivilDay on);

// WINDOW_CLOSED unless the campaign is open and start ≤ instant < end, exactly. A campaign without
// a window takes forms as long as it is open.
absl::Status CheckInWindow(const CampaignReference& campaign, absl::Time instant);

}  // namespace ieum::casemgmt
