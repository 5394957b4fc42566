#include "services/casemgmt/appointments/appointment.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

struct AppointmentMove {
  AppointmentStep step;
  v1::AppointmentState from, to;
};

constexpr AppointmentMove kMoves[] = {
    {AppointmentStep::kMove, v1::APPOINTMENT_STATE_BOOKED, v1::APPOINTMENT_STATE_BOOKED},
    // Once what was said of it was taken back.
    {AppointmentStep::kMove, v1::APPOINTMENT_STATE_KEPT, v1::APPOINTMENT_STATE_BOOKED},
    {AppointmentStep::kMove, v1::APPOINTMENT_STATE_MISSED, v1::APPOINTMENT_STATE_BOOKED},
    {AppointmentStep::kCancel, v1::APPOINTMENT_STATE_BOOKED, v1::APPOINTMENT_STATE_CANCELLED},
    {AppointmentStep::kCancel, v1::APPOINTMENT_STATE_KEPT, v1::APPOINTMENT_STATE_CANCELLED},
    {AppointmentStep::kCancel, v1::APPOINTMENT_STATE_MISSED, v1::APPOINTMENT_STATE_CANCELLED},
    {AppointmentStep::kKeep, v1::APPOINTMENT_STATE_BOOKED, v1::APPOINTMENT_STATE_KEPT},
    {AppointmentStep::kKeep, v1::APPOINTMENT_STATE_MISSED, v1::APPOINTMENT_STATE_KEPT},
    {AppointmentStep::kMiss, v1::APPOINTMENT_STATE_BOOKED, v1::APPOINTMENT_STATE_MISSED},
    {AppointmentStep::kMiss, v1::APPOINTMENT_STATE_KEPT, v1::APPOINTMENT_STATE_MISSED},
};

}  // namespace

absl::CivilDay Appointment::day() const { return base::KoreaDay(start); }

absl::StatusOr<v1::AppointmentState> NextState(v1::AppointmentState state, AppointmentStep step) {
  for (const AppointmentMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string name = v1::AppointmentState_Name(state);
  const auto word = absl::StripPrefix(name, "APPOINTMENT_STATE_");
  return base::Forbidden(
      v1::ERROR_REASON_APPOINTMENT_STATE,
      absl::StrCat("an appointment that is ", word, " does not allow this step; book another one"),
      {{"state", std::string_view(word.data(), word.size())}});
}

std::string AppointmentName(const base::Uuid& id) {
  return absl::StrCat("appointments/", id.ToString());
}

}  // namespace ieum::casemgmt
