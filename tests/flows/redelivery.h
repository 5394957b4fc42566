// Delivers events again, behind others that came after them, as a broker that repeats itself would.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "platform/broker/connection.h"
#include "platform/broker/message.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

// Reads the streams of all producers and publishes copies of some of their messages, with all
// headers but another Nats-Msg-Id, so that the stream takes them. One thread.
class Redelivery {
 public:
  // `share`: probability with which an event is delivered again.
  // Goes to the broker as each producer.
  Redelivery(const Suite& suite, double share, uint64_t seed);

  // Picks among what is new in the streams, and publishes some of what was picked so far, in random
  // order. Does nothing while the broker is away.
  void Step();
  // Publishes the rest.
  void Finish();

  int seen() const { return seen_; }                // events of the streams
  int redelivered() const { return redelivered_; }  // copies that the streams were sent

 private:
  void Pick(const std::string& producer, broker::Connection& connection);
  void Publish(size_t keep);

  std::map<std::string, std::unique_ptr<broker::Connection>> connections_;  // by producer
  const double share_;
  std::mt19937_64 random_;
  std::map<std::string, uint64_t> read_;                         // last sequence by producer
  std::vector<std::pair<std::string, broker::Message>> picked_;  // with its producer
  int seen_ = 0;
  int redelivered_ = 0;
};

}  // namespace ieum::testing
