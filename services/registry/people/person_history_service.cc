#include "services/registry/people/person_history_service.h"

#include <vector>

#include "platform/base/status.h"
#include "platform/ledger/history_store.h"
#include "platform/rpc/paging.h"
#include "services/registry/changes/change_store.h"
#include "services/registry/instants.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/person_then_store.h"
#include "services/registry/people/person_wire.h"

namespace ieum::registry {
namespace {

// What a person said is told where consents are read.
constexpr char kConsents[] =
    "'ieum.registry.v1.ConsentGiven', 'ieum.registry.v1.ConsentRefused', "
    "'ieum.registry.v1.ConsentWithdrawn', 'ieum.registry.v1.ConsentExpired', "
    "'ieum.registry.v1.ConsentReconfirmationDue'";
constexpr char kReadsValues[] = "registry.persons.get";

v1::PersonChange ToWire(const ledger::HistoryEntry& entry) {
  v1::PersonChange change;
  change.set_version(entry.version);
  change.set_event_type(entry.type);
  *change.mutable_change_time() = ToTimestamp(entry.at);
  change.set_actor(entry.actor);
  change.set_request_id(entry.request_id);
  return change;
}

v1::PersonFieldChange ToWire(const ledger::FieldChange& field, bool reads_values) {
  v1::PersonFieldChange wire;
  wire.set_field(field.field);
  wire.set_withheld(field.personal && !reads_values);
  if (wire.withheld()) return wire;
  wire.set_old_value(field.from);
  wire.set_new_value(field.to);
  return wire;
}

}  // namespace

void PersonHistoryDoor::Serve(rpc::ServiceRoutes& routes) {
  routes.Unary("ListPersonChanges", this, &PersonHistoryDoor::ListChanges);
}

absl::StatusOr<v1::Person> PersonHistoryDoor::GetThen(const rpc::Call& call,
                                                      const v1::GetPersonRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", request.name(), "name"));
  ASSIGN_OR_RETURN(const auto instant, InstantAskedBy(request, ledger_.clock()));
  v1::Person wire;
  RETURN_IF_ERROR(database_.Read("person_get_then", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const PersonThen then,
                     FindPersonThen(tx, call.scope(), keys_, ids[0], *instant));
    wire = registry::ToWire(then.person, then.version);
    return absl::OkStatus();
  }));
  return wire;
}

absl::Status PersonHistoryDoor::AddFields(db::Tx& tx, const rpc::Call& call,
                                          const base::Uuid& person,
                                          v1::ListPersonChangesResponse* response) const {
  std::vector<int64_t> versions;
  for (const auto& change : response->changes()) versions.push_back(change.version());
  ASSIGN_OR_RETURN(const auto fields,
                   PersonFieldChanges(tx, call.scope(), keys_, person, versions));
  const auto reviewed = ReviewedOf(tx, person, versions);
  const bool reads_values = FindOwner(tx, call.ScopeOf(kReadsValues), person).has_value();
  for (v1::PersonChange& change : *response->mutable_changes()) {
    if (const auto by = reviewed.find(change.version()); by != reviewed.end()) {
      change.set_change_request(ChangeName(by->second.id));
      change.set_requester(by->second.requester);
    }
    const auto made = fields.find(change.version());
    if (made == fields.end()) continue;
    for (const ledger::FieldChange& field : made->second) {
      *change.add_fields() = ToWire(field, reads_values);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListPersonChangesResponse> PersonHistoryDoor::ListChanges(
    rpc::Call& call, const v1::ListPersonChangesRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", request.parent(), "parent"));
  const filter::ListSpec spec = ledger::HistoryList(kConsents);
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(call.scope(), request, spec, page_key_));
  query.Where("e.aggregate_id = {}::uuid", {ids[0].ToString()});
  v1::ListPersonChangesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("person_changes", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    if (!FindOwner(tx, call.scope(), ids[0])) return base::NotFound(request.parent());
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_changes() = ToWire(ledger::ReadHistoryEntry(row));
    });
    return AddFields(tx, call, ids[0], &response);
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
