// What makes a definition of an indicator valid, and what it is identified by. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/base/uuid.h"

namespace ieum::reporting {

// Every fault at once: event types that nobody publishes (EVENT_TYPE_UNKNOWN), paths that such an
// event does not have (FIELD_PATH_UNKNOWN), filters that cannot be read (FILTER_INVALID), a
// retraction without an instance to take back, a sum that names no field to add up, a ratio that
// divides by nothing, and a field that tells who is counselled (INVALID_FIELD).
absl::Status CheckDefinition(const v1::Indicator& indicator);
// The last of these alone, for a definition that was stored before anybody asked for it: nothing is
// counted by it until it is defined anew.
absl::Status CheckTellsNobody(const v1::Indicator& indicator);

// The event type by its full name, or nullptr when it is no event of the suite.
const google::protobuf::Descriptor* EventType(const std::string& full_name);

// The definition without what the server adds; its hash is the same for the same definition.
v1::Indicator Canonical(const v1::Indicator& indicator);
std::string DefinitionHash(const v1::Indicator& indicator);

// Codes are names of people; ids of their aggregates follow from them.
base::Uuid IndicatorId(const std::string& code);
base::Uuid FunnelId(const std::string& code);
// "B04" of "indicators/B04".
std::string CodeOf(const std::string& name);

// Paths that an Update may change.
const std::vector<std::string>& ChangeableFields();

}  // namespace ieum::reporting
