// Goal: seats are never oversold, the line has a strict order and no gap, whoever pushes from
// where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "services/registry/enrolments/offer_expiry.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

constexpr int kThreads = 16;

// Runs `each` for 0 … n-1 on several threads.
void InParallel(int n, const std::function<void(int)>& each) {
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int at = next++; at < n; at = next++) each(at);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

class Capacity : public ::testing::Test {
 protected:
  // Firms without facts, made at once.
  std::vector<std::string> Firms(int n) {
    world_.Ask(
        "INSERT INTO organization (id, kind, display_name, business_number, state, "
        "created_at, updated_at) SELECT gen_random_uuid(), 1, 'Firm ' || i, "
        "lpad(i::text, 10, '0'), 1, now(), now() FROM generate_series(1, " +
        std::to_string(n) + ") i RETURNING id");
    const std::string ids = world_.Ask("SELECT string_agg(id::text, ',') FROM organization");
    std::vector<std::string> names;
    for (size_t at = 0; at < ids.size(); at += 37) {
      names.push_back("organizations/" + ids.substr(at, 36));
    }
    return names;
  }
  std::string CampaignWith(int seats, bool waiting_list = true) {
    return world_.OpenCampaign([&](v1::Campaign* wish) {
      wish->set_capacity(seats);
      wish->set_waiting_list(waiting_list);
    });
  }
  // Of one that may have been given up, offered a seat or refused it meanwhile.
  void Withdraw(const std::string& name) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    const auto done = world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
    EXPECT_THAT(base::ReasonOf(done.status()), ::testing::AnyOf("", "ENROLMENT_STATE"));
  }
  void LetHoursPass(int hours) {
    // Somebody else may have set it further.
    world_.clock.Set(world_.clock.Now().value() + absl::Hours(hours)).IgnoreError();
    const auto step = OfferExpiry(world_.ledger).step(world_.clock.Now().value());
    EXPECT_TRUE(step.ok()) << step.status();
  }
  // Every offer that is out, by turns.
  void AnswerOffers(const std::string& campaign) {
    v1::ListEnrolmentsRequest request;
    request.set_parent(campaign);
    request.set_filter("state = ENROLMENT_STATE_OFFERED");
    const auto offers =
        world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request);
    ASSERT_TRUE(offers.ok()) << offers.status();
    for (const v1::Enrolment& offer : offers->enrolments()) {
      v1::AcceptOfferRequest accept;
      accept.set_name(offer.name());
      v1::DeclineOfferRequest decline;
      decline.set_name(offer.name());
      const bool wanted = ++answers_ % 2 == 0;
      const auto said = wanted
                            ? world_.Call<v1::Enrolment>("EnrolmentService/AcceptOffer", accept)
                            : world_.Call<v1::Enrolment>("EnrolmentService/DeclineOffer", decline);
      if (said.ok()) ++(wanted ? accepted_ : declined_);
      // Somebody else was faster, or the time ran out.
      EXPECT_THAT(base::ReasonOf(said.status()),
                  ::testing::AnyOf("", "ENROLMENT_STATE", "OFFER_EXPIRED"));
    }
  }

  World world_;
  std::atomic<int> answers_ = 0, accepted_ = 0, declined_ = 0;  // of offers
};

// row:X15
TEST_F(Capacity, OfTwentySeatsHoldsTwentyOfAThousandWhoSignUpAtOnce) {
  constexpr int kSeats = 20, kSignUps = 1000;
  const std::vector<std::string> firms = Firms(kSignUps);
  const std::string campaign = CampaignWith(kSeats);
  InParallel(kSignUps, [&](int n) { world_.Enrol(campaign, firms[n]); });

  const v1::Campaign after = world_.GetCampaign(campaign);
  EXPECT_EQ(after.enrolled_count(), kSeats);
  EXPECT_EQ(after.waiting_count(), kSignUps - kSeats);
  std::set<int> positions;
  int seated = 0;
  for (const v1::Enrolment& enrolment : world_.Enrolments(campaign)) {
    if (enrolment.state() == v1::ENROLMENT_STATE_CONFIRMED) ++seated;
    if (enrolment.state() == v1::ENROLMENT_STATE_WAITING) {
      positions.insert(enrolment.waiting_position());
    }
  }
  EXPECT_EQ(seated, kSeats);
  EXPECT_EQ(static_cast<int>(positions.size()), kSignUps - kSeats) << "no place twice";
  EXPECT_EQ(*positions.begin(), 1);
  EXPECT_EQ(*positions.rbegin(), kSignUps - kSeats) << "no gap";
  EXPECT_EQ(world_.Ask("SELECT max(line) || ' ' || count(DISTINCT line) FROM enrolment"),
            "1000 1000");
  // The first ones have the seats.
  EXPECT_EQ(world_.Ask("SELECT max(line) FROM enrolment WHERE state = 4"), "20");
}

// row:X15
TEST_F(Capacity, OfTwentySeatsHoldsTwentyOfAThousandPersonsWhoSignUpAtOnce) {
  constexpr int kSeats = 20, kSignUps = 1000;
  std::vector<std::string> persons(kSignUps);
  InParallel(kSignUps, [&](int n) { persons[n] = world_.Person("김하나"); });
  const std::string campaign = CampaignWith(kSeats);
  InParallel(kSignUps, [&](int n) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    request.mutable_enrolment()->set_person(persons[n]);
    const auto asked = world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
    EXPECT_TRUE(asked.ok()) << asked.status();
  });
  const v1::Campaign after = world_.GetCampaign(campaign);
  EXPECT_EQ(after.enrolled_count(), kSeats);
  EXPECT_EQ(after.waiting_count(), kSignUps - kSeats);
  EXPECT_EQ(world_.Ask("SELECT max(line) || ' ' || count(DISTINCT line) || ' ' || count(DISTINCT "
                       "person_id) FROM enrolment"),
            "1000 1000 1000");
  EXPECT_EQ(world_.Ask("SELECT max(line) FROM enrolment WHERE state = 4"), "20");
}

TEST_F(Capacity, OfTenSeatsHoldsTenOfAHundredForms) {
  const std::vector<std::string> firms = Firms(100);
  const std::string campaign = CampaignWith(10, false);
  InParallel(100, [&](int n) {
    Form form;
    form.campaign = campaign;
    form.organization = firms[n];
    const absl::Status done = world_.Deliver(form.Received(), base::Uuid::NewV7());
    EXPECT_TRUE(done.ok()) << done;
  });
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 10);
  EXPECT_EQ(world_.Ask("SELECT count(*) FILTER (WHERE state = 4) || ' ' || count(*) FILTER (WHERE "
                       "state = 2 AND denial_reason = 11) FROM enrolment"),
            "10 90");
}

// row:R13
TEST_F(Capacity, GoesOnToTheNextWhenManyWithdrawAtOnce) {
  const std::vector<std::string> firms = Firms(60);
  const std::string campaign = CampaignWith(20);
  for (const std::string& firm : firms) world_.Enrol(campaign, firm);
  std::vector<std::string> seated;
  for (const v1::Enrolment& enrolment : world_.Enrolments(campaign)) {
    if (enrolment.state() == v1::ENROLMENT_STATE_CONFIRMED) seated.push_back(enrolment.name());
  }
  InParallel(static_cast<int>(seated.size()), [&](int n) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(seated[n]);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    const auto done = world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
    EXPECT_TRUE(done.ok()) << done.status();
  });
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 20);
  EXPECT_EQ(world_.GetCampaign(campaign).waiting_count(), 20);
  EXPECT_EQ(world_.Ask("SELECT min(line) || ' ' || max(line) FROM enrolment WHERE state = 4"),
            "21 40");
}

TEST_F(Capacity, StaysTrueUnderSignUpsWithdrawalsAndNewSeatsAtOnce) {
  const std::vector<std::string> firms = Firms(150);
  const std::string campaign = CampaignWith(10);
  InParallel(150, [&](int n) {
    const v1::Enrolment enrolment = world_.Enrol(campaign, firms[n]);
    if (n % 3 == 0) {
      v1::WithdrawEnrolmentRequest request;
      request.set_name(enrolment.name());
      request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
      const auto done = world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
      EXPECT_TRUE(done.ok()) << done.status();
    }
    if (n % 30 == 0) {
      v1::UpdateCampaignRequest update;
      update.mutable_campaign()->set_name(campaign);
      update.mutable_campaign()->set_capacity(11 + n / 30);
      world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update).IgnoreError();
    }
  });
  const v1::Campaign after = world_.GetCampaign(campaign);
  EXPECT_EQ(after.enrolled_count(), after.capacity()) << "100 want the seats";
  EXPECT_EQ(after.enrolled_count() + after.waiting_count(), 100);
  EXPECT_EQ(world_.Ask("SELECT count(*) FILTER (WHERE state = 4) || ' ' || count(*) FILTER (WHERE "
                       "state = 3) FROM enrolment"),
            std::to_string(after.enrolled_count()) + " " + std::to_string(after.waiting_count()));
  // Nobody was passed over: all with seats asked before all who wait.
  EXPECT_EQ(world_.Ask("SELECT (SELECT max(line) FROM enrolment WHERE state = 4) < "
                       "(SELECT min(line) FROM enrolment WHERE state = 3)"),
            "t");
}

// A thousand ask for twenty seats while those who had them go, offers run out, and later ones are
// accepted and declined, by sixteen callers at once. row:R13 row:X15
TEST_F(Capacity, KeepsTheOrderOfTheLineWhileOffersAreMadeAndAnswered) {
  constexpr int kSeats = 20, kSignUps = 1000;
  const std::vector<std::string> firms = Firms(kSeats + kSignUps);
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_capacity(kSeats);
    wish->set_offer_hours(24);
  });
  std::vector<std::string> seated;
  for (int n = 0; n < kSeats; ++n) seated.push_back(world_.Enrol(campaign, firms[n]).name());
  InParallel(kSignUps, [&](int n) {
    const std::string asked = world_.Enrol(campaign, firms[kSeats + n]).name();
    if (n % 10 == 0) Withdraw(asked);
    if (n % 45 == 0 && n / 45 < kSeats) Withdraw(seated[n / 45]);
    if (n % 50 == 0) LetHoursPass(7);
    if (n % 15 == 0 && n > kSignUps / 2) AnswerOffers(campaign);
  });
  world_.DoDue(OfferExpiry(world_.ledger));

  const v1::Campaign after = world_.GetCampaign(campaign);
  EXPECT_EQ(after.enrolled_count() + after.offered_count(), kSeats) << "hundreds still wait";
  EXPECT_EQ(world_.Ask("SELECT seats_taken || ' ' || offered || ' ' || waiting || ' ' || last_line "
                       "FROM campaign"),
            world_.Ask("SELECT count(*) FILTER (WHERE state IN (4, 8)) || ' ' || count(*) FILTER "
                       "(WHERE state = 8) || ' ' || count(*) FILTER (WHERE state = 3) || ' ' || "
                       "count(*) FROM enrolment"));
  EXPECT_EQ(world_.Ask("SELECT max(line) || ' ' || count(DISTINCT line) FROM enrolment"),
            "1020 1020");
  // Whoever still waits asked after all who got a seat, or were offered one, ever.
  EXPECT_EQ(world_.Ask("SELECT (SELECT max(line) FROM enrolment e JOIN enrolment_transition t ON "
                       "t.enrolment_id = e.id WHERE t.state IN (4, 8)) < (SELECT min(line) FROM "
                       "enrolment WHERE state = 3)"),
            "t");
  const int ran_out =
      std::stoi(world_.Ask("SELECT count(*) FROM enrolment_transition WHERE withdrawal_reason = " +
                           std::to_string(v1::WITHDRAWAL_REASON_OFFER_EXPIRED)));
  EXPECT_GT(accepted_, 0);
  EXPECT_GT(declined_, 0);
  EXPECT_GT(ran_out, 0);
  std::printf("%d offers accepted, %d declined, %d ran out\n", accepted_.load(), declined_.load(),
              ran_out);
}

}  // namespace
}  // namespace ieum::registry
