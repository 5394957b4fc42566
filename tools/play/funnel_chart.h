// A funnel as an SVG picture that stands inside of a page: one column for each step, whose height
// is its count. Colours come from the page's style; title and description tell it in words.
#pragma once

#include <string>

#include "ieum/reporting/v1/metric_service.pb.h"

namespace ieum::play {

// `id` is unique in the page.
std::string FunnelChart(const reporting::v1::Funnel& funnel, const std::string& id);

}  // namespace ieum::play
