// A message of the broker as plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ieum::broker {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Message {
  std::string subject;
  std::string reply;  // "" = nobody waits for an answer
  Headers headers;
  std::string payload;

  // The first value of the header, whose name is compared without regard to case (NATS keeps the
  // sender's case, CloudEvents has none). "" when absent.
  std::string_view Header(std::string_view name) const;
};

}  // namespace ieum::broker
