// What a relay broadcasts each second, on the wire: a small JSON object.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/flow/consumer_core.h"

namespace ieum::flow {

std::string EncodeWatermark(const Watermark& mark);
// nullopt when it is not one.
std::optional<Watermark> ParseWatermark(std::string_view text);

}  // namespace ieum::flow
