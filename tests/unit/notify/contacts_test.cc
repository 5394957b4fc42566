// Goal: a question that registry cannot answer costs only its own message, and a registry that is
// away costs nobody anything. Method: a registry that fails by a rule.
#include "services/notify/messages/contacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"

namespace ieum::notify {
namespace {

using ::testing::IsEmpty;

struct Registry {
  std::function<absl::Status(const registry::v1::ContactQuestion&)> about;
  int asked = 0;

  ContactAnswers Answer(const registry::v1::BatchResolveContactsRequest& request) {
    ++asked;
    registry::v1::BatchResolveContactsResponse response;
    for (const auto& question : request.questions()) {
      if (const absl::Status status = about(question); !status.ok()) return status;
      auto* resolution = response.add_answers()->mutable_resolution();
      resolution->set_person(question.person());
      resolution->mutable_contact()->set_email("kim@hanbit.test");
      resolution->mutable_contact()->set_full_name(question.message_reference());
    }
    return response;
  }
  absl::StatusOr<std::vector<absl::StatusOr<Contact>>> Ask(const std::vector<Message>& messages) {
    std::vector<const Message*> asking;
    for (const Message& message : messages) asking.push_back(&message);
    return AskContacts([this](const auto& request) { return Answer(request); }, asking);
  }
};

std::vector<Message> Messages(int count) {
  std::vector<Message> messages(count);
  for (Message& message : messages) {
    message.id = base::Uuid::NewV7();
    message.person = base::Uuid::NewV7();
  }
  return messages;
}

TEST(Contacts, ComeInTheOrderOfTheMessages) {
  Registry registry{[](const auto&) { return absl::OkStatus(); }};
  const auto messages = Messages(5);
  const auto contacts = registry.Ask(messages);
  ASSERT_TRUE(contacts.ok()) << contacts.status();
  ASSERT_EQ(contacts->size(), messages.size());
  for (size_t at = 0; at < messages.size(); ++at) {
    EXPECT_EQ((*contacts)[at]->addressee.full_name, MessageName(messages[at].id));
  }
  EXPECT_EQ(registry.asked, 1);
}

// Registry gives no address that the channel does not need. row:X20
TEST(Contacts, AreAskedForOfTheMessagesChannelAndPurpose) {
  std::vector<registry::v1::ContactQuestion> asked;
  Registry registry{[&](const auto& question) {
    asked.push_back(question);
    return absl::OkStatus();
  }};
  auto messages = Messages(2);
  messages[0].channel = v1::CHANNEL_EMAIL;
  messages[0].law_class = v1::LAW_CLASS_SERVICE_NOTICE;
  messages[1].channel = v1::CHANNEL_SMS;
  messages[1].law_class = v1::LAW_CLASS_ADVERTISING;
  ASSERT_TRUE(registry.Ask(messages).ok());
  EXPECT_EQ(asked[0].channel(), registry::v1::CONTACT_CHANNEL_EMAIL);
  EXPECT_EQ(asked[0].purpose(), registry::v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  EXPECT_EQ(asked[1].channel(), registry::v1::CONTACT_CHANNEL_SMS);
  EXPECT_EQ(asked[1].purpose(), registry::v1::CONTACT_PURPOSE_ADVERTISING);
}

TEST(Contacts, OneThatCannotBeAnsweredIsFoundAndLeavesTheOthers) {
  const auto messages = Messages(100);
  for (const size_t faulty : {size_t{0}, size_t{37}, size_t{99}}) {
    Registry registry{[&](const auto& question) {
      return question.message_reference() == MessageName(messages[faulty].id)
                 ? absl::InternalError("broken")
                 : absl::OkStatus();
    }};
    const auto contacts = registry.Ask(messages);
    ASSERT_TRUE(contacts.ok()) << contacts.status();
    for (size_t at = 0; at < messages.size(); ++at) {
      EXPECT_EQ((*contacts)[at].ok(), at != faulty) << at;
    }
    EXPECT_LE(registry.asked, 15);
  }
}

TEST(Contacts, OfARegistryThatIsAwayAreAskedForOnce) {
  Registry registry{[](const auto&) { return absl::UnavailableError("away"); }};
  EXPECT_EQ(registry.Ask(Messages(100)).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(registry.asked, 1);
}

TEST(Contacts, OfNobodyAreNotAskedFor) {
  Registry registry{[](const auto&) { return absl::OkStatus(); }};
  EXPECT_THAT(registry.Ask({}).value(), IsEmpty());
  EXPECT_EQ(registry.asked, 0);
}

TEST(Contacts, WhoseDataCannotBeReadAreAFaultOfThatMessageAlone) {
  const auto messages = Messages(2);
  const ContactResolver resolver = [&](const auto& request) -> ContactAnswers {
    registry::v1::BatchResolveContactsResponse response;
    for (const auto& question : request.questions()) {
      response.add_answers()->mutable_resolution()->set_person(question.person());
    }
    response.mutable_answers(0)->set_error_reason("PERSON_ERASED");
    response.mutable_answers(1)->mutable_resolution()->mutable_contact()->set_email("a@b.test");
    return response;
  };
  const std::vector<const Message*> asking = {&messages[0], &messages[1]};
  const auto contacts = AskContacts(resolver, asking);
  ASSERT_TRUE(contacts.ok());
  EXPECT_EQ((*contacts)[0].status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ((*contacts)[1]->answer, ContactAnswer::kGiven);
}

TEST(Contacts, OfSomebodyElseAreAFault) {
  const auto messages = Messages(1);
  const ContactResolver resolver = [](const auto&) -> ContactAnswers {
    registry::v1::BatchResolveContactsResponse response;
    response.add_answers()->mutable_resolution()->set_person(
        absl::StrCat("persons/", base::Uuid::NewV7().ToString()));
    return response;
  };
  const std::vector<const Message*> asking = {&messages[0]};
  EXPECT_FALSE((*AskContacts(resolver, asking))[0].ok());
}

}  // namespace
}  // namespace ieum::notify
