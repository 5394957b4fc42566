// The plan on paper: the pure functions applied to rows in memory, in the way in which the use
// cases apply them to the database.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/notify/messages/message.h"
#include "services/notify/reminders/plan.h"

namespace ieum::notify::testing {

class PaperPlan {
 public:
  explicit PaperPlan(std::vector<Rule> rules);

  // An event with a fresh id, or with `id`.
  PlanDecision Take(const google::protobuf::Message& event, absl::Time at);
  PlanDecision Take(const google::protobuf::Message& event, absl::Time at, const base::Uuid& id);
  // One that stands at this place of its ledger.
  PlanDecision Take(const google::protobuf::Message& event, absl::Time at, const base::Uuid& id,
                    const LedgerPlace& place);
  // Releases everything that is due at `now`.
  void SetClock(absl::Time now);

  const std::vector<Reminder>& rows() const { return state_.rows; }
  // Rows of a rule by occurrence: "2023-04-07 RELEASED, 2023-04-17 PENDING"; the day is that on
  // which the row is due.
  std::string Tell(const std::string& rule, const std::string& subject) const;
  int reminder_messages() const { return reminder_messages_; }
  const std::vector<Notice>& notices() const { return notices_; }
  size_t kept() const { return state_.kept.size(); }

 private:
  void Store(const Reminder& row);

  std::vector<Rule> rules_;
  PlanState state_;
  int reminder_messages_ = 0;
  int events_ = 0;
  std::vector<Notice> notices_;
};

}  // namespace ieum::notify::testing
