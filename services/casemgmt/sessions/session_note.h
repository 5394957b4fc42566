// A note on a session: never changed, corrected by another one. Who may read it is its
// sensitivity's to say, beside that of the case. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Beside the method's own permission, for notes of psychological counselling and health.
inline constexpr char kReadPsychological[] = "casemgmt.session_notes.read_psychological";

// Its text stays with who seals and opens it.
struct SessionNote {
  base::Uuid id, case_id, session_id;
  v1::NoteSensitivity sensitivity = v1::NOTE_SENSITIVITY_UNSPECIFIED;
  base::Uuid author_subject;  // access::SubjectId(account)
  std::optional<base::Uuid> corrects, corrected_by;
  absl::Time create_time;
};

// NOTE_CORRECTED_ALREADY when another note corrects it.
absl::Status CheckCorrectable(const SessionNote& note);
// PERMISSION_DENIED for a psychological note unless the caller may read those.
absl::Status CheckReadable(const SessionNote& note, bool reads_psychological);

std::string SessionNoteName(const base::Uuid& case_id, const base::Uuid& session_id,
                            const base::Uuid& id);

}  // namespace ieum::casemgmt
