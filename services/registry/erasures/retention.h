// When the time of data is over. Ends of retention are days of their own kind: months end on the
// matching day, and neither a Saturday nor a holiday moves them, because a limit for destroying is
// none for acting (law:L14). Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ieum/registry/v1/erasure_service.pb.h"

namespace ieum::registry {

// A whole number of days, months or years, never two of them.
struct RetentionPeriod {
  int days = 0;
  int months = 0;
};
// "P5D", "P6M", "P5Y"; INTERNAL for anything else, because rules are ours.
absl::StatusOr<RetentionPeriod> ReadPeriod(const std::string& text);

struct RetentionRule {
  std::string code;
  v1::RetentionTrigger trigger = v1::RETENTION_TRIGGER_UNSPECIFIED;
  std::string period_text;
  RetentionPeriod period;
  v1::RetentionCounting counting = v1::RETENTION_COUNTING_UNSPECIFIED;
  bool review_required = true;
  std::string source;
};

// The day by which data are to be destroyed whose time began on `trigger`: the trigger's day is not
// counted; a class of public records counts from 1 January of the next year (law:L38), and its data
// may go on the first day after.
absl::CivilDay LimitDay(const RetentionRule& rule, absl::CivilDay trigger);

// The latest trigger whose limit is not after `today`: whatever began then or earlier is over.
absl::CivilDay LastTriggerDay(const RetentionRule& rule, absl::CivilDay today);

}  // namespace ieum::registry
