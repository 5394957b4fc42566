#include "services/casemgmt/engagements/visit.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

struct VisitMove {
  VisitStep step;
  v1::VisitState from, to;
};

constexpr VisitMove kMoves[] = {
    {VisitStep::kReschedule, v1::VISIT_STATE_PLANNED, v1::VISIT_STATE_PLANNED},
    {VisitStep::kCancel, v1::VISIT_STATE_PLANNED, v1::VISIT_STATE_CANCELLED},
    {VisitStep::kHold, v1::VISIT_STATE_PLANNED, v1::VISIT_STATE_HELD},
    {VisitStep::kReport, v1::VISIT_STATE_HELD, v1::VISIT_STATE_HELD},
};

}  // namespace

absl::CivilDay Visit::day() const { return base::KoreaDay(start); }

absl::StatusOr<v1::VisitState> NextState(v1::VisitState state, VisitStep step) {
  for (const VisitMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string name = v1::VisitState_Name(state);
  const auto word = absl::StripPrefix(name, "VISIT_STATE_");
  return base::Forbidden(v1::ERROR_REASON_VISIT_STATE,
                         absl::StrCat("a visit that is ", word, " does not allow this step"),
                         {{"state", std::string_view(word.data(), word.size())}});
}

absl::Status CheckNoMinutes(const Visit& visit) {
  if (visit.minutes.empty()) return absl::OkStatus();
  return base::AlreadyExists(v1::ERROR_REASON_MINUTES_RECORDED_ALREADY,
                             "the visit has minutes; they are not replaced");
}

absl::Status CheckTimes(absl::Time start, absl::Time end) {
  if (start < end) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "end_time",
                            "must be later than start_time");
}

absl::Status CheckHeldAt(absl::Time start, absl::Time now, absl::CivilDay not_before) {
  if (start > now) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "start_time",
                              "must not be in the future: a visit is recorded when it took place");
  }
  if (base::KoreaDay(start) < not_before) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, "start_time",
        absl::StrCat(base::FormatDay(base::KoreaDay(start)), " is before the step that led to it, ",
                     base::FormatDay(not_before)));
  }
  return absl::OkStatus();
}

std::string VisitName(const base::Uuid& engagement_id, const base::Uuid& id) {
  return absl::StrCat("engagements/", engagement_id.ToString(), "/visits/", id.ToString());
}

}  // namespace ieum::casemgmt
