#include "services/notify/rules/rule_shelf.h"

namespace ieum::notify {
namespace {

constexpr size_t kKeptMax = 1000;  // then it begins anew

}  // namespace

ListeningRules RuleShelf::ListeningTo(db::Tx& tx, const std::vector<std::string>& event_types) {
  const std::vector<Listener> listeners = ListenersTo(tx, event_types);
  Versions versions = AtHand(listeners);
  std::vector<RuleKey> missing;
  for (const Listener& listener : listeners) {
    if (!versions.contains(listener.rule)) missing.push_back(listener.rule);
  }
  if (!missing.empty()) {
    Versions read;
    for (Rule& rule : FindRuleVersions(tx, missing)) {
      const RuleKey key{rule.code, rule.version, rule.created_at};
      read[key] = std::make_shared<const Rule>(std::move(rule));
    }
    Keep(read);
    versions.merge(read);
  }
  ListeningRules rules;
  for (const Listener& listener : listeners) {
    const auto found = versions.find(listener.rule);
    if (found != versions.end()) rules[listener.event_type].push_back(*found->second);
  }
  return rules;
}

RuleShelf::Versions RuleShelf::AtHand(const std::vector<Listener>& listeners) {
  Versions found;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Listener& listener : listeners) {
    const auto kept = versions_.find(listener.rule);
    if (kept != versions_.end()) found.insert(*kept);
  }
  return found;
}

void RuleShelf::Keep(const Versions& read) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (versions_.size() >= kKeptMax) versions_.clear();
  versions_.insert(read.begin(), read.end());
}

}  // namespace ieum::notify
