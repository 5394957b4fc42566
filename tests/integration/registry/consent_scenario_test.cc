// Goal: the consents of a programme year's 96 people stand as its papers say, advertising reaches
// those who want it when they want it, and who withdraws everything is out of every gate. Method:
// the people of the year 2024 entered by their door. row:R17 row:X14
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {
namespace {

constexpr int kPeople = 96;
constexpr int kWithdrawsAll = 17;  // P0017
const std::set<int> kWithdrawAdvertising = {5, 40};

constexpr auto kCollection = v1::CONSENT_PURPOSE_COLLECTION;
constexpr auto kSensitive = v1::CONSENT_PURPOSE_SENSITIVE;
constexpr auto kProvision = v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;
constexpr auto kNight = v1::CONSENT_PURPOSE_NIGHT_ADVERTISING;

// How many of the people, the first ones by number, consent to what.
const std::vector<std::pair<v1::ConsentPurpose, int>>& Counts() {
  static const auto* counts = new std::vector<std::pair<v1::ConsentPurpose, int>>{
      {kCollection, 96}, {kSensitive, 58}, {kProvision, 41}, {kAdvertising, 52}};
  return *counts;
}

class ConsentScenario : public ::testing::Test {
 protected:
  ConsentScenario() {
    for (int number = 1; number <= kPeople; ++number) people_.push_back(consents_.Person());
    for (const auto& [purpose, count] : Counts()) {
      const std::string text = consents_.Text(purpose, recipient_);
      for (int number = 1; number <= kPeople; ++number) {
        const bool yes = number <= count;
        Must(consents_.Say(Of(number), purpose, text,
                           yes ? v1::CONSENT_STATE_GIVEN : v1::CONSENT_STATE_REFUSED));
      }
    }
    const std::string night = consents_.Text(kNight);
    for (int number = 20; number < 27; ++number) Must(consents_.Say(Of(number), kNight, night));
  }

  template <class T>
  static void Must(const absl::StatusOr<T>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
  }
  const std::string& Of(int number) const { return people_[number - 1]; }
  std::vector<v1::Consent> Given(v1::ConsentPurpose purpose) {
    return consents_.List("persons/-",
                          absl::StrCat("current = true AND state = CONSENT_STATE_GIVEN",
                                       " AND purpose = ", v1::ConsentPurpose_Name(purpose)));
  }
  // How many would be reached by an advertisement now.
  int Reached(v1::ContactChannel channel) {
    v1::BatchResolveContactsRequest request;
    for (const std::string& person : people_) {
      auto* question = request.add_questions();
      question->set_person(person);
      question->set_purpose(v1::CONTACT_PURPOSE_ADVERTISING);
      question->set_channel(channel);
      question->set_message_reference("messages/1");
    }
    const auto answer = consents_.world.Call<v1::BatchResolveContactsResponse>(
        "PersonService/BatchResolveContacts", request, consents_.world.service.get());
    Must(answer);
    int reached = 0;
    for (const auto& each : answer->answers()) reached += each.resolution().has_contact() ? 1 : 0;
    return reached;
  }

  ConsentWorld consents_;
  const std::string recipient_ = consents_.world.Firm(1);
  std::vector<std::string> people_;
};

TEST_F(ConsentScenario, CountsWhatTheYearsPapersSay) {
  for (const auto& [purpose, count] : Counts()) {
    EXPECT_THAT(Given(purpose), ::testing::SizeIs(count)) << v1::ConsentPurpose_Name(purpose);
  }
  EXPECT_THAT(Given(kNight), ::testing::SizeIs(7));
  EXPECT_EQ(Reached(v1::CONTACT_CHANNEL_SMS), 52);
  for (const int number : kWithdrawAdvertising) {
    Must(consents_.Withdraw(Of(number), kAdvertising));
  }
  Must(consents_.Withdraw(Of(kWithdrawsAll)));
  consents_.world.SetClock("2024-09-05 20:58");
  EXPECT_THAT(Given(kAdvertising), ::testing::SizeIs(49));
  EXPECT_EQ(Reached(v1::CONTACT_CHANNEL_SMS), 49);
  consents_.world.SetClock("2024-09-05 21:30");
  EXPECT_EQ(Reached(v1::CONTACT_CHANNEL_SMS), 7) << "whoever wants it at night";
  EXPECT_EQ(Reached(v1::CONTACT_CHANNEL_EMAIL), 49) << "a mail may go";
  consents_.world.SetClock("2024-09-06 08:00");
  EXPECT_EQ(Reached(v1::CONTACT_CHANNEL_SMS), 49);
}

// law:L11
TEST_F(ConsentScenario, LetsWhoWithdrawsEverythingOutOfEveryGate) {
  const std::string& person = Of(kWithdrawsAll);
  EXPECT_TRUE(consents_.AskProvision(person, recipient_, {"성명"})->allowed());
  const auto withdrawn = consents_.Withdraw(person);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->consents_size(), 4);
  EXPECT_EQ(consents_.AskProvision(person, recipient_, {"성명"})->refusal(),
            v1::CONSENT_REFUSAL_WITHDRAWN);
  EXPECT_EQ(consents_.Resolve(person, v1::CONTACT_PURPOSE_ADVERTISING)->refusal(),
            v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_EQ(consents_.Resolve(person, v1::CONTACT_PURPOSE_SURVEY)->refusal(),
            v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_THAT(consents_.List(person), ::testing::SizeIs(8)) << "what she had said is still known";
  EXPECT_THAT(Given(kCollection), ::testing::SizeIs(95));
}

}  // namespace
}  // namespace ieum::registry
