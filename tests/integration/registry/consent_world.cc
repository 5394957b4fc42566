#include "tests/integration/registry/consent_world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/registry/consents/due.h"
#include "services/registry/instants.h"

namespace ieum::registry {

v1::ConsentText ConsentWorld::Wording(v1::ConsentPurpose purpose, const std::string& recipient) {
  v1::ConsentText text;
  text.set_code(absl::StrCat("TEXT-", ++texts_));
  text.set_version(1);
  text.set_language(v1::LANGUAGE_KO);
  text.set_purpose(purpose);
  text.set_stated_purpose("경력단절예방 지원사업 안내");
  text.add_items("성명");
  text.add_items("연락처");
  text.set_retention("사업 종료 후 3년");
  text.set_refusal_right("동의를 거부할 권리가 있습니다.");
  text.set_refusal_disadvantage("거부하여도 사업 참여에 불이익이 없습니다.");
  if (purpose == v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION) {
    text.set_recipient(recipient.empty() ? world.Firm(++firms_) : recipient);
  }
  if (purpose == v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION) {
    text.add_publication_kinds(v1::PUBLICATION_KIND_PHOTO);
  }
  return text;
}

std::string ConsentWorld::Text(v1::ConsentPurpose purpose, const std::string& recipient) {
  v1::CreateConsentTextRequest request;
  *request.mutable_consent_text() = Wording(purpose, recipient);
  const auto text = Call<v1::ConsentText>("CreateConsentText", request);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? text->name() : "";
}

std::string ConsentWorld::Person(v1::LegalBasis basis) {
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("표은비");
  request.mutable_person()->set_email(absl::StrCat("p", ++persons_, "@people.test"));
  request.mutable_person()->set_phone(absl::StrCat("010-0000-", 1000 + persons_));
  request.mutable_person()->set_basis(basis);
  const auto person = world.Call<v1::Person>("PersonService/CreatePerson", request);
  EXPECT_TRUE(person.ok()) << person.status();
  return person.ok() ? person->name() : "";
}

v1::RecordConsentRequest ConsentWorld::Saying(const std::string& person, v1::ConsentPurpose purpose,
                                              const std::string& text, v1::ConsentState state) {
  v1::RecordConsentRequest request;
  request.set_parent(person);
  v1::Consent& consent = *request.mutable_consent();
  consent.set_purpose(purpose);
  consent.set_state(state);
  consent.set_consent_text(text);
  consent.set_channel(v1::CONSENT_CHANNEL_WEB);
  *consent.mutable_decide_time() = ToTimestamp(world.clock.Now().value());
  return request;
}

absl::StatusOr<v1::Consent> ConsentWorld::Say(const std::string& person, v1::ConsentPurpose purpose,
                                              const std::string& text, v1::ConsentState state) {
  return Call<v1::Consent>("RecordConsent", Saying(person, purpose, text, state));
}

absl::StatusOr<v1::WithdrawConsentsResponse> ConsentWorld::Withdraw(const std::string& person,
                                                                    v1::ConsentPurpose purpose) {
  v1::WithdrawConsentsRequest request;
  request.set_parent(person);
  request.set_purpose(purpose);
  request.set_channel(v1::CONSENT_CHANNEL_PHONE);
  return Call<v1::WithdrawConsentsResponse>("WithdrawConsents", request);
}

std::vector<v1::Consent> ConsentWorld::List(const std::string& parent, const std::string& filter,
                                            const std::string& order_by) {
  v1::ListConsentsRequest request;
  request.set_parent(parent);
  request.set_filter(filter);
  request.set_order_by(order_by);
  request.set_page_size(500);
  const auto page = Call<v1::ListConsentsResponse>("ListConsents", request);
  EXPECT_TRUE(page.ok()) << page.status();
  if (!page.ok()) return {};
  EXPECT_EQ(page->next_page_token(), "");
  return {page->consents().begin(), page->consents().end()};
}

absl::StatusOr<v1::ContactResolution> ConsentWorld::Resolve(const std::string& person,
                                                            v1::ContactPurpose purpose,
                                                            v1::ContactChannel channel) {
  v1::ResolveContactsRequest request;
  request.add_persons(person);
  request.set_purpose(purpose);
  request.set_channel(channel);
  request.set_message_reference("messages/0190b0c0-0000-7000-8000-000000000001");
  ASSIGN_OR_RETURN(const auto answer,
                   world.Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts", request,
                                                           world.service.get()));
  return answer.resolutions(0);
}

absl::StatusOr<v1::ConsentReceipt> ConsentWorld::AskProvision(
    const std::string& person, const std::string& recipient,
    const std::vector<std::string>& items) {
  v1::AuthorizeProvisionRequest request;
  request.set_parent(person);
  request.set_recipient(recipient);
  request.mutable_items()->Assign(items.begin(), items.end());
  return Call<v1::ConsentReceipt>("AuthorizeProvision", request);
}

absl::StatusOr<v1::ConsentReceipt> ConsentWorld::AskPublication(const std::string& person,
                                                                v1::PublicationKind kind) {
  v1::AuthorizePublicationRequest request;
  request.set_parent(person);
  request.set_publication_kind(kind);
  return Call<v1::ConsentReceipt>("AuthorizePublication", request);
}

void ConsentWorld::Settle() { world.DoDue(ConsentsDue(world.ledger)); }

}  // namespace ieum::registry
