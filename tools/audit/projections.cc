#include "tools/audit/projections.h"

#include "platform/base/status.h"
#include "tools/audit/enrolment_replay.h"
#include "tools/audit/fact_replay.h"
#include "tools/audit/reference_replay.h"

namespace ieum::audit {

absl::Status CheckProjections(Subject& subject, Tally& tally) {
  const Service* reporting = subject.Find("reporting");
  const Service* casemgmt = subject.Find("casemgmt");
  const Service* registry = subject.Find("registry");
  if (reporting == nullptr && casemgmt == nullptr && registry == nullptr) {
    tally.NotChecked("no service with a projection was given");
    return absl::OkStatus();
  }
  if (reporting != nullptr) RETURN_IF_ERROR(ReplayFacts(subject, *reporting, tally));
  if (casemgmt != nullptr) RETURN_IF_ERROR(ReplayReferences(subject, *casemgmt, tally));
  if (registry != nullptr) RETURN_IF_ERROR(ReplayEnrolments(subject, *registry, tally));
  return absl::OkStatus();
}

}  // namespace ieum::audit
