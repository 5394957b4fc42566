// Goal: a move is decided once, in time, by somebody else than who asked. row:R24
#include "services/registry/moves/move.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

const absl::Time kAsked = base::KoreaInstant(absl::CivilDay(2024, 3, 4), 11);

Move Asked() {
  Move move;
  move.id = base::Uuid::NewV7();
  move.kind = v1::MOVE_KIND_PERSON;
  move.person_id = base::Uuid::NewV7();
  move.from_centre = base::Uuid::NewV7();
  move.to_centre = base::Uuid::NewV7();
  move.requester = "staff/giver";
  move.created_at = kAsked;
  move.expires_at = MoveEnd(kAsked);
  return move;
}

TEST(Move, EndsWithTheFourteenthDayAfterItWasAskedFor) {
  EXPECT_EQ(MoveEnd(kAsked), base::KoreaInstant(absl::CivilDay(2024, 3, 19), 0));
  Move last = Asked();
  EXPECT_TRUE(Accept(&last, "staff/taker", MoveEnd(kAsked) - absl::Microseconds(1)).ok());
  Move late = Asked();
  EXPECT_EQ(base::ReasonOf(Accept(&late, "staff/taker", MoveEnd(kAsked))), "MOVE_STATE");
  EXPECT_EQ(late.state, v1::MOVE_STATE_REQUESTED);
}

TEST(Move, IsNotAcceptedByWhoAskedForIt) {
  Move move = Asked();
  const absl::Status refused = Accept(&move, "staff/giver", kAsked);
  EXPECT_EQ(base::ReasonOf(refused), "MOVE_NEEDS_ANOTHER");
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
  EXPECT_EQ(move.state, v1::MOVE_STATE_REQUESTED);
  EXPECT_FALSE(move.decided_at);
}

TEST(Move, IsDecidedOnce) {
  for (const auto state : {v1::MOVE_STATE_ACCEPTED, v1::MOVE_STATE_DECLINED,
                           v1::MOVE_STATE_CANCELLED, v1::MOVE_STATE_EXPIRED}) {
    Move move = Asked();
    move.state = state;
    for (const absl::Status& refused :
         {Accept(&move, "staff/taker", kAsked), Decline(&move, "staff/taker", "", kAsked),
          Cancel(&move, v1::MOVE_CANCEL_CAUSE_WITHDRAWN, "staff/giver", "", kAsked),
          Expire(&move)}) {
      EXPECT_EQ(base::ReasonOf(refused), "MOVE_STATE") << v1::MoveState_Name(state);
    }
    EXPECT_EQ(move.state, state);
  }
}

TEST(Move, SaysWhoDecidedAndWhy) {
  Move declined = Asked();
  ASSERT_TRUE(Decline(&declined, "staff/taker", "no room", kAsked).ok());
  EXPECT_EQ(declined.decider, "staff/taker");
  EXPECT_EQ(declined.decision_reason, "no room");
  EXPECT_EQ(*declined.decided_at, kAsked);
  Move erased = Asked();
  ASSERT_TRUE(Cancel(&erased, v1::MOVE_CANCEL_CAUSE_PERSON_ERASED, "staff/x", "", kAsked).ok());
  EXPECT_EQ(erased.cancel_cause, v1::MOVE_CANCEL_CAUSE_PERSON_ERASED);
  Move expired = Asked();
  ASSERT_TRUE(Expire(&expired).ok());
  EXPECT_EQ(*expired.decided_at, expired.expires_at);
  EXPECT_EQ(expired.decider, "");
}

TEST(Move, TakesAlongWhatGoesOn) {
  for (const auto state :
       {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_OFFERED,
        v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE}) {
    EXPECT_TRUE(GoesOn(state)) << v1::EnrolmentState_Name(state);
  }
  for (const auto state :
       {v1::ENROLMENT_STATE_DENIED, v1::ENROLMENT_STATE_COMPLETED, v1::ENROLMENT_STATE_WITHDRAWN}) {
    EXPECT_FALSE(GoesOn(state)) << v1::EnrolmentState_Name(state);
  }
}

TEST(Move, NamesNobodyInItsEvents) {
  Move move = Asked();
  move.reason = "why";
  move.items = {"email"};
  const v1::MoveFacts facts = MoveFactsOf(move);
  EXPECT_EQ(facts.move_id(), move.id.ToString());
  EXPECT_EQ(facts.person_id(), move.person_id->ToString());
  EXPECT_EQ(facts.from_centre_id(), move.from_centre->ToString());
  EXPECT_EQ(facts.to_centre_id(), move.to_centre.ToString());
  EXPECT_EQ(facts.organization_id() + facts.enrolment_id(), "");
  EXPECT_EQ(facts.ShortDebugString().find("why"), std::string::npos);
}

}  // namespace
}  // namespace ieum::registry
