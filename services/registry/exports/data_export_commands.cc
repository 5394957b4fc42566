#include "services/registry/exports/data_export_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"
#include "services/registry/exports/data_export_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

constexpr char kDataExport[] = "data_export";
constexpr char kReceived[] = "data_export.received_date";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const DataExport& request) {
  Event event;
  event.set_data_export_id(request.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_person_id(request.person_id.ToString());
  event.set_centre_id(base::CentreText(request.centre));
  return event;
}

ledger::Done Tell(ledger::UnitOfWork& work, const DataExport& request,
                  const google::protobuf::Message& event) {
  const std::string name = DataExportName(request.id);
  work.Append(request.id, kDataExport, name, event);
  return {request.id, name};
}

}  // namespace

absl::StatusOr<ledger::Done> RequestDataExport(ledger::UnitOfWork& work,
                                               const RequestDataExportInput& input) {
  DataExport request;
  request.id = input.id.value_or(work.DeriveId(kDataExport));
  work.Lock({input.person_id, request.id});
  const auto owner = FindOwner(work.tx(), work.scope(), input.person_id);
  if (!owner) return base::NotFound("persons/" + input.person_id.ToString());
  RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.person_id));
  ASSIGN_OR_RETURN(request.received,
                   ReadPastDate(input.received_date, kReceived, base::KoreaDay(work.now())));
  request.due = AnswerDueDay(request.received, base::BusinessCalendar(HolidayDays(work.tx())));
  request.person_id = input.person_id;
  request.centre = owner->centre;
  request.applicant = input.applicant;
  request.channel = input.channel;
  request.created_at = work.now();
  if (work.Version(request.id) != 0 || !InsertDataExport(work.tx(), request)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "a request with this id exists");
  }
  auto event = EventOf<v1::DataExportRequested>(work, request);
  event.set_applicant(request.applicant);
  event.set_channel(request.channel);
  event.set_received_date(base::FormatDay(request.received));
  event.set_due_date(base::FormatDay(request.due));
  return Tell(work, request, event);
}

absl::StatusOr<ledger::Done> SettleDataExport(ledger::UnitOfWork& work,
                                              const SettleDataExportInput& input) {
  work.Lock({input.id});
  auto view = FindDataExport(work.tx(), work.scope(), input.id);
  if (!view) return base::NotFound(DataExportName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  DataExport& request = view->request;
  RETURN_IF_ERROR(Settle(&request, input.outcome, input.file_hash, work.now()));
  SaveDataExport(work.tx(), work.scope(), request);
  auto event = EventOf<v1::DataExportSettled>(work, request);
  event.set_outcome(request.outcome);
  event.set_file_hash(request.file_hash);
  return Tell(work, request, event);
}

absl::StatusOr<ledger::Done> TellDataExportDue(ledger::UnitOfWork& work, const base::Uuid& id,
                                               absl::CivilDay today) {
  work.Lock({id});
  auto view = FindDataExport(work.tx(), work.scope(), id);
  if (!view) return base::NotFound(DataExportName(id));
  DataExport& request = view->request;
  if (!IsToBeTold(request, today)) return ledger::Done{id, DataExportName(id)};
  request.due_told_at = work.now();
  SaveDataExport(work.tx(), work.scope(), request);
  auto event = EventOf<v1::DataExportDue>(work, request);
  event.set_due_date(base::FormatDay(request.due));
  return Tell(work, request, event);
}

}  // namespace ieum::registry
