// Activities in a test: what registry's plan says of them, and shorthands for what people do.
#pragma once

#include <string>

#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_commands.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

absl::CivilDay Day(const std::string& text);  // "2023-05-24"

// The reason of a command that may be refused; "" = it was done. `Made`: its id, it must succeed.
class Activities {
 public:
  explicit Activities(World& world) : world_(world) {}

  // By hand: a meeting on that day.
  base::Uuid Entered(const std::string& day, const std::optional<base::Uuid>& parent = {},
                     int capacity = 0);
  // Entered and confirmed.
  base::Uuid Confirmed(const std::string& day);
  base::Uuid Invited(const base::Uuid& activity, const Attendee& who);
  absl::StatusOr<ledger::Answer> Came(const base::Uuid& activity, const Attendee& who);
  absl::StatusOr<ledger::Answer> Answered(const base::Uuid& activity, const base::Uuid& entry,
                                          v1::InvitationAnswer answer);
  absl::StatusOr<ledger::Answer> Retracted(const base::Uuid& activity, const base::Uuid& entry);
  absl::StatusOr<ledger::Answer> Held(const base::Uuid& activity, const HoldInput& held = {});

  // What the approved plan says of the activity, as the newest word of `version`.
  template <class Event>
  absl::Status Plan(const base::Uuid& activity, const std::string& day, int64_t version,
                    const std::string& lead = "");

  ActivityView View(const base::Uuid& activity);
  AttendanceView Entry(const base::Uuid& activity, const base::Uuid& entry);

 private:
  World& world_;
  const base::Uuid edition_ = base::Uuid::NewV7();
};

// The words of a plan: the activity's line and day.
template <class Event>
Event PlanEvent(const base::Uuid& activity, const std::string& day, const std::string& lead = "") {
  Event event;
  event.mutable_plan()->set_programme("BSN");
  event.mutable_plan()->set_edition("2023");
  event.mutable_plan()->set_lead_organization_id(lead);
  event.set_event_date("2023-02-06");
  auto* facts = event.mutable_activity();
  facts->set_activity_id(activity.ToString());
  facts->set_line_code("BSN-1");
  facts->set_activity_key("COUNCIL-1");
  facts->set_kind(registry::v1::PLANNED_DATE_KIND_ACTIVITY);
  facts->set_start_date(day);
  facts->set_end_date(day);
  facts->set_label("추진단 협의회");
  facts->set_label_en("Council");
  return event;
}

template <class Event>
absl::Status Activities::Plan(const base::Uuid& activity, const std::string& day, int64_t version,
                              const std::string& lead) {
  return world_.Hear(PlanEvent<Event>(activity, day, lead), edition_, version);
}

}  // namespace ieum::casemgmt::testing
