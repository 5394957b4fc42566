// The part of the door of people through which addresses leave.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/contact_gate.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_service.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/receipt_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

// `field`: how the caller's words for the question begin.
absl::StatusOr<ContactQuestion> QuestionOf(const v1::ContactQuestion& asked,
                                           const std::string& field) {
  ContactQuestion question;
  ASSIGN_OR_RETURN(question.person, IdIn("persons/{}", asked.person(), field + "person"));
  question.purpose = asked.purpose();
  question.channel = asked.channel();
  RETURN_IF_ERROR(base::CheckText(asked.message_reference(), field + "message_reference"));
  question.message_reference = asked.message_reference();
  if (!asked.organization().empty()) {
    ASSIGN_OR_RETURN(question.organization_id,
                     IdIn("organizations/{}", asked.organization(), field + "organization"));
  }
  return question;
}

absl::StatusOr<std::vector<ContactQuestion>> QuestionsOf(
    const v1::ResolveContactsRequest& request) {
  v1::ContactQuestion asked;
  asked.set_purpose(request.purpose());
  asked.set_channel(request.channel());
  asked.set_message_reference(request.message_reference());
  asked.set_organization(request.organization());
  std::vector<ContactQuestion> questions;
  for (const std::string& person : request.persons()) {
    asked.set_person(person);
    ASSIGN_OR_RETURN(ContactQuestion question, QuestionOf(asked, ""));
    questions.push_back(std::move(question));
  }
  return questions;
}

absl::StatusOr<std::vector<ContactQuestion>> QuestionsOf(
    const v1::BatchResolveContactsRequest& request) {
  std::vector<ContactQuestion> questions;
  for (const v1::ContactQuestion& asked : request.questions()) {
    ASSIGN_OR_RETURN(ContactQuestion question,
                     QuestionOf(asked, absl::StrCat("questions[", questions.size(), "].")));
    questions.push_back(std::move(question));
  }
  return questions;
}

// No text message goes to a number of an office.
bool Reaches(v1::ContactChannel channel, const PhoneNumber& phone) {
  const bool text = channel == v1::CONTACT_CHANNEL_SMS || channel == v1::CONTACT_CHANNEL_ALIMTALK;
  return !text || TakesText(phone);
}

// What the receipt lets leave.
void SetContact(const Person& person, const Receipt& receipt, v1::Contact* contact) {
  contact->set_full_name(person.full_name);
  if (receipt.addresses & kEmailAddress) contact->set_email(person.email);
  if ((receipt.addresses & kPhoneAddress) && Reaches(receipt.channel, person.phone)) {
    contact->set_phone_e164(person.phone.e164);
  }
  contact->set_preferred_language(person.preferred_language);
}

v1::ContactResolution ResolutionOf(const Receipt& receipt) {
  v1::ContactResolution resolution;
  resolution.set_person(PersonName(receipt.person_id));
  resolution.set_receipt_id(receipt.id.ToString());
  resolution.set_basis(receipt.basis);
  if (receipt.consent_id) {
    resolution.set_consent(ConsentName(receipt.person_id, *receipt.consent_id));
    resolution.set_consent_revision(receipt.consent_revision);
  }
  if (receipt.refusal != v1::CONTACT_REFUSAL_UNSPECIFIED) {
    resolution.set_refusal(receipt.refusal);
  }
  return resolution;
}

std::string ReasonWord(const absl::Status& status) {
  const std::string reason = base::ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

bool Given(const Receipt& receipt) { return receipt.refusal == v1::CONTACT_REFUSAL_UNSPECIFIED; }

// A repeated question is answered from its receipts, but what was taken back meanwhile is not given
// again: an address that was read once is not a licence for a week. law:L31
void HoldToConsents(db::Tx& tx, absl::Time now, std::vector<Receipt>* receipts) {
  std::vector<base::Uuid> persons;
  for (const Receipt& receipt : *receipts) {
    if (receipt.consent_id) persons.push_back(receipt.person_id);
  }
  if (persons.empty()) return;
  // Whom she has been merged into since speaks for her.
  const std::map<base::Uuid, base::Uuid> stood = StoodFor(tx, persons);
  const auto now_person = [&](const base::Uuid& person) {
    const auto survivor = stood.find(person);
    return survivor == stood.end() ? person : survivor->second;
  };
  for (base::Uuid& person : persons) person = now_person(person);
  const std::vector<ConsentHead> heads = FindStandingHeads(tx, persons, now);
  for (Receipt& receipt : *receipts) {
    if (!Given(receipt) || !receipt.consent_id) continue;
    std::vector<ConsentHead> hers;
    std::copy_if(
        heads.begin(), heads.end(), std::back_inserter(hers),
        [&](const ConsentHead& head) { return head.person_id == now_person(receipt.person_id); });
    const bool current = std::any_of(hers.begin(), hers.end(), [&](const ConsentHead& head) {
      return head.consent_id == receipt.consent_id;
    });
    const ContactVerdict verdict =
        JudgeContact(receipt.basis, receipt.purpose, receipt.channel, now, hers);
    // That night fell since is for who sends to ask.
    if (current && verdict.refusal == v1::CONTACT_REFUSAL_NIGHT_CONSENT_MISSING) continue;
    if (verdict.refusal == v1::CONTACT_REFUSAL_UNSPECIFIED) continue;
    receipt.refusal = verdict.refusal;
    receipt.consent_id = verdict.consent_id;
    receipt.consent_revision = verdict.consent_revision;
  }
}

// The answer to each receipt in their order; the status of one whose person cannot be read.
std::vector<absl::StatusOr<v1::ContactAnswer>> AnswersTo(const std::vector<Receipt>& receipts,
                                                         db::Tx& tx, const base::Scope& scope,
                                                         const db::PersonKeys& keys) {
  std::vector<base::Uuid> persons, organizations;
  for (const Receipt& receipt : receipts) {
    if (Given(receipt)) persons.push_back(receipt.person_id);
    if (receipt.organization_id) organizations.push_back(*receipt.organization_id);
  }
  const auto found = FindPersons(tx, scope, keys, persons);
  const auto names = DisplayNames(tx, organizations);
  std::vector<absl::StatusOr<v1::ContactAnswer>> answers;
  for (const Receipt& receipt : receipts) {
    v1::ContactAnswer answer;
    *answer.mutable_resolution() = ResolutionOf(receipt);
    if (receipt.organization_id && names.contains(*receipt.organization_id)) {
      answer.set_organization_display_name(names.at(*receipt.organization_id));
    }
    if (Given(receipt)) {
      const absl::StatusOr<Person>& person = found.at(receipt.person_id);
      if (!person.ok()) {
        answers.emplace_back(person.status());
        continue;
      }
      SetContact(*person, receipt, answer.mutable_resolution()->mutable_contact());
    }
    answers.emplace_back(std::move(answer));
  }
  return answers;
}

}  // namespace

// The receipts are committed before an address is read: nobody hears one without a trace.
absl::StatusOr<std::vector<absl::StatusOr<v1::ContactAnswer>>> PersonDoor::Ask(
    rpc::Call& call, const google::protobuf::Message& request,
    const std::vector<ContactQuestion>& questions) {
  ASSIGN_OR_RETURN(
      const ledger::Answer answer,
      call.Write(ledger_, request, [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
        return registry::ResolveContacts(work, questions);
      }));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("contactResolutions/{}", answer.name, "name"));
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  std::vector<absl::StatusOr<v1::ContactAnswer>> answers;
  RETURN_IF_ERROR(database_.Read("contacts_resolve", [&](db::Tx& tx) {
    std::vector<Receipt> receipts = FindReceipts(tx, id);
    if (answer.replayed) HoldToConsents(tx, now, &receipts);
    answers = AnswersTo(receipts, tx, call.scope(), keys_);
    // The receipt is of who stands for whom was asked for; the answer is to the question.
    for (size_t at = 0; at < answers.size() && at < questions.size(); ++at) {
      if (!answers[at].ok()) continue;
      answers[at]->mutable_resolution()->set_person(PersonName(questions[at].person));
    }
    return absl::OkStatus();
  }));
  return answers;
}

absl::StatusOr<v1::ResolveContactsResponse> PersonDoor::ResolveContacts(
    rpc::Call& call, const v1::ResolveContactsRequest& request) {
  ASSIGN_OR_RETURN(const auto questions, QuestionsOf(request));
  ASSIGN_OR_RETURN(auto answers, Ask(call, request, questions));
  v1::ResolveContactsResponse response;
  for (auto& answer : answers) {
    RETURN_IF_ERROR(answer.status());
    response.set_organization_display_name(answer->organization_display_name());
    *response.add_resolutions() = std::move(*answer->mutable_resolution());
  }
  return response;
}

absl::StatusOr<v1::BatchResolveContactsResponse> PersonDoor::BatchResolveContacts(
    rpc::Call& call, const v1::BatchResolveContactsRequest& request) {
  ASSIGN_OR_RETURN(const auto questions, QuestionsOf(request));
  ASSIGN_OR_RETURN(auto answers, Ask(call, request, questions));
  v1::BatchResolveContactsResponse response;
  for (auto& answer : answers) {
    if (answer.ok()) {
      *response.add_answers() = *std::move(answer);
    } else {
      const int at = response.answers_size();
      v1::ContactAnswer* unread = response.add_answers();
      unread->mutable_resolution()->set_person(request.questions(at).person());
      unread->set_error_reason(ReasonWord(answer.status()));
    }
  }
  return response;
}

}  // namespace ieum::registry
