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
  // The verdict on one that has just asked: `reason` names the rule that failed, or none.
  void Judge(Enrolment* enrolment, v1::DenialReason reason);
  // Gives a seat or a place in the line back. ENROLMENT_STATE, DATE_ORDER blaming `withdrawn_date`.
  absl::Status Withdraw(Enrolment* enrolment, v1::WithdrawalReason reason, absl::CivilDay day);
  // Seats for those who wait, in the order given, while there are any.
  void Promote(std::vector<Enrolment> line);
  // Stores what has become of seats and line.
  void Save();

 private:
  EnrolmentStep NewStep(v1::EnrolmentState state, absl::CivilDay day) const;
  absl::CivilDay today() const;
  absl::CivilDay StepDay(const Enrolment& enrolment) const;
  void Confirm(Enrolment* enrolment, bool promoted);
  template <class Event>
  Event EventOf(const Enrolment& enrolment) const;
  void Tell(const Enrolment& enrolment, const google::protobuf::Message& event);
  void Append(const Enrolment& enrolment, const google::protobuf::Message& event);

  ledger::UnitOfWork& work_;
  Campaign campaign_;
};

}  // namespace ieum::registry
