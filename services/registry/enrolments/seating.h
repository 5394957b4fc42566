// The seats of one campaign within one transaction: who gets one, who waits, who gives one back.
// The campaign's gate was entered before; its version and every enrolment passed in here are
// locked. Each change is stored and told at once, but for Ask, which a verdict or a withdrawal
// follows; Save ends it.
#pragma once

#include <vector>

#include "platform/ledger/unit_of_work.h"
#include "services/registry/enrolments/enrolment.h"

namespace ieum::registry {

inline constexpr char kEnrolmentKind[] = "enrolment";

class Seating {
 public:
  Seating(ledger::UnitOfWork& work, Campaign campaign);

  const Campaign& campaign() const { return campaign_; }
  int free_seats() const;  // INT_MAX when there is no limit

  // Someone asks: gets the next number of the line and the state APPLIED.
  void Ask(Enrolment* enrolment);
  // The verdict on one that has just asked, by the campaign's rules and by its facts and evidence.
  void Judge(Enrolment* enrolment);
  // Gives a seat, held or taken, or a place in the line back. ENROLMENT_STATE, DATE_ORDER blaming
  // `withdrawn_date`.
  absl::Status Withdraw(Enrolment* enrolment, v1::WithdrawalReason reason, absl::CivilDay day);
  // Seats for those who wait, in the order given, while there are any: at once, or as offers where
  // the campaign says so.
  void Promote(std::vector<Enrolment> line);
  // The answers to an offer. ENROLMENT_STATE, OFFER_EXPIRED.
  absl::Status Accept(Enrolment* enrolment);
  absl::Status Decline(Enrolment* enrolment);
  // The end of an offer that nobody answered. ENROLMENT_STATE.
  absl::Status Expire(Enrolment* enrolment);
  // Of two enrolments of one person whose records are merged one is given up, wherever it stands;
  // an undone merge takes it up where it stood, when there is room for it, and the step was
  // dropped.
  void GiveUpForMerge(Enrolment* enrolment);
  void TakeUpAgain(Enrolment* enrolment);
  // Stores what has become of seats and line.
  void Save();

 private:
  EnrolmentStep NewStep(v1::EnrolmentState state, absl::CivilDay day) const;
  absl::CivilDay today() const;
  absl::CivilDay StepDay(const Enrolment& enrolment) const;
  // Its last step was the withdrawal.
  void Leave(const Enrolment& enrolment, v1::EnrolmentState previous);
  // A seat that is counted already.
  void Confirm(Enrolment* enrolment, bool promoted);
  void Offer(Enrolment* enrolment);
  template <class Event>
  Event EventOf(const Enrolment& enrolment) const;
  void Tell(const Enrolment& enrolment, const google::protobuf::Message& event);
  void Append(const Enrolment& enrolment, const google::protobuf::Message& event);

  ledger::UnitOfWork& work_;
  Campaign campaign_;
};

}  // namespace ieum::registry
