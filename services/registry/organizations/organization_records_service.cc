#include "services/registry/organizations/organization_records_service.h"

#include <utility>
#include <vector>

#include "platform/base/status.h"
#include "platform/ledger/history_store.h"
#include "platform/rpc/paging.h"
#include "services/registry/changes/change_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/dated_record_store.h"
#include "services/registry/organizations/organization_changes_store.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

// Says of a centre's own fields nothing that its update does not say.
constexpr char kNoChange[] = "'ieum.registry.v1.CentrePlaced'";

v1::RecordedChange ToWire(const ledger::HistoryEntry& entry) {
  v1::RecordedChange change;
  change.set_version(entry.version);
  change.set_event_type(entry.type);
  *change.mutable_change_time() = ToTimestamp(entry.at);
  change.set_actor(entry.actor);
  change.set_request_id(entry.request_id);
  return change;
}

void AddFields(db::Tx& tx, const base::Uuid& id, v1::ListOrganizationChangesResponse* response) {
  std::vector<int64_t> versions;
  for (const auto& change : response->changes()) versions.push_back(change.version());
  const auto fields = FieldChangesOf(tx, id, versions);
  const auto reviewed = ReviewedOf(tx, id, versions);
  for (v1::RecordedChange& change : *response->mutable_changes()) {
    if (const auto by = reviewed.find(change.version()); by != reviewed.end()) {
      change.set_change_request(ChangeName(by->second.id));
      change.set_requester(by->second.requester);
    }
    const auto made = fields.find(change.version());
    if (made == fields.end()) continue;
    for (const ledger::FieldChange& field : made->second) {
      v1::FieldChange& wire = *change.add_fields();
      wire.set_field(field.field);
      wire.set_old_value(field.from);
      wire.set_new_value(field.to);
    }
  }
}

}  // namespace

void OrganizationRecordsDoor::Serve(rpc::ServiceRoutes& routes) {
  routes.Unary("ListOrganizationFacts", this, &OrganizationRecordsDoor::ListFacts);
  routes.Unary("ListOrganizationLabels", this, &OrganizationRecordsDoor::ListLabels);
  routes.Unary("ListCouncilTerms", this, &OrganizationRecordsDoor::ListTerms);
  routes.Unary("ListOrganizationChanges", this, &OrganizationRecordsDoor::ListChanges);
}

template <class Request>
absl::StatusOr<std::optional<absl::Time>> OrganizationRecordsDoor::InstantOf(
    const Request& request) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  ASSIGN_OR_RETURN(const Moment moment,
                   MomentAsked(request.has_read_time() ? &request.read_time() : nullptr, "", now));
  return moment.instant;
}

template <class Response, class Request, class Read>
absl::StatusOr<Response> OrganizationRecordsDoor::List(const Request& request,
                                                       const filter::ListSpec& spec,
                                                       const char* narrowed, const Read& read) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, spec, page_key_));
  query.Where(narrowed, {ids[0].ToString()});
  Response response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("organization_records", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    if (!FindOrganization(tx, ids[0])) return base::NotFound(request.parent());
    next = read(tx, ids[0], query, &response);
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::ListOrganizationFactsResponse> OrganizationRecordsDoor::ListFacts(
    rpc::Call&, const v1::ListOrganizationFactsRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantOf(request));
  using Response = v1::ListOrganizationFactsResponse;
  return List<Response>(request, FactsList(instant), "f.organization_id = {}::uuid",
                        [](db::Tx& tx, const auto&, const auto& query, Response* response) {
                          return query.Read(tx, [&](const db::Row& row) {
                            *response->add_facts() = ReadFactsRow(row);
                          });
                        });
}

absl::StatusOr<v1::ListOrganizationLabelsResponse> OrganizationRecordsDoor::ListLabels(
    rpc::Call&, const v1::ListOrganizationLabelsRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantOf(request));
  using Response = v1::ListOrganizationLabelsResponse;
  return List<Response>(request, LabelList(instant), "l.organization_id = {}::uuid",
                        [](db::Tx& tx, const auto&, const auto& query, Response* response) {
                          return query.Read(tx, [&](const db::Row& row) {
                            *response->add_labels() = ReadLabel(row);
                          });
                        });
}

absl::StatusOr<v1::ListCouncilTermsResponse> OrganizationRecordsDoor::ListTerms(
    rpc::Call&, const v1::ListCouncilTermsRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantOf(request));
  using Response = v1::ListCouncilTermsResponse;
  return List<Response>(
      request, TermList(instant), "t.organization_id = {}::uuid",
      [](db::Tx& tx, const auto&, const auto& query, Response* response) {
        return query.Read(tx, [&](const db::Row& row) { *response->add_terms() = ReadTerm(row); });
      });
}

absl::StatusOr<v1::ListOrganizationChangesResponse> OrganizationRecordsDoor::ListChanges(
    rpc::Call&, const v1::ListOrganizationChangesRequest& request) {
  using Response = v1::ListOrganizationChangesResponse;
  return List<Response>(
      request, ledger::HistoryList(kNoChange), "e.aggregate_id = {}::uuid",
      [](db::Tx& tx, const base::Uuid& id, const auto& query, Response* response) {
        const filter::Cursor next = query.Read(tx, [&](const db::Row& row) {
          *response->add_changes() = ToWire(ledger::ReadHistoryEntry(row));
        });
        AddFields(tx, id, response);
        return next;
      });
}

}  // namespace ieum::registry
