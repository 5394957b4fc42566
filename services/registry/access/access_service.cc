#include "services/registry/access/access_service.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "platform/telemetry/log.h"
#include "services/registry/access/access_commands.h"
#include "services/registry/access/access_store.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/instants.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr char kAnySubject[] = "subjects/-";

absl::StatusOr<base::Uuid> SubjectIdIn(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("subjects/{}", name, field));
  return ids[0];
}

v1::Grant ToWire(const GrantView& view) {
  const SubjectGrant& grant = view.grant;
  v1::Grant wire;
  wire.set_name(GrantName(grant.subject_id, grant.id));
  wire.set_account(view.account);
  wire.set_role(grant.role);
  wire.set_centre(CentreName(grant.centre));
  wire.set_kind(grant.kind);
  *wire.mutable_give_time() = ToTimestamp(grant.given_at);
  wire.set_giver(grant.giver);
  wire.set_reason(grant.reason);
  wire.set_cause(grant.cause);
  wire.set_resource(grant.resource);
  if (grant.expires_at) *wire.mutable_expire_time() = ToTimestamp(*grant.expires_at);
  if (grant.ended_at) *wire.mutable_end_time() = ToTimestamp(*grant.ended_at);
  wire.set_ender(grant.ender);
  wire.set_end(grant.end);
  wire.set_end_reason(grant.end_reason);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Subject ToWire(const SubjectView& view) {
  const Subject& subject = view.subject;
  v1::Subject wire;
  wire.set_name(SubjectName(subject.id));
  wire.set_account(subject.account);
  wire.set_state(subject.state);
  if (subject.person) wire.set_person(PersonName(*subject.person));
  *wire.mutable_create_time() = ToTimestamp(subject.created_at);
  *wire.mutable_update_time() = ToTimestamp(subject.updated_at);
  wire.set_state_account(subject.state_account);
  wire.set_state_reason(subject.state_reason);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

absl::Status Denied(const base::Reason& reason, std::string_view message, std::string_view field) {
  return base::Error(absl::StatusCode::kPermissionDenied, reason, message, {{"field", field}});
}

// Before anything is looked up: where the caller does not act he learns nothing.
absl::Status CheckActsFor(const rpc::Call& call, const std::optional<base::Uuid>& centre) {
  if (call.scope().Holds(base::CentreText(centre))) return absl::OkStatus();
  return Denied(platform::v1::ERROR_REASON_PERMISSION_DENIED,
                "the caller does not act for this centre", "centre");
}

// His roles in one centre, those that he holds everywhere included.
std::vector<std::string> RolesIn(const rpc::Identity& identity,
                                 const std::optional<base::Uuid>& centre) {
  std::vector<std::string> roles;
  for (const rpc::Grant& grant : identity.grants) {
    const bool here = centre && base::Uuid::Parse(grant.centre) == *centre;
    if (here || grant.centre == rpc::kEverywhere) roles.push_back(grant.role);
  }
  return roles;
}

// There from the start: an increase from nothing to one is none.
prometheus::Counter& BrokenGlass(telemetry::Metrics& metrics, const std::string& outcome) {
  return metrics.Counter("access_glass_broken_total",
                         "Emergencies that were called, by what came of it",
                         {{"outcome", outcome}});
}

}  // namespace

AccessDoor::AccessDoor(const Parts& parts)
    : parts_(parts),
      told_(BrokenGlass(parts.metrics, "told")),
      refused_(BrokenGlass(parts.metrics, "refused")) {}

void AccessDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.AccessService");
  routes.Unary("GiveGrant", this, &AccessDoor::Give);
  routes.Unary("RevokeGrant", this, &AccessDoor::Revoke);
  routes.Unary("CloseSubject", this, &AccessDoor::Close);
  routes.Unary("ReopenSubject", this, &AccessDoor::Reopen);
  routes.Unary("GetSubject", this, &AccessDoor::Get);
  routes.Unary("ListGrants", this, &AccessDoor::List);
  routes.Unary("BreakGlass", this, &AccessDoor::Break);
}

absl::Status AccessDoor::CheckMayGive(const rpc::Call& call, const v1::GiveGrantRequest& request,
                                      const std::optional<base::Uuid>& centre) const {
  RETURN_IF_ERROR(CheckActsFor(call, centre));
  if (request.account() == call.identity().subject) {
    return Denied(v1::ERROR_REASON_GRANT_TO_SELF, "somebody else must give it", "account");
  }
  if (rpc::IsReservedRole(request.role())) {
    return base::InvalidField(v1::ERROR_REASON_ROLE_RESERVED, "role",
                              "belongs to services or to emergencies and is not given");
  }
  if (!parts_.roles.Knows(request.role())) {
    return base::InvalidField(v1::ERROR_REASON_ROLE_UNKNOWN, "role",
                              "must be a role of the file of roles");
  }
  const std::vector<std::string> own = RolesIn(call.identity(), centre);
  if (parts_.roles.Cover(own, request.role()) || parts_.roles.Give(own, request.role())) {
    return absl::OkStatus();
  }
  return Denied(v1::ERROR_REASON_GRANT_BEYOND_OWN,
                "the role allows what the caller may not do himself in this centre", "role");
}

absl::StatusOr<ledger::Answer> AccessDoor::Write(rpc::Call& call,
                                                 const google::protobuf::Message& request,
                                                 ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(parts_.ledger, request, use_case));
  if (const absl::Status refreshed = parts_.book.Refresh(); !refreshed.ok()) {
    // It is committed; the book looks again by itself.
    telemetry::Warn("grants cannot be read", {{"reason", std::string(refreshed.message())}});
  }
  return answer;
}

absl::StatusOr<v1::Grant> AccessDoor::ReadGrant(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("subjects/{}/grants/{}", name, "name"));
  ASSIGN_OR_RETURN(const GrantView view,
                   rpc::ReadOne(parts_.database, "grant_get", name, [&](db::Tx& tx) {
                     return FindGrantView(tx, call.scope(), ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Subject> AccessDoor::ReadSubject(const base::Scope& scope,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, SubjectIdIn(name, "name"));
  ASSIGN_OR_RETURN(const SubjectView view,
                   rpc::ReadOne(parts_.database, "subject_get", name,
                                [&](db::Tx& tx) { return FindSubjectView(tx, scope, id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Grant> AccessDoor::Give(rpc::Call& call, const v1::GiveGrantRequest& request) {
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  GiveGrantInput input{.account = request.account(),
                       .role = request.role(),
                       .reason = request.reason(),
                       .etag = request.etag()};
  ASSIGN_OR_RETURN(input.centre, CentreOf(request.centre(), "centre"));
  RETURN_IF_ERROR(CheckMayGive(call, request, input.centre));
  input.beyond_own = !parts_.roles.Cover(RolesIn(call.identity(), input.centre), request.role());
  if (!request.person().empty()) {
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", request.person(), "person"));
    input.person = ids[0];
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer, Write(call, request, [&](ledger::UnitOfWork& work) {
                     return GiveGrant(work, input);
                   }));
  return ReadGrant(call, answer.name);
}

absl::StatusOr<v1::Grant> AccessDoor::Revoke(rpc::Call& call,
                                             const v1::RevokeGrantRequest& request) {
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("subjects/{}/grants/{}", request.name(), "name"));
  const RevokeGrantInput input{ids[0], ids[1], request.reason(), request.etag()};
  ASSIGN_OR_RETURN(const ledger::Answer answer, Write(call, request, [&](ledger::UnitOfWork& work) {
                     return RevokeGrant(work, input);
                   }));
  return ReadGrant(call, answer.name);
}

absl::StatusOr<v1::Subject> AccessDoor::Close(rpc::Call& call,
                                              const v1::CloseSubjectRequest& request) {
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  const CloseSubjectInput input{request.account(), request.reason(), request.etag()};
  ASSIGN_OR_RETURN(const ledger::Answer answer, Write(call, request, [&](ledger::UnitOfWork& work) {
                     return CloseSubject(work, input);
                   }));
  return ReadSubject(call.scope(), answer.name);
}

absl::StatusOr<v1::Subject> AccessDoor::Reopen(rpc::Call& call,
                                               const v1::ReopenSubjectRequest& request) {
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  ReopenSubjectInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, SubjectIdIn(request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer, Write(call, request, [&](ledger::UnitOfWork& work) {
                     return ReopenSubject(work, input);
                   }));
  return ReadSubject(call.scope(), answer.name);
}

absl::StatusOr<v1::Subject> AccessDoor::Get(rpc::Call& call, const v1::GetSubjectRequest& request) {
  return ReadSubject(call.scope(), request.name());
}

absl::StatusOr<v1::ListGrantsResponse> AccessDoor::List(rpc::Call& call,
                                                        const v1::ListGrantsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GrantList(), parts_.page_key));
  if (request.parent() != kAnySubject) {
    ASSIGN_OR_RETURN(const base::Uuid subject, SubjectIdIn(request.parent(), "parent"));
    query.Where("g.subject_id = {}::uuid", {subject.ToString()});
  }
  v1::ListGrantsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(parts_.database.Read("grant_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_grants() = ToWire(ReadGrantView(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, parts_.page_key));
  return response;
}

// What failed on our side is neither, and will be tried again.
void AccessDoor::CountBreak(const absl::Status& outcome) {
  if (outcome.ok()) return told_.Increment();
  if (absl::IsPermissionDenied(outcome) || absl::IsFailedPrecondition(outcome)) {
    refused_.Increment();
  }
}

absl::StatusOr<ledger::Answer> AccessDoor::WriteBreak(rpc::Call& call,
                                                      const v1::BreakGlassRequest& request,
                                                      const BreakGlassInput& input) {
  RETURN_IF_ERROR(CheckActsFor(call, input.centre));
  return Write(call, request, [&](ledger::UnitOfWork& work) { return BreakGlass(work, input); });
}

absl::StatusOr<v1::Grant> AccessDoor::Break(rpc::Call& call, const v1::BreakGlassRequest& request) {
  BreakGlassInput input{.resource = request.resource(),
                        .cause = request.cause(),
                        .reason = request.reason(),
                        .duration = absl::Minutes(request.minutes()),
                        .always_told = parts_.always_told};
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  ASSIGN_OR_RETURN(input.centre, CentreOf(request.centre(), "centre"));
  const auto written = WriteBreak(call, request, input);
  if (!written.ok() || !written->replayed) CountBreak(written.status());
  RETURN_IF_ERROR(written.status());
  return ReadGrant(call, written->name);
}

}  // namespace ieum::registry
