#include "services/registry/imports/import_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/imports/import_rows.h"
#include "services/registry/imports/import_store.h"
#include "services/registry/organizations/centre_commands.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "import";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const ImportJob& job) {
  Event event;
  event.set_import_id(job.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_kind(job.kind);
  event.set_centre_id(base::CentreText(job.centre));
  return event;
}

// Who brings rows must be allowed to register them one by one.
absl::Status RequireMayRegister(const ImportJob& job, ScopeOf scope_of) {
  bool may = false;
  if (job.kind == v1::IMPORT_KIND_PEOPLE) {
    may = scope_of("registry.persons.create").Holds(base::CentreText(job.centre));
  } else {
    may = !scope_of("registry.organizations.create").empty() &&
          (job.policy != v1::DUPLICATE_POLICY_LINK ||
           !scope_of("registry.organizations.record_facts").empty());
  }
  if (may) return absl::OkStatus();
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "only who may register what the rows are may import them");
}

absl::StatusOr<ImportJob> ImportOf(ledger::UnitOfWork& work, const TakeChunkInput& input,
                                   ScopeOf scope_of) {
  if (!input.import) return PlannedImport(work, input.request.import(), scope_of);
  const auto job = HoldImport(work.tx(), work.scope(), *input.import);
  if (!job) return base::NotFound(ImportName(*input.import));
  RETURN_IF_ERROR(RequireMayRegister(*job, scope_of));
  return *job;
}

absl::Status Differs(int chunk, std::string_view what) {
  return base::Forbidden(v1::ERROR_REASON_IMPORT_CHUNK_DIFFERS, what,
                         {{"chunk", std::to_string(chunk)}});
}

// Whether the chunk has come. What came under its number, or under its rows' numbers, must be it.
absl::StatusOr<bool> HasCome(db::Tx& tx, const ImportJob& job, const TakeChunkInput& input) {
  const int number = input.request.chunk();
  if (const auto come = FindChunk(tx, job.id, number)) {
    if (come->rows_hash == input.rows_hash) return true;
    return Differs(number, "other rows came under the number of this chunk");
  }
  RETURN_IF_ERROR(RequireRunning(job));
  std::vector<int64_t> numbers;
  for (const v1::RowToImport& row : input.request.rows()) numbers.push_back(row.number());
  if (HaveCome(tx, job.id, numbers)) {
    return Differs(number, "rows with numbers of this chunk came in another one");
  }
  return false;
}

}  // namespace

absl::StatusOr<ImportJob> PlannedImport(ledger::UnitOfWork& work, const v1::Import& wanted,
                                        ScopeOf scope_of) {
  ImportJob job;
  job.id = work.DeriveId(kKind);
  job.kind = wanted.kind();
  job.policy = wanted.duplicate_policy();
  ASSIGN_OR_RETURN(const auto centre, CentreIn(wanted.centre(), "import.centre"));
  ASSIGN_OR_RETURN(job.centre, CentreOfNew(work, centre, "import.centre"));
  job.source = wanted.source();
  job.content_hash = BytesOfHex(wanted.content_hash());
  job.creator = work.caller().actor;
  job.created_at = work.now();
  RETURN_IF_ERROR(RequireMayRegister(job, scope_of));
  return job;
}

absl::StatusOr<ledger::Done> StartImport(ledger::UnitOfWork& work, const StartImportInput& input,
                                         ScopeOf scope_of, ImportJob* job) {
  const base::Uuid id = input.id.value_or(work.DeriveId(kKind));
  work.Lock({id});
  if (work.Version(id) != 0) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "something with this id exists");
  }
  ASSIGN_OR_RETURN(*job, PlannedImport(work, input.import, scope_of));
  job->id = id;
  if (const auto running = FindRunningImport(work.tx(), *job)) {
    return base::AlreadyExists(v1::ERROR_REASON_IMPORT_RUNNING,
                               "this content is being imported; go on with that import",
                               {{"import", ImportName(*running)}});
  }
  if (!InsertImport(work.tx(), *job)) db::Conflict();
  work.Append(id, kKind, ImportName(id), EventOf<v1::ImportStarted>(work, *job));
  return ledger::Done{id, ImportName(id)};
}

absl::StatusOr<ledger::Done> TakeChunk(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const TakeChunkInput& input, ScopeOf scope_of,
                                       std::vector<RowResult>* results) {
  results->clear();
  ASSIGN_OR_RETURN(const ImportJob job, ImportOf(work, input, scope_of));
  RETURN_IF_ERROR(CheckRows(job.kind, input.request));
  const base::Uuid chunk = ChunkId(job.id, input.request.chunk());
  const ledger::Done done{chunk, ImportName(job.id)};
  if (input.import) {
    ASSIGN_OR_RETURN(const bool come, HasCome(work.tx(), job, input));
    if (come) {
      work.Lock({chunk});
      return done;
    }
  }
  const auto taken = job.kind == v1::IMPORT_KIND_FIRMS
                         ? ImportFirms(work, job, chunk, input.request.rows())
                         : ImportPeople(work, keys, input.rules, job, chunk, input.request.rows());
  if (!taken.ok()) return taken.status();
  *results = *taken;
  if (input.import) {
    InsertChunk(work.tx(), job.id, {input.request.chunk(), input.rows_hash, TallyOf(*taken)});
    InsertRows(work.tx(), job.id, *taken);
  }
  return done;
}

absl::StatusOr<ledger::Done> CompleteImport(ledger::UnitOfWork& work,
                                            const CompleteImportInput& input) {
  work.Lock({input.id});
  auto job = HoldImportAlone(work.tx(), work.scope(), input.id);
  const std::string name = ImportName(input.id);
  if (!job) return base::NotFound(name);
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  const auto view = FindImport(work.tx(), work.scope(), input.id);
  RETURN_IF_ERROR(Complete(&*job, input.chunks, view->chunks, view->next_chunk, work.now()));
  SaveImportState(work.tx(), work.scope(), *job);
  auto event = EventOf<v1::ImportCompleted>(work, *job);
  event.set_row_count(view->tally.rows);
  event.set_created_count(view->tally.created);
  event.set_linked_count(view->tally.linked);
  event.set_unchanged_count(view->tally.unchanged);
  event.set_review_count(view->tally.review);
  event.set_refused_count(view->tally.refused);
  work.Append(input.id, kKind, name, event);
  return ledger::Done{input.id, name};
}

}  // namespace ieum::registry
