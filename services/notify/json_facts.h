// Facts as the database keeps them.
#pragma once

#include <string>
#include <vector>

#include "platform/base/uuid.h"
#include "services/notify/events/event_fields.h"

namespace ieum::notify {

std::string FactsToJson(const Facts& facts);
Facts FactsFromJson(const std::string& json);

// Ids separated by spaces, as array_to_string(…, ' ') writes them.
std::vector<base::Uuid> IdsFromText(const std::string& text);

}  // namespace ieum::notify
