// What came out of a year, as the services answer it at the cut-off.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "nlohmann/json.hpp"

namespace ieum::play {

// An indicator with the events behind it.
struct Figure {
  reporting::v1::Metric metric;
  std::string code;      // "B04"
  bool in_plan = false;  // it stands in the report
  int events = 0;        // contributions that were answered
  int undone = 0;        // of them taken back by another event
  // What those that count make: their distinct keys, or the sum of their values; of a ratio above
  // and below.
  int64_t made = 0, made_below = 0;
  bool Explained() const {
    if (metric.factor() == 0) return std::to_string(made) == metric.actual();
    return std::to_string(made) == metric.numerator() &&
           std::to_string(made_below) == metric.denominator();
  }
};

// One rule's reminders.
struct ReminderCounts {
  std::string rule;          // "VISIT-D-3"
  std::string display_name;  // Korean
  int planned = 0, released = 0, skipped = 0, cancelled = 0, pending = 0;
  int messages = 0;  // handed over (in doubt included), change notices not included
};

struct MessageCounts {
  int total = 0;  // handed over or in doubt
  int in_doubt = 0;
  int other = 0;  // in any other state
  int change_notices = 0;
  int to_firm_contacts = 0, to_consultants = 0;
  int in_korean = 0, in_english = 0;
};

// Sum of notify's balances over all rules and days.
struct BalanceSum {
  int64_t planned = 0, handed_over = 0, suppressed = 0, expired = 0, skipped = 0, cancelled = 0,
          pending = 0, in_doubt = 0;
  int unbalanced_lines = 0;
};

// What the mail server kept.
struct MailCounts {
  bool known = false;
  int received = 0;
  int distinct_ids = 0;  // different Message-IDs
};

// Counts by kind, in the shape of expected.json.
struct StateCounts {
  nlohmann::json visits, external_results, engagements, applications, enrolments;
};

struct Results {
  std::string programme, edition, cut_off_date;
  std::vector<Figure> figures;  // the plan in its order, then the others
  std::vector<reporting::v1::Funnel> funnels;
  std::map<std::string, std::string> funnel_codes;  // resource name → code
  std::vector<ReminderCounts> reminders;
  MessageCounts messages;
  BalanceSum balance;
  MailCounts mails;
  StateCounts states;
  std::map<std::string, int> actions;            // calls by `do`
  std::map<std::string, int64_t> ledger_events;  // by service
};

}  // namespace ieum::play
