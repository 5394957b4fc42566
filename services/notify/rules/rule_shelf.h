// Rules at hand. A version never changes, so its terms are read and understood once; which versions
// there are is asked each time, so that a rule holds as soon as it was put into force.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "services/notify/rules/rule.h"
#include "services/notify/rules/rule_store.h"

namespace ieum::notify {

// By event type: every version of each rule of which some version listens to it, by code and
// version. A type that nobody listens to is not in it.
using ListeningRules = std::map<std::string, std::vector<Rule>>;

// Thread-safe.
class RuleShelf {
 public:
  // One statement, and another one where a version is not at hand yet.
  ListeningRules ListeningTo(db::Tx& tx, const std::vector<std::string>& event_types);

 private:
  using Versions = std::map<RuleKey, std::shared_ptr<const Rule>>;
  Versions AtHand(const std::vector<Listener>& listeners);
  void Keep(const Versions& read);

  std::mutex mutex_;
  Versions versions_;
};

}  // namespace ieum::notify
