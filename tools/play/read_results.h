// Asks the services for what came out.
#pragma once

#include "absl/status/statusor.h"
#include "tools/play/player.h"
#include "tools/play/results.h"

namespace ieum::play {

// Everything of Results, at the scenario's cut-off. The year was played by `player`.
absl::StatusOr<Results> ReadResults(const Scenario& scenario, Services& services,
                                    const Player& player);

// Its parts. Each fills its fields of `results`.
absl::Status ReadFigures(const Scenario& scenario, Services& services, Results& results);
absl::Status ReadReminders(const Scenario& scenario, Services& services, const Names& names,
                           Results& results);
absl::Status ReadStates(Services& services, StateCounts& states);
// Reads every *.eml of the folder.
absl::StatusOr<MailCounts> CountMails(const std::string& folder);

}  // namespace ieum::play
