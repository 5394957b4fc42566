// The name of minutes: `activities/{uuid}/minutes/{revision}`. Pure.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/activities/activity.h"

namespace ieum::casemgmt {

inline std::string MinutesName(const base::Uuid& activity_id, int revision) {
  return absl::StrCat(ActivityName(activity_id), "/minutes/", revision);
}

}  // namespace ieum::casemgmt
