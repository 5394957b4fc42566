// What happened with a person or an organization, entry by entry, and whose right shows which.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "ieum/registry/v1/timeline_service.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// Whose timeline.
enum class TimelineOf { kPerson, kOrganization };

// The permission that shows entries of a kind.
struct TimelineRight {
  v1::TimelineKind kind;
  const char* permission;
  // False: the entry is everybody's who holds the permission anywhere, as the thing itself is.
  bool of_centre;
};
// Every kind once.
absl::Span<const TimelineRight> TimelineRights(TimelineOf of);

// What a row says, before words are made of it.
struct TimelineRow {
  absl::Time at;
  v1::TimelineKind kind = v1::TIMELINE_KIND_UNSPECIFIED;
  int state = 0;     // of kinds with states of the contract
  std::string step;  // of the others
  int detail = 0;    // purpose of a consent, role, channel; reason of a denial
  int reason = 0;    // of a withdrawal or a loss
  std::string code;  // of a label
  std::optional<absl::CivilDay> day;
  std::string source;
  std::optional<base::Uuid> organization, person, centre;
};
v1::TimelineEntry EntryOf(const TimelineRow& row);

// What an event of casemgmt leaves in timelines.
struct ToldEntry {
  base::Uuid event_id;
  std::string producer;
  int shard = 0;
  int64_t pos = 0;
  v1::TimelineKind kind = v1::TIMELINE_KIND_UNSPECIFIED;
  absl::Time at;
  std::string day;
  std::string step;    // the event's type without its package
  std::string source;  // engagements/{}, engagements/{}/visits/{}, applications/{}
  base::Uuid organization;
  std::optional<base::Uuid> person;  // whom of the organization it was with
  std::optional<base::Uuid> centre;
};
// From an event that says an engagement or an application: kind, day, step, source, and who is in
// it. INVALID_FIELD for one that says neither, or ids that are none.
absl::StatusOr<ToldEntry> ToldOf(const google::protobuf::Message& event);

}  // namespace ieum::registry
