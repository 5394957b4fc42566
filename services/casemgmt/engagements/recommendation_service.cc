#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_service.h"
#include "services/casemgmt/engagements/engagement_wire.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/recommendation_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kRecommendationPattern[] = "engagements/{}/recommendations/{}";
constexpr char kAllEngagements[] = "engagements/-";

absl::StatusOr<RecommendInput> RecommendationIn(const v1::RecommendMeasureRequest& request) {
  RecommendInput input{
      .step = {.etag = request.etag()},
      .measure = request.measure(),
      .scheme_code = request.scheme_code(),
      .check_months = {request.check_months().begin(), request.check_months().end()}};
  ASSIGN_OR_RETURN(input.step.engagement_id, IdIn("engagements", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.step.day, DayIn(request.recommended_date(), "recommended_date"));
  return input;
}

absl::StatusOr<AdoptionCheckInput> CheckIn(const v1::RecordAdoptionCheckRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kRecommendationPattern, request.name(), "name"));
  AdoptionCheckInput input{.step = {.engagement_id = ids[0], .etag = request.etag()},
                           .recommendation_id = ids[1],
                           .months = request.months(),
                           .outcome = request.outcome(),
                           .evidence_kind = request.evidence_kind(),
                           .evidence = request.evidence()};
  ASSIGN_OR_RETURN(input.step.day, DayIn(request.checked_date(), "checked_date"));
  return input;
}

}  // namespace

void EngagementDoor::ServeRecommendations(rpc::ServiceRoutes& routes) {
  routes.Unary("RecommendMeasure", this, &EngagementDoor::Recommend);
  routes.Unary("RecordAdoptionCheck", this, &EngagementDoor::RecordCheck);
  routes.Unary("GetRecommendation", this, &EngagementDoor::GetRecommendation);
  routes.Unary("ListRecommendations", this, &EngagementDoor::ListRecommendations);
}

absl::StatusOr<v1::Recommendation> EngagementDoor::ReadRecommendationNamed(
    const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kRecommendationPattern, name, "name"));
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "recommendation_get", name, [&](db::Tx& tx) {
                     return ReadRecommendation(tx, call.scope(), ids[0], ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Recommendation> EngagementDoor::WriteRecommendation(
    Call& call, const google::protobuf::Message& request, ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return ReadRecommendationNamed(call, answer.name);
}

absl::StatusOr<v1::Recommendation> EngagementDoor::Recommend(
    Call& call, const v1::RecommendMeasureRequest& request) {
  ASSIGN_OR_RETURN(const RecommendInput input, RecommendationIn(request));
  if (!input.scheme_code.empty()) {
    RETURN_IF_ERROR(CheckSchemes({input.scheme_code}, input.step.day, "scheme_code"));
  }
  return WriteRecommendation(call, request,
                             [&](UnitOfWork& work) { return RecommendMeasure(work, input); });
}

absl::StatusOr<v1::Recommendation> EngagementDoor::RecordCheck(
    Call& call, const v1::RecordAdoptionCheckRequest& request) {
  ASSIGN_OR_RETURN(const AdoptionCheckInput input, CheckIn(request));
  return WriteRecommendation(call, request,
                             [&](UnitOfWork& work) { return RecordAdoptionCheck(work, input); });
}

absl::StatusOr<v1::Recommendation> EngagementDoor::GetRecommendation(
    Call& call, const v1::GetRecommendationRequest& request) {
  return ReadRecommendationNamed(call, request.name());
}

absl::StatusOr<v1::ListRecommendationsResponse> EngagementDoor::ListRecommendations(
    Call& call, const v1::ListRecommendationsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListRecommendationsResponse> EngagementDoor::PageOf(
    const Call& call, const v1::ListRecommendationsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, RecommendationList(), page_key_));
  if (request.parent() != kAllEngagements) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("engagements", request.parent(), "parent"));
    query.Where("r.engagement_id = {}::uuid", {id.ToString()});
  }
  std::vector<RecommendationView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("recommendation_list", [&](db::Tx& tx) {
    next = casemgmt::ListRecommendations(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListRecommendationsResponse response;
  for (const RecommendationView& view : views) *response.add_recommendations() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
