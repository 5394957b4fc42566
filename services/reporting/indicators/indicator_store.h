// Definitions as they are kept: every version of an indicator, and funnels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::reporting {

// With version, hash, creation time and etag. `version` 0 = the latest.
std::optional<v1::Indicator> FindIndicator(db::Tx& tx, const std::string& code, int version = 0);
// The definition as canonical; becomes the latest version.
void InsertIndicator(db::Tx& tx, const v1::Indicator& indicator, const std::string& code,
                     int version, absl::Time at);
const filter::ListSpec& IndicatorList();
v1::Indicator IndicatorOf(const db::Row& row);

std::optional<v1::FunnelDefinition> FindFunnel(db::Tx& tx, const std::string& code);
void InsertFunnel(db::Tx& tx, const v1::FunnelDefinition& funnel, const std::string& code);
const filter::ListSpec& FunnelList();
v1::FunnelDefinition FunnelOf(const db::Row& row);
// Codes among `codes` that are not defined.
std::vector<std::string> UnknownIndicators(db::Tx& tx, const std::vector<std::string>& codes);

}  // namespace ieum::reporting
