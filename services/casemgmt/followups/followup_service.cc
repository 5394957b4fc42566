#include "services/casemgmt/followups/followup_service.h"

#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/followups/followup_wire.h"
#include "services/casemgmt/followups/retention_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/retentionChecks/{}";
constexpr char kAllCases[] = "cases/-";

template <class Request>
absl::StatusOr<RetentionInput> StepIn(const rpc::Call& call, const Request& request,
                                      const std::string& day, std::string_view day_field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  RetentionInput input{.c = {.case_id = ids[0],
                             .etag = request.etag(),
                             .reach = ReachOf(call),
                             .ownership_epoch = request.ownership_epoch()},
                       .check_id = ids[1]};
  ASSIGN_OR_RETURN(input.c.day, DayIn(day, day_field));
  return input;
}

}  // namespace

void FollowUpDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.FollowUpService");
  routes.Unary("BeginFollowUp", this, &FollowUpDoor::Begin);
  routes.Unary("GetRetentionCheck", this, &FollowUpDoor::Get);
  routes.Unary("ListRetentionChecks", this, &FollowUpDoor::List);
  routes.Unary("LogRetentionAttempt", this, &FollowUpDoor::Log);
  routes.Unary("RecordRetentionResult", this, &FollowUpDoor::Record);
  routes.Unary("CorrectRetentionResult", this, &FollowUpDoor::Correct);
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Read(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "retention_check_get", name, [&](db::Tx& tx) {
                     return ReadRetentionCheck(tx, reach, ids[0], ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Write(Call& call,
                                                       const google::protobuf::Message& request,
                                                       ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return Read(call, answer.name);
}

absl::StatusOr<v1::BeginFollowUpResponse> FollowUpDoor::Begin(
    Call& call, const v1::BeginFollowUpRequest& request) {
  CaseInput input{
      .etag = request.etag(), .reach = ReachOf(call), .ownership_epoch = request.ownership_epoch()};
  ASSIGN_OR_RETURN(input.case_id, IdIn("cases", request.name(), "name"));
  RETURN_IF_ERROR(call.Write(ledger_, request,
                             [&](UnitOfWork& work) { return casemgmt::BeginFollowUp(work, input); })
                      .status());
  v1::ListRetentionChecksRequest all;
  all.set_parent(request.name());
  all.set_order_by("due_date");
  ASSIGN_OR_RETURN(const v1::ListRetentionChecksResponse page, PageOf(call, all));
  v1::BeginFollowUpResponse response;
  *response.mutable_retention_checks() = page.retention_checks();
  return response;
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Get(Call& call,
                                                     const v1::GetRetentionCheckRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListRetentionChecksResponse> FollowUpDoor::List(
    Call& call, const v1::ListRetentionChecksRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListRetentionChecksResponse> FollowUpDoor::PageOf(
    const Call& call, const v1::ListRetentionChecksRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, RetentionCheckList(), page_key_));
  WhereReach(query, "c", ReachOf(call));
  if (request.parent() != kAllCases) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
    query.Where("k.case_id = {}::uuid", {id.ToString()});
  }
  std::vector<RetentionCheckView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("retention_check_list", [&](db::Tx& tx) {
    next = casemgmt::ListRetentionChecks(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListRetentionChecksResponse response;
  for (const RetentionCheckView& view : views) *response.add_retention_checks() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Log(
    Call& call, const v1::LogRetentionAttemptRequest& request) {
  ASSIGN_OR_RETURN(const RetentionInput input,
                   StepIn(call, request, request.attempt_date(), "attempt_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return LogAttempt(work, input, request.channel(), request.outcome());
  });
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Record(
    Call& call, const v1::RecordRetentionResultRequest& request) {
  ASSIGN_OR_RETURN(const RetentionInput input,
                   StepIn(call, request, request.checked_date(), "checked_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return RecordResult(work, input, request.result(), request.evidence());
  });
}

absl::StatusOr<v1::RetentionCheck> FollowUpDoor::Correct(
    Call& call, const v1::CorrectRetentionResultRequest& request) {
  ASSIGN_OR_RETURN(const RetentionInput input,
                   StepIn(call, request, request.checked_date(), "checked_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return CorrectResult(work, input, request.result(), request.evidence(), request.reason());
  });
}

}  // namespace ieum::casemgmt
