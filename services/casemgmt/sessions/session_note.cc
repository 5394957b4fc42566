#include "services/casemgmt/sessions/session_note.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/sessions/session.h"

namespace ieum::casemgmt {

absl::Status CheckCorrectable(const SessionNote& note) {
  if (!note.corrected_by) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_NOTE_CORRECTED_ALREADY,
                         "another note corrects this one; correct that one");
}

absl::Status CheckReadable(const SessionNote& note, bool reads_psychological) {
  if (note.sensitivity != v1::NOTE_SENSITIVITY_PSYCHOLOGICAL || reads_psychological) {
    return absl::OkStatus();
  }
  return base::Error(absl::StatusCode::kPermissionDenied,
                     platform::v1::ERROR_REASON_PERMISSION_DENIED,
                     "notes of psychological counselling and health are read by who manages the "
                     "case and by the supervisor");
}

std::string SessionNoteName(const base::Uuid& case_id, const base::Uuid& session_id,
                            const base::Uuid& id) {
  return absl::StrCat(SessionName(case_id, session_id), "/notes/", id.ToString());
}

}  // namespace ieum::casemgmt
