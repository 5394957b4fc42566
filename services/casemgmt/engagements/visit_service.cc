#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_service.h"
#include "services/casemgmt/engagements/engagement_wire.h"
#include "services/casemgmt/engagements/visit_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kVisitPattern[] = "engagements/{}/visits/{}";
constexpr char kAllEngagements[] = "engagements/-";

template <class Request>
absl::StatusOr<VisitInput> VisitIn(const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kVisitPattern, request.name(), "name"));
  return VisitInput{.engagement_id = ids[0], .visit_id = ids[1], .etag = request.etag()};
}

absl::StatusOr<PlanVisitInput> PlanIn(const v1::PlanVisitRequest& request) {
  PlanVisitInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.engagement_id, IdIn("engagements", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.visit_id, ChosenId(request.visit_id(), "visit_id"));
  ASSIGN_OR_RETURN(input.start, InstantIn(request.start_time(), "start_time"));
  ASSIGN_OR_RETURN(input.end, InstantIn(request.end_time(), "end_time"));
  ASSIGN_OR_RETURN(input.consultant, OptionalIdIn("persons", request.consultant(), "consultant"));
  ASSIGN_OR_RETURN(input.contact_person,
                   OptionalIdIn("persons", request.contact_person(), "contact_person"));
  return input;
}

absl::StatusOr<HeldVisitInput> HeldIn(const v1::RecordVisitRequest& request) {
  HeldVisitInput held{.minutes = request.minutes(), .next_step = request.next_step()};
  if (request.has_start_time()) {
    ASSIGN_OR_RETURN(held.start, InstantIn(request.start_time(), "start_time"));
  }
  if (request.has_end_time()) {
    ASSIGN_OR_RETURN(held.end, InstantIn(request.end_time(), "end_time"));
  }
  ASSIGN_OR_RETURN(held.consultant, OptionalIdIn("persons", request.consultant(), "consultant"));
  return held;
}

}  // namespace

void EngagementDoor::ServeVisits(rpc::ServiceRoutes& routes) {
  routes.Unary("PlanVisit", this, &EngagementDoor::PlanVisit);
  routes.Unary("RescheduleVisit", this, &EngagementDoor::RescheduleVisit);
  routes.Unary("CancelVisit", this, &EngagementDoor::CancelVisit);
  routes.Unary("RecordVisit", this, &EngagementDoor::RecordVisit);
  routes.Unary("RecordVisitReport", this, &EngagementDoor::RecordVisitReport);
  routes.Unary("GetVisit", this, &EngagementDoor::GetVisit);
  routes.Unary("ListVisits", this, &EngagementDoor::ListVisits);
}

absl::StatusOr<v1::Visit> EngagementDoor::Read(const Call& call, const base::Uuid& engagement_id,
                                               const base::Uuid& id) {
  ASSIGN_OR_RETURN(
      const auto view,
      rpc::ReadOne(database_, "visit_get", VisitName(engagement_id, id),
                   [&](db::Tx& tx) { return ReadVisit(tx, call.scope(), engagement_id, id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Visit> EngagementDoor::WriteVisit(Call& call,
                                                     const google::protobuf::Message& request,
                                                     ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kVisitPattern, answer.name, "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::Visit> EngagementDoor::PlanVisit(Call& call,
                                                    const v1::PlanVisitRequest& request) {
  ASSIGN_OR_RETURN(const PlanVisitInput input, PlanIn(request));
  return WriteVisit(call, request,
                    [&](UnitOfWork& work) { return casemgmt::PlanVisit(work, input); });
}

absl::StatusOr<v1::Visit> EngagementDoor::RescheduleVisit(
    Call& call, const v1::RescheduleVisitRequest& request) {
  ASSIGN_OR_RETURN(const VisitInput input, VisitIn(request));
  ASSIGN_OR_RETURN(const absl::Time start, InstantIn(request.start_time(), "start_time"));
  ASSIGN_OR_RETURN(const absl::Time end, InstantIn(request.end_time(), "end_time"));
  return WriteVisit(call, request, [&](UnitOfWork& work) {
    return casemgmt::RescheduleVisit(work, input, start, end);
  });
}

absl::StatusOr<v1::Visit> EngagementDoor::CancelVisit(Call& call,
                                                      const v1::CancelVisitRequest& request) {
  ASSIGN_OR_RETURN(const VisitInput input, VisitIn(request));
  return WriteVisit(call, request, [&](UnitOfWork& work) {
    return casemgmt::CancelVisit(work, input, request.reason());
  });
}

absl::StatusOr<v1::Visit> EngagementDoor::RecordVisit(Call& call,
                                                      const v1::RecordVisitRequest& request) {
  ASSIGN_OR_RETURN(const VisitInput input, VisitIn(request));
  ASSIGN_OR_RETURN(const HeldVisitInput held, HeldIn(request));
  return WriteVisit(call, request,
                    [&](UnitOfWork& work) { return casemgmt::RecordVisit(work, input, held); });
}

absl::StatusOr<v1::Visit> EngagementDoor::RecordVisitReport(
    Call& call, const v1::RecordVisitReportRequest& request) {
  ASSIGN_OR_RETURN(const VisitInput input, VisitIn(request));
  return WriteVisit(call, request, [&](UnitOfWork& work) {
    return casemgmt::RecordVisitReport(work, input, request.minutes(), request.next_step());
  });
}

absl::StatusOr<v1::Visit> EngagementDoor::GetVisit(Call& call, const v1::GetVisitRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kVisitPattern, request.name(), "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::ListVisitsResponse> EngagementDoor::ListVisits(
    Call& call, const v1::ListVisitsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListVisitsResponse> EngagementDoor::PageOf(
    const Call& call, const v1::ListVisitsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, VisitList(), page_key_));
  if (request.parent() != kAllEngagements) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("engagements", request.parent(), "parent"));
    query.Where("v.engagement_id = {}::uuid", {id.ToString()});
  }
  std::vector<VisitView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("visit_list", [&](db::Tx& tx) {
    next = casemgmt::ListVisits(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListVisitsResponse response;
  for (const VisitView& view : views) *response.add_visits() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
