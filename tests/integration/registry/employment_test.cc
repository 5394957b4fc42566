// Goal: a person counts for whom she worked on the day on which she asked: another job later
// changes nothing, and a correction moves what was counted, with an event for each. row:R10
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/integration/registry/participant_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

class Employments : public Participants {
 protected:
  std::vector<v1::EnrolmentEmployerCorrected> Corrections(const v1::Enrolment& enrolment) {
    std::vector<v1::EnrolmentEmployerCorrected> corrections;
    for (const Told& told : world_.Events(enrolment.name())) {
      if (told.type == "EnrolmentEmployerCorrected") {
        corrections.push_back(told.As<v1::EnrolmentEmployerCorrected>());
      }
    }
    return corrections;
  }
  const std::string campaign_ = world_.OpenCampaign();
  const std::string first_ = world_.Firm(1), second_ = world_.Firm(2);
  const std::string person_ = world_.Person("김하나");
};

TEST_F(Employments, LeaveEarlierEnrolmentsAloneWhenSheChangesHerJob) {
  const std::string job = Employ(person_, first_, "2022-01-03");
  const v1::Enrolment asked = Enrol(campaign_, person_);
  world_.SetClock("2023-06-30 10:00");
  ASSERT_TRUE(Leave(job, "2023-06-30").ok());
  Employ(person_, second_, "2023-07-01");
  world_.SetClock("2023-07-10 10:00");
  EXPECT_EQ(Get(asked).employer(), first_);
  EXPECT_EQ(Corrections(asked).size(), 0u);
  EXPECT_EQ(Enrol(world_.OpenCampaign(), person_).employer(), second_);
  ASSERT_TRUE(Say<v1::ActivateEnrolmentRequest>("ActivateEnrolment", asked.name()).ok());
  EXPECT_EQ(
      world_.Events(asked.name()).back().As<v1::EnrolmentActivated>().enrolment().employer_id(),
      IdOf(first_));
}

TEST_F(Employments, AreCorrectedWithWhatWasCounted) {
  const std::string job = Employ(person_, first_, "2022-01-03");
  const v1::Enrolment asked = Enrol(campaign_, person_);
  const auto before = world_.Events(asked.name()).back().As<v1::EnrolmentConfirmed>().enrolment();
  // She had left in April.
  const auto corrected = Correct(job, "2022-01-03", "2023-04-14");
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->end_date(), "2023-04-14");
  EXPECT_EQ(Get(asked).employer(), "");
  Employ(person_, second_, "2023-04-17");
  EXPECT_EQ(Get(asked).employer(), second_);
  EXPECT_EQ(Get(asked).verdict().facts().region_code(), "26110") << "the verdict stands";

  const auto told = Corrections(asked);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].previous_employer_id(), IdOf(first_));
  EXPECT_EQ(told[0].previous_attribution_id(), before.attribution_id());
  EXPECT_EQ(told[0].enrolment().employer_id(), "");
  EXPECT_EQ(told[0].state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(told[0].applied_date(), "2023-05-02");
  EXPECT_EQ(told[0].confirmed_date(), "2023-05-02");
  EXPECT_EQ(told[0].completed_date(), "");
  EXPECT_EQ(told[1].previous_employer_id(), "");
  EXPECT_EQ(told[1].previous_attribution_id(), told[0].enrolment().attribution_id());
  EXPECT_EQ(told[1].enrolment().employer_id(), IdOf(second_));
  EXPECT_NE(told[1].enrolment().attribution_id(), told[0].enrolment().attribution_id());
  ASSERT_TRUE(Withdraw(asked.name()).ok());
  EXPECT_EQ(
      world_.Events(asked.name()).back().As<v1::EnrolmentWithdrawn>().enrolment().attribution_id(),
      told[1].enrolment().attribution_id());

  const auto event = world_.Events(person_)[2].As<v1::AffiliationCorrected>();
  EXPECT_THAT(world_.EventTypes(person_),
              ElementsAre("PersonRegistered", "AffiliationStarted", "AffiliationCorrected",
                          "AffiliationStarted"));
  EXPECT_EQ(event.end_date(), "2023-04-14");
  EXPECT_EQ(event.previous_start_date(), "2022-01-03");
  EXPECT_EQ(event.previous_end_date(), "");
}

TEST_F(Employments, RecordedLateOrEndedLateCountAsIfTheyHadBeenKnown) {
  const v1::Enrolment asked = Enrol(campaign_, person_);
  EXPECT_EQ(asked.employer(), "");
  const auto past = TryEmploy(person_, first_, "2022-01-03", "2023-05-31");
  ASSERT_TRUE(past.ok()) << past.status();
  EXPECT_EQ(past->end_date(), "2023-05-31");
  EXPECT_EQ(world_.Events(person_)[1].As<v1::AffiliationStarted>().end_date(), "2023-05-31");
  EXPECT_EQ(Get(asked).employer(), first_);
  const std::string other = world_.Person("이두리");
  const std::string job = Employ(other, second_, "2022-01-03");
  const v1::Enrolment hers = Enrol(campaign_, other);
  ASSERT_TRUE(Leave(job, "2023-05-01").ok());
  EXPECT_EQ(Get(hers).employer(), "") << "she asked a day later";
  EXPECT_EQ(Corrections(hers).size(), 1u);
}

TEST_F(Employments, LeaveAloneWhatWasDeniedOrWithdrawn) {
  const std::string job = Employ(person_, first_, "2022-01-03");
  const v1::Enrolment gone = Enrol(campaign_, person_);
  const v1::Enrolment again = Enrol(campaign_, person_);
  EXPECT_EQ(again.verdict().reason(), v1::DENIAL_REASON_ALREADY_ENROLLED);
  ASSERT_TRUE(Withdraw(gone.name()).ok());
  ASSERT_TRUE(Correct(job, "2022-01-03", "2022-12-31").ok());
  for (const v1::Enrolment& ended : {gone, again}) {
    EXPECT_EQ(Get(ended).employer(), first_);
    EXPECT_EQ(Corrections(ended).size(), 0u);
  }
}

TEST_F(Employments, OfADayAreOne) {
  const std::string job = Employ(person_, first_, "2023-01-02", "2023-03-31");
  const auto overlaps = TryEmploy(person_, second_, "2023-03-31");
  EXPECT_EQ(base::ReasonOf(overlaps.status()), "EMPLOYMENT_OVERLAP");
  const std::string next = Employ(person_, second_, "2023-04-01");
  EXPECT_EQ(base::ReasonOf(Correct(job, "2023-01-02").status()), "EMPLOYMENT_OVERLAP");
  EXPECT_EQ(base::ReasonOf(Correct(next, "2023-03-31").status()), "EMPLOYMENT_OVERLAP");
  EXPECT_TRUE(Correct(next, "2023-04-03").ok());
  // Other roles go together as before.
  EXPECT_TRUE(TryEmploy(person_, first_, "2023-03-01", "", v1::AFFILIATION_ROLE_CONTACT).ok());
  EXPECT_TRUE(TryEmploy(person_, first_, "2023-03-02", "", v1::AFFILIATION_ROLE_CONTACT).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM affiliation WHERE role = 5"), "2");
}

TEST_F(Employments, RefuseDatesThatCannotBe) {
  const std::string job = Employ(person_, first_, "2023-01-02");
  EXPECT_EQ(base::ReasonOf(TryEmploy(person_, first_, "2022-05-02", "2022-05-01").status()),
            "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(Correct(job, "2023-02-30").status()), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(Correct(job, "2023-01-02", "2023-01-01").status()), "DATE_ORDER");
  const std::string stale = Correct(job, "2023-01-03")->etag();
  ASSERT_TRUE(Correct(job, "2023-01-04", "", stale).ok());
  EXPECT_EQ(base::ReasonOf(Correct(job, "2023-01-05", "", stale).status()), "STALE_ETAG");
  const size_t events = world_.Events(person_).size();
  EXPECT_TRUE(Correct(job, "2023-01-04").ok());
  EXPECT_EQ(world_.Events(person_).size(), events) << "nothing was corrected";
  const std::string stranger = person_ + "/affiliations/" + base::Uuid::NewV7().ToString();
  EXPECT_EQ(base::ReasonOf(Correct(stranger, "2023-01-05").status()), "NOT_FOUND");
}

// Whoever asks while her employment is being corrected is counted for what is true at the end.
TEST_F(Employments, AreTrueOfEveryEnrolmentWhenBothAreWrittenAtOnce) {
  constexpr int kCampaigns = 12;
  std::vector<std::string> campaigns;
  for (int n = 0; n < kCampaigns; ++n) campaigns.push_back(world_.OpenCampaign());
  const std::string job = Employ(person_, first_, "2022-01-03");
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int at = next++; at < kCampaigns; at = next++) Enrol(campaigns[at], person_);
    });
  }
  threads.emplace_back([&] {
    for (int turn = 0; turn < 6; ++turn) {
      const bool until_april = turn % 2 == 0;
      const auto corrected = Correct(job, "2022-01-03", until_april ? "2023-04-30" : "");
      EXPECT_TRUE(corrected.ok()) << corrected.status();
    }
    EXPECT_TRUE(Correct(job, "2022-01-03", "2023-04-30").ok());
    Employ(person_, second_, "2023-05-01");
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(
      world_.Ask("SELECT count(*) FROM enrolment WHERE employer_id = '" + IdOf(second_) + "'"),
      std::to_string(kCampaigns));
}

// Whoever ends an employment that is only just being made ends what was counted for it, too.
TEST_F(Employments, AreFollowedWhenOneIsEndedWhileItIsMade) {
  for (int turn = 0; turn < 8; ++turn) {
    const std::string person = world_.Person("이두리");
    const v1::Enrolment asked = Enrol(world_.OpenCampaign(), person);
    v1::CreateAffiliationRequest begin;
    begin.set_parent(person);
    begin.set_affiliation_id(base::Uuid::NewV7().ToString());
    begin.mutable_affiliation()->set_organization(first_);
    begin.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_EMPLOYEE);
    begin.mutable_affiliation()->set_start_date("2022-01-03");
    std::thread maker([&] {
      const auto made = world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", begin);
      EXPECT_TRUE(made.ok()) << made.status();
    });
    absl::Status left;
    int tries = 0;
    do {
      left = Leave(person + "/affiliations/" + begin.affiliation_id(), "2023-05-01").status();
    } while (base::ReasonOf(left) == "NOT_FOUND" && ++tries < 2000);
    maker.join();
    EXPECT_TRUE(left.ok()) << left;
    EXPECT_EQ(Get(asked).employer(), "") << "she had left on the day before she asked";
  }
}

}  // namespace
}  // namespace ieum::registry
