#include "services/registry/imports/import_service.h"

#include <set>

#include "platform/base/status.h"
#include "platform/rpc/canonical.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/imports/import_commands.h"
#include "services/registry/imports/import_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr char kNotThere[] = "imports/-";
constexpr char kChunkHash[] = "import/chunk";  // of the keyed hash; never changes

absl::StatusOr<base::Uuid> IdIn(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("imports/{}", name, field));
  return ids[0];
}

v1::Import ToWire(const ImportView& view) {
  const ImportJob& job = view.job;
  v1::Import wire;
  wire.set_name(ImportName(job.id));
  wire.set_kind(job.kind);
  wire.set_duplicate_policy(job.policy);
  if (job.centre) wire.set_centre(OrganizationName(*job.centre));
  wire.set_source(job.source);
  wire.set_content_hash(HexOf(job.content_hash));
  wire.set_state(job.state);
  wire.set_row_count(view.tally.rows);
  wire.set_created_count(view.tally.created);
  wire.set_linked_count(view.tally.linked);
  wire.set_unchanged_count(view.tally.unchanged);
  wire.set_review_count(view.tally.review);
  wire.set_refused_count(view.tally.refused);
  wire.set_chunk_count(view.chunks);
  wire.set_next_chunk(view.next_chunk);
  *wire.mutable_create_time() = ToTimestamp(job.created_at);
  if (job.completed_at) *wire.mutable_complete_time() = ToTimestamp(*job.completed_at);
  wire.set_creator(job.creator);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::ImportRow ToWire(const base::Uuid& import, const RowResult& row) {
  v1::ImportRow wire;
  wire.set_name(ImportRowName(import, row.number));
  wire.set_number(row.number);
  wire.set_outcome(row.outcome);
  wire.set_field(row.field);
  wire.set_error_reason(row.error_reason);
  if (row.organization) wire.set_organization(OrganizationName(*row.organization));
  if (row.person) wire.set_person(PersonName(*row.person));
  return wire;
}

v1::UploadImportRowsResponse ToWire(int chunk, const Tally& tally) {
  v1::UploadImportRowsResponse wire;
  wire.set_chunk(chunk);
  wire.set_row_count(tally.rows);
  wire.set_created_count(tally.created);
  wire.set_linked_count(tally.linked);
  wire.set_unchanged_count(tally.unchanged);
  wire.set_review_count(tally.review);
  wire.set_refused_count(tally.refused);
  return wire;
}

// Without what differs between two sendings of one chunk.
std::string BytesOf(v1::UploadImportRowsRequest request) {
  request.clear_request_id();
  request.clear_validate_only();
  request.clear_import();
  return rpc::CanonicalBytes(request);
}

// Of what a rehearsal would make there is no name, whichever row says it.
void LeaveOutWhatIsNotThere(const base::Uuid& import, std::vector<RowResult>* rows) {
  std::set<base::Uuid> made;
  for (const RowResult& row : *rows) made.insert(RowId(import, row.number));
  for (RowResult& row : *rows) {
    if (row.organization && made.contains(*row.organization)) row.organization = std::nullopt;
    if (row.person && made.contains(*row.person)) row.person = std::nullopt;
  }
}

}  // namespace

void ImportDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ImportService");
  routes.Unary("CreateImport", this, &ImportDoor::Create);
  routes.Unary("GetImport", this, &ImportDoor::Get);
  routes.Unary("ListImports", this, &ImportDoor::List);
  routes.Unary("UploadImportRows", this, &ImportDoor::Upload);
  routes.Unary("ListImportRows", this, &ImportDoor::ListRows);
  routes.Unary("CompleteImport", this, &ImportDoor::Complete);
}

absl::StatusOr<v1::Import> ImportDoor::Read(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn(name, "name"));
  ASSIGN_OR_RETURN(const ImportView view,
                   rpc::ReadOne(database_, "import_get", name,
                                [&](db::Tx& tx) { return FindImport(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Import> ImportDoor::Create(rpc::Call& call,
                                              const v1::CreateImportRequest& request) {
  StartImportInput input{.import = request.import()};
  if (!request.import_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.import_id(), "import_id"));
  }
  ImportJob job;
  ASSIGN_OR_RETURN(
      const ledger::Answer answer, call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
        return StartImport(
            work, input, [&](std::string_view may) { return call.ScopeOf(may); }, &job);
      }));
  if (!request.validate_only()) return Read(call, answer.name);
  v1::Import rehearsed = request.import();
  // Whose rows it would bring, also where the caller did not say it.
  rehearsed.set_centre(job.centre ? OrganizationName(*job.centre) : "");
  rehearsed.set_name(answer.name);
  rehearsed.set_etag(ledger::FormatEtag(answer.etag));
  return rehearsed;
}

absl::StatusOr<v1::Import> ImportDoor::Get(rpc::Call& call, const v1::GetImportRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListImportsResponse> ImportDoor::List(rpc::Call& call,
                                                         const v1::ListImportsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ImportList(), page_key_));
  v1::ListImportsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("import_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_imports() = ToWire(ReadImportView(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::UploadImportRowsResponse> ImportDoor::ReadChunk(const base::Uuid& import,
                                                                   int number) {
  ASSIGN_OR_RETURN(const ImportChunk chunk,
                   rpc::ReadOne(database_, "import_chunk_get", ImportName(import),
                                [&](db::Tx& tx) { return FindChunk(tx, import, number); }));
  return ToWire(number, chunk.tally);
}

absl::StatusOr<v1::UploadImportRowsResponse> ImportDoor::Upload(
    rpc::Call& call, const v1::UploadImportRowsRequest& request) {
  TakeChunkInput input{.request = request, .rules = rules_};
  input.rows_hash = keys_.vault().BlindIndex(kChunkHash, BytesOf(request));
  if (request.parent() != kNotThere || !request.validate_only()) {
    ASSIGN_OR_RETURN(input.import, IdIn(request.parent(), "parent"));
  } else if (!request.has_import()) {
    return base::InvalidField("INVALID_FIELD", "import", "must say what the import would be");
  }
  std::vector<RowResult> results;
  ASSIGN_OR_RETURN(
      const ledger::Answer answer, call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
        return TakeChunk(
            work, keys_, input, [&](std::string_view may) { return call.ScopeOf(may); }, &results);
      }));
  ASSIGN_OR_RETURN(const base::Uuid import, IdIn(answer.name, "parent"));
  // Nothing would become of a chunk that has come.
  if (!request.validate_only() || results.empty()) return ReadChunk(import, request.chunk());
  LeaveOutWhatIsNotThere(import, &results);
  v1::UploadImportRowsResponse response = ToWire(request.chunk(), TallyOf(results));
  for (const RowResult& row : results) *response.add_import_rows() = ToWire(import, row);
  return response;
}

absl::StatusOr<v1::ListImportRowsResponse> ImportDoor::ListRows(
    rpc::Call& call, const v1::ListImportRowsRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid import, IdIn(request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ImportRowList(), page_key_));
  query.Where("r.import_id = {}::uuid", {import.ToString()});
  v1::ListImportRowsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("import_row_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    if (!FindImport(tx, call.scope(), import)) return base::NotFound(request.parent());
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_import_rows() = ToWire(import, ReadImportRow(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Import> ImportDoor::Complete(rpc::Call& call,
                                                const v1::CompleteImportRequest& request) {
  CompleteImportInput input{.etag = request.etag(), .chunks = request.chunk_count()};
  ASSIGN_OR_RETURN(input.id, IdIn(request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return CompleteImport(work, input);
                   }));
  return Read(call, answer.name);
}

}  // namespace ieum::registry
