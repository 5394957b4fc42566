// Two enrolments of one person in one campaign: a merge gives one of them up, with its seat, and an
// undone merge takes it up again. Behind the gates of the campaigns, which are entered before
// anything is locked. row:R5
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/enrolments/enrolment.h"
#include "services/registry/merges/merge.h"

namespace ieum::registry {

// What happens in one campaign: which enrolment stays, which is given up, and who is next in line.
struct DoubleEnrolment {
  base::Uuid campaign_id;
  base::Uuid one, other;  // of a merge to be; `other` alone of one that is to be undone
  std::vector<base::Uuid> next;
};

class DoubleEnrolments {
 public:
  explicit DoubleEnrolments(ledger::UnitOfWork& work) : work_(work) {}

  // Before the locks: enters the gates and finds what two persons have twice, or what a merge gave
  // up.
  void FindOf(const base::Uuid& survivor, const base::Uuid& duplicate);
  void FindGivenUpBy(const base::Uuid& merge);
  std::vector<base::Uuid> ToLock() const;

  // With the persons locked. PERMISSION_DENIED where a campaign is not the caller's to act for.
  // Ends the transaction as a conflict when there are others by now.
  absl::Status CheckFound(const base::Uuid& survivor, const base::Uuid& duplicate) const;
  // The same of what is to be taken up again; MERGE_SEAT_TAKEN where there is no seat for it,
  // ENROLMENT_STATE where she has asked in that campaign again since.
  absl::Status CheckRoom(const base::Uuid& merge) const;

  // Withdraws of each two the one that does not count; its seat goes to the next in line.
  void Settle(const PersonMerge& merge);
  void TakeUpAgain();

 private:
  absl::Status CheckScope() const;

  ledger::UnitOfWork& work_;
  std::vector<DoubleEnrolment> doubles_;
};

}  // namespace ieum::registry
