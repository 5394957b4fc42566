#include "services/registry/programmes/programme_service.h"

#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/instants.h"
#include "services/registry/programmes/programme_commands.h"
#include "services/registry/programmes/programme_store.h"

namespace ieum::registry {
namespace {

constexpr char kAllProgrammes[] = "programmes/-";

v1::Programme ToWire(const ProgrammeView& view) {
  v1::Programme wire;
  wire.set_name(ProgrammeName(view.programme.code));
  wire.set_display_name(view.programme.display_name);
  wire.set_display_name_en(view.programme.display_name_en);
  *wire.mutable_create_time() = ToTimestamp(view.programme.created_at);
  *wire.mutable_update_time() = ToTimestamp(view.programme.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Edition ToWire(const EditionView& view) {
  const Edition& edition = view.edition;
  v1::Edition wire = TermsOf(edition);
  wire.set_name(EditionName(edition.key));
  wire.set_state(edition.state);
  if (!edition.copied_from.empty()) {
    wire.set_copied_from(EditionName({edition.key.programme, edition.copied_from}));
  }
  if (edition.approved_at) *wire.mutable_approve_time() = ToTimestamp(*edition.approved_at);
  *wire.mutable_create_time() = ToTimestamp(edition.created_at);
  *wire.mutable_update_time() = ToTimestamp(edition.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

template <class Resource>
Resource Rehearsed(Resource resource, const ledger::Answer& answer) {
  resource.set_name(answer.name);
  resource.set_etag(ledger::FormatEtag(answer.etag));
  return resource;
}

const std::vector<std::string>& ChangeableNames() {
  static const auto* fields = new std::vector<std::string>{"display_name", "display_name_en"};
  return *fields;
}

const std::vector<std::string>& ChangeableTerms() {
  static const auto* fields =
      new std::vector<std::string>{"year", "budget_year", "lead_organization", "manager", "lines"};
  return *fields;
}

}  // namespace

void ProgrammeDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ProgrammeService");
  routes.Unary("CreateProgramme", this, &ProgrammeDoor::Create);
  routes.Unary("GetProgramme", this, &ProgrammeDoor::Get);
  routes.Unary("ListProgrammes", this, &ProgrammeDoor::List);
  routes.Unary("UpdateProgramme", this, &ProgrammeDoor::Update);
  routes.Unary("CreateEdition", this, &ProgrammeDoor::CreateEdition);
  routes.Unary("GetEdition", this, &ProgrammeDoor::GetEdition);
  routes.Unary("ListEditions", this, &ProgrammeDoor::ListEditions);
  routes.Unary("UpdateEdition", this, &ProgrammeDoor::UpdateEdition);
  routes.Unary("CopyEdition", this, &ProgrammeDoor::Copy);
  routes.Unary("ApproveEdition", this, &ProgrammeDoor::Approve);
  routes.Unary("AdvanceEdition", this, &ProgrammeDoor::Advance);
}

absl::StatusOr<v1::Programme> ProgrammeDoor::Read(const std::string& name) {
  ASSIGN_OR_RETURN(const auto view, rpc::ReadOne(database_, "programme_get", name, [&](db::Tx& tx) {
                     return FindProgramme(tx, ProgrammeCodeIn(name));
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Edition> ProgrammeDoor::ReadOneEdition(const std::string& name) {
  ASSIGN_OR_RETURN(const auto view, rpc::ReadOne(database_, "edition_get", name, [&](db::Tx& tx) {
                     return FindEdition(tx, EditionKeyIn(name));
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Programme> ProgrammeDoor::Create(rpc::Call& call,
                                                    const v1::CreateProgrammeRequest& request) {
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RegisterProgramme(work, request.programme_id(), request.programme());
                   }));
  if (request.validate_only()) return Rehearsed(request.programme(), answer);
  return Read(answer.name);
}

absl::StatusOr<v1::Programme> ProgrammeDoor::Get(rpc::Call&,
                                                 const v1::GetProgrammeRequest& request) {
  return Read(request.name());
}

absl::StatusOr<v1::ListProgrammesResponse> ProgrammeDoor::List(
    rpc::Call& call, const v1::ListProgrammesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ProgrammeList(), page_key_));
  v1::ListProgrammesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("programme_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_programmes() = ToWire(ReadProgramme(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Programme> ProgrammeDoor::Update(rpc::Call& call,
                                                    const v1::UpdateProgrammeRequest& request) {
  ChangeProgrammeInput input{.code = ProgrammeCodeIn(request.programme().name()),
                             .etag = request.programme().etag()};
  input.change = [&](v1::Programme* programme) {
    return rpc::ApplyUpdate(request.update_mask(), request.programme(), programme,
                            ChangeableNames());
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ChangeProgramme(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.programme(), answer);
  return Read(answer.name);
}

absl::StatusOr<v1::Edition> ProgrammeDoor::CreateEdition(rpc::Call& call,
                                                         const v1::CreateEditionRequest& request) {
  const EditionKey key{ProgrammeCodeIn(request.parent()), request.edition_id()};
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return PlanEdition(work, key, request.edition());
                   }));
  if (request.validate_only()) return Rehearsed(request.edition(), answer);
  return ReadOneEdition(answer.name);
}

absl::StatusOr<v1::Edition> ProgrammeDoor::GetEdition(rpc::Call&,
                                                      const v1::GetEditionRequest& request) {
  return ReadOneEdition(request.name());
}

absl::StatusOr<v1::ListEditionsResponse> ProgrammeDoor::ListEditions(
    rpc::Call& call, const v1::ListEditionsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, EditionList(), page_key_));
  if (request.parent() != kAllProgrammes) {
    query.Where("e.programme = {}", {ProgrammeCodeIn(request.parent())});
  }
  v1::ListEditionsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("edition_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_editions() = ToWire(ReadEdition(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Edition> ProgrammeDoor::UpdateEdition(rpc::Call& call,
                                                         const v1::UpdateEditionRequest& request) {
  ChangeEditionInput input{.key = EditionKeyIn(request.edition().name()),
                           .etag = request.edition().etag()};
  input.change = [&](v1::Edition* edition) {
    return rpc::ApplyUpdate(request.update_mask(), request.edition(), edition, ChangeableTerms());
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ChangeEdition(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.edition(), answer);
  return ReadOneEdition(answer.name);
}

// Of what is only rehearsed the answer has name and etag.
template <class Request, class UseCase>
absl::StatusOr<v1::Edition> ProgrammeDoor::WriteEdition(rpc::Call& call, const Request& request,
                                                        UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  if (request.validate_only()) return Rehearsed(v1::Edition(), answer);
  return ReadOneEdition(answer.name);
}

absl::StatusOr<v1::Edition> ProgrammeDoor::Copy(rpc::Call& call,
                                                const v1::CopyEditionRequest& request) {
  return WriteEdition(call, request,
                      [&](ledger::UnitOfWork& work) { return CopyEdition(work, request); });
}

absl::StatusOr<v1::Edition> ProgrammeDoor::Approve(rpc::Call& call,
                                                   const v1::ApproveEditionRequest& request) {
  const EditionStepInput input{EditionKeyIn(request.name()), request.etag()};
  return WriteEdition(call, request,
                      [&](ledger::UnitOfWork& work) { return ApproveEdition(work, input); });
}

absl::StatusOr<v1::Edition> ProgrammeDoor::Advance(rpc::Call& call,
                                                   const v1::AdvanceEditionRequest& request) {
  const EditionStepInput input{EditionKeyIn(request.name()), request.etag()};
  return WriteEdition(call, request, [&](ledger::UnitOfWork& work) {
    return AdvanceEdition(work, input, request.state());
  });
}

}  // namespace ieum::registry
