// Goal: an address is given for one purpose, on a stored basis, and never without a receipt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

class ResolveContacts : public ::testing::Test {
 protected:
  std::string Contact(v1::LegalBasis basis, const std::string& email) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("표은비");
    request.mutable_person()->set_email(email);
    request.mutable_person()->set_phone("010-0000-0009");
    request.mutable_person()->set_preferred_language(v1::LANGUAGE_EN);
    request.mutable_person()->set_basis(basis);
    return world_.Call<v1::Person>("PersonService/CreatePerson", request)->name();
  }
  v1::ResolveContactsRequest Ask(const std::vector<std::string>& persons,
                                 v1::ContactPurpose purpose) {
    v1::ResolveContactsRequest request;
    request.mutable_persons()->Assign(persons.begin(), persons.end());
    request.set_purpose(purpose);
    request.set_message_reference("messages/0190b0c0-0000-7000-8000-000000000001");
    return request;
  }
  absl::StatusOr<v1::ResolveContactsResponse> Resolve(const v1::ResolveContactsRequest& request,
                                                      rpc::Peer* as = nullptr) {
    return world_.Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts", request,
                                                    as != nullptr ? as : world_.service.get());
  }

  World world_;
};

// law:L06 law:L07
TEST_F(ResolveContacts, GivesAnAddressForAServiceNoticeOnAStoredBasis) {
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  const std::string consultant = Contact(v1::LEGAL_BASIS_DUTY, "con1@staff.bsn-wlb.test");
  v1::ResolveContactsRequest request =
      Ask({consultant, contact}, v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  request.set_organization(world_.Firm(1));
  const auto answer = Resolve(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->resolutions_size(), 2);
  EXPECT_EQ(answer->resolutions(0).person(), consultant) << "in the order asked for";
  EXPECT_EQ(answer->resolutions(0).basis(), v1::LEGAL_BASIS_DUTY);
  EXPECT_EQ(answer->resolutions(1).contact().email(), "contact@g001.firms.test");
  EXPECT_EQ(answer->resolutions(1).contact().phone_e164(), "+821000000009");
  EXPECT_EQ(answer->resolutions(1).contact().preferred_language(), v1::LANGUAGE_EN);
  EXPECT_EQ(answer->organization_display_name(), "동백정밀 1");
}

// row:X20
TEST_F(ResolveContacts, GivesNoOfficesNumberForATextMessage) {
  v1::CreatePersonRequest office;
  office.mutable_person()->set_full_name("표은비");
  office.mutable_person()->set_phone("032-123-4567");
  office.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const std::string person = world_.Call<v1::Person>("PersonService/CreatePerson", office)->name();
  const struct {
    v1::ContactChannel channel;
    const char* phone;
  } cases[] = {{v1::CONTACT_CHANNEL_SMS, ""},
               {v1::CONTACT_CHANNEL_ALIMTALK, ""},
               {v1::CONTACT_CHANNEL_CALL, "+82321234567"},
               {v1::CONTACT_CHANNEL_UNSPECIFIED, "+82321234567"}};
  for (const auto& [channel, phone] : cases) {
    v1::ResolveContactsRequest request = Ask({person}, v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    request.set_channel(channel);
    const auto answer = Resolve(request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_TRUE(answer->resolutions(0).has_contact());
    EXPECT_EQ(answer->resolutions(0).contact().phone_e164(), phone)
        << v1::ContactChannel_Name(channel);
  }
}

TEST_F(ResolveContacts, WritesAReceiptForEachPersonOfWhoAskedForWhatWhenAndWhy) {
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  const auto answer = Resolve(Ask({contact}, v1::CONTACT_PURPOSE_SERVICE_NOTICE));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(world_.Ask("SELECT id || ' ' || person_id || ' ' || asked_by || ' ' || purpose || ' ' "
                       "|| basis || ' ' || refusal || ' ' || message_reference || ' ' || "
                       "to_char(asked_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD HH24:MI') "
                       "FROM contact_receipt"),
            answer->resolutions(0).receipt_id() + " " + IdOf(contact) +
                " service/notify 1 1 0 messages/0190b0c0-0000-7000-8000-000000000001 "
                "2023-05-02 11:00");
}

TEST_F(ResolveContacts, RefusesEveryOtherPurposeWithAReceipt) {
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  int receipts = 0;
  for (auto purpose : {v1::CONTACT_PURPOSE_PUBLIC_NOTICE, v1::CONTACT_PURPOSE_ADVERTISING,
                       v1::CONTACT_PURPOSE_SURVEY}) {
    const auto answer = Resolve(Ask({contact}, purpose));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->resolutions(0).refusal(), v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED);
    EXPECT_FALSE(answer->resolutions(0).has_contact());
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt WHERE refusal = 2"),
              std::to_string(++receipts));
  }
  EXPECT_EQ(base::ReasonOf(Resolve(Ask({contact}, v1::CONTACT_PURPOSE_UNSPECIFIED)).status()),
            "INVALID_FIELD");
}

TEST_F(ResolveContacts, ReportsUnknownPersonsAndThoseWithoutAddress) {
  const std::string silent = world_.Person("탁한솔");
  const std::string unknown = "persons/" + base::Uuid::NewV7().ToString();
  const auto answer = Resolve(Ask({unknown, silent}, v1::CONTACT_PURPOSE_SERVICE_NOTICE));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->resolutions_size(), 2);
  EXPECT_EQ(answer->resolutions(0).refusal(), v1::CONTACT_REFUSAL_PERSON_UNKNOWN);
  EXPECT_EQ(answer->resolutions(0).basis(), v1::LEGAL_BASIS_UNSPECIFIED);
  EXPECT_EQ(answer->resolutions(1).contact().full_name(), "탁한솔");
  EXPECT_EQ(answer->resolutions(1).contact().email(), "");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt"), "2");
}

TEST_F(ResolveContacts, AnswersARepeatedRequestFromTheSameReceipts) {
  v1::ResolveContactsRequest request =
      Ask({Contact(v1::LEGAL_BASIS_DUTY, "con2@staff.bsn-wlb.test")},
          v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto first = Resolve(request), again = Resolve(request);
  ASSERT_TRUE(first.ok() && again.ok()) << again.status();
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt"), "1");
}

TEST_F(ResolveContacts, RefusesTooManyPersonsAndThoseNamedTwice) {
  std::vector<std::string> persons(101);
  for (std::string& person : persons) person = "persons/" + base::Uuid::NewV7().ToString();
  EXPECT_EQ(base::ReasonOf(Resolve(Ask(persons, v1::CONTACT_PURPOSE_SERVICE_NOTICE)).status()),
            "INVALID_FIELD");
  EXPECT_EQ(
      base::ReasonOf(
          Resolve(Ask({persons[0], persons[0]}, v1::CONTACT_PURPOSE_SERVICE_NOTICE)).status()),
      "INVALID_FIELD");
  persons.pop_back();
  EXPECT_TRUE(Resolve(Ask(persons, v1::CONTACT_PURPOSE_SERVICE_NOTICE)).ok());
}

// What each question of a batch is answered is what it is answered alone.
TEST_F(ResolveContacts, AnswersABatchQuestionByQuestion) {
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  const std::string consultant = Contact(v1::LEGAL_BASIS_DUTY, "con1@staff.bsn-wlb.test");
  const std::string unknown = "persons/" + base::Uuid::NewV7().ToString();
  v1::BatchResolveContactsRequest request;
  const auto ask = [&](const std::string& person, v1::ContactPurpose purpose,
                       const std::string& organization = "") {
    auto* question = request.add_questions();
    question->set_person(person);
    question->set_purpose(purpose);
    question->set_message_reference("messages/" + base::Uuid::NewV7().ToString());
    question->set_organization(organization);
  };
  ask(consultant, v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  ask(contact, v1::CONTACT_PURPOSE_SERVICE_NOTICE, world_.Firm(1));
  ask(contact, v1::CONTACT_PURPOSE_ADVERTISING, world_.Firm(2));
  ask(unknown, v1::CONTACT_PURPOSE_SERVICE_NOTICE,
      "organizations/" + base::Uuid::NewV7().ToString());
  ask(contact, v1::CONTACT_PURPOSE_SERVICE_NOTICE);  // for a second message
  const auto batch = world_.Call<v1::BatchResolveContactsResponse>(
      "PersonService/BatchResolveContacts", request, world_.service.get());
  ASSERT_TRUE(batch.ok()) << batch.status();
  ASSERT_EQ(batch->answers_size(), request.questions_size());
  for (int at = 0; at < request.questions_size(); ++at) {
    const auto& question = request.questions(at);
    v1::ResolveContactsRequest alone = Ask({question.person()}, question.purpose());
    alone.set_message_reference(question.message_reference());
    alone.set_organization(question.organization());
    auto answer = Resolve(alone);
    ASSERT_TRUE(answer.ok()) << answer.status();
    auto* resolution = answer->mutable_resolutions(0);
    EXPECT_EQ(batch->answers(at).organization_display_name(), answer->organization_display_name());
    EXPECT_EQ(batch->answers(at).error_reason(), "");
    EXPECT_NE(batch->answers(at).resolution().receipt_id(), resolution->receipt_id());
    resolution->set_receipt_id(batch->answers(at).resolution().receipt_id());
    EXPECT_EQ(batch->answers(at).resolution().DebugString(), resolution->DebugString());
  }
  EXPECT_EQ(batch->answers(2).resolution().refusal(), v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED);
}

TEST_F(ResolveContacts, WritesAReceiptForEachQuestionOfABatch) {
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  v1::BatchResolveContactsRequest request;
  for (int at = 0; at < 3; ++at) {
    auto* question = request.add_questions();
    question->set_person(contact);
    question->set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    question->set_message_reference(absl::StrCat("messages/", at));
  }
  request.mutable_questions(1)->set_organization(world_.Firm(1));
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto ask = [&] {
    return world_.Call<v1::BatchResolveContactsResponse>("PersonService/BatchResolveContacts",
                                                         request, world_.service.get());
  };
  const auto first = ask(), again = ask();
  ASSERT_TRUE(first.ok() && again.ok()) << first.status() << again.status();
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt"), "3");
  for (int at = 0; at < 3; ++at) {
    EXPECT_EQ(
        world_.Ask(
            absl::StrCat("SELECT message_reference || ' ' || place || ' ' || asked_by || ' ' "
                         "|| (organization_id IS NOT NULL) FROM contact_receipt WHERE id = '",
                         first->answers(at).resolution().receipt_id(), "'")),
        absl::StrCat("messages/", at, " ", at + 1, " service/notify ", at == 1 ? "true" : "false"));
  }
}

TEST_F(ResolveContacts, TellsOfABatchWhoseDataCannotBeReadAndAnswersTheOthers) {
  const std::string erased = Contact(v1::LEGAL_BASIS_CONTRACT, "gone@g001.firms.test");
  const std::string contact = Contact(v1::LEGAL_BASIS_CONTRACT, "contact@g001.firms.test");
  world_.Ask(
      absl::StrCat("UPDATE person_key SET wrapped = NULL, destroyed_at = now() "
                   "WHERE person_id = '",
                   IdOf(erased), "' RETURNING 1"));
  v1::BatchResolveContactsRequest request;
  for (const std::string& person : {erased, contact}) {
    auto* question = request.add_questions();
    question->set_person(person);
    question->set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    question->set_message_reference("messages/1");
  }
  const auto answer = world_.Call<v1::BatchResolveContactsResponse>(
      "PersonService/BatchResolveContacts", request, world_.service.get());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->answers(0).error_reason(), "PERSON_ERASED");
  EXPECT_EQ(answer->answers(0).resolution().person(), erased);
  EXPECT_FALSE(answer->answers(0).resolution().has_contact());
  EXPECT_EQ(answer->answers(1).resolution().contact().email(), "contact@g001.firms.test");
  EXPECT_EQ(base::ReasonOf(Resolve(Ask({erased}, v1::CONTACT_PURPOSE_SERVICE_NOTICE)).status()),
            "PERSON_ERASED");
}

TEST_F(ResolveContacts, BlamesTheQuestionOfABatchThatIsWrong) {
  v1::BatchResolveContactsRequest request;
  for (int at = 0; at < 257; ++at) {
    auto* question = request.add_questions();
    question->set_person("persons/" + base::Uuid::NewV7().ToString());
    question->set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    question->set_message_reference("messages/1");
  }
  const auto ask = [&](rpc::Peer* as) {
    return world_
        .Call<v1::BatchResolveContactsResponse>("PersonService/BatchResolveContacts", request, as)
        .status();
  };
  EXPECT_EQ(base::FieldsOf(ask(world_.service.get())), std::vector<std::string>{"questions"});
  request.mutable_questions()->RemoveLast();
  EXPECT_TRUE(ask(world_.service.get()).ok());
  EXPECT_EQ(base::ReasonOf(ask(world_.nobody.get())), "PERMISSION_DENIED");
  request.mutable_questions(7)->set_person("persons/kim");
  EXPECT_EQ(base::FieldsOf(ask(world_.service.get())),
            std::vector<std::string>{"questions[7].person"});
}

TEST_F(ResolveContacts, GivesNothingToThoseWithoutThePermission) {
  const auto refused = Resolve(Ask({world_.Person("문가람")}, v1::CONTACT_PURPOSE_SERVICE_NOTICE),
                               world_.nobody.get());
  EXPECT_EQ(base::ReasonOf(refused.status()), "PERMISSION_DENIED");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt"), "0");
}

}  // namespace
}  // namespace ieum::registry
