#include "platform/rpc/ops_service.h"

#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/rpc/paging.h"

namespace ieum::rpc {
namespace {}  // namespace

OpsDoor::OpsDoor(ledger::Ledger& ledger, OpsFunctions functions, const crypto::Key& page_key)
    : ledger_(ledger), functions_(std::move(functions)), page_key_(page_key) {}

void OpsDoor::Serve(Router& router) {
  ServiceRoutes routes = router.Service("ieum.platform.v1.OpsService");
  routes.Unary("GetProgress", this, &OpsDoor::GetProgress);
  routes.Unary("GetDiagnosis", this, &OpsDoor::GetDiagnosis);
  routes.Unary("ReadLog", this, &OpsDoor::ReadLog);
  routes.Unary("ListDeadLetters", this, &OpsDoor::ListDeadLetters);
  routes.Unary("ReplayDeadLetters", this, &OpsDoor::ReplayDeadLetters);
  routes.Unary("DiscardDeadLetters", this, &OpsDoor::DiscardDeadLetters);
  routes.Unary("SetClock", this, &OpsDoor::SetClock);
}

absl::StatusOr<platform::v1::Progress> OpsDoor::GetProgress(
    Call&, const platform::v1::GetProgressRequest&) {
  return functions_.progress();
}

absl::StatusOr<platform::v1::Diagnosis> OpsDoor::GetDiagnosis(
    Call&, const platform::v1::GetDiagnosisRequest&) {
  return functions_.diagnosis();
}

absl::StatusOr<platform::v1::ReadLogResponse> OpsDoor::ReadLog(
    Call&, const platform::v1::ReadLogRequest& request) {
  const int max_events = request.max_events() == 0 ? kDefaultLogEvents : request.max_events();
  return ledger_.ReadLog(request.shard(), request.from_position(), max_events, kMaxLogBytes);
}

absl::StatusOr<platform::v1::ListDeadLettersResponse> OpsDoor::ListDeadLetters(
    Call&, const platform::v1::ListDeadLettersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const filter::Cursor after, OpenPageToken(request, page_key_));
  ASSIGN_OR_RETURN(DeadLetterPage page, functions_.list_dead_letters(page_size, after));
  platform::v1::ListDeadLettersResponse response;
  for (auto& letter : page.dead_letters) *response.add_dead_letters() = std::move(letter);
  response.set_next_page_token(NextPageToken(request, page.next, page_key_));
  return response;
}

absl::StatusOr<platform::v1::ReplayDeadLettersResponse> OpsDoor::ReplayDeadLetters(
    Call& call, const platform::v1::ReplayDeadLettersRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid aggregate,
                   base::ParseUuid(request.aggregate_id(), "aggregate_id"));
  ASSIGN_OR_RETURN(const int replayed,
                   functions_.replay(request.producer(), aggregate, call.identity().subject));
  platform::v1::ReplayDeadLettersResponse response;
  response.set_replayed(replayed);
  return response;
}

absl::StatusOr<platform::v1::DiscardDeadLettersResponse> OpsDoor::DiscardDeadLetters(
    Call& call, const platform::v1::DiscardDeadLettersRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid aggregate,
                   base::ParseUuid(request.aggregate_id(), "aggregate_id"));
  ASSIGN_OR_RETURN(
      const int discarded,
      functions_.discard(request.producer(), aggregate, request.reason(), call.identity().subject));
  platform::v1::DiscardDeadLettersResponse response;
  response.set_discarded(discarded);
  return response;
}

absl::StatusOr<platform::v1::SetClockResponse> OpsDoor::SetClock(
    Call&, const platform::v1::SetClockRequest& request) {
  if (functions_.clock == nullptr) {
    return base::Forbidden(platform::v1::ERROR_REASON_CLOCK_NOT_SIMULATED,
                           "this process takes its time from the system");
  }
  RETURN_IF_ERROR(functions_.clock->Set(base::InstantOf(request.time())));
  ASSIGN_OR_RETURN(const absl::Time now, functions_.clock->Now());
  platform::v1::SetClockResponse response;
  *response.mutable_time() = base::ToTimestamp(now);
  return response;
}

}  // namespace ieum::rpc
