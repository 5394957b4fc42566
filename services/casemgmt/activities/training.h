// A training for a firm (INC-4): an activity of its engagement, of which the completers are
// counted. Sources: domain.md §1.C (completers ≥ 80 % of the hours), §7.5 (completers are counted
// per run). Pure.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/activities/activity.h"
#include "services/casemgmt/engagements/engagement.h"

namespace ieum::casemgmt {

// The share of a training's time, in per cent, that completes it.
inline constexpr int kCompletionPercent = 80;

// Whether so many minutes of a training complete it.
bool CompletesTraining(const Training& training, int attended_duration);

// Of its list.
struct NamedAttendees {
  int persons = 0;    // who came with a name
  int completed = 0;  // those of them who were there for long enough
};
// Those with a name are among those counted without one, so the larger of both counts.
TrainingCounts CountsOf(const NamedAttendees& named, const std::vector<Headcount>& counts);

// Makes the activity a training of the engagement: it gives programme, edition, task and centre.
// TRAINING_ENGAGEMENT unless it is a consulting on culture that was not broken off, of the
// programme, edition, task and centre that the activity asks for, where it does; INVALID_FIELD for
// another kind than TRAINING, or without a duration.
absl::Status BecomeTraining(const std::optional<Engagement>& engagement, int duration,
                            Activity* activity);
// INVALID_FIELD blaming `attended_duration` when it is longer than the training; NOT_A_TRAINING.
absl::Status CheckDuration(const Activity& activity, int attended_duration);

}  // namespace ieum::casemgmt
