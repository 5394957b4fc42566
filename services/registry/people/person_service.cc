#include "services/registry/people/person_service.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/receipt_store.h"

namespace ieum::registry {
namespace {

constexpr char kAnyPerson[] = "persons/-";

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

v1::Person ToWire(const Person& person, int64_t version) {
  v1::Person wire = PersonalOf(person);
  wire.set_name(PersonName(person.id));
  wire.set_phone_e164(person.phone.e164);
  *wire.mutable_create_time() = ToTimestamp(person.created_at);
  *wire.mutable_update_time() = ToTimestamp(person.updated_at);
  if (person.centre) wire.set_centre(OrganizationName(*person.centre));
  wire.set_etag(ledger::FormatEtag(version));
  return wire;
}

v1::Affiliation ToWire(const AffiliationView& view) {
  const Affiliation& affiliation = view.affiliation;
  v1::Affiliation wire;
  wire.set_name(AffiliationName(affiliation.person_id, affiliation.id));
  wire.set_organization(OrganizationName(affiliation.organization_id));
  wire.set_role(affiliation.role);
  wire.set_start_date(base::FormatDay(affiliation.start_date));
  if (affiliation.end_date) wire.set_end_date(base::FormatDay(*affiliation.end_date));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Person Rehearsed(v1::Person person, const ledger::Answer& answer) {
  person.set_name(answer.name);
  person.set_etag(ledger::FormatEtag(answer.etag));
  return person;
}

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields =
      new std::vector<std::string>{"full_name", "email", "phone", "preferred_language", "basis"};
  return *fields;
}

// `field`: how the caller's words for the question begin.
absl::StatusOr<ContactQuestion> QuestionOf(const v1::ContactQuestion& asked,
                                           const std::string& field) {
  ContactQuestion question;
  ASSIGN_OR_RETURN(question.person, IdIn("persons/{}", asked.person(), field + "person"));
  question.purpose = asked.purpose();
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

void SetContact(const Person& person, v1::Contact* contact) {
  contact->set_full_name(person.full_name);
  contact->set_email(person.email);
  contact->set_phone_e164(person.phone.e164);
  contact->set_preferred_language(person.preferred_language);
}

v1::ContactResolution ResolutionOf(const Receipt& receipt) {
  v1::ContactResolution resolution;
  resolution.set_person(PersonName(receipt.person_id));
  resolution.set_receipt_id(receipt.id.ToString());
  resolution.set_basis(receipt.basis);
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
      SetContact(*person, answer.mutable_resolution()->mutable_contact());
    }
    answers.emplace_back(std::move(answer));
  }
  return answers;
}

}  // namespace

void PersonDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.PersonService");
  routes.Unary("CreatePerson", this, &PersonDoor::Create);
  routes.Unary("GetPerson", this, &PersonDoor::Get);
  routes.Unary("UpdatePerson", this, &PersonDoor::Update);
  routes.Unary("CreateAffiliation", this, &PersonDoor::CreateAffiliation);
  routes.Unary("EndAffiliation", this, &PersonDoor::EndAffiliation);
  routes.Unary("ListAffiliations", this, &PersonDoor::ListAffiliations);
  routes.Unary("ResolveContacts", this, &PersonDoor::ResolveContacts);
  routes.Unary("BatchResolveContacts", this, &PersonDoor::BatchResolveContacts);
}

absl::StatusOr<v1::Person> PersonDoor::ReadPerson(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("persons/{}", name, "name"));
  v1::Person wire;
  RETURN_IF_ERROR(database_.Read("person_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Person person, FindPerson(tx, call.scope(), keys_, id));
    wire = ToWire(person, PersonVersion(tx, id));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Affiliation> PersonDoor::ReadAffiliation(const rpc::Call& call,
                                                            const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("persons/{}/affiliations/{}", name, "name"));
  v1::Affiliation wire;
  RETURN_IF_ERROR(database_.Read("affiliation_get", [&](db::Tx& tx) -> absl::Status {
    const auto found = FindAffiliation(tx, call.scope(), id);
    if (!found) return base::NotFound(name);
    wire = ToWire(AffiliationView{*found, PersonVersion(tx, found->person_id)});
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Person> PersonDoor::Create(rpc::Call& call,
                                              const v1::CreatePersonRequest& request) {
  RegisterPersonInput input;
  if (!request.person_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.person_id(), "person_id"));
  }
  input.person = request.person();
  ASSIGN_OR_RETURN(input.centre, CentreIn(request.person().centre(), "person.centre"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RegisterPerson(work, keys_, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.person(), answer);
  return ReadPerson(call, answer.name);
}

absl::StatusOr<v1::Person> PersonDoor::Get(rpc::Call& call, const v1::GetPersonRequest& request) {
  return ReadPerson(call, request.name());
}

absl::StatusOr<v1::Person> PersonDoor::Update(rpc::Call& call,
                                              const v1::UpdatePersonRequest& request) {
  UpdatePersonInput input;
  ASSIGN_OR_RETURN(input.id, IdIn("persons/{}", request.person().name(), "person.name"));
  input.etag = request.person().etag();
  input.change = [&](v1::Person* person) {
    return rpc::ApplyUpdate(request.update_mask(), request.person(), person, ChangeableFields());
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return UpdatePerson(work, keys_, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.person(), answer);
  return ReadPerson(call, answer.name);
}

absl::StatusOr<v1::Affiliation> PersonDoor::CreateAffiliation(
    rpc::Call& call, const v1::CreateAffiliationRequest& request) {
  StartAffiliationInput input;
  ASSIGN_OR_RETURN(input.person_id, IdIn("persons/{}", request.parent(), "parent"));
  if (!request.affiliation_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.affiliation_id(), "affiliation_id"));
  }
  ASSIGN_OR_RETURN(
      input.organization_id,
      IdIn("organizations/{}", request.affiliation().organization(), "affiliation.organization"));
  input.role = request.affiliation().role();
  input.start_date = request.affiliation().start_date();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return StartAffiliation(work, input);
                   }));
  return ReadAffiliation(call, answer.name);
}

absl::StatusOr<v1::Affiliation> PersonDoor::EndAffiliation(
    rpc::Call& call, const v1::EndAffiliationRequest& request) {
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}/affiliations/{}", request.name(), "name"));
  const EndAffiliationInput input{ids[0], ids[1], request.etag(), request.end_date()};
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return registry::EndAffiliation(work, input);
                   }));
  return ReadAffiliation(call, answer.name);
}

absl::StatusOr<v1::ListAffiliationsResponse> PersonDoor::ListAffiliations(
    rpc::Call& call, const v1::ListAffiliationsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AffiliationList(), page_key_));
  if (request.parent() != kAnyPerson) {
    ASSIGN_OR_RETURN(const base::Uuid person, IdIn("persons/{}", request.parent(), "parent"));
    query.Where("f.person_id = {}::uuid", {person.ToString()});
  }
  v1::ListAffiliationsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("affiliation_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_affiliations() = ToWire(ReadAffiliationView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

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
  std::vector<absl::StatusOr<v1::ContactAnswer>> answers;
  RETURN_IF_ERROR(database_.Read("contacts_resolve", [&](db::Tx& tx) {
    answers = AnswersTo(FindReceipts(tx, id), tx, call.scope(), keys_);
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
