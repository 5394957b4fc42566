#include "tools/play/read_results.h"

#include <numeric>

#include "platform/base/status.h"

namespace ieum::play {
namespace {

absl::Status CountEvents(Services& services, Results& results) {
  for (const std::string& name : services.names()) {
    ASSIGN_OR_RETURN(const platform::v1::Progress progress, services.Progress(name));
    const auto& positions = progress.ledger_positions();
    results.ledger_events[name] = std::accumulate(positions.begin(), positions.end(), int64_t{0});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Results> ReadResults(const Scenario& scenario, Services& services,
                                    const Player& player) {
  Results results;
  results.programme = scenario.programme;
  results.edition = scenario.edition;
  results.cut_off_date = scenario.last_day;
  results.actions = player.calls();
  RETURN_IF_ERROR(ReadFigures(scenario, services, results));
  RETURN_IF_ERROR(ReadReminders(scenario, services, player.names(), results));
  RETURN_IF_ERROR(ReadStates(services, results.states));
  RETURN_IF_ERROR(CountEvents(services, results));
  if (!services.mail_folder().empty()) {
    ASSIGN_OR_RETURN(results.mails, CountMails(services.mail_folder()));
  }
  return results;
}

}  // namespace ieum::play
