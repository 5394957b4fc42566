#include "tools/play/times.h"

#include "platform/base/korea_time.h"

namespace ieum::play {
namespace {

constexpr int kReminderHour = 9;

}  // namespace

bool IsReminderInstant(absl::Time instant) {
  return base::KoreaInstant(base::KoreaDay(instant), kReminderHour) == instant;
}

std::vector<absl::Time> StopsBetween(absl::Time from, absl::Time to) {
  std::vector<absl::Time> stops;
  for (absl::CivilDay day = base::KoreaDay(from); day <= base::KoreaDay(to); ++day) {
    const absl::Time nine = base::KoreaInstant(day, kReminderHour);
    if (from < nine && nine < to) stops.push_back(nine);
  }
  stops.push_back(to);
  return stops;
}

}  // namespace ieum::play
