#include "services/registry/timelines/timeline_service.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"
#include "services/registry/timelines/timeline_store.h"

namespace ieum::registry {
namespace {

struct Subject {
  TimelineOf of = TimelineOf::kPerson;
  base::Uuid id;
};

absl::StatusOr<Subject> SubjectOf(const std::string& parent) {
  const bool person = absl::StartsWith(parent, "persons/");
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn(person ? "persons/{}" : "organizations/{}", parent, "parent"));
  return Subject{person ? TimelineOf::kPerson : TimelineOf::kOrganization, ids[0]};
}

// Whose rows make it up: of a person all her records, whichever of them was asked for. Empty when
// there is nobody whom the caller may see.
std::vector<base::Uuid> RowsOwners(db::Tx& tx, const base::Scope& scope, const Subject& subject) {
  if (subject.of == TimelineOf::kOrganization) {
    if (!FindOrganization(tx, subject.id)) return {};
    return {subject.id};
  }
  const base::Uuid person = StandsFor(tx, subject.id);
  if (!FindOwner(tx, scope, person)) return {};
  return RecordsOf(tx, person);
}

std::string ArrayOf(const std::vector<base::Uuid>& ids) {
  return absl::StrCat("{",
                      absl::StrJoin(ids, ",",
                                    [](std::string* out, const base::Uuid& id) {
                                      absl::StrAppend(out, id.ToString());
                                    }),
                      "}");
}

// What the caller may see of one kind, and the values that it takes.
std::string Shown(const rpc::Call& call, const TimelineRight& right,
                  std::vector<std::string>* values) {
  const base::Scope scope = call.ScopeOf(right.permission);
  if (!right.of_centre || scope.everywhere()) {
    values->push_back(scope.empty() ? "false" : "true");
    return absl::StrCat("(t.kind = ", static_cast<int>(right.kind), " AND {}::boolean)");
  }
  values->push_back(scope.AsArray());
  std::string whose = "t.centre_id = ANY({}::uuid[])";
  if (right.kind == v1::TIMELINE_KIND_AFFILIATION) {
    values->push_back(scope.AsArray());
    // Whom somebody works for (role 5) is known to who keeps her data alone, as where it is listed.
    whose =
        "(t.centre_id = ANY({}::uuid[]) OR (t.detail <> 5 AND t.organization_id = "
        "ANY({}::uuid[])))";
  }
  return absl::StrCat("(t.kind = ", static_cast<int>(right.kind), " AND ", whose, ")");
}

void NarrowToRights(const rpc::Call& call, TimelineOf of, filter::ListQuery* query) {
  std::vector<std::string> values;
  std::string shown;
  for (const TimelineRight& right : TimelineRights(of)) {
    absl::StrAppend(&shown, shown.empty() ? "" : " OR ", Shown(call, right, &values));
  }
  query->Where(shown, values);
}

}  // namespace

void TimelineDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.TimelineService");
  routes.Unary("ListTimelineEntries", this, &TimelineDoor::List);
}

absl::StatusOr<v1::ListTimelineEntriesResponse> TimelineDoor::List(
    rpc::Call& call, const v1::ListTimelineEntriesRequest& request) {
  ASSIGN_OR_RETURN(const Subject subject, SubjectOf(request.parent()));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, TimelineList(subject.of), page_key_));
  NarrowToRights(call, subject.of, &query);
  v1::ListTimelineEntriesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("timeline_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    const std::vector<base::Uuid> owners = RowsOwners(tx, call.scope(), subject);
    if (owners.empty()) return base::NotFound(request.parent());
    filter::ListQuery of_owners = query;
    of_owners.Where("t.subject_id = ANY({}::uuid[])", {ArrayOf(owners)});
    next = of_owners.Read(
        tx, [&](const db::Row& row) { *response.add_entries() = EntryOf(ReadTimelineRow(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
