#include "services/casemgmt/activities/training.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

absl::Status NoEngagement(std::string_view what) {
  return base::Forbidden(v1::ERROR_REASON_TRAINING_ENGAGEMENT, what);
}

// A field that says nothing says the engagement's.
template <class T>
bool Fits(const T& asked, const T& has) {
  return asked == T() || asked == has;
}

absl::Status CheckFits(const Engagement& engagement, const Activity& activity) {
  if (engagement.task != registry::v1::TASK_KIND_CULTURE_CONSULTING) {
    return NoEngagement("only a consulting on culture has trainings");
  }
  if (engagement.state == v1::ENGAGEMENT_STATE_DECLINED ||
      engagement.state == v1::ENGAGEMENT_STATE_DROPPED) {
    return NoEngagement(
        absl::StrCat("the engagement is ", StateWord(engagement.state), "; open another one"));
  }
  if (Fits(activity.programme, engagement.programme) &&
      Fits(activity.edition, engagement.edition) && Fits(activity.task, engagement.task) &&
      Fits(activity.centre, engagement.centre)) {
    return absl::OkStatus();
  }
  return NoEngagement(
      "the engagement is of another programme, edition, task or centre; leave them out, and it "
      "gives its own");
}

}  // namespace

bool CompletesTraining(const Training& training, int attended_duration) {
  return int64_t{attended_duration} * 100 >= int64_t{training.duration} * kCompletionPercent;
}

TrainingCounts CountsOf(const NamedAttendees& named, const std::vector<Headcount>& counts) {
  TrainingCounts all;
  all.completers = std::max(named.completed, CountOf(counts, v1::HEADCOUNT_KIND_COMPLETERS));
  all.attendees =
      std::max({named.persons, CountOf(counts, v1::HEADCOUNT_KIND_TOTAL), all.completers});
  return all;
}

absl::Status BecomeTraining(const std::optional<Engagement>& engagement, int duration,
                            Activity* activity) {
  if (activity->kind != v1::ACTIVITY_KIND_TRAINING) {
    return base::InvalidField("INVALID_FIELD", "activity.kind",
                              "must be ACTIVITY_KIND_TRAINING for a training of an engagement");
  }
  if (duration <= 0) {
    return base::InvalidField("INVALID_FIELD", "activity.training_duration",
                              "must be given: how many minutes it takes");
  }
  if (!engagement) {
    return NoEngagement(
        "the engagement is not known here; name one of the centres that you act for");
  }
  RETURN_IF_ERROR(CheckFits(*engagement, *activity));
  activity->programme = engagement->programme;
  activity->edition = engagement->edition;
  activity->task = engagement->task;
  activity->centre = engagement->centre;
  activity->training = Training{.engagement = engagement->id,
                                .organization = engagement->organization_id,
                                .duration = duration};
  return absl::OkStatus();
}

absl::Status CheckDuration(const Activity& activity, int attended_duration) {
  if (!activity.training) {
    return base::Forbidden(v1::ERROR_REASON_NOT_A_TRAINING,
                           "how long somebody was there is recorded of trainings of an engagement");
  }
  if (attended_duration <= activity.training->duration) return absl::OkStatus();
  return base::InvalidField(
      "INVALID_FIELD", "attended_duration",
      absl::StrCat("must be at most ", activity.training->duration, " minutes: so long it took"));
}

}  // namespace ieum::casemgmt
