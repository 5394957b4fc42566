// The gRPC door of engagements, their visits and what was recommended.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/visit_commands.h"
#include "services/casemgmt/references/scheme_book.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class EngagementDoor {
 public:
  EngagementDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
                 SchemeBook& schemes)
      : database_(database), ledger_(ledger), page_key_(page_key), schemes_(schemes) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Engagement> Create(Call&, const v1::CreateEngagementRequest&);
  absl::StatusOr<v1::Engagement> Get(Call&, const v1::GetEngagementRequest&);
  absl::StatusOr<v1::ListEngagementsResponse> List(Call&, const v1::ListEngagementsRequest&);
  absl::StatusOr<v1::Engagement> Update(Call&, const v1::UpdateEngagementRequest&);
  absl::StatusOr<v1::Engagement> Contact(Call&, const v1::ContactEngagementRequest&);
  absl::StatusOr<v1::Engagement> Diagnose(Call&, const v1::DiagnoseEngagementRequest&);
  absl::StatusOr<v1::Engagement> AgreePlan(Call&, const v1::AgreeEngagementPlanRequest&);
  absl::StatusOr<v1::Engagement> Start(Call&, const v1::StartEngagementRequest&);
  absl::StatusOr<v1::Engagement> ReportResult(Call&, const v1::ReportEngagementResultRequest&);
  absl::StatusOr<v1::Engagement> Complete(Call&, const v1::CompleteEngagementRequest&);
  absl::StatusOr<v1::Engagement> FollowUp(Call&, const v1::FollowUpEngagementRequest&);
  absl::StatusOr<v1::Engagement> Decline(Call&, const v1::DeclineEngagementRequest&);
  absl::StatusOr<v1::Engagement> Drop(Call&, const v1::DropEngagementRequest&);
  absl::StatusOr<v1::Engagement> RecordAdoption(Call&, const v1::RecordSchemeAdoptionRequest&);

  absl::StatusOr<v1::Engagement> Rediagnose(Call&, const v1::RediagnoseEngagementRequest&);

  absl::StatusOr<v1::Recommendation> Recommend(Call&, const v1::RecommendMeasureRequest&);
  absl::StatusOr<v1::Recommendation> RecordCheck(Call&, const v1::RecordAdoptionCheckRequest&);
  absl::StatusOr<v1::Recommendation> GetRecommendation(Call&, const v1::GetRecommendationRequest&);
  absl::StatusOr<v1::ListRecommendationsResponse> ListRecommendations(
      Call&, const v1::ListRecommendationsRequest&);

  absl::StatusOr<v1::Visit> PlanVisit(Call&, const v1::PlanVisitRequest&);
  absl::StatusOr<v1::Visit> RescheduleVisit(Call&, const v1::RescheduleVisitRequest&);
  absl::StatusOr<v1::Visit> CancelVisit(Call&, const v1::CancelVisitRequest&);
  absl::StatusOr<v1::Visit> RecordVisit(Call&, const v1::RecordVisitRequest&);
  absl::StatusOr<v1::Visit> RecordVisitReport(Call&, const v1::RecordVisitReportRequest&);
  absl::StatusOr<v1::Visit> GetVisit(Call&, const v1::GetVisitRequest&);
  absl::StatusOr<v1::ListVisitsResponse> ListVisits(Call&, const v1::ListVisitsRequest&);

  void ServeVisits(rpc::ServiceRoutes& routes);
  void ServeRecommendations(rpc::ServiceRoutes& routes);
  absl::StatusOr<v1::ListEngagementsResponse> PageOf(const Call& call,
                                                     const v1::ListEngagementsRequest& request);
  absl::StatusOr<v1::ListVisitsResponse> PageOf(const Call& call,
                                                const v1::ListVisitsRequest& request);
  absl::StatusOr<v1::ListRecommendationsResponse> PageOf(
      const Call& call, const v1::ListRecommendationsRequest& request);
  absl::StatusOr<v1::Engagement> Read(const Call& call, const base::Uuid& id);
  absl::StatusOr<v1::Visit> Read(const Call& call, const base::Uuid& engagement_id,
                                 const base::Uuid& id);
  // Runs the use case and answers with what it made.
  absl::StatusOr<v1::Engagement> Write(Call& call, const google::protobuf::Message& request,
                                       const base::Uuid& id, ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::Visit> WriteVisit(Call& call, const google::protobuf::Message& request,
                                       ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::Recommendation> ReadRecommendationNamed(const Call& call,
                                                             const std::string& name);
  absl::StatusOr<v1::Recommendation> WriteRecommendation(Call& call,
                                                         const google::protobuf::Message& request,
                                                         ledger::Ledger::UseCase use_case);
  absl::Status CheckSchemes(const std::vector<std::string>& codes,
                            const std::optional<absl::CivilDay>& day, std::string_view field);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  SchemeBook& schemes_;
};

}  // namespace ieum::casemgmt
