#include "services/reporting/targets/target_commands.h"

#include "ieum/reporting/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/targets/target.h"
#include "services/reporting/targets/target_store.h"

namespace ieum::reporting {
namespace {

bool Same(const v1::Target& present, const v1::SetTargetRequest& wanted) {
  return present.value() == wanted.value() && present.position() == wanted.position() &&
         present.area() == wanted.area();
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
  const std::optional<v1::Target> present = FindTarget(work.tx(), key);
  const ledger::Done done{id, TargetName(key)};
  if (present && Same(*present, request)) return done;
  v1::Target target;
  target.set_value(request.value());
  target.set_position(request.position());
  target.set_area(request.area());
  target.set_revision(static_cast<int>(work.Version(id)) + 1);
  InsertTarget(work.tx(), key, target, work.now());
  v1::TargetSet event;
  event.set_indicator_code(key.code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_programme(key.programme);
  event.set_edition(key.edition);
  event.set_value(request.value());
  event.set_target_revision(target.revision());
  work.Append(id, "target", done.name, event);
  return done;
}

}  // namespace ieum::reporting
