// One firm on its way through the programme: entered with a contact, visited, advised, with a form
// that is sent in, received and sometimes taken back. Of some the contact consents and is merged
// with a second record of hers, of some further firms come out of a file, and in the end some
// contacts are erased. Which way it goes is random, and now and then it does what is not allowed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/faults/command.h"
#include "tests/faults/dice.h"
#include "tests/faults/world.h"

namespace ieum::faults {

// Numbers of firms say whose they are: those of two clients do not meet.
inline constexpr int64_t kFirmsOfAClient = 100'000;
// What the names of a client's firms and people show, and no answer to another client may show.
std::string MarkOf(int64_t number);

// One thread.
class FirmCase {
 public:
  // `number`: different for all firms of a run.
  FirmCase(const World::Campaigns& campaigns, Dice dice, int64_t number);

  // What comes next at this business time; nothing when it waits for a day to come.
  std::optional<Command> Next(absl::Time now);
  // How the last command ended: done, with the name of what was answered, or refused. An outcome
  // that is not known is told later.
  void OnOutcome(bool done, const std::string& name);
  bool finished() const { return phase_ == Phase::kEnd; }
  // Its way ends here: the outcome of its last command stays unknown.
  void Abandon() { phase_ = Phase::kEnd; }

 private:
  enum class Phase {
    kEnter,
    kContact,
    kAffiliate,
    kSayYes,
    kTakeBack,
    kDouble,
    kMerge,
    kUndo,
    kFile,
    kRows,
    kFileEnd,
    kOpen,
    kCall,
    kPlan,
    kVisit,
    kReport,
    kDiagnose,
    kAgree,
    kStart,
    kDraft,
    kSign,
    kSubmit,
    kReceive,
    kForward,
    kResult,
    kEnrol,
    kActivate,
    kFinish,
    kLeave,
    kErase,
    kEnd
  };

  Command Aside();  // something that changes nothing of the way
  Command Enter();
  Command Contact();
  Command Affiliate();
  Command Beside();  // what is no step of the way: the contact's own, and a file
  Command SayYes();
  Command TakeBack();
  Command Double();
  Command Merge();
  Command Undo();
  Command File();
  Command Rows();
  Command FileEnd();
  Command Erase();
  Phase AfterMerges();
  Command Open();
  Command Call();
  Command Plan(absl::Time now);
  std::optional<Command> Visit(absl::Time now);
  Command Reschedule(absl::Time now);
  Command Report();
  Command Diagnose();
  Command Agree();
  Command Start();
  Command Draft();
  Command Sign();
  Command Submit();
  Command Receive();
  Command Forward();
  Command Result();
  Command Enrol();
  Command Activate();
  Command Finish();
  Command Leave();
  Command Rename();
  Command ChangePerson();
  Command RecordFacts();
  Command SetTarget();
  Command WrongStep();
  void PickTimes(absl::Time now);
  std::string Organization() const { return "organizations/" + organization_; }
  std::string Engagement() const { return "engagements/" + engagement_; }
  std::string VisitName() const { return Engagement() + "/visits/" + visit_; }
  std::string Application() const { return "applications/" + application_; }
  std::string Enrolment() const { return campaign_ + "/enrolments/" + enrolment_; }

  Dice dice_;
  const int64_t number_;
  enum class Way { kForm, kExternal, kFocus, kHand } way_;
  std::string campaign_;
  const std::string paper_;  // the text that contacts are asked with
  std::string organization_, person_, engagement_, visit_, application_, enrolment_;
  std::string double_, merge_, file_;  // of the contact's other record, its merge, an import
  absl::Time visit_start_, visit_end_;
  Phase phase_ = Phase::kEnter;
  Phase next_ = Phase::kEnter;   // when the last command is done
  Phase else_ = Phase::kEnter;   // when it is refused
  Phase given_ = Phase::kEnter;  // of the last command
  int refusals_ = 0;
};

}  // namespace ieum::faults
