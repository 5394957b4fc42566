// Engagements, visits and recommendations as the contract shows them. Pure.
#pragma once

#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/recommendation_store.h"
#include "services/casemgmt/engagements/visit_store.h"

namespace ieum::casemgmt {

v1::Engagement ToWire(const EngagementView& view);
v1::Visit ToWire(const VisitView& view);
v1::Recommendation ToWire(const RecommendationView& view);

}  // namespace ieum::casemgmt
