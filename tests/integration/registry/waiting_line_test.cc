// Goal: seats, offers and the waiting line are what a small model says after any sequence of
// sign-ups, withdrawals, answers, hours that pass and new terms. Method: random sequences over a
// few firms and seats, over gRPC on real PostgreSQL; the model looks at no database.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/registry/enrolments/offer_expiry.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

constexpr int kFirms = 7;

enum Kind { kAsk, kWithdraw, kAccept, kDecline, kPass, kSeeEnds, kResize, kOfferHours, kKinds };

// kind; firm, enrolment, hours, seats or length of offers
using Move = std::tuple<int, int>;

// The line of one campaign.
class Model {
 public:
  Model(int capacity, int offer_hours, absl::Time now)
      : capacity_(capacity), offer_hours_(offer_hours), now_(now) {}

  // The reason of a refusal; "" = done.
  std::string Apply(const Move& step) {
    const auto [kind, number] = step;
    switch (kind) {
      case kAsk:
        return Ask(number % kFirms);
      case kPass:
        now_ += absl::Hours(number);
        return "";
      case kSeeEnds:
        return SeeEnds();
      case kResize:
        return Resize(number);
      case kOfferHours:
        offer_hours_ = number % 3 * 12;
        return "";
      default:
        return Answer(kind, number);
    }
  }
  int asked() const { return static_cast<int>(line_.size()); }
  absl::Time now() const { return now_; }
  int offer_hours() const { return offer_hours_; }

  // "taken/offered/waiting" and each one's state, in the order of asking.
  std::string Text() const {
    std::string text = absl::StrCat(Taken(), "/", In(v1::ENROLMENT_STATE_OFFERED), "/",
                                    In(v1::ENROLMENT_STATE_WAITING));
    for (size_t at = 0; at < line_.size(); ++at) {
      absl::StrAppend(&text, " ", at + 1, ":", static_cast<int>(line_[at].state));
    }
    return text;
  }

 private:
  struct One {
    int firm;
    v1::EnrolmentState state;
    absl::Time until = absl::InfiniteFuture();
  };

  int In(v1::EnrolmentState state) const {
    return static_cast<int>(std::count_if(line_.begin(), line_.end(),
                                          [&](const One& one) { return one.state == state; }));
  }
  int Taken() const { return In(v1::ENROLMENT_STATE_CONFIRMED) + In(v1::ENROLMENT_STATE_OFFERED); }
  bool Free() const { return capacity_ == 0 || Taken() < capacity_; }

  std::string Ask(int firm) {
    const bool lives = std::any_of(line_.begin(), line_.end(), [&](const One& one) {
      return one.firm == firm && one.state != v1::ENROLMENT_STATE_DENIED &&
             one.state != v1::ENROLMENT_STATE_WITHDRAWN;
    });
    line_.push_back({firm, lives    ? v1::ENROLMENT_STATE_DENIED
                           : Free() ? v1::ENROLMENT_STATE_CONFIRMED
                                    : v1::ENROLMENT_STATE_WAITING});
    return "";
  }

  std::string Answer(int kind, int number) {
    One& one = line_[static_cast<size_t>(number) % line_.size()];
    if (kind == kWithdraw) {
      if (one.state == v1::ENROLMENT_STATE_DENIED || one.state == v1::ENROLMENT_STATE_WITHDRAWN) {
        return "ENROLMENT_STATE";
      }
    } else if (one.state != v1::ENROLMENT_STATE_OFFERED) {
      return "ENROLMENT_STATE";
    } else if (now_ >= one.until) {
      return "OFFER_EXPIRED";
    }
    one.state = kind == kAccept ? v1::ENROLMENT_STATE_CONFIRMED : v1::ENROLMENT_STATE_WITHDRAWN;
    Fill();
    return "";
  }

  std::string SeeEnds() {
    for (One& one : line_) {
      if (one.state == v1::ENROLMENT_STATE_OFFERED && one.until <= now_) {
        one.state = v1::ENROLMENT_STATE_WITHDRAWN;
      }
    }
    Fill();
    return "";
  }

  std::string Resize(int capacity) {
    if (capacity != 0 && capacity < Taken()) return "CAPACITY_BELOW_ENROLLED";
    capacity_ = capacity;
    Fill();
    return "";
  }

  void Fill() {
    for (One& one : line_) {
      if (one.state != v1::ENROLMENT_STATE_WAITING || !Free()) continue;
      one.state = offer_hours_ > 0 ? v1::ENROLMENT_STATE_OFFERED : v1::ENROLMENT_STATE_CONFIRMED;
      one.until = now_ + absl::Hours(offer_hours_);
    }
  }

  int capacity_, offer_hours_;
  absl::Time now_;
  std::vector<One> line_;
};

class WaitingLine : public ::testing::Test {
 protected:
  WaitingLine() {
    for (int n = 1; n <= kFirms; ++n) firms_.push_back(world_.Firm(n));
  }

  void Compare(int capacity, int offer_hours, const std::vector<Move>& steps) {
    campaign_ = world_.OpenCampaign([&](v1::Campaign* wish) {
      wish->set_capacity(capacity);
      wish->set_offer_hours(offer_hours);
      *wish->mutable_window()->mutable_end_time() = ToTimestamp(Korea("2900-01-01 00:00"));
    });
    enrolments_.clear();
    Model model(capacity, offer_hours, world_.clock.Now().value());
    for (const Move& step : steps) {
      const bool needs_one = std::get<0>(step) >= kWithdraw && std::get<0>(step) <= kDecline;
      if (needs_one && model.asked() == 0) continue;
      const std::string expected = model.Apply(step);
      RC_ASSERT(Do(step, model) == expected);
      RC_ASSERT(Text() == model.Text());
    }
  }

 private:
  std::string Do(const Move& step, const Model& model) {
    const auto [kind, number] = step;
    v1::UpdateCampaignRequest update;
    update.mutable_campaign()->set_name(campaign_);
    switch (kind) {
      case kAsk:
        enrolments_.push_back(
            world_.Enrol(campaign_, firms_[static_cast<size_t>(number) % kFirms]).name());
        return "";
      case kPass:
        return base::ReasonOf(world_.clock.Set(model.now()));
      case kSeeEnds:
        world_.DoDue(OfferExpiry(world_.ledger));
        return "";
      case kResize:
        update.mutable_campaign()->set_capacity(number);
        update.mutable_update_mask()->add_paths("capacity");
        return Word(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update));
      case kOfferHours:
        update.mutable_campaign()->set_offer_hours(model.offer_hours());
        update.mutable_update_mask()->add_paths("offer_hours");
        return Word(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update));
      default:
        return Answer(kind, enrolments_[static_cast<size_t>(number) % enrolments_.size()]);
    }
  }

  std::string Answer(int kind, const std::string& name) {
    v1::WithdrawEnrolmentRequest withdraw;
    withdraw.set_name(name);
    withdraw.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    v1::AcceptOfferRequest accept;
    accept.set_name(name);
    v1::DeclineOfferRequest decline;
    decline.set_name(name);
    if (kind == kAccept) {
      return Word(world_.Call<v1::Enrolment>("EnrolmentService/AcceptOffer", accept));
    }
    if (kind == kDecline) {
      return Word(world_.Call<v1::Enrolment>("EnrolmentService/DeclineOffer", decline));
    }
    return Word(world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", withdraw));
  }

  template <class T>
  static std::string Word(const absl::StatusOr<T>& answer) {
    return answer.ok() ? "" : base::ReasonOf(answer.status());
  }

  std::string Text() {
    return world_.Ask(absl::StrCat(
        "SELECT seats_taken || '/' || offered || '/' || waiting || coalesce((SELECT ' ' || "
        "string_agg(line || ':' || state, ' ' ORDER BY line) FROM enrolment WHERE campaign_id = "
        "c.id), '') FROM campaign c WHERE id = '",
        IdOf(campaign_),
        "' AND last_line = (SELECT count(*) FROM enrolment WHERE campaign_id = "
        "c.id)"));
  }

  World world_;
  std::vector<std::string> firms_;
  std::string campaign_;
  std::vector<std::string> enrolments_;  // in the order of asking
};

// row:R13 row:X15
TEST_F(WaitingLine, IsWhatASmallModelSays) {
  EXPECT_TRUE(rc::check([this] {
    // Sign-ups come oftener than anything else, or there is no line.
    const auto kind = rc::gen::weightedOneOf<int>(
        {{4, rc::gen::just<int>(kAsk)}, {5, rc::gen::inRange<int>(kWithdraw, kKinds)}});
    const auto size = *rc::gen::inRange(4, 22);
    const auto steps = *rc::gen::container<std::vector<Move>>(
        static_cast<size_t>(size),
        rc::gen::resize(rc::kNominalSize, rc::gen::tuple(kind, rc::gen::inRange(0, 30))));
    Compare(*rc::gen::inRange(1, 4), *rc::gen::elementOf(std::vector<int>{0, 12, 24}), steps);
  }));
}

}  // namespace
}  // namespace ieum::registry
