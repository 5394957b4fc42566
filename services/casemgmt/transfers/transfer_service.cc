#include "services/casemgmt/transfers/transfer_service.h"

#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/referrals/asked_provision.h"
#include "services/casemgmt/referrals/loaded_referral.h"
#include "services/casemgmt/transfers/transfer_wire.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/transfers/{}";
constexpr char kAllCases[] = "cases/-";

template <class Request>
absl::StatusOr<TransferInput> TransferIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return TransferInput{
      .case_id = ids[0], .id = ids[1], .etag = request.etag(), .reach = ReachOf(call)};
}

absl::StatusOr<AskTransferInput> AskIn(const rpc::Call& call,
                                       const v1::AskTransferRequest& request) {
  AskTransferInput input{.of = {.etag = request.etag(),
                                .reach = ReachOf(call),
                                .ownership_epoch = request.ownership_epoch()},
                         .reason = request.reason(),
                         .reason_text = request.reason_text(),
                         .items = {request.items().begin(), request.items().end()}};
  ASSIGN_OR_RETURN(input.of.case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.to_centre, IdIn("organizations", request.to_centre(), "to_centre"));
  ASSIGN_OR_RETURN(input.contact,
                   OptionalIdIn("persons", request.recipient_contact(), "recipient_contact"));
  return input;
}

// Whoever may take a case over sees what is offered to his centres; to read the lists is not
// enough.
base::Scope CentresOf(const rpc::Call& call) {
  return call.ScopeWith({"casemgmt.transfers.accept"});
}

}  // namespace

void TransferDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.TransferService");
  routes.Unary("AskTransfer", this, &TransferDoor::Ask);
  routes.Unary("AcceptTransfer", this, &TransferDoor::Accept);
  routes.Unary("RejectTransfer", this, &TransferDoor::Reject);
  routes.Unary("WithdrawTransfer", this, &TransferDoor::Withdraw);
  routes.Unary("GetTransfer", this, &TransferDoor::Get);
  routes.Unary("ListTransfers", this, &TransferDoor::List);
}

absl::StatusOr<v1::Transfer> TransferDoor::Read(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  const base::Scope scope = CentresOf(call);
  v1::Transfer wire;
  RETURN_IF_ERROR(database_.Read("transfer_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = FindTransfer(tx, ids[0], ids[1]);
    const bool seen = view && (IsOfGiver(*view, reach, scope) || IsOfReceiver(*view, scope));
    if (!seen) return base::NotFound(name);
    ASSIGN_OR_RETURN(wire,
                     ToWire(tx, keys_, *view, Reaches(reach, view->centre, view->manager_subject)));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Transfer> TransferDoor::Write(Call& call,
                                                 const google::protobuf::Message& request,
                                                 ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Transfer> TransferDoor::Ask(Call& call, const v1::AskTransferRequest& request) {
  ASSIGN_OR_RETURN(AskTransferInput input, AskIn(call, request));
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  ASSIGN_OR_RETURN(const auto person, PersonToAskAbout(database_, input.of));
  if (person) {
    ASSIGN_OR_RETURN(input.provision, AskForProvision(call, ledger_, provisions_, request,
                                                      {.of = input.of,
                                                       .person = *person,
                                                       .kind = v1::PROVISION_KIND_TRANSFER,
                                                       .recipient = input.to_centre,
                                                       .items = input.items}));
  }
  return Write(call, request,
               [&](UnitOfWork& work) { return AskTransfer(work, keys_, calendar, input); });
}

absl::StatusOr<AcceptTransferInput> TransferDoor::AcceptanceOf(
    Call& call, const v1::AcceptTransferRequest& request) {
  AcceptTransferInput input;
  ASSIGN_OR_RETURN(input.at, TransferIn(call, request));
  ASSIGN_OR_RETURN(const TransferView view,
                   rpc::ReadOne(database_, "transfer_asked", request.name(), [&](db::Tx& tx) {
                     return FindTransfer(tx, input.at.case_id, input.at.id);
                   }));
  if (!IsOfReceiver(view, call.scope())) {
    return IsOfGiver(view, input.at.reach, call.scope())
               ? OtherSideOnly("the receiving centre", request.name())
               : base::NotFound(request.name());
  }
  ASSIGN_OR_RETURN(input.accepter, staff_.Of(SubjectOf(call)));
  ASSIGN_OR_RETURN(input.requester, staff_.Of(access::SubjectId(view.transfer.requester)));
  input.manager = input.accepter;
  ASSIGN_OR_RETURN(const auto manager, OptionalIdIn("subjects", request.manager(), "manager"));
  if (manager) {
    ASSIGN_OR_RETURN(input.manager, staff_.Of(*manager));
  }
  ASSIGN_OR_RETURN(const auto person,
                   OptionalIdIn("persons", request.manager_person(), "manager_person"));
  if (person) input.manager.person = person;
  ASSIGN_OR_RETURN(input.supervisor,
                   OptionalIdIn("persons", request.supervisor_person(), "supervisor_person"));
  // Of one that is decided, of whom was erased or by who asked, registry is not asked: the use case
  // refuses.
  const bool open = view.transfer.state == v1::TRANSFER_STATE_ASKED;
  if (!open || !view.person || SamePerson(input.accepter, input.requester)) return input;
  ASSIGN_OR_RETURN(
      input.provision,
      AskForProvision(
          call, ledger_, provisions_, request,
          {.of = {.case_id = input.at.case_id, .etag = "", .reach = Reach::Everything()},
           .person = *view.person,
           .kind = v1::PROVISION_KIND_TRANSFER,
           .recipient = view.transfer.to_centre,
           .items = view.transfer.items}));
  return input;
}

absl::StatusOr<v1::Transfer> TransferDoor::Accept(Call& call,
                                                  const v1::AcceptTransferRequest& request) {
  ASSIGN_OR_RETURN(const AcceptTransferInput input, AcceptanceOf(call, request));
  return Write(call, request, [&](UnitOfWork& work) { return AcceptTransfer(work, input); });
}

absl::StatusOr<v1::Transfer> TransferDoor::Reject(Call& call,
                                                  const v1::RejectTransferRequest& request) {
  ASSIGN_OR_RETURN(const TransferInput input, TransferIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) {
    return RejectTransfer(work, keys_, input, request.reason(), request.text());
  });
}

absl::StatusOr<v1::Transfer> TransferDoor::Withdraw(Call& call,
                                                    const v1::WithdrawTransferRequest& request) {
  ASSIGN_OR_RETURN(const TransferInput input, TransferIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) {
    return WithdrawTransfer(work, keys_, input, request.text());
  });
}

absl::StatusOr<v1::Transfer> TransferDoor::Get(Call& call, const v1::GetTransferRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListTransfersResponse> TransferDoor::List(
    Call& call, const v1::ListTransfersRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, TransferList(), page_key_));
  WhereEitherCentre(query, ReachOf(call), CentresOf(call));
  if (request.parent() != kAllCases) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
    query.Where("t.case_id = {}::uuid", {id.ToString()});
  }
  std::vector<TransferView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.ReadOne("transfer_list", [&](db::Tx& tx) {
    next = ListTransfers(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListTransfersResponse response;
  for (const TransferView& view : views) *response.add_transfers() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
