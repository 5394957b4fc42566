// Goal: what a person says to one text is kept as she said it, for ever; the last word counts;
// withdrawing is one call. Method: the door of consents over a real PostgreSQL. row:R17
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {
namespace {

using base::FieldsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr auto kCollection = v1::CONSENT_PURPOSE_COLLECTION;
constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;
constexpr auto kNight = v1::CONSENT_PURPOSE_NIGHT_ADVERTISING;
constexpr auto kProvision = v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;

class Consents : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ConsentText> Add(const v1::ConsentText& text, bool rehearse = false) {
    v1::CreateConsentTextRequest request;
    *request.mutable_consent_text() = text;
    request.set_validate_only(rehearse);
    return consents_.Call<v1::ConsentText>("CreateConsentText", request);
  }
  absl::StatusOr<v1::Consent> Record(const v1::RecordConsentRequest& request) {
    return consents_.Call<v1::Consent>("RecordConsent", request);
  }
  std::vector<std::string> TypesOf(const std::string& person) {
    return consents_.world.EventTypes(person);
  }

  ConsentWorld consents_;
  World& world_ = consents_.world;
  const std::string person_ = consents_.Person();
};

TEST_F(Consents, AreAskedForWithATextThatNeverChanges) {
  v1::ConsentText wanted = consents_.Wording(kCollection);
  const auto rehearsed = Add(wanted, true);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_text"), "0");
  const auto added = Add(wanted);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->items_size(), 2);
  EXPECT_EQ(added->retention(), "사업 종료 후 3년");
  v1::GetConsentTextRequest get;
  get.set_name(added->name());
  EXPECT_EQ(consents_.Call<v1::ConsentText>("GetConsentText", get)->SerializeAsString(),
            added->SerializeAsString());
  EXPECT_THAT(world_.EventTypes(added->name()), ElementsAre("ConsentTextAdded"));
  wanted.set_retention("영구");
  EXPECT_EQ(Why(Add(wanted)), "CONSENT_TEXT_TAKEN");
  wanted.set_version(2);
  EXPECT_EQ(Why(Add(wanted)), "OK");
  wanted.set_language(v1::LANGUAGE_EN);
  EXPECT_EQ(Why(Add(wanted)), "OK");
}

// law:L01 law:L02
TEST_F(Consents, AreNotAskedForWithATextThatLacksAPart) {
  v1::ConsentText wanted = consents_.Wording(kProvision);
  wanted.clear_refusal_disadvantage();
  wanted.clear_recipient();
  const auto refused = Add(wanted);
  EXPECT_EQ(Why(refused), "CONSENT_INCOMPLETE");
  EXPECT_THAT(FieldsOf(refused.status()),
              ElementsAre("consent_text.refusal_disadvantage", "consent_text.recipient"));
  wanted = consents_.Wording(kProvision);
  wanted.set_recipient("organizations/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Why(Add(wanted)), "RECIPIENT_UNKNOWN");
}

TEST_F(Consents, OfATextChosenByItsIdAreOneTexts) {
  v1::CreateConsentTextRequest request;
  *request.mutable_consent_text() = consents_.Wording(kCollection);
  request.set_consent_text_id(base::Uuid::NewV7().ToString());
  EXPECT_EQ(Why(consents_.Call<v1::ConsentText>("CreateConsentText", request)), "OK");
  *request.mutable_consent_text() = consents_.Wording(kCollection);
  EXPECT_EQ(Why(consents_.Call<v1::ConsentText>("CreateConsentText", request)), "ID_TAKEN");
}

TEST_F(Consents, ListTheirTexts) {
  consents_.Text(kCollection);
  const std::string wanted = consents_.Text(kAdvertising);
  v1::ListConsentTextsRequest request;
  request.set_filter("purpose = CONSENT_PURPOSE_ADVERTISING AND version = 1");
  const auto page = consents_.Call<v1::ListConsentTextsResponse>("ListConsentTexts", request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->consent_texts_size(), 1);
  EXPECT_EQ(page->consent_texts(0).name(), wanted);
}

TEST_F(Consents, KeepWhatWasSaidWhenByWhichWayAndWhoWroteItDown) {
  const std::string text = consents_.Text(kAdvertising);
  v1::RecordConsentRequest request = consents_.Saying(person_, kAdvertising, text);
  *request.mutable_consent()->mutable_decide_time() = ToTimestamp(Korea("2024-02-29 10:00"));
  *request.mutable_consent()->mutable_expire_time() = ToTimestamp(Korea("2027-01-01 00:00"));
  const auto said = Record(request);
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_EQ(said->state(), v1::CONSENT_STATE_GIVEN);
  EXPECT_EQ(said->consent_text(), text);
  EXPECT_EQ(said->channel(), v1::CONSENT_CHANNEL_WEB);
  EXPECT_EQ(said->revision(), 1);
  EXPECT_TRUE(said->current());
  EXPECT_EQ(said->recorder(), "staff/manager");
  EXPECT_EQ(said->record_time().seconds(), absl::ToUnixSeconds(Korea("2024-03-04 11:00")));
  EXPECT_EQ(said->result_due_date(), "2024-03-14");
  EXPECT_EQ(said->reconfirm_date(), "2026-02-28");
  v1::GetConsentRequest get;
  get.set_name(said->name());
  EXPECT_EQ(consents_.Call<v1::Consent>("GetConsent", get)->SerializeAsString(),
            said->SerializeAsString());

  const auto events = world_.Events(person_);
  ASSERT_EQ(events.back().type, "ConsentGiven");
  const auto told = events.back().As<v1::ConsentGiven>();
  EXPECT_EQ(told.person_id(), IdOf(person_));
  EXPECT_EQ(told.consent_id(), IdOf(said->name()));
  EXPECT_EQ(told.purpose(), kAdvertising);
  EXPECT_EQ(told.wording_id(), IdOf(text));
  EXPECT_EQ(told.event_date(), "2024-03-04");
  EXPECT_EQ(told.decided_date(), "2024-02-29");
  EXPECT_EQ(told.result_due_date(), "2024-03-14");
  EXPECT_EQ(told.reconfirm_date(), "2026-02-28");
}

TEST_F(Consents, RehearseAndRepeatWithoutASecondEffect) {
  v1::RecordConsentRequest request =
      consents_.Saying(person_, kCollection, consents_.Text(kCollection));
  request.set_validate_only(true);
  EXPECT_EQ(Why(Record(request)), "OK");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent"), "0");
  request.set_validate_only(false);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto first = Record(request), again = Record(request);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent"), "1");
}

// law:L01 law:L03
TEST_F(Consents, AreRefusedWithTheFaultNamed) {
  const std::string text = consents_.Text(kCollection);
  const auto with = [&](const std::function<void(v1::Consent*)>& change) {
    v1::RecordConsentRequest request = consents_.Saying(person_, kCollection, text);
    change(request.mutable_consent());
    return Record(request);
  };
  const auto incomplete = with([](v1::Consent* consent) {
    consent->clear_consent_text();
    consent->clear_channel();
    consent->clear_decide_time();
  });
  EXPECT_EQ(Why(incomplete), "INVALID_FIELD");
  EXPECT_THAT(
      FieldsOf(incomplete.status()),
      UnorderedElementsAre("consent.consent_text", "consent.channel", "consent.decide_time"));
  EXPECT_EQ(Why(with([](v1::Consent* consent) { consent->set_purpose(kAdvertising); })),
            "CONSENT_PURPOSE_MISMATCH");
  EXPECT_EQ(Why(with([](v1::Consent* consent) {
              consent->set_consent_text("consentTexts/" + base::Uuid::NewV7().ToString());
            })),
            "CONSENT_TEXT_UNKNOWN");
  EXPECT_EQ(Why(with([](v1::Consent* consent) {
              consent->set_guardian("persons/" + base::Uuid::NewV7().ToString());
            })),
            "PERSON_UNKNOWN");
  EXPECT_EQ(Why(with([&](v1::Consent* consent) { consent->set_guardian(person_); })),
            "INVALID_FIELD");
  EXPECT_EQ(Why(with([](v1::Consent* consent) {
              *consent->mutable_decide_time() = ToTimestamp(Korea("2024-03-04 11:01"));
            })),
            "DATE_INVALID");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent"), "0");
  EXPECT_EQ(Why(consents_.Say("persons/" + base::Uuid::NewV7().ToString(), kCollection, text)),
            "NOT_FOUND");
  EXPECT_EQ(
      Why(consents_.Call<v1::Consent>("RecordConsent", consents_.Saying(person_, kCollection, text),
                                      world_.nobody.get())),
      "PERMISSION_DENIED");
}

// law:L08
TEST_F(Consents, MayBeGivenByAGuardianWhoIsNamed) {
  const std::string mother = consents_.Person();
  v1::RecordConsentRequest request =
      consents_.Saying(person_, kCollection, consents_.Text(kCollection));
  request.mutable_consent()->set_guardian(mother);
  EXPECT_EQ(Record(request)->guardian(), mother);
}

// Nothing is changed: each word is one more entry, and the last one is current.
TEST_F(Consents, AddAnEntryForEachWord) {
  const std::string text = consents_.Text(kAdvertising);
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text, v1::CONSENT_STATE_REFUSED).ok());
  world_.SetClock("2024-03-05 11:00");
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text).ok());
  world_.SetClock("2024-03-06 11:00");
  const auto withdrawn = consents_.Withdraw(person_, kAdvertising);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  ASSERT_EQ(withdrawn->consents_size(), 1);
  EXPECT_EQ(withdrawn->consents(0).state(), v1::CONSENT_STATE_WITHDRAWN);
  EXPECT_EQ(withdrawn->consents(0).channel(), v1::CONSENT_CHANNEL_PHONE);
  EXPECT_EQ(withdrawn->consents(0).result_due_date(), "2024-03-20");
  const auto history = consents_.List(person_, "", "decide_time");
  ASSERT_THAT(history, SizeIs(3));
  for (int at = 0; at < 3; ++at) {
    EXPECT_EQ(history[at].revision(), at + 1);
    EXPECT_EQ(history[at].current(), at == 2);
  }
  EXPECT_THAT(consents_.List(person_, "current = true AND state = CONSENT_STATE_GIVEN"), IsEmpty());
  EXPECT_THAT(consents_.List(person_, "current = true"), SizeIs(1));
  const auto types = TypesOf(person_);
  EXPECT_THAT(std::vector<std::string>(types.end() - 3, types.end()),
              ElementsAre("ConsentRefused", "ConsentGiven", "ConsentWithdrawn"));
  v1::RecordConsentRequest late = consents_.Saying(person_, kAdvertising, text);
  *late.mutable_consent()->mutable_decide_time() = ToTimestamp(Korea("2024-03-05 12:00"));
  EXPECT_EQ(Why(Record(late)), "DATE_ORDER") << "an old paper does not undo the withdrawal";
}

// law:L11
TEST_F(Consents, AreWithdrawnAllAtOnce) {
  for (const auto purpose : {kCollection, kProvision, kAdvertising, kNight}) {
    ASSERT_TRUE(consents_.Say(person_, purpose, consents_.Text(purpose)).ok());
  }
  ASSERT_TRUE(consents_.Say(person_, kProvision, consents_.Text(kProvision)).ok());
  const auto withdrawn = consents_.Withdraw(person_);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->consents_size(), 5) << "two recipients are two matters";
  EXPECT_THAT(consents_.List(person_, "current = true AND state = CONSENT_STATE_GIVEN"), IsEmpty());
  const auto again = consents_.Withdraw(person_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->consents_size(), 0) << "what is not given is not withdrawn";
}

TEST_F(Consents, AreWithdrawnInARehearsalWithoutEffect) {
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, consents_.Text(kAdvertising)).ok());
  const size_t told = TypesOf(person_).size();
  v1::WithdrawConsentsRequest request;
  request.set_parent(person_);
  request.set_channel(v1::CONSENT_CHANNEL_PHONE);
  request.set_validate_only(true);
  const auto rehearsed = consents_.Call<v1::WithdrawConsentsResponse>("WithdrawConsents", request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  ASSERT_EQ(rehearsed->consents_size(), 1);
  EXPECT_EQ(rehearsed->consents(0).purpose(), kAdvertising);
  EXPECT_EQ(rehearsed->consents(0).state(), v1::CONSENT_STATE_WITHDRAWN);
  EXPECT_THAT(consents_.List(person_, "current = true AND state = CONSENT_STATE_GIVEN"), SizeIs(1));
  EXPECT_EQ(TypesOf(person_).size(), told);
}

TEST_F(Consents, HaveTextsInPagesThatClientsAccept) {
  v1::ConsentText text = consents_.Wording(kCollection);
  text.clear_items();
  for (int at = 0; at < 50; ++at) {
    std::string item = std::to_string(at);
    for (int letter = 0; letter < 70; ++letter) item += "가";
    text.add_items(item);
  }
  ASSERT_TRUE(Add(text).ok());
  world_.Ask(
      "INSERT INTO consent_text (id, code, version, language, purpose, wording, created_at) "
      "SELECT md5(n::text)::uuid, code || n, version, language, purpose, wording, created_at "
      "FROM consent_text, generate_series(1, 499) n");
  v1::ListConsentTextsRequest request;
  request.set_page_size(500);
  int found = 0;
  do {
    const auto page = consents_.Call<v1::ListConsentTextsResponse>("ListConsentTexts", request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_GT(page->consent_texts_size(), 100);
    found += page->consent_texts_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, 500);
}

TEST_F(Consents, OfAProvisionAreWithdrawnForOneRecipient) {
  const std::string one = world_.Firm(1), two = world_.Firm(2);
  for (const std::string& firm : {one, two}) {
    ASSERT_TRUE(consents_.Say(person_, kProvision, consents_.Text(kProvision, firm)).ok());
  }
  v1::WithdrawConsentsRequest request;
  request.set_parent(person_);
  request.set_purpose(kProvision);
  request.set_recipient(one);
  request.set_channel(v1::CONSENT_CHANNEL_PAPER);
  request.set_request_id(base::Uuid::NewV7().ToString());
  for (int turn = 0; turn < 2; ++turn) {
    const auto answer = consents_.Call<v1::WithdrawConsentsResponse>("WithdrawConsents", request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(answer->consents_size(), 1) << "a repeated request is answered again";
    EXPECT_EQ(answer->consents(0).recipient(), one);
  }
  request.set_purpose(kAdvertising);
  request.clear_request_id();
  EXPECT_THAT(
      FieldsOf(consents_.Call<v1::WithdrawConsentsResponse>("WithdrawConsents", request).status()),
      ElementsAre("recipient"));
  const auto left = consents_.List(person_, "current = true AND state = CONSENT_STATE_GIVEN");
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].recipient(), two);
}

// law:L04
TEST_F(Consents, ThatAreRefusedStandInTheWayOfNothing) {
  ASSERT_TRUE(
      consents_.Say(person_, kAdvertising, consents_.Text(kAdvertising), v1::CONSENT_STATE_REFUSED)
          .ok());
  v1::CreateEnrolmentRequest request;
  request.set_parent(world_.OpenCampaign([](v1::Campaign* campaign) {
    *campaign->mutable_window()->mutable_end_time() = ToTimestamp(Korea("2024-10-10 18:00"));
  }));
  request.mutable_enrolment()->set_organization(world_.Firm(1));
  request.mutable_enrolment()->set_contact_person(person_);
  const auto enrolled = world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
  ASSERT_TRUE(enrolled.ok()) << enrolled.status();
  EXPECT_EQ(enrolled->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(consents_.Resolve(person_, v1::CONTACT_PURPOSE_SERVICE_NOTICE)->has_contact(), true);
}

}  // namespace
}  // namespace ieum::registry
