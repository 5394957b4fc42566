// Consulting on culture in a test: a firm led as far as a test wants it.
#pragma once

#include <string>
#include <vector>

#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/recommendation_store.h"
#include "tests/integration/casemgmt/activity_world.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

class Culture {
 public:
  explicit Culture(World& world) : world_(world) {}

  base::Uuid Campaign(const std::string& centre = "");
  // Visited at the clock's time and diagnosed on its day.
  base::Uuid Diagnosed();
  // The plan agreed and the work begun, too.
  base::Uuid Started();
  absl::StatusOr<ledger::Answer> Diagnosed(const base::Uuid& engagement, const std::string& score);
  base::Uuid Recommended(const base::Uuid& engagement, const std::string& day,
                         std::vector<int> months = {});
  absl::StatusOr<ledger::Answer> Checked(const base::Uuid& engagement,
                                         const base::Uuid& recommendation, int months,
                                         v1::AdoptionOutcome outcome, const std::string& day = "");
  Recommendation Of(const base::Uuid& engagement, const base::Uuid& recommendation);

  // A training of the engagement, confirmed.
  base::Uuid Training(const base::Uuid& engagement, const std::string& day, int duration = 120);

 private:
  World& world_;
};

}  // namespace ieum::casemgmt::testing
