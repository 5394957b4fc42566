// Goal: nothing of a person is sent, handed on or published without a consent that covers it at
// that instant, and each gate keeps what it answered and on which entry. Method: the doors over a
// real PostgreSQL; random histories of what a person says against a model. row:R18 row:R19 row:X14
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "platform/base/korea_time.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;
constexpr auto kNight = v1::CONSENT_PURPOSE_NIGHT_ADVERTISING;
constexpr auto kProvision = v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
constexpr auto kPublication = v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION;
constexpr auto kAd = v1::CONTACT_PURPOSE_ADVERTISING;

class ConsentGate : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ConsentReceipt> Override(const std::string& name, const std::string& reason,
                                              const std::string& etag = "",
                                              rpc::Peer* as = nullptr) {
    v1::OverrideConsentReceiptRequest request;
    request.set_name(name);
    request.set_ground(v1::OVERRIDE_GROUND_STATUTE);
    request.set_reason(reason);
    request.set_etag(etag);
    return consents_.Call<v1::ConsentReceipt>("OverrideConsentReceipt", request, as);
  }

  ConsentWorld consents_;
  World& world_ = consents_.world;
  const std::string person_ = consents_.Person();
};

// law:L27 law:L31
TEST_F(ConsentGate, GivesAnAddressForAdvertisingWhileTheConsentHolds) {
  EXPECT_EQ(consents_.Resolve(person_, kAd)->refusal(), v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED);
  const std::string text = consents_.Text(kAdvertising);
  const auto said = consents_.Say(person_, kAdvertising, text);
  ASSERT_TRUE(said.ok()) << said.status();
  const auto given = consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_EMAIL);
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(given->contact().email(), "p1@people.test");
  EXPECT_EQ(given->contact().phone_e164(), "") << "only the address that the channel needs";
  EXPECT_EQ(given->consent(), said->name());
  EXPECT_EQ(given->consent_revision(), 1);
  const auto withdrawn = consents_.Withdraw(person_, kAdvertising);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const auto refused = consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_EMAIL);
  EXPECT_EQ(refused->refusal(), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_EQ(refused->consent(), withdrawn->consents(0).name());
  EXPECT_EQ(world_.Ask("SELECT string_agg(refusal || ' ' || consent_revision || ' ' || "
                       "(consent_id IS NOT NULL)::text, ', ' ORDER BY consent_revision) "
                       "FROM contact_receipt"),
            "2 0 false, 0 1 true, 4 2 true");
}

// law:L28
TEST_F(ConsentGate, KeepsTextMessagesFromTheNight) {
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, consents_.Text(kAdvertising)).ok());
  world_.SetClock("2024-03-04 20:59");
  EXPECT_EQ(consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_SMS)->contact().phone_e164(),
            "+821000001001");
  world_.SetClock("2024-03-04 21:00");
  EXPECT_EQ(consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_SMS)->refusal(),
            v1::CONTACT_REFUSAL_NIGHT_CONSENT_MISSING);
  EXPECT_TRUE(consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_EMAIL)->has_contact());
  const auto unsaid = consents_.Resolve(person_, kAd);
  EXPECT_EQ(unsaid->contact().email(), "p1@people.test");
  EXPECT_EQ(unsaid->contact().phone_e164(), "");
  ASSERT_TRUE(consents_.Say(person_, kNight, consents_.Text(kNight)).ok());
  EXPECT_TRUE(consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_SMS)->has_contact());
  ASSERT_TRUE(consents_.Withdraw(person_, kAdvertising).ok());
  EXPECT_EQ(consents_.Resolve(person_, kAd, v1::CONTACT_CHANNEL_SMS)->refusal(),
            v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
}

// The answer of a question that was asked before is what was answered then; whoever sends asks
// anew.
TEST_F(ConsentGate, AnswersARepeatedQuestionFromItsReceipt) {
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, consents_.Text(kAdvertising)).ok());
  v1::ResolveContactsRequest request;
  request.add_persons(person_);
  request.set_purpose(kAd);
  request.set_channel(v1::CONTACT_CHANNEL_SMS);
  request.set_message_reference("messages/1");
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto ask = [&] {
    return world_
        .Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts", request,
                                           world_.service.get())
        ->SerializeAsString();
  };
  const std::string first = ask();
  world_.SetClock("2024-03-04 22:00");
  EXPECT_EQ(ask(), first);
}

// law:L31
TEST_F(ConsentGate, DoesNotGiveAgainWhatWasTakenBackSinceTheQuestionWasAsked) {
  const std::string other = consents_.Person(), text = consents_.Text(kAdvertising);
  for (const std::string& person : {person_, other}) {
    ASSERT_TRUE(consents_.Say(person, kAdvertising, text).ok());
  }
  v1::ResolveContactsRequest request;
  request.add_persons(person_);
  request.add_persons(other);
  request.set_purpose(kAd);
  request.set_message_reference("messages/1");
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto ask = [&] {
    return *world_.Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts", request,
                                                     world_.service.get());
  };
  ASSERT_TRUE(ask().resolutions(0).has_contact());
  const auto withdrawn = consents_.Withdraw(person_, kAdvertising);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const auto again = ask();
  EXPECT_FALSE(again.resolutions(0).has_contact());
  EXPECT_EQ(again.resolutions(0).refusal(), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_EQ(again.resolutions(0).consent(), withdrawn->consents(0).name());
  EXPECT_TRUE(again.resolutions(1).has_contact()) << "the other one did not take anything back";
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text).ok());
  EXPECT_TRUE(ask().resolutions(0).has_contact());
}

// What was asked for is kept and not sealed.
TEST_F(ConsentGate, TakesNobodysAddressForAnItem) {
  const auto asked = consents_.AskProvision(person_, world_.Firm(1), {"성명", "010-0000-4321"});
  EXPECT_EQ(Why(asked), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(asked.status()), ElementsAre("items[1]"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_receipt"), "0");
}

TEST_F(ConsentGate, GivesSurveysAndPublicNoticesOnTheConsentToCollection) {
  const std::string officer = consents_.Person(v1::LEGAL_BASIS_DUTY);
  for (auto purpose : {v1::CONTACT_PURPOSE_SURVEY, v1::CONTACT_PURPOSE_PUBLIC_NOTICE}) {
    EXPECT_FALSE(consents_.Resolve(person_, purpose)->has_contact());
    EXPECT_TRUE(consents_.Resolve(officer, purpose)->has_contact());
  }
  const auto collection = v1::CONSENT_PURPOSE_COLLECTION;
  const auto said = consents_.Say(person_, collection, consents_.Text(collection));
  ASSERT_TRUE(said.ok()) << said.status();
  for (auto purpose : {v1::CONTACT_PURPOSE_SURVEY, v1::CONTACT_PURPOSE_PUBLIC_NOTICE}) {
    EXPECT_EQ(consents_.Resolve(person_, purpose)->consent(), said->name());
  }
  EXPECT_FALSE(consents_.Resolve(person_, kAd)->has_contact());
}

// law:L02 law:L05
TEST_F(ConsentGate, LetsItemsGoToTheRecipientThatWasConsentedTo) {
  const std::string recipient = world_.Firm(1), other = world_.Firm(2);
  EXPECT_EQ(consents_.AskProvision(person_, recipient, {"성명"})->refusal(),
            v1::CONSENT_REFUSAL_MISSING);
  const auto said = consents_.Say(person_, kProvision, consents_.Text(kProvision, recipient));
  ASSERT_TRUE(said.ok()) << said.status();
  const auto allowed = consents_.AskProvision(person_, recipient, {"연락처", "성명"});
  ASSERT_TRUE(allowed.ok()) << allowed.status();
  EXPECT_TRUE(allowed->allowed());
  EXPECT_EQ(allowed->consent(), said->name());
  EXPECT_EQ(allowed->consent_revision(), 1);
  EXPECT_EQ(allowed->recipient(), recipient);
  EXPECT_THAT(allowed->items(), ElementsAre("연락처", "성명"));
  EXPECT_EQ(allowed->asker(), "staff/manager");
  const auto more = consents_.AskProvision(person_, recipient, {"성명", "건강 상태"});
  EXPECT_FALSE(more->allowed());
  EXPECT_EQ(more->refusal(), v1::CONSENT_REFUSAL_NOT_COVERED);
  EXPECT_EQ(more->consent(), said->name()) << "the entry that stands in the way";
  EXPECT_EQ(consents_.AskProvision(person_, other, {"성명"})->refusal(),
            v1::CONSENT_REFUSAL_MISSING);
  EXPECT_EQ(Why(consents_.AskProvision(person_, "organizations/" + base::Uuid::NewV7().ToString(),
                                       {"성명"})),
            "RECIPIENT_UNKNOWN");
  ASSERT_TRUE(consents_.Withdraw(person_).ok());
  EXPECT_EQ(consents_.AskProvision(person_, recipient, {"성명"})->refusal(),
            v1::CONSENT_REFUSAL_WITHDRAWN);
  EXPECT_EQ(world_.Ask("SELECT count(*) || ' ' || count(*) FILTER (WHERE refusal = 0) "
                       "FROM consent_receipt"),
            "5 1")
      << "refusals are kept, too";
}

// law:L44
TEST_F(ConsentGate, LetsBePublishedWhatWasConsentedTo) {
  ASSERT_TRUE(consents_.Say(person_, kPublication, consents_.Text(kPublication)).ok());
  EXPECT_TRUE(consents_.AskPublication(person_, v1::PUBLICATION_KIND_PHOTO)->allowed());
  const auto essay = consents_.AskPublication(person_, v1::PUBLICATION_KIND_WORK);
  EXPECT_EQ(essay->refusal(), v1::CONSENT_REFUSAL_NOT_COVERED);
  EXPECT_EQ(essay->publication_kind(), v1::PUBLICATION_KIND_WORK);
  const std::string nobody = "persons/" + base::Uuid::NewV7().ToString();
  EXPECT_EQ(Why(consents_.AskPublication(nobody, v1::PUBLICATION_KIND_PHOTO)), "NOT_FOUND");
}

TEST_F(ConsentGate, AnswersARepeatedRequestFromItsReceiptAndNoOtherUnderItsId) {
  v1::AuthorizePublicationRequest request;
  request.set_parent(person_);
  request.set_publication_kind(v1::PUBLICATION_KIND_PHOTO);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto ask = [&] {
    return consents_.Call<v1::ConsentReceipt>("AuthorizePublication", request);
  };
  const auto first = ask();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(ask()->name(), first->name());
  request.set_publication_kind(v1::PUBLICATION_KIND_VIDEO);
  EXPECT_EQ(Why(ask()), "REQUEST_ID_REUSED");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_receipt"), "1");
}

TEST_F(ConsentGate, IsOverriddenOnAGroundAndForAReasonThatAreKept) {
  const std::string recipient = world_.Firm(1);
  const auto refused = consents_.AskProvision(person_, recipient, {"성명"});
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_EQ(Why(Override(refused->name(), "")), "INVALID_FIELD");
  EXPECT_EQ(Why(Override(refused->name(), "call 010-1234-5678")), "INVALID_FIELD");
  EXPECT_EQ(Why(Override(refused->name(), "감사 요구", "\"77\"")), "STALE_ETAG");
  EXPECT_EQ(Why(Override(refused->name(), "감사 요구", "", world_.nobody.get())),
            "PERMISSION_DENIED");
  v1::OverrideConsentReceiptRequest rehearsal;
  rehearsal.set_name(refused->name());
  rehearsal.set_ground(v1::OVERRIDE_GROUND_STATUTE);
  rehearsal.set_reason("감사 요구");
  rehearsal.set_validate_only(true);
  const auto rehearsed = consents_.Call<v1::ConsentReceipt>("OverrideConsentReceipt", rehearsal);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_TRUE(rehearsed->allowed());
  EXPECT_EQ(rehearsed->overridden_receipt(), refused->name());
  const auto allowed = Override(refused->name(), "감사 요구", refused->etag());
  ASSERT_TRUE(allowed.ok()) << allowed.status() << " a rehearsal leaves nothing";
  EXPECT_TRUE(allowed->allowed());
  EXPECT_EQ(allowed->refusal(), v1::CONSENT_REFUSAL_MISSING) << "what the consents say stays";
  EXPECT_EQ(allowed->overridden_receipt(), refused->name());
  EXPECT_EQ(allowed->ground(), v1::OVERRIDE_GROUND_STATUTE);
  EXPECT_EQ(allowed->reason(), "감사 요구");
  EXPECT_EQ(Why(Override(refused->name(), "once more")), "CONSENT_NOT_REFUSED");
  EXPECT_EQ(Why(Override(allowed->name(), "once more")), "CONSENT_NOT_REFUSED");
  v1::GetConsentReceiptRequest get;
  get.set_name(refused->name());
  EXPECT_FALSE(consents_.Call<v1::ConsentReceipt>("GetConsentReceipt", get)->allowed());
  v1::ListConsentReceiptsRequest list;
  list.set_parent(person_);
  list.set_filter("ground = OVERRIDE_GROUND_STATUTE AND allowed = true");
  const auto page = consents_.Call<v1::ListConsentReceiptsResponse>("ListConsentReceipts", list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->consent_receipts_size(), 1);
  EXPECT_EQ(page->consent_receipts(0).name(), allowed->name());
}

// A model of what one person said about advertising: the plainest reading of the law.
struct Model {
  std::map<int, v1::ConsentState> state;
  std::map<int, absl::Time> end;

  bool Holds(int purpose, absl::Time at) {
    return state[purpose] == v1::CONSENT_STATE_GIVEN &&
           (!end.contains(purpose) || at < end[purpose]);
  }
  bool MayText(absl::Time at) {
    const int hour = base::Korea().At(at).cs.hour();
    return Holds(kAdvertising, at) && ((hour >= 8 && hour < 21) || Holds(kNight, at));
  }
};

// Whatever is said in whatever order, the gate answers as the model does, by text message and by
// mail, at any hour.
TEST_F(ConsentGate, AnswersAsTheHistorySaysAtEveryHour) {
  const std::map<int, std::string> texts = {{kAdvertising, consents_.Text(kAdvertising)},
                                            {kNight, consents_.Text(kNight)}};
  absl::Time now = world_.clock.Now().value();
  const auto say = [&](const std::string& person, int purpose, Model* model) {
    const auto state = *rc::gen::element(v1::CONSENT_STATE_GIVEN, v1::CONSENT_STATE_REFUSED);
    auto request = consents_.Saying(person, static_cast<v1::ConsentPurpose>(purpose),
                                    texts.at(purpose), state);
    model->state[purpose] = state;
    model->end.erase(purpose);
    if (state == v1::CONSENT_STATE_GIVEN && *rc::gen::arbitrary<bool>()) {
      model->end[purpose] = now + absl::Hours(*rc::gen::inRange(1, 48));
      *request.mutable_consent()->mutable_expire_time() = ToTimestamp(model->end[purpose]);
    }
    RC_ASSERT(consents_.Call<v1::Consent>("RecordConsent", request).ok());
  };
  const auto withdraw = [&](const std::string& person, int purpose, Model* model) {
    RC_ASSERT(consents_.Withdraw(person, static_cast<v1::ConsentPurpose>(purpose)).ok());
    for (const int gone : {static_cast<int>(kAdvertising), static_cast<int>(kNight)}) {
      const bool meant = purpose == 0 || purpose == kAdvertising || purpose == gone;
      if (meant && model->Holds(gone, now)) model->state[gone] = v1::CONSENT_STATE_WITHDRAWN;
    }
  };
  EXPECT_TRUE(rc::check([&] {
    const std::string person = consents_.Person();
    Model model;
    for (int step = 0; step < 8; ++step) {
      const int purpose = *rc::gen::elementOf(std::vector<int>{kAdvertising, kNight});
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
          withdraw(person, *rc::gen::elementOf(std::vector<int>{0, kAdvertising, kNight}), &model);
          break;
        case 1:
          now += absl::Hours(*rc::gen::inRange(1, 30));
          RC_ASSERT(world_.clock.Set(now).ok());
          break;
        case 2:
          consents_.Settle();
          break;
        default:
          say(person, purpose, &model);
      }
      const auto text = consents_.Resolve(person, kAd, v1::CONTACT_CHANNEL_SMS);
      const auto mail = consents_.Resolve(person, kAd, v1::CONTACT_CHANNEL_EMAIL);
      RC_ASSERT(text.ok() && mail.ok());
      RC_ASSERT(text->has_contact() == model.MayText(now));
      RC_ASSERT(mail->has_contact() == model.Holds(kAdvertising, now));
    }
  }));
}

}  // namespace
}  // namespace ieum::registry
