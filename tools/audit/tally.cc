#include "tools/audit/tally.h"

#include "absl/strings/str_cat.h"

namespace ieum::audit {

std::string Offender::ToString() const {
  std::string text = service;
  if (shard >= 0) absl::StrAppend(&text, "/", shard);
  if (pos > 0) absl::StrAppend(&text, "/", pos);
  if (!event_id.empty()) absl::StrAppend(&text, " event ", event_id);
  if (!aggregate.empty()) absl::StrAppend(&text, " aggregate ", aggregate);
  absl::StrAppend(&text, text.empty() ? "" : ": ", what);
  return text;
}

void Tally::Breach(Offender offender) {
  if (++breaches_ == 1) first_ = std::move(offender);
}

void Tally::NotChecked(std::string why) {
  not_checked_ = true;
  Note("not checked: " + why);
}

Verdict Tally::verdict() const {
  if (breaches_ > 0) return Verdict::kBroken;
  return not_checked_ && checked_ == 0 ? Verdict::kNotChecked : Verdict::kHolds;
}

}  // namespace ieum::audit
