// Goal: a seat that becomes free is held for the first who waits until it answers or its time runs
// out, and for nobody else. row:R13
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/registry/enrolments/offer_expiry.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Offers : public ::testing::Test {
 protected:
  // One seat, two days to answer.
  Offers()
      : campaign_(world_.OpenCampaign([](v1::Campaign* wish) {
          wish->set_capacity(1);
          wish->set_offer_hours(48);
        })) {}

  template <class Request>
  absl::StatusOr<v1::Enrolment> Say(const std::string& method, const std::string& name,
                                    const std::string& etag = "") {
    Request request;
    request.set_name(name);
    request.set_etag(etag);
    return world_.Call<v1::Enrolment>("EnrolmentService/" + method, request);
  }
  absl::StatusOr<v1::Enrolment> Accept(const std::string& name, const std::string& etag = "") {
    return Say<v1::AcceptOfferRequest>("AcceptOffer", name, etag);
  }
  absl::StatusOr<v1::Enrolment> Decline(const std::string& name, const std::string& etag = "") {
    return Say<v1::DeclineOfferRequest>("DeclineOffer", name, etag);
  }
  absl::StatusOr<v1::Enrolment> Withdraw(
      const std::string& name, v1::WithdrawalReason reason = v1::WITHDRAWAL_REASON_REQUESTED) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(reason);
    return world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
  }
  void Expire() { world_.DoDue(OfferExpiry(world_.ledger)); }
  v1::Enrolment Get(const v1::Enrolment& enrolment) {
    return world_.GetEnrolment(enrolment.name()).value();
  }
  // "seats taken / offered / waiting".
  std::string Seats() {
    const v1::Campaign now = world_.GetCampaign(campaign_);
    return absl::StrCat(now.enrolled_count(), "/", now.offered_count(), "/", now.waiting_count());
  }
  static std::vector<int> States(const v1::Enrolment& enrolment) {
    std::vector<int> states;
    for (const auto& step : enrolment.transitions()) states.push_back(step.state());
    return states;
  }
  // Firms 1 … n ask, one after the other.
  std::vector<v1::Enrolment> Ask(int n) {
    std::vector<v1::Enrolment> all;
    for (int firm = 1; firm <= n; ++firm) all.push_back(world_.Enrol(campaign_, world_.Firm(firm)));
    return all;
  }

  World world_;  // 2 May 2023, 11:00
  const std::string campaign_;
};

TEST_F(Offers, HoldTheSeatUntilTheFirstInLineAccepts) {
  const auto all = Ask(3);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  const v1::Enrolment offered = Get(all[1]);
  EXPECT_THAT(States(offered), ElementsAre(1, 3, 8));
  EXPECT_EQ(FromTimestamp(offered.offer_expire_time()), Korea("2023-05-04 11:00"));
  EXPECT_EQ(offered.waiting_position(), 0);
  EXPECT_EQ(Get(all[2]).waiting_position(), 1);
  EXPECT_EQ(Seats(), "0/1/1");
  v1::ListEnrolmentsRequest ending;
  ending.set_parent("campaigns/-");
  ending.set_filter(
      "state = ENROLMENT_STATE_OFFERED AND offer_expire_time < \"2023-05-05T00:00:00Z\"");
  EXPECT_EQ(world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", ending)
                ->enrolments_size(),
            1);
  EXPECT_EQ(world_.Enrol(campaign_, world_.Firm(4)).state(), v1::ENROLMENT_STATE_WAITING)
      << "the held seat is nobody else's";
  world_.SetClock("2023-05-04 10:59");
  Expire();
  const auto accepted = Accept(all[1].name());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_THAT(States(*accepted), ElementsAre(1, 3, 8, 4));
  EXPECT_EQ(Seats(), "1/0/2");
  const auto told = world_.Events(all[1].name());
  const auto offer = told[2].As<v1::EnrolmentOffered>();
  EXPECT_EQ(offer.offered_date(), "2023-05-02");
  EXPECT_EQ(offer.last_accept_date(), "2023-05-04");
  EXPECT_EQ(FromTimestamp(offer.expire_time()), Korea("2023-05-04 11:00"));
  EXPECT_TRUE(told[3].As<v1::EnrolmentConfirmed>().promoted());
  world_.SetClock("2023-05-09 11:00");
  Expire();
  EXPECT_EQ(Get(all[1]).state(), v1::ENROLMENT_STATE_CONFIRMED) << "an answered offer has no end";
}

TEST_F(Offers, GoOnToTheNextWhenTheyAreDeclined) {
  const auto all = Ask(3);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  const auto declined = Decline(all[1].name());
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_THAT(States(*declined), ElementsAre(1, 3, 8, 7));
  EXPECT_EQ(declined->transitions(3).withdrawal_reason(), v1::WITHDRAWAL_REASON_OFFER_DECLINED);
  EXPECT_EQ(Get(all[2]).state(), v1::ENROLMENT_STATE_OFFERED);
  EXPECT_EQ(Seats(), "0/1/0");
  EXPECT_THAT(world_.EventTypes(all[1].name()),
              ElementsAre("EnrolmentApplied", "EnrolmentWaitlisted", "EnrolmentOffered",
                          "EnrolmentOfferDeclined", "EnrolmentWithdrawn"));
  EXPECT_EQ(world_.Events(all[1].name())[4].As<v1::EnrolmentWithdrawn>().previous_state(),
            v1::ENROLMENT_STATE_OFFERED);
  EXPECT_EQ(base::ReasonOf(Decline(all[1].name()).status()), "ENROLMENT_STATE");
}

TEST_F(Offers, GoOnToTheNextWhenTheirTimeRunsOut) {
  const auto all = Ask(3);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  world_.SetClock("2023-05-04 11:00");
  // Nobody has written the end down, and still it is one.
  EXPECT_EQ(base::ReasonOf(Accept(all[1].name()).status()), "OFFER_EXPIRED");
  EXPECT_EQ(base::ReasonOf(Decline(all[1].name()).status()), "OFFER_EXPIRED");
  EXPECT_EQ(Seats(), "0/1/1");
  world_.SetClock("2023-05-06 09:00");
  Expire();
  const v1::Enrolment ended = Get(all[1]);
  EXPECT_THAT(States(ended), ElementsAre(1, 3, 8, 7));
  EXPECT_EQ(ended.transitions(3).withdrawal_reason(), v1::WITHDRAWAL_REASON_OFFER_EXPIRED);
  EXPECT_EQ(ended.transitions(3).date(), "2023-05-04") << "when it ended, not when that was seen";
  const auto told = world_.Events(all[1].name());
  ASSERT_EQ(told.size(), 5u);
  EXPECT_EQ(told[3].As<v1::EnrolmentOfferExpired>().expired_date(), "2023-05-04");
  // The next has all of its time.
  EXPECT_EQ(FromTimestamp(Get(all[2]).offer_expire_time()), Korea("2023-05-08 09:00"));
  EXPECT_EQ(Seats(), "0/1/0");
  Expire();
  EXPECT_EQ(Seats(), "0/1/0") << "seen once";
}

TEST_F(Offers, ComeToAnEndOneAfterTheOtherAndLeaveAFreeSeat) {
  const auto all = Ask(3);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  for (const char* day : {"2023-05-04 11:00", "2023-05-06 11:00", "2023-05-08 11:00"}) {
    world_.SetClock(day);
    Expire();
  }
  EXPECT_EQ(Seats(), "0/0/0");
  EXPECT_EQ(world_.Enrol(campaign_, world_.Firm(9)).state(), v1::ENROLMENT_STATE_CONFIRMED);
}

TEST_F(Offers, EndWithAWithdrawalAndWithTheFormThatIsTakenBack) {
  const auto all = Ask(2);
  Form form;
  form.campaign = campaign_;
  form.organization = world_.Firm(7);
  ASSERT_TRUE(world_.Deliver(form.Received(), base::Uuid::NewV7()).ok());
  const auto last = world_.Enrol(campaign_, world_.Firm(8));
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  ASSERT_TRUE(Withdraw(all[1].name()).ok()) << "an offered one may withdraw, too";
  EXPECT_EQ(Seats(), "0/1/1") << "the form's";
  ASSERT_TRUE(world_.Deliver(form.Withdrawn("2023-05-02"), base::Uuid::NewV7()).ok());
  EXPECT_EQ(Get(last).state(), v1::ENROLMENT_STATE_OFFERED);
  EXPECT_EQ(Seats(), "0/1/0");
}

TEST_F(Offers, EndWithTheOrganization) {
  const auto all = Ask(3);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  v1::DeactivateOrganizationRequest request;
  request.set_name(all[1].organization());
  request.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
  ASSERT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", request).ok());
  EXPECT_EQ(Get(all[1]).transitions(3).withdrawal_reason(),
            v1::WITHDRAWAL_REASON_ORGANIZATION_DEACTIVATED);
  EXPECT_EQ(Get(all[2]).state(), v1::ENROLMENT_STATE_OFFERED);
  EXPECT_EQ(Seats(), "0/1/0");
}

TEST_F(Offers, AreNotMadeToTheSameFirmInTheSameBreath) {
  const auto all = Ask(2);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  EXPECT_EQ(world_.Enrol(campaign_, all[1].organization()).verdict().reason(),
            v1::DENIAL_REASON_ALREADY_ENROLLED)
      << "whoever was offered a seat is in the campaign";
  ASSERT_TRUE(Decline(all[1].name()).ok());
  EXPECT_EQ(world_.Enrol(campaign_, all[1].organization()).state(), v1::ENROLMENT_STATE_CONFIRMED);
}

TEST_F(Offers, GoOutForEveryNewSeatAndCountForTheCapacity) {
  const auto all = Ask(4);
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(campaign_);
  update.mutable_campaign()->set_capacity(3);
  ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update).ok());
  EXPECT_EQ(Seats(), "1/2/1");
  update.mutable_campaign()->set_capacity(2);
  EXPECT_EQ(
      base::ReasonOf(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update).status()),
      "CAPACITY_BELOW_ENROLLED");
  // Another length counts for offers from then on.
  update.mutable_campaign()->set_capacity(4);
  update.mutable_campaign()->set_offer_hours(1);
  ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update).ok());
  EXPECT_EQ(FromTimestamp(Get(all[1]).offer_expire_time()), Korea("2023-05-04 11:00"));
  EXPECT_EQ(FromTimestamp(Get(all[3]).offer_expire_time()), Korea("2023-05-02 12:00"));
  std::vector<v1::CampaignChanged> changes;
  for (const Told& told : world_.Events(campaign_)) {
    if (told.type == "CampaignChanged") changes.push_back(told.As<v1::CampaignChanged>());
  }
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_THAT(changes[1].changed_fields(), ElementsAre("capacity", "offer_hours"));
  EXPECT_EQ(changes[1].campaign().offer_hours(), 1);
}

TEST_F(Offers, AreAnsweredOnceFromTheKnownState) {
  const auto all = Ask(2);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  EXPECT_EQ(base::ReasonOf(Accept(all[1].name(), "\"2\"").status()), "STALE_ETAG");
  v1::AcceptOfferRequest request;
  request.set_name(all[1].name());
  request.set_etag(Get(all[1]).etag());
  request.set_request_id(base::Uuid::NewV7().ToString());
  for (int turn = 0; turn < 2; ++turn) {
    const auto accepted = world_.Call<v1::Enrolment>("EnrolmentService/AcceptOffer", request);
    ASSERT_TRUE(accepted.ok()) << accepted.status();
    EXPECT_EQ(accepted->etag(), "\"4\"");
  }
  EXPECT_EQ(base::ReasonOf(Accept(all[1].name()).status()), "ENROLMENT_STATE");
  EXPECT_EQ(Seats(), "1/0/0");
  EXPECT_EQ(base::ReasonOf(Accept(campaign_ + "/enrolments/" + IdOf(campaign_)).status()),
            "NOT_FOUND");
}

TEST_F(Offers, KeepTheirReasonsToThemselves) {
  const auto all = Ask(2);
  ASSERT_TRUE(Withdraw(all[0].name()).ok());
  for (const auto reason :
       {v1::WITHDRAWAL_REASON_OFFER_DECLINED, v1::WITHDRAWAL_REASON_OFFER_EXPIRED}) {
    const absl::Status refused = Withdraw(all[1].name(), reason).status();
    EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(base::FieldsOf(refused), ElementsAre("reason"));
  }
  for (const auto reason :
       {v1::WITHDRAWAL_REASON_NO_LONGER_ELIGIBLE, v1::WITHDRAWAL_REASON_NO_SHOW}) {
    const auto enrolment = world_.Enrol(world_.OpenCampaign(), all[0].organization());
    EXPECT_EQ(Withdraw(enrolment.name(), reason)->transitions().rbegin()->withdrawal_reason(),
              reason);
  }
}

// The timer finds what ended by an index, however many enrolments there are.
TEST_F(Offers, AreFoundByTheirEnd) {
  const auto all = Ask(2);
  world_.Ask(
      "WITH made AS (INSERT INTO enrolment (id, campaign_id, line, organization_id, "
      "organization_kind, applied_date, state, created_at, updated_at, offered_until) "
      "SELECT gen_random_uuid(), (SELECT id FROM campaign), n + 10, gen_random_uuid(), 1, "
      "'2023-03-14', CASE WHEN n % 100 = 0 THEN 8 ELSE 4 END, now(), now(), now() + n * interval "
      "'1 hour' FROM generate_series(1, 50000) n RETURNING 1) SELECT count(*) FROM made");
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction sql(connection);
  sql.exec("ANALYZE enrolment");
  std::string plan;
  for (const auto& row :
       sql.exec("EXPLAIN (COSTS OFF) SELECT id, campaign_id FROM enrolment "
                "WHERE state = 8 AND offered_until <= now() + interval '900 days' "
                "ORDER BY offered_until, id LIMIT 20")) {
    plan += std::string(row[0].c_str()) + "\n";
  }
  EXPECT_THAT(plan, HasSubstr("using enrolment_offer_ends"));
  EXPECT_THAT(plan, ::testing::Not(HasSubstr("Sort")));
}

}  // namespace
}  // namespace ieum::registry
