// What the door of erasures answers about data that are kept apart.
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/registry/erasures/apart_commands.h"
#include "services/registry/erasures/erasure_service.h"
#include "services/registry/instants.h"
#include "services/registry/people/apart_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/person_wire.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> PersonIn(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", name, "name"));
  return ids[0];
}

template <class Request>
absl::StatusOr<ApartInput> InputOf(const Request& request) {
  ApartInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, PersonIn(request.name()));
  return input;
}

v1::OpenedPerson Opened(const Person& person, int64_t version) {
  const v1::Person known = ToWire(person, version);
  v1::OpenedPerson wire;
  wire.set_person(known.name());
  wire.set_full_name(known.full_name());
  wire.set_latin_name(known.latin_name());
  wire.set_birth(known.birth_date());
  if (wire.birth().empty() && known.birth_year() != 0) {
    wire.set_birth(absl::StrCat(known.birth_year()));
  }
  wire.set_email(known.email());
  wire.set_phone(known.phone());
  wire.set_etag(known.etag());
  return wire;
}

}  // namespace

absl::StatusOr<v1::PersonApart> ErasureDoor::KeepApart(rpc::Call& call,
                                                       const v1::KeepPersonApartRequest& request) {
  KeepApartInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, PersonIn(request.name()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return KeepPersonApart(work, input);
                   }));
  v1::PersonApart wire;
  RETURN_IF_ERROR(database_.Read("person_apart_get", [&](db::Tx& tx) -> absl::Status {
    const auto apart = FindApart(tx, input.id);
    if (!apart) return NotKeptApart(input.id);
    wire.set_person(answer.name);
    wire.set_reason(apart->reason);
    wire.set_rule(apart->rule);
    *wire.mutable_keep_time() = ToTimestamp(apart->kept_at);
    wire.set_etag(ledger::FormatEtag(PersonVersion(tx, input.id)));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::OpenedPerson> ErasureDoor::OpenApart(rpc::Call& call,
                                                        const v1::OpenPersonApartRequest& request) {
  ASSIGN_OR_RETURN(const ApartInput input, InputOf(request));
  // Written down and committed before anything is shown.
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return LookAtApart(work, input); }));
  ASSIGN_OR_RETURN(const base::Uuid look, LookIdIn(answer.name));
  v1::OpenedPerson wire;
  RETURN_IF_ERROR(database_.Read("person_apart_open", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Person person,
                     OpenForLook(tx, call.scope(), keys_.vault(), look, input.id));
    wire = Opened(person, PersonVersion(tx, input.id));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::PutPersonBackResponse> ErasureDoor::PutBack(
    rpc::Call& call, const v1::PutPersonBackRequest& request) {
  ASSIGN_OR_RETURN(const ApartInput input, InputOf(request));
  RETURN_IF_ERROR(call.Write(ledger_, request,
                             [&](ledger::UnitOfWork& work) { return PutPersonBack(work, input); })
                      .status());
  return v1::PutPersonBackResponse();
}

}  // namespace ieum::registry
