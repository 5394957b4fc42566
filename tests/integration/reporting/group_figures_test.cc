// Goal: what is counted of peer groups follows every correction: a session that was held by mistake
// counts neither itself nor whoever was said to have come, and counts again when it is held anew.
// Method: the very definitions of scenarios/inc-2024; a story with known answers, and a long drawn
// one beside a model, in whichever order its events come. row:C8
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/reporting/incheon_figures.h"

namespace ieum::reporting {
namespace {

// One group as casemgmt tells of it.
class GroupFigures : public IncheonFigures {
 protected:
  GroupFigures() {
    for (const char* code : {"A11", "A12"}) Define(code, Published(code));
  }

  template <class Event>
  Event OfSession(int session) {
    Event event;
    event.mutable_group()->set_programme("INC");
    event.mutable_group()->set_edition("2024");
    event.mutable_session()->set_session_id(TestId(absl::StrCat("session/", session)).ToString());
    event.mutable_session()->set_session_date(absl::StrCat("2024-07-", 10 + session));
    return event;
  }
  template <class Event>
  Event OfMember(int session, int member) {
    Event event = OfSession<Event>(session);
    event.mutable_member()->set_participant_id(TestId(absl::StrCat("member/", member)).ToString());
    return event;
  }
  std::string Record() { return TestId(absl::StrCat("record/", ++records_)).ToString(); }
  void Tell(const google::protobuf::Message& event) { Add("group", event); }

  struct Known {
    std::string record;
    bool came = false;
  };
  void Hold(int session, const std::map<int, bool>& came) {
    for (const auto& [member, present] : came) {
      auto event = OfMember<casemgmt::GroupAttendanceRecorded>(session, member);
      known_[session][member] = {Record(), present};
      event.set_record_id(known_[session][member].record);
      event.set_attendance(present ? casemgmt::GROUP_ATTENDANCE_STATE_PRESENT
                                   : casemgmt::GROUP_ATTENDANCE_STATE_UNEXCUSED);
      Tell(event);
    }
    Tell(OfSession<casemgmt::GroupSessionHeld>(session));
  }
  void Correct(int session, int member, bool present) {
    auto event = OfMember<casemgmt::GroupAttendanceCorrected>(session, member);
    Known& known = known_.at(session).at(member);
    event.set_previous_record_id(known.record);
    known = {Record(), present};
    event.set_record_id(known.record);
    event.set_attendance(present ? casemgmt::GROUP_ATTENDANCE_STATE_PRESENT
                                 : casemgmt::GROUP_ATTENDANCE_STATE_EXCUSED);
    Tell(event);
  }
  void TakeBack(int session) {
    for (const auto& [member, known] : known_.at(session)) {
      auto event = OfMember<casemgmt::GroupAttendanceRetracted>(session, member);
      event.set_previous_record_id(known.record);
      Tell(event);
    }
    known_.erase(session);
    Tell(OfSession<casemgmt::GroupSessionRetracted>(session));
  }
  // "3 sessions, 2 participants", by the model and by the definitions.
  std::string Model() const {
    std::set<int> came;
    for (const auto& [session, members] : known_) {
      for (const auto& [member, known] : members) {
        if (known.came) came.insert(member);
      }
    }
    return absl::StrCat(known_.size(), " sessions, ", came.size(), " participants");
  }
  std::string Figures() {
    return absl::StrCat(Figure("A12").actual(), " sessions, ", Figure("A11").actual(),
                        " participants");
  }

  std::map<int, std::map<int, Known>> known_;  // of sessions that are held, by member
  int records_ = 0;
};

TEST_F(GroupFigures, CountNeitherASessionThatWasNotHeldNorWhoDidNotComeToIt) {
  Hold(1, {{1, true}, {2, false}});
  Hold(2, {{1, true}, {2, true}, {3, true}});
  TakeBack(2);
  Consume();
  EXPECT_EQ(Figures(), "1 sessions, 1 participants");
  Hold(2, {{1, false}, {2, true}});
  Consume();
  EXPECT_EQ(Figures(), "2 sessions, 2 participants");
  EXPECT_EQ(Figure("A12", {"2024-07-11"}).actual(), "1");
  Correct(1, 1, false);
  Consume();
  EXPECT_EQ(Figures(), "2 sessions, 1 participants");
  int counted = 0, taken_back = 0;
  for (const v1::Contribution& one : Explain("A12", 2)) (one.counted() ? counted : taken_back)++;
  EXPECT_EQ(counted, 2);
  EXPECT_EQ(taken_back, 1) << "and it is shown what took it back";
}

TEST_F(GroupFigures, FollowALongStoryWithItsModel) {
  std::mt19937 random(8);
  for (int step = 0; step < 120; ++step) {
    const int session = static_cast<int>(random() % 6);
    if (!known_.contains(session)) {
      std::map<int, bool> came;
      for (int member = 0; member < 5; ++member) {
        if (random() % 4 != 0) came[member] = random() % 3 == 0;
      }
      Hold(session, came);
    } else if (random() % 2 == 0 || known_.at(session).empty()) {
      TakeBack(session);
    } else {
      Correct(session, known_.at(session).begin()->first, random() % 2 == 0);
    }
  }
  ConsumeShuffled(8);
  EXPECT_EQ(Figures(), Model());
  EXPECT_NE(Model().substr(0, 1), "0");
}

}  // namespace
}  // namespace ieum::reporting
