// Delivers events ahead of those before them, as a broker that mixes them up would.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "platform/broker/connection.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

// While an action is done, the relay of a producer that writes because of it is held up by somebody
// who took its lease. The last event of each shard that got several then goes into the stream
// alone: the relay, let go, finds it there and goes on behind it, so consumers meet a hole that
// only the producer's ledger can fill.
class Overtaking {
 public:
  // `places`: indexes of the actions.
  Overtaking(Suite& suite, std::string producer, std::set<size_t> places);

  void BeforeCall(size_t index);
  void AfterCall(size_t index);

  int overtakings() const {
    return overtakings_;
  }  // events that came before another of their shard

 private:
  std::vector<int64_t> Positions();
  bool Grown();  // some shard got several
  void PublishLast(int shard);
  void LetGo();

  Suite& suite_;
  const std::string producer_;
  const std::set<size_t> places_;
  std::unique_ptr<broker::Connection> connection_;
  std::vector<int64_t> before_;
  int overtakings_ = 0;
};

}  // namespace ieum::testing
