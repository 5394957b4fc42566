#include "services/notify/messages/contacts.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/db/database.h"
#include "services/notify/messages/mail.h"

namespace ieum::notify {
namespace {

using Contacts = std::vector<absl::StatusOr<Contact>>;

std::string PersonName(const Message& message) {
  return absl::StrCat("persons/", message.person.ToString());
}

// Registry gives the address that this needs and no other, and knows whether the night counts.
registry::v1::ContactChannel ChannelOf(const Message& message) {
  return message.channel == v1::CHANNEL_SMS ? registry::v1::CONTACT_CHANNEL_SMS
                                            : registry::v1::CONTACT_CHANNEL_EMAIL;
}

registry::v1::BatchResolveContactsRequest QuestionsOf(absl::Span<const Message* const> messages) {
  registry::v1::BatchResolveContactsRequest request;
  for (const Message* message : messages) {
    registry::v1::ContactQuestion* question = request.add_questions();
    question->set_person(PersonName(*message));
    question->set_purpose(PurposeOf(message->law_class));
    question->set_channel(ChannelOf(*message));
    question->set_message_reference(MessageName(message->id));
    if (const auto organization = OrganizationOf(*message)) {
      question->set_organization(absl::StrCat("organizations/", organization->ToString()));
    }
  }
  return request;
}

ContactAnswer AnswerOf(const registry::v1::ContactResolution& resolution) {
  if (resolution.has_contact()) {
    return IsMailAddress(resolution.contact().email()) ? ContactAnswer::kGiven
                                                       : ContactAnswer::kNoAddress;
  }
  return resolution.refusal() == registry::v1::CONTACT_REFUSAL_PERSON_UNKNOWN
             ? ContactAnswer::kUnknown
             : ContactAnswer::kRefused;
}

absl::StatusOr<Contact> ContactOf(const Message& message,
                                  const registry::v1::ContactAnswer& answer) {
  const registry::v1::ContactResolution& resolution = answer.resolution();
  if (resolution.person() != PersonName(message)) {
    return absl::InternalError("registry answered for somebody else");
  }
  if (!answer.error_reason().empty()) {
    return absl::FailedPreconditionError(answer.error_reason());
  }
  Contact contact;
  contact.answer = AnswerOf(resolution);
  contact.receipt_id = resolution.receipt_id();
  contact.email = resolution.contact().email();
  contact.addressee.full_name = resolution.contact().full_name();
  contact.addressee.organization = answer.organization_display_name();
  if (resolution.contact().preferred_language() == registry::v1::LANGUAGE_EN) {
    contact.addressee.language = TextLanguage::kEnglish;
  }
  return contact;
}

// Everything that was asked for comes back; an answer that does not is a fault to try again.
absl::StatusOr<Contacts> AskOnce(const ContactResolver& resolver,
                                 absl::Span<const Message* const> messages) {
  ASSIGN_OR_RETURN(const registry::v1::BatchResolveContactsResponse response,
                   resolver(QuestionsOf(messages)));
  if (response.answers_size() != static_cast<int>(messages.size())) {
    return absl::InternalError("registry did not answer every question");
  }
  Contacts contacts;
  for (size_t at = 0; at < messages.size(); ++at) {
    contacts.push_back(ContactOf(*messages[at], response.answers(static_cast<int>(at))));
  }
  return contacts;
}

}  // namespace

absl::StatusOr<Contacts> AskContacts(const ContactResolver& resolver,
                                     absl::Span<const Message* const> messages) {
  if (messages.empty()) return Contacts();
  absl::StatusOr<Contacts> contacts = AskOnce(resolver, messages);
  if (contacts.ok() || db::IsTransient(contacts.status())) return contacts;
  if (messages.size() == 1) return Contacts{contacts.status()};
  // Cut in halves until the culprit stands alone.
  const size_t half = messages.size() / 2;
  ASSIGN_OR_RETURN(Contacts first, AskContacts(resolver, messages.first(half)));
  ASSIGN_OR_RETURN(Contacts second, AskContacts(resolver, messages.subspan(half)));
  std::move(second.begin(), second.end(), std::back_inserter(first));
  return first;
}

}  // namespace ieum::notify
