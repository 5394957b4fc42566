// An event as one rule sees it: what it asks of the plan for one subject. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "platform/base/uuid.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {

// Where an event stands in its producer's ledger.
struct LedgerPlace {
  std::string producer;
  int shard = 0;
  int64_t pos = 0;

  auto operator<=>(const LedgerPlace&) const = default;
};

// An event as it came.
struct IncomingEvent {
  base::Uuid id;
  absl::Time at;  // business time
  std::string correlation_id;
  const google::protobuf::Message* message = nullptr;
  LedgerPlace place;
};

struct Occasion {
  std::string rule_code;
  std::string subject_id;
  Role role = Role::kTrigger;
  base::Uuid event_id;
  absl::Time at;
  LedgerPlace place;
  std::string correlation_id;
  std::optional<absl::CivilDay> anchor;  // the rule's date in this event
  std::vector<base::Uuid> persons;       // of the rule's audience in this event, each once
  Facts facts;
};

// Whether `a` happened before `b`: by business time, and at one instant by their places in one
// ledger shard, which is the order of the events of an aggregate. Two of different shards at one
// instant have no order.
bool HappenedBefore(const Occasion& a, const Occasion& b);

// Reads what the terms ask for. INVALID_ARGUMENT when the date or a person's id cannot be read:
// the event breaks its contract.
absl::StatusOr<Occasion> OccasionOf(const Rule& rule, const Match& match,
                                    const IncomingEvent& event);

}  // namespace ieum::notify
