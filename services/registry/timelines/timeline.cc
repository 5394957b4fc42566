#include "services/registry/timelines/timeline.h"

#include "ieum/registry/v1/consent_types.pb.h"
#include "ieum/registry/v1/lead_types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

using google::protobuf::Message;

constexpr char kFacts[] = "registry.organizations.list_facts";

// Kinds that do not occur in the one or the other cost nothing.
#define SHARED_RIGHTS                                                                     \
  {v1::TIMELINE_KIND_ENROLMENT, "registry.enrolments.list", true},                        \
      {v1::TIMELINE_KIND_CONSENT, "registry.consents.list", true},                        \
      {v1::TIMELINE_KIND_AFFILIATION, "registry.affiliations.list", true},                \
      {v1::TIMELINE_KIND_LEAD, "registry.leads.list", true},                              \
      {v1::TIMELINE_KIND_LABEL, kFacts, false}, {v1::TIMELINE_KIND_FACTS, kFacts, false}, \
      {v1::TIMELINE_KIND_COUNCIL_TERM, kFacts, false},                                    \
      {v1::TIMELINE_KIND_ENGAGEMENT, "casemgmt.engagements.list", true},                  \
      {v1::TIMELINE_KIND_VISIT, "casemgmt.visits.list", true}, {                          \
    v1::TIMELINE_KIND_APPLICATION, "casemgmt.applications.list", true                     \
  }

constexpr TimelineRight kOfPersons[] = {
    {v1::TIMELINE_KIND_RECORD, "registry.persons.list_changes", true}, SHARED_RIGHTS};
constexpr TimelineRight kOfOrganizations[] = {
    {v1::TIMELINE_KIND_RECORD, "registry.organizations.list_changes", false}, SHARED_RIGHTS};

template <class Enum>
std::string Word(int number) {
  const auto* value = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(number);
  return number == 0 || value == nullptr ? "" : value->name();
}

std::string StepOf(const TimelineRow& row) {
  switch (row.kind) {
    case v1::TIMELINE_KIND_ENROLMENT:
      return Word<v1::EnrolmentState>(row.state);
    case v1::TIMELINE_KIND_CONSENT:
      return Word<v1::ConsentState>(row.state);
    case v1::TIMELINE_KIND_LEAD:
      return Word<v1::LeadState>(row.state);
    default:
      return row.step;
  }
}

std::string DetailOf(const TimelineRow& row) {
  switch (row.kind) {
    case v1::TIMELINE_KIND_ENROLMENT:
      return row.detail != 0 ? Word<v1::DenialReason>(row.detail)
                             : Word<v1::WithdrawalReason>(row.reason);
    case v1::TIMELINE_KIND_CONSENT:
      return Word<v1::ConsentPurpose>(row.detail);
    case v1::TIMELINE_KIND_AFFILIATION:
      return Word<v1::AffiliationRole>(row.detail);
    case v1::TIMELINE_KIND_LEAD:
      return row.detail != 0 ? Word<v1::LeadContactChannel>(row.detail)
                             : Word<v1::LeadLossReason>(row.reason);
    case v1::TIMELINE_KIND_COUNCIL_TERM:
      return Word<v1::CouncilSector>(row.detail);
    default:
      return row.code;
  }
}

const Message* Below(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? nullptr : &message.GetReflection()->GetMessage(message, field);
}

std::string TextIn(const Message* message, const char* name) {
  if (message == nullptr) return "";
  const auto* field = message->GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message->GetReflection()->GetString(*message, field);
}

absl::StatusOr<std::optional<base::Uuid>> IdIn(const Message* message, const char* name) {
  const std::string text = TextIn(message, name);
  if (text.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const base::Uuid id, base::ParseUuid(text, name));
  return id;
}

void PlaceVisit(const Message& visit, ToldEntry* entry) {
  entry->kind = v1::TIMELINE_KIND_VISIT;
  entry->source += "/visits/" + TextIn(&visit, "visit_id");
  entry->day = TextIn(&visit, "visit_date");
}

}  // namespace

absl::Span<const TimelineRight> TimelineRights(TimelineOf of) {
  return of == TimelineOf::kPerson ? absl::MakeConstSpan(kOfPersons)
                                   : absl::MakeConstSpan(kOfOrganizations);
}

v1::TimelineEntry EntryOf(const TimelineRow& row) {
  v1::TimelineEntry entry;
  *entry.mutable_entry_time() = ToTimestamp(row.at);
  entry.set_kind(row.kind);
  entry.set_step(StepOf(row));
  if (row.day) entry.set_event_date(base::FormatDay(*row.day));
  entry.set_source(row.source);
  entry.set_detail(DetailOf(row));
  if (row.organization) entry.set_organization(OrganizationName(*row.organization));
  if (row.person) entry.set_person(PersonName(*row.person));
  if (row.centre) entry.set_centre(OrganizationName(*row.centre));
  return entry;
}

absl::StatusOr<ToldEntry> ToldOf(const Message& event) {
  const Message* visit = Below(event, "visit");
  const Message* form = Below(event, "application");
  const Message* thing = form != nullptr ? form : Below(event, "engagement");
  ToldEntry entry;
  entry.kind = form != nullptr ? v1::TIMELINE_KIND_APPLICATION : v1::TIMELINE_KIND_ENGAGEMENT;
  entry.step = event.GetDescriptor()->name();
  entry.day = TextIn(&event, "event_date");
  entry.source = form != nullptr ? "applications/" + TextIn(form, "application_id")
                                 : "engagements/" + TextIn(thing, "engagement_id");
  ASSIGN_OR_RETURN(entry.organization,
                   base::ParseUuid(TextIn(thing, "organization_id"), "organization_id"));
  ASSIGN_OR_RETURN(entry.person, IdIn(thing, "contact_person_id"));
  ASSIGN_OR_RETURN(entry.centre, IdIn(thing, "centre_id"));
  if (visit == nullptr) return entry;
  PlaceVisit(*visit, &entry);
  ASSIGN_OR_RETURN(const auto received, IdIn(visit, "contact_person_id"));
  if (received) entry.person = received;
  return entry;
}

}  // namespace ieum::registry
