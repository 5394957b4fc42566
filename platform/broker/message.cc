#include "platform/broker/message.h"

#include <strings.h>

namespace ieum::broker {

std::string_view Message::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), key.size()) == 0) {
      return value;
    }
  }
  return "";
}

}  // namespace ieum::broker
