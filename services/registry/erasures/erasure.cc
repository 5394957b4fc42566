#include "services/registry/erasures/erasure.h"

#include <algorithm>

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

std::vector<v1::ErasureObstacle> ObstaclesFor(v1::ErasureReason reason, const Obstacles& found) {
  std::vector<v1::ErasureObstacle> obstacles;
  if (found.held) obstacles.push_back(v1::ERASURE_OBSTACLE_LEGAL_HOLD);
  if (found.takes_part) obstacles.push_back(v1::ERASURE_OBSTACLE_OPEN_ENROLMENT);
  if (found.contact_there && reason == v1::ERASURE_REASON_RETENTION) {
    obstacles.push_back(v1::ERASURE_OBSTACLE_CONTACT_OF_OPEN_ENROLMENT);
  }
  return obstacles;
}

absl::Status RequireNone(const std::vector<v1::ErasureObstacle>& obstacles,
                         const base::Uuid& person) {
  if (obstacles.empty()) return absl::OkStatus();
  const std::string name = PersonName(person);
  if (obstacles[0] == v1::ERASURE_OBSTACLE_LEGAL_HOLD) {
    return base::Forbidden(v1::ERROR_REASON_LEGAL_HOLD,
                           "somebody holds the person's data; nothing erases them before the hold "
                           "is released",
                           {{"person", name}});
  }
  return base::Forbidden(v1::ERROR_REASON_PERSON_IN_USE,
                         "the person takes part in something that has not ended; she is to be "
                         "withdrawn first",
                         {{"person", name}});
}

absl::Status CheckAskedReason(v1::ErasureReason reason) {
  if (reason != v1::ERASURE_REASON_RETENTION) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "reason",
                            "must be another one: a rule of retention is applied by RunRetention");
}

const std::vector<std::string>& ConfirmingServices() {
  static const auto* services =
      new std::vector<std::string>{"registry", "casemgmt", "reporting", "notify"};
  return *services;
}

std::vector<std::string> Missing(const std::vector<Confirmation>& confirmations) {
  std::vector<std::string> missing;
  for (const std::string& service : ConfirmingServices()) {
    const bool confirmed =
        std::any_of(confirmations.begin(), confirmations.end(),
                    [&](const Confirmation& each) { return each.service == service; });
    if (!confirmed) missing.push_back(service);
  }
  return missing;
}

std::string ErasureName(const base::Uuid& id) { return "erasures/" + id.ToString(); }

absl::Status Release(LegalHold* hold, std::string reason, std::string releaser, absl::Time now) {
  if (hold->released_at) {
    return base::Forbidden(v1::ERROR_REASON_HOLD_RELEASED, "the hold was released already",
                           {{"legal_hold", LegalHoldName(hold->id)}});
  }
  hold->released_at = now;
  hold->releaser = std::move(releaser);
  hold->release_reason = std::move(reason);
  return absl::OkStatus();
}

std::string LegalHoldName(const base::Uuid& id) { return "legalHolds/" + id.ToString(); }

}  // namespace ieum::registry
