#include "services/registry/merges/double_enrolments.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/merges/double_enrolment_store.h"

namespace ieum::registry {
namespace {

// Whose the enrolments are is asked of themselves (CheckScope); the campaigns' gates, seats and
// lines are nobody's then.
base::Scope Everybody() { return base::Scope::Everywhere(); }

void EnterEach(ledger::UnitOfWork& work, const std::vector<DoubleEnrolment>& doubles) {
  std::vector<base::Uuid> campaigns;
  for (const DoubleEnrolment& each : doubles) campaigns.push_back(each.campaign_id);
  if (!campaigns.empty()) EnterGates(work.tx(), Everybody(), campaigns);
}

Campaign CampaignOf(ledger::UnitOfWork& work, const DoubleEnrolment& each) {
  return *FindCampaign(work.tx(), Everybody(), each.campaign_id);
}

// The state from which a merge took it.
v1::EnrolmentState StateBefore(const Enrolment& enrolment) {
  return enrolment.steps[enrolment.steps.size() - 2].state;
}

}  // namespace

void DoubleEnrolments::FindOf(const base::Uuid& survivor, const base::Uuid& duplicate) {
  for (const EnrolmentDouble& found : FindDoubles(work_.tx(), survivor, duplicate)) {
    doubles_.push_back({found.campaign_id, found.id, found.other_id, {}});
  }
  EnterEach(work_, doubles_);
  for (DoubleEnrolment& each : doubles_) {
    each.next = FirstInLine(work_.tx(), each.campaign_id, 1, {each.one, each.other});
  }
}

void DoubleEnrolments::FindGivenUpBy(const base::Uuid& merge) {
  for (const EnrolmentPlace& place : FindGivenUp(work_.tx(), merge)) {
    doubles_.push_back({place.campaign_id, place.id, place.id, {}});
  }
  EnterEach(work_, doubles_);
}

std::vector<base::Uuid> DoubleEnrolments::ToLock() const {
  std::vector<base::Uuid> ids;
  for (const DoubleEnrolment& each : doubles_) {
    ids.insert(ids.end(), {each.campaign_id, each.one, each.other});
    ids.insert(ids.end(), each.next.begin(), each.next.end());
  }
  return ids;
}

absl::Status DoubleEnrolments::CheckScope() const {
  for (const DoubleEnrolment& each : doubles_) {
    if (FindEnrolment(work_.tx(), work_.scope(), each.one) &&
        FindEnrolment(work_.tx(), work_.scope(), each.other)) {
      continue;
    }
    return base::Error(
        absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
        "both take part in a campaign, for a centre that you do not act for; let somebody who does "
        "merge them");
  }
  return absl::OkStatus();
}

absl::Status DoubleEnrolments::CheckFound(const base::Uuid& survivor,
                                          const base::Uuid& duplicate) const {
  std::vector<EnrolmentDouble> known;
  for (const DoubleEnrolment& each : doubles_) {
    known.push_back({each.campaign_id, each.one, each.other});
  }
  // Who asked meanwhile did so before the gate was shut.
  if (FindDoubles(work_.tx(), survivor, duplicate) != known) db::Conflict();
  return CheckScope();
}

absl::Status DoubleEnrolments::CheckRoom(const base::Uuid& merge) const {
  RETURN_IF_ERROR(CheckScope());
  for (const DoubleEnrolment& each : doubles_) {
    if (const auto since = FindAskedSince(work_.tx(), merge, each.other)) {
      return base::Forbidden(
          v1::ERROR_REASON_ENROLMENT_STATE,
          "she has asked in the campaign again since the merge; withdraw that enrolment first",
          {{"enrolment", EnrolmentName(each.campaign_id, *since)}});
    }
    const auto enrolment = FindEnrolment(work_.tx(), work_.scope(), each.other);
    const v1::EnrolmentState before = StateBefore(*enrolment);
    const bool seated = HoldsSeat(before) || before == v1::ENROLMENT_STATE_OFFERED;
    if (!seated || CampaignOf(work_, each).HasFreeSeat()) continue;
    return base::Forbidden(
        v1::ERROR_REASON_MERGE_SEAT_TAKEN,
        "the seat that the merge gave back has gone to somebody else; give the campaign one more",
        {{"campaign", CampaignName(each.campaign_id)},
         {"enrolment", EnrolmentName(each.campaign_id, each.other)}});
  }
  return absl::OkStatus();
}

void DoubleEnrolments::Settle(const PersonMerge& merge) {
  for (const DoubleEnrolment& each : doubles_) {
    Enrolment one = *FindEnrolment(work_.tx(), work_.scope(), each.one);
    Enrolment other = *FindEnrolment(work_.tx(), work_.scope(), each.other);
    Enrolment& given_up = Outranks(one, other) ? other : one;
    Seating seating(work_, CampaignOf(work_, each));
    seating.GiveUpForMerge(&given_up);
    seating.Promote(FindEnrolments(work_.tx(), Everybody(), each.next));
    seating.Save();
    NoteGivenUp(work_.tx(), merge.id, given_up.id);
  }
}

void DoubleEnrolments::TakeUpAgain() {
  for (const DoubleEnrolment& each : doubles_) {
    Enrolment enrolment = *FindEnrolment(work_.tx(), work_.scope(), each.other);
    Seating seating(work_, CampaignOf(work_, each));
    DropMergedStep(work_.tx(), enrolment.id);
    seating.TakeUpAgain(&enrolment);
    seating.Save();
  }
}

}  // namespace ieum::registry
