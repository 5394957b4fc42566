#include "services/registry/people/person_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "re2/re2.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/candidates.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_requests.h"
#include "services/registry/people/person_search.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/person_then_store.h"
#include "services/registry/people/person_wire.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kAnyPerson[] = "persons/-";

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

// Other names of hers.
void AddMerged(db::Tx& tx, const base::Uuid& person, v1::Person* wire) {
  for (const base::Uuid& record : RecordsOf(tx, person)) {
    if (record != person) wire->add_merged_persons(PersonName(record));
  }
}

// Why somebody searches: blanks and dots are no reason.
absl::Status CheckSaysWhy(const std::string& reason) {
  static const RE2 word(R"((?s)[\p{L}\p{N}].*[\p{L}\p{N}])");
  if (RE2::PartialMatch(reason, word)) return CheckSaysNobody(reason, "access_reason");
  return base::InvalidField("INVALID_FIELD", "access_reason", "must say why, in words");
}

v1::Person Rehearsed(v1::Person person, const ledger::Answer& answer) {
  person.set_name(answer.name);
  person.set_etag(ledger::FormatEtag(answer.etag));
  return person;
}

}  // namespace

void PersonDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.PersonService");
  routes.Unary("CreatePerson", this, &PersonDoor::Create);
  routes.Unary("GetPerson", this, &PersonDoor::Get);
  routes.Unary("SearchPersons", this, &PersonDoor::Search);
  routes.Unary("UpdatePerson", this, &PersonDoor::Update);
  routes.Unary("CreateAffiliation", this, &PersonDoor::CreateAffiliation);
  routes.Unary("EndAffiliation", this, &PersonDoor::EndAffiliation);
  routes.Unary("CorrectAffiliation", this, &PersonDoor::CorrectAffiliation);
  routes.Unary("ListAffiliations", this, &PersonDoor::ListAffiliations);
  routes.Unary("ResolveContacts", this, &PersonDoor::ResolveContacts);
  routes.Unary("BatchResolveContacts", this, &PersonDoor::BatchResolveContacts);
  history_.Serve(routes);
}

absl::StatusOr<v1::Person> PersonDoor::ReadPerson(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("persons/{}", name, "name"));
  v1::Person wire;
  RETURN_IF_ERROR(database_.Read("person_get", [&](db::Tx& tx) -> absl::Status {
    const absl::StatusOr<Person> person = FindStanding(tx, call.scope(), keys_, id);
    if (absl::IsFailedPrecondition(person.status())) {
      const auto tombstone = FindTombstone(tx, call.scope(), id);
      if (!tombstone) return person.status();
      wire = ToWire(id, *tombstone, PersonVersion(tx, id));
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(person.status());
    wire = ToWire(*person, PersonVersion(tx, person->id));
    if (person->id != id) wire.set_merged_into(wire.name());
    if (person->has_merged) AddMerged(tx, person->id, &wire);
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
  input.policy = request.duplicate_policy();
  input.rules = rules_;
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RegisterPerson(work, keys_, input);
                   }));
  if (request.validate_only()) return RehearseCreate(call, request, answer);
  ASSIGN_OR_RETURN(v1::Person wire, ReadCreated(call, answer.name, request.duplicate_policy()));
  // Whom the caller did not name himself is disclosed, and logged, by GetPerson alone.
  if (wire.guardian().person() != request.person().guardian().person()) wire.clear_guardian();
  return wire;
}

absl::Status PersonDoor::AddCandidates(db::Tx& tx, const rpc::Call& call, const Person& person,
                                       v1::DuplicatePolicy policy, v1::Person* wire) const {
  const bool asked = policy == v1::DUPLICATE_POLICY_UNSPECIFIED;
  ASSIGN_OR_RETURN(
      const auto candidates,
      FindCandidates(tx, keys_, {person}, rules_, asked ? rules_.ask_from : rules_.queue_from));
  for (v1::DuplicateCandidate& candidate : ToldOf(tx, call.scope(), candidates[0])) {
    *wire->add_candidates() = std::move(candidate);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Person> PersonDoor::ReadCreated(const rpc::Call& call, const std::string& name,
                                                   v1::DuplicatePolicy policy) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("persons/{}", name, "name"));
  v1::Person wire;
  RETURN_IF_ERROR(database_.Read("person_get_created", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Person person, FindPerson(tx, call.scope(), keys_, id));
    wire = ToWire(person, PersonVersion(tx, id));
    return AddCandidates(tx, call, person, policy, &wire);
  }));
  return wire;
}

absl::StatusOr<v1::Person> PersonDoor::RehearseCreate(const rpc::Call& call,
                                                      const v1::CreatePersonRequest& request,
                                                      const ledger::Answer& answer) {
  Person person;
  RETURN_IF_ERROR(TakePersonal(request.person(), &person));
  v1::Person wire;
  RETURN_IF_ERROR(database_.Read("person_rehearse", [&](db::Tx& tx) {
    wire = Rehearsed(request.person(), answer);
    wire.clear_candidates();
    return AddCandidates(tx, call, person, request.duplicate_policy(), &wire);
  }));
  return wire;
}

absl::StatusOr<v1::SearchPersonsResponse> PersonDoor::Search(
    rpc::Call& call, const v1::SearchPersonsRequest& request) {
  RETURN_IF_ERROR(CheckSaysWhy(request.access_reason()));
  ASSIGN_OR_RETURN(const PersonQuery query, QueryOf(request));
  v1::SearchPersonsResponse response;
  RETURN_IF_ERROR(database_.Read("person_search", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const PersonHits found, SearchPeople(tx, call.scope(), keys_, query, rules_));
    std::vector<base::Uuid> ids;
    for (const PersonHit& hit : found.hits) ids.push_back(hit.person.id);
    auto versions = PersonVersions(tx, ids);
    for (const PersonHit& hit : found.hits) {
      v1::PersonMatch& match = *response.add_matches();
      *match.mutable_person() = ToWire(hit.person, versions[hit.person.id]);
      match.mutable_person()->clear_guardian();  // disclosed, and logged, by GetPerson
      match.set_score(hit.verdict.score);
      for (const v1::MatchField field : hit.verdict.fields) match.add_matched_fields(field);
    }
    response.set_more(found.more);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::Person> PersonDoor::Get(rpc::Call& call, const v1::GetPersonRequest& request) {
  if (request.has_read_time()) return history_.GetThen(call, request);
  return ReadPerson(call, request.name());
}

absl::StatusOr<v1::Person> PersonDoor::Update(rpc::Call& call,
                                              const v1::UpdatePersonRequest& request) {
  ASSIGN_OR_RETURN(const UpdatePersonInput input, InputOf(request));
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
  input.end_date = request.affiliation().end_date();
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

absl::StatusOr<v1::Affiliation> PersonDoor::CorrectAffiliation(
    rpc::Call& call, const v1::CorrectAffiliationRequest& request) {
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}/affiliations/{}", request.name(), "name"));
  const CorrectAffiliationInput input{ids[0], ids[1], request.etag(), request.start_date(),
                                      request.end_date()};
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return registry::CorrectAffiliation(work, input);
                   }));
  return ReadAffiliation(call, answer.name);
}

absl::StatusOr<v1::ListAffiliationsResponse> PersonDoor::ListAffiliations(
    rpc::Call& call, const v1::ListAffiliationsRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantAskedBy(request, ledger_.clock()));
  const filter::ListSpec spec = instant ? AffiliationListThen(*instant) : AffiliationList();
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(call.scope(), request, spec, page_key_));
  if (request.parent() != kAnyPerson) {
    ASSIGN_OR_RETURN(const base::Uuid person, IdIn("persons/{}", request.parent(), "parent"));
    query.Where(instant ? "f.person_id = {}::uuid" : "f.person_id = person_now({}::uuid)",
                {person.ToString()});
  }
  // Whom somebody works for is known to who keeps her data, not to every centre that employs her.
  query.Where(instant ? "({}::boolean OR f.role <> 5 OR p.centre_id = ANY({}::uuid[]))"
                      : "({}::boolean OR f.role <> 5 OR f.centre_id = ANY({}::uuid[]))",
              {call.scope().everywhere() ? "true" : "false", call.scope().AsArray()});
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

}  // namespace ieum::registry
