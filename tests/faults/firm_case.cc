#include "tests/faults/firm_case.h"

#include "absl/strings/str_cat.h"

namespace ieum::faults {
namespace {

constexpr int kMaxRefusals = 60;  // then the firm is given up
constexpr double kAsideShare = 0.15;

}  // namespace

std::string MarkOf(int64_t number) {
  return absl::StrCat("mark-of-", number / kFirmsOfAClient, "-firms");
}

FirmCase::FirmCase(const World::Campaigns& campaigns, Dice dice, int64_t number)
    : dice_(std::move(dice)), number_(number), paper_(campaigns.paper) {
  way_ =
      dice_.Pick(std::vector<Way>{Way::kForm, Way::kForm, Way::kExternal, Way::kFocus, Way::kHand});
  campaign_ = way_ == Way::kFocus      ? campaigns.focus
              : way_ == Way::kExternal ? campaigns.external
              : dice_.Chance(0.3)      ? campaigns.few_seats
                                       : campaigns.rules;
  for (std::string* id :
       {&organization_, &person_, &engagement_, &application_, &enrolment_, &double_, &file_}) {
    *id = dice_.Id().ToString();
  }
}

void FirmCase::OnOutcome(bool done, const std::string& name) {
  if (done && given_ == Phase::kMerge) merge_ = name;
  phase_ = done ? next_ : else_;
  if (!done && ++refusals_ > kMaxRefusals) phase_ = Phase::kEnd;
}

std::optional<Command> FirmCase::Next(absl::Time now) {
  next_ = else_ = phase_;
  given_ = Phase::kEnd;
  if (phase_ > Phase::kAffiliate && dice_.Chance(kAsideShare)) return Aside();
  given_ = phase_;
  switch (phase_) {
    case Phase::kEnter:
      return Enter();
    case Phase::kContact:
      return Contact();
    case Phase::kAffiliate:
      return Affiliate();
    case Phase::kOpen:
      return Open();
    case Phase::kCall:
      return Call();
    case Phase::kPlan:
      return Plan(now);
    case Phase::kVisit:
      return Visit(now);
    case Phase::kReport:
      return Report();
    case Phase::kDiagnose:
      return Diagnose();
    case Phase::kAgree:
      return Agree();
    case Phase::kStart:
      return Start();
    case Phase::kDraft:
      return Draft();
    case Phase::kSign:
      return Sign();
    case Phase::kSubmit:
      return Submit();
    case Phase::kReceive:
      return Receive();
    case Phase::kForward:
      return Forward();
    case Phase::kResult:
      return Result();
    case Phase::kEnrol:
      return Enrol();
    case Phase::kActivate:
      return Activate();
    case Phase::kFinish:
      return Finish();
    case Phase::kLeave:
      return Leave();
    case Phase::kEnd:
      break;
    default:
      return Beside();
  }
  return std::nullopt;
}

Command FirmCase::Aside() {
  switch (dice_.Between(0, 9)) {
    case 0:
    case 1:
    case 2:
      return Rename();
    case 3:
    case 4:
      return ChangePerson();
    case 5:
      return RecordFacts();
    case 6:
    case 7:
      return SetTarget();
    default:
      return WrongStep();
  }
}

}  // namespace ieum::faults
