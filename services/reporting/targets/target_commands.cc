#include "services/reporting/targets/target_commands.h"

#include <optional>
#include <utility>
#include <vector>

#include "ieum/reporting/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/targets/target.h"
#include "services/reporting/targets/target_store.h"

namespace ieum::reporting {
namespace {

bool Same(const v1::Target& present, const v1::Target& wanted) {
  return present.value() == wanted.value() && present.position() == wanted.position() &&
         present.area() == wanted.area();
}

// The next revision of a target that is locked, as it was decided at `set_at`, unless it is as
// wanted.
ledger::Done Put(ledger::UnitOfWork& work, const PlanKey& key, v1::Target wanted,
                 absl::Time set_at) {
  const base::Uuid id = TargetId(key);
  const ledger::Done done{id, TargetName(key)};
  const std::optional<v1::Target> present = FindTarget(work.tx(), key);
  if (present && Same(*present, wanted)) return done;
  wanted.set_revision(static_cast<int>(work.Version(id)) + 1);
  InsertTarget(work.tx(), key, wanted, set_at);
  v1::TargetSet event;
  event.set_indicator_code(key.code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_programme(key.programme);
  event.set_edition(key.edition);
  event.set_value(wanted.value());
  event.set_target_revision(wanted.revision());
  work.Append(id, "target", done.name, event);
  return done;
}

PlanKey KeyOf(const registry::v1::PlanApproved& plan, const registry::v1::ApprovedTarget& target) {
  return {plan.plan().programme(), plan.plan().edition(), target.indicator_code()};
}

}  // namespace

absl::StatusOr<ledger::Done> SetTarget(ledger::UnitOfWork& work,
                                       const v1::SetTargetRequest& request) {
  const PlanKey key = PlanKeyOf(request.name());
  const base::Uuid id = TargetId(key);
  work.Lock({id});
  if (!FindIndicator(work.tx(), key.code)) return base::NotFound("indicators/" + key.code);
  RETURN_IF_ERROR(work.ExpectEtag(id, request.etag()));
  RETURN_IF_ERROR(CheckTargetValue(request.value()));
  v1::Target wanted;
  wanted.set_value(request.value());
  wanted.set_position(request.position());
  wanted.set_area(request.area());
  return Put(work, key, std::move(wanted), work.now());
}

absl::Status TakeApprovedPlan(ledger::UnitOfWork& work, const registry::v1::PlanApproved& plan,
                              absl::Time approved_at) {
  std::vector<base::Uuid> ids;
  for (const auto& target : plan.targets()) {
    RETURN_IF_ERROR(CheckTargetValue(target.value()));
    ids.push_back(TargetId(KeyOf(plan, target)));
  }
  work.Lock(std::move(ids));
  for (const auto& target : plan.targets()) {
    const auto present = FindTarget(work.tx(), KeyOf(plan, target));
    if (present && base::InstantOf(present->update_time()) > approved_at) continue;
    v1::Target wanted;
    wanted.set_value(target.value());
    wanted.set_position(target.position());
    wanted.set_area(target.area());
    Put(work, KeyOf(plan, target), std::move(wanted), approved_at);
  }
  return absl::OkStatus();
}

}  // namespace ieum::reporting
