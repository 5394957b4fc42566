// The gRPC door of figures: ieum.reporting.v1.MetricService. Reads only.
#pragma once

#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/clock.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/rpc/router.h"

namespace ieum::reporting {

class MetricDoor {
 public:
  MetricDoor(db::Database& database, base::Clock& clock, const crypto::Key& page_key)
      : database_(database), clock_(clock), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Metric> Get(rpc::Call& call, const v1::GetMetricRequest& request);
  absl::StatusOr<v1::ListMetricsResponse> List(rpc::Call& call,
                                               const v1::ListMetricsRequest& request);
  absl::StatusOr<v1::Funnel> GetFunnel(rpc::Call& call, const v1::GetFunnelRequest& request);
  absl::StatusOr<v1::ExplainMetricResponse> Explain(rpc::Call& call,
                                                    const v1::ExplainMetricRequest& request);

  db::Database& database_;
  base::Clock& clock_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::reporting
