#include "services/casemgmt/references/holiday_book.h"

#include "ieum/registry/v1/reference_service.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

constexpr absl::Duration kGoodFor = absl::Minutes(10);  // a temporary holiday is known so soon
constexpr absl::Duration kAskAgainAfter = absl::Seconds(1);
constexpr int kPageSize = 500;
constexpr char kListHolidays[] = "/ieum.registry.v1.ReferenceService/ListHolidays";

}  // namespace

absl::StatusOr<base::BusinessCalendar> HolidayBook::Calendar() {
  std::lock_guard lock(mutex_);
  if (absl::Now() - read_at_ <= kGoodFor) return *calendar_;
  // Those who wait behind a question that failed do not each ask again.
  const bool failed_just_now = absl::Now() - failed_at_ < kAskAgainAfter;
  auto holidays = failed_just_now ? absl::UnavailableError("asked a moment ago") : source_();
  if (holidays.ok()) {
    calendar_.emplace(*holidays);
    read_at_ = absl::Now();
  } else if (!failed_just_now) {
    failed_at_ = absl::Now();
  }
  if (calendar_) return *calendar_;
  return base::Unavailable("registry does not say which days are holidays; try again",
                           kAskAgainAfter);
}

HolidayBook::Source HolidaysOf(rpc::Peer& peer) {
  return [&peer]() -> absl::StatusOr<std::vector<absl::CivilDay>> {
    std::vector<absl::CivilDay> days;
    registry::v1::ListHolidaysRequest request;
    request.set_page_size(kPageSize);
    registry::v1::ListHolidaysResponse response;
    do {
      response.Clear();
      RETURN_IF_ERROR(peer.Call(kListHolidays, request, &response));
      for (const auto& holiday : response.holidays()) {
        ASSIGN_OR_RETURN(const absl::CivilDay day, base::ParseDay(holiday.date(), "date"));
        days.push_back(day);
      }
      request.set_page_token(response.next_page_token());
    } while (!response.next_page_token().empty());
    return days;
  };
}

}  // namespace ieum::casemgmt
