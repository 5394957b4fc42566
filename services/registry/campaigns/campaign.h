// A campaign: one task of one edition of a programme, with its window, seats and rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// start ≤ t < end.
struct TimeWindow {
  absl::Time start;
  absl::Time end;

  bool operator==(const TimeWindow&) const = default;
  // Whether any instant of [first, last] lies in it.
  bool Meets(absl::Time first, absl::Time last) const { return first < end && last >= start; }
  // Korean days of the first and of the last instant; an end at midnight belongs to the day before.
  absl::CivilDay FirstDay() const;
  absl::CivilDay LastDay() const;
};

struct Campaign {
  base::Uuid id;
  std::string programme;
  std::string edition;
  std::string code;
  std::string display_name;
  v1::TaskKind task = v1::TASK_KIND_UNSPECIFIED;
  v1::AdmissionMode admission = v1::ADMISSION_MODE_UNSPECIFIED;
  std::optional<TimeWindow> window;
  int capacity = 0;  // 0 = no limit
  bool waiting_list = false;
  int offer_hours = 0;  // how long a seat is held for the first who waits; 0 = he has it at once
  v1::EligibilityRules eligibility;
  v1::CampaignState state = v1::CAMPAIGN_STATE_PLANNED;
  std::optional<absl::Time> closed_at;
  int seats_taken = 0;  // those held by an offer too
  int offered = 0;      // of them, held by an offer
  int waiting = 0;
  int64_t last_line = 0;             // line number of the last one who asked
  std::optional<base::Uuid> centre;  // whose it is; nullopt = the whole suite's
  absl::Time created_at;
  absl::Time updated_at;

  bool HasFreeSeat() const { return capacity == 0 || seats_taken < capacity; }
  // Whether what was handed in during [first, last] came within the window of the open campaign. A
  // form that was in time stays so when its receipt is recorded after the closing.
  bool TookFormsDuring(absl::Time first, absl::Time last) const;
};

// "campaigns/{uuid}".
std::string CampaignName(const base::Uuid& id);

// Takes display name, window, capacity, waiting list, offers and rules from the contract's message,
// named below "campaign"; every fault goes to `errors`.
void TakeTerms(const v1::Campaign& wanted, Campaign* campaign, base::FieldErrors* errors);
// The same fields as a message.
v1::Campaign TermsOf(const Campaign& campaign);
// Paths of the terms that differ.
std::vector<std::string> ChangedTerms(const Campaign& before, const Campaign& after);

// Rules that name what no table knows.
void CheckRuleCodes(const std::vector<std::string>& unknown_regions,
                    const std::vector<std::string>& unknown_ksic, base::FieldErrors* errors);

// Whether the terms may become `after`: CAMPAIGN_STATE for a closed one, WINDOW_MISSING,
// CAPACITY_BELOW_ENROLLED.
absl::Status CheckChange(const Campaign& before, const Campaign& after);

// The steps; a refusal changes nothing. CAMPAIGN_STATE, WINDOW_MISSING.
absl::Status Open(Campaign* campaign);
absl::Status Close(Campaign* campaign, absl::Time now);

// What events say of it.
v1::CampaignFacts CampaignFactsOf(const Campaign& campaign);

}  // namespace ieum::registry
