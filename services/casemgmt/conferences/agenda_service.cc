#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/conferences/agenda_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/conferences/conference_service.h"
#include "services/casemgmt/conferences/conference_wire.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "conferences/{}/agendaItems/{}";

template <class Request>
absl::StatusOr<AgendaItemInput> ItemIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return AgendaItemInput{.of = {.etag = request.etag(),
                                .reach = ReachOf(call),
                                .ownership_epoch = request.ownership_epoch()},
                         .conference_id = ids[0],
                         .item_id = ids[1]};
}

}  // namespace

void ConferenceDoor::ServeAgenda(rpc::ServiceRoutes& routes) {
  routes.Unary("AddAgendaItem", this, &ConferenceDoor::Add);
  routes.Unary("WithdrawAgendaItem", this, &ConferenceDoor::Withdraw);
  routes.Unary("ClassifyCase", this, &ConferenceDoor::Classify);
  routes.Unary("GetAgendaItem", this, &ConferenceDoor::GetItem);
  routes.Unary("ListAgendaItems", this, &ConferenceDoor::Agenda);
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::ReadItem(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  const Reach reach = ReachOf(call);
  std::optional<AgendaItemView> view;
  RETURN_IF_ERROR(database_.Read("agenda_item_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(view, ReadAgendaItem(tx, keys_, reach, now, ids[0], ids[1]));
    return absl::OkStatus();
  }));
  if (!view) return base::NotFound(name);
  return ToWire(*view);
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::WriteItem(Call& call,
                                                         const google::protobuf::Message& request,
                                                         ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return ReadItem(call, answer.name);
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::Add(Call& call,
                                                   const v1::AddAgendaItemRequest& request) {
  AddAgendaItemInput input{.of = {.etag = request.case_etag(),
                                  .reach = ReachOf(call),
                                  .ownership_epoch = request.ownership_epoch()},
                           .question = request.question_text()};
  ASSIGN_OR_RETURN(input.conference_id, IdIn("conferences", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.of.case_id, IdIn("cases", request.case_(), "case"));
  return WriteItem(call, request,
                   [&](UnitOfWork& work) { return AddAgendaItem(work, keys_, input); });
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::Withdraw(
    Call& call, const v1::WithdrawAgendaItemRequest& request) {
  ASSIGN_OR_RETURN(const AgendaItemInput input, ItemIn(call, request));
  return WriteItem(call, request,
                   [&](UnitOfWork& work) { return WithdrawAgendaItem(work, keys_, input); });
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::Classify(Call& call,
                                                        const v1::ClassifyCaseRequest& request) {
  ASSIGN_OR_RETURN(const AgendaItemInput input, ItemIn(call, request));
  const ClassifyInput decided{.classification = request.classification(),
                              .minutes = request.minutes_text()};
  return WriteItem(call, request,
                   [&](UnitOfWork& work) { return ClassifyCase(work, keys_, input, decided); });
}

absl::StatusOr<v1::AgendaItem> ConferenceDoor::GetItem(Call& call,
                                                       const v1::GetAgendaItemRequest& request) {
  return ReadItem(call, request.name());
}

absl::StatusOr<v1::ListAgendaItemsResponse> ConferenceDoor::Agenda(
    Call& call, const v1::ListAgendaItemsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListAgendaItemsResponse> ConferenceDoor::PageOf(
    const Call& call, const v1::ListAgendaItemsRequest& request) {
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AgendaList(), page_key_));
  if (request.parent() != "conferences/-") {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("conferences", request.parent(), "parent"));
    query.Where("g.conference_id = {}::uuid", {id.ToString()});
  }
  const Reach reach = ReachOf(call);
  WhereSeen(query, reach);
  std::vector<AgendaItemView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("agenda_item_list", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(next, ListAgenda(tx, keys_, reach, now, query, &views));
    return absl::OkStatus();
  }));
  v1::ListAgendaItemsResponse response;
  for (const AgendaItemView& view : views) *response.add_agenda_items() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
