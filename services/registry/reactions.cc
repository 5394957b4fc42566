#include "services/registry/reactions.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"
#include "services/registry/enrolments/enrolment_commands.h"
#include "services/registry/instants.h"
#include "services/registry/timelines/timeline_commands.h"

namespace ieum::registry {
namespace {

absl::StatusOr<std::optional<base::Uuid>> OptionalId(const std::string& text,
                                                     std::string_view field) {
  if (text.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const base::Uuid id, base::ParseUuid(text, field));
  return std::optional(id);
}

constexpr auto kDecidedHere = [](const auto& event) {
  return event.application().admission() == v1::ADMISSION_MODE_RULES;
};

absl::Status OnReceived(ledger::UnitOfWork& work, const casemgmt::v1::ApplicationReceived& event,
                        const flow::ReceivedEvent& received) {
  const auto& application = event.application();
  ReceiveApplicationInput input;
  ASSIGN_OR_RETURN(input.application_id,
                   base::ParseUuid(application.application_id(), "application_id"));
  ASSIGN_OR_RETURN(input.engagement_id, OptionalId(application.engagement_id(), "engagement_id"));
  ASSIGN_OR_RETURN(input.campaign_id, base::ParseUuid(application.campaign_id(), "campaign_id"));
  ASSIGN_OR_RETURN(input.organization_id,
                   base::ParseUuid(application.organization_id(), "organization_id"));
  ASSIGN_OR_RETURN(input.contact_person_id,
                   OptionalId(application.contact_person_id(), "contact_person_id"));
  ASSIGN_OR_RETURN(input.consultant_person_id,
                   OptionalId(application.consultant_person_id(), "consultant_person_id"));
  input.submitted_at =
      event.has_submitted_time() ? FromTimestamp(event.submitted_time()) : received.time();
  ASSIGN_OR_RETURN(input.received_date, ReadDate(event.received_date(), "received_date"));
  return ReceiveApplication(work, input);
}

absl::Status OnWithdrawn(ledger::UnitOfWork& work, const casemgmt::v1::ApplicationWithdrawn& event,
                         const flow::ReceivedEvent&) {
  ASSIGN_OR_RETURN(const base::Uuid application,
                   base::ParseUuid(event.application().application_id(), "application_id"));
  ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(event.withdrawn_date(), "withdrawn_date"));
  return WithdrawApplication(work, application, day);
}

// Events of casemgmt about an engagement or a form, but those that something is decided on here.
std::vector<const google::protobuf::Descriptor*> TypesThatAreOnlyKept() {
  std::vector<const google::protobuf::Descriptor*> types;
  const auto* file = casemgmt::v1::EngagementOpened::descriptor()->file();
  for (int at = 0; at < file->message_type_count(); ++at) {
    const auto* type = file->message_type(at);
    const bool concerned = type->FindFieldByName("engagement") != nullptr ||
                           type->FindFieldByName("application") != nullptr;
    const bool decided = type == casemgmt::v1::ApplicationReceived::descriptor() ||
                         type == casemgmt::v1::ApplicationWithdrawn::descriptor();
    const bool event = type->options().HasExtension(platform::v1::event);
    if (event && concerned && !decided) types.push_back(type);
  }
  return types;
}

// Timelines keep what casemgmt tells, whether or not something is decided on it.
void KeepTimelines(flow::Subscriptions& subscriptions) {
  const flow::Observer keep = [](db::Tx& tx, const flow::ReceivedEvent& event) {
    return KeepTimelineEntries(tx, {&event, 1});
  };
  subscriptions.AddSink(TypesThatAreOnlyKept(), KeepTimelineEntries);
  subscriptions.Observe<casemgmt::v1::ApplicationReceived>(keep);
  subscriptions.Observe<casemgmt::v1::ApplicationWithdrawn>(keep);
  subscriptions.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    ForgetTimelineEntries(tx, rewind);
    return absl::OkStatus();
  });
}

}  // namespace

void Reactions::Listen(flow::Subscriptions& subscriptions) {
  subscriptions.ReactIf<casemgmt::v1::ApplicationReceived>(kDecidedHere, OnReceived);
  subscriptions.ReactIf<casemgmt::v1::ApplicationWithdrawn>(kDecidedHere, OnWithdrawn);
  KeepTimelines(subscriptions);
}

}  // namespace ieum::registry
