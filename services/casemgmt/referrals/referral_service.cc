#include "services/casemgmt/referrals/referral_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/referrals/asked_provision.h"
#include "services/casemgmt/referrals/referral_wire.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/referrals/{}";
constexpr char kAllCases[] = "cases/-";

template <class Request>
absl::StatusOr<ReferralInput> ReferralIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return ReferralInput{
      .case_id = ids[0], .id = ids[1], .etag = request.etag(), .reach = ReachOf(call)};
}

template <class Request>
absl::StatusOr<ReferralResult> ResultIn(const Request& request) {
  ReferralResult result{.outcome = request.outcome(), .text = request.text()};
  ASSIGN_OR_RETURN(result.day, DayIn(request.result_date(), "result_date"));
  return result;
}

absl::StatusOr<SendReferralInput> SendIn(const rpc::Call& call,
                                         const v1::SendReferralRequest& request) {
  SendReferralInput input{.of = {.etag = request.etag(),
                                 .reach = ReachOf(call),
                                 .ownership_epoch = request.ownership_epoch()},
                          .service = request.service(),
                          .outside_body = request.outside_body(),
                          .request_text = request.request_text(),
                          .items = {request.items().begin(), request.items().end()}};
  ASSIGN_OR_RETURN(input.of.case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.recipient,
                   OptionalIdIn("organizations", request.recipient(), "recipient"));
  ASSIGN_OR_RETURN(input.contact,
                   OptionalIdIn("persons", request.recipient_contact(), "recipient_contact"));
  ASSIGN_OR_RETURN(input.end_day, DayIn(request.end_date(), "end_date"));
  for (const int part : request.parts()) input.parts.push_back(static_cast<v1::SharedPart>(part));
  return input;
}

absl::Status CheckRevokeReason(v1::ReferralRevokeReason reason) {
  if (reason < v1::REFERRAL_REVOKE_REASON_CONSENT_WITHDRAWN) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "reason",
                            "must be a reason of the sender's; this one is not for callers");
}

}  // namespace

base::Scope RecipientScope(const rpc::Call& call) {
  return call.ScopeWith({"casemgmt.referrals.accept"});
}

void ReferralDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.ReferralService");
  routes.Unary("SendReferral", this, &ReferralDoor::Send);
  routes.Unary("AcceptReferral", this, &ReferralDoor::Accept);
  routes.Unary("RejectReferral", this, &ReferralDoor::Reject);
  routes.Unary("CompleteReferral", this, &ReferralDoor::Complete);
  routes.Unary("RecordReferralAnswer", this, &ReferralDoor::RecordAnswer);
  routes.Unary("RecordReferralResult", this, &ReferralDoor::RecordResult);
  routes.Unary("RevokeReferral", this, &ReferralDoor::Revoke);
  routes.Unary("IssueReferralLink", this, &ReferralDoor::IssueLink);
  routes.Unary("RecordReferralResultByLink", this, &ReferralDoor::RecordByLink);
  routes.Unary("GetReferral", this, &ReferralDoor::Get);
  routes.Unary("ListReferrals", this, &ReferralDoor::List);
  routes.Unary("GetSharedRecord", this, &ReferralDoor::GetShared);
  routes.Unary("ListProvisions", this, &ReferralDoor::Provisions);
}

absl::StatusOr<v1::Referral> ReferralDoor::Read(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  v1::Referral wire;
  RETURN_IF_ERROR(database_.Read("referral_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = FindReferral(tx, ids[0], ids[1]);
    const Side side = view ? SideOf(*view, reach, RecipientScope(call)) : Side::kNone;
    if (side == Side::kNone) return base::NotFound(name);
    ASSIGN_OR_RETURN(wire, ToWire(tx, keys_, *view, side, now));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Referral> ReferralDoor::Write(Call& call,
                                                 const google::protobuf::Message& request,
                                                 ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return Read(call, answer.name);
}

absl::StatusOr<std::optional<ProvisionAnswer>> ReferralDoor::Ask(
    Call& call, const v1::SendReferralRequest& request, const SendReferralInput& input) {
  // What is wrong with the request is said by the use case, before anybody's consent matters.
  const bool asks = !input.parts.empty() && input.recipient && !input.items.empty();
  if (!asks) return std::optional<ProvisionAnswer>();
  ASSIGN_OR_RETURN(const auto person, PersonToAskAbout(database_, input.of));
  if (!person) return std::optional<ProvisionAnswer>();
  ASSIGN_OR_RETURN(const ProvisionAnswer answer,
                   AskForProvision(call, ledger_, provisions_, request,
                                   {.of = input.of,
                                    .person = *person,
                                    .kind = v1::PROVISION_KIND_REFERRAL,
                                    .recipient = *input.recipient,
                                    .items = input.items}));
  return std::optional(answer);
}

absl::StatusOr<v1::Referral> ReferralDoor::Send(Call& call,
                                                const v1::SendReferralRequest& request) {
  ASSIGN_OR_RETURN(SendReferralInput input, SendIn(call, request));
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  ASSIGN_OR_RETURN(input.provision, Ask(call, request, input));
  return Write(call, request,
               [&](UnitOfWork& work) { return SendReferral(work, keys_, calendar, input); });
}

absl::StatusOr<v1::Referral> ReferralDoor::Accept(Call& call,
                                                  const v1::AcceptReferralRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) {
    return AcceptReferral(work, keys_, input, request.text());
  });
}

absl::StatusOr<v1::Referral> ReferralDoor::Reject(Call& call,
                                                  const v1::RejectReferralRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) {
    return RejectReferral(work, keys_, input, request.reason(), request.text());
  });
}

absl::StatusOr<v1::Referral> ReferralDoor::Complete(Call& call,
                                                    const v1::CompleteReferralRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  ASSIGN_OR_RETURN(const ReferralResult result, ResultIn(request));
  return Write(call, request,
               [&](UnitOfWork& work) { return CompleteReferral(work, keys_, input, result); });
}

absl::StatusOr<v1::Referral> ReferralDoor::RecordAnswer(
    Call& call, const v1::RecordReferralAnswerRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  ReferralAnswer answer{
      .accepted = request.accepted(), .reason = request.reject_reason(), .text = request.text()};
  ASSIGN_OR_RETURN(answer.day, DayIn(request.answer_date(), "answer_date"));
  return Write(call, request,
               [&](UnitOfWork& work) { return RecordReferralAnswer(work, keys_, input, answer); });
}

absl::StatusOr<v1::Referral> ReferralDoor::RecordResult(
    Call& call, const v1::RecordReferralResultRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  ASSIGN_OR_RETURN(const ReferralResult result, ResultIn(request));
  return Write(call, request,
               [&](UnitOfWork& work) { return RecordReferralResult(work, keys_, input, result); });
}

absl::StatusOr<v1::Referral> ReferralDoor::Revoke(Call& call,
                                                  const v1::RevokeReferralRequest& request) {
  ASSIGN_OR_RETURN(const ReferralInput input, ReferralIn(call, request));
  RETURN_IF_ERROR(CheckRevokeReason(request.reason()));
  return Write(call, request,
               [&](UnitOfWork& work) { return RevokeReferral(work, input, request.reason()); });
}

absl::StatusOr<v1::Referral> ReferralDoor::Get(Call& call, const v1::GetReferralRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListReferralsResponse> ReferralDoor::List(
    Call& call, const v1::ListReferralsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ReferralList(), page_key_));
  const Reach reach = ReachOf(call);
  const base::Scope scope = RecipientScope(call);
  WhereEitherSide(query, reach, scope);
  if (request.parent() != kAllCases) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
    query.Where("f.case_id = {}::uuid", {id.ToString()});
  }
  std::vector<ReferralView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.ReadOne("referral_list", [&](db::Tx& tx) {
    next = ListReferrals(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListReferralsResponse response;
  for (const ReferralView& view : views) {
    *response.add_referrals() = ToWire(view, SideOf(view, reach, scope));
  }
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::ListProvisionsResponse> ReferralDoor::Provisions(
    Call& call, const v1::ListProvisionsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ProvisionList(), page_key_));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
  WhereReach(query, "c", ReachOf(call));
  query.Where("p.case_id = {}::uuid", {id.ToString()});
  v1::ListProvisionsResponse response;
  filter::Cursor next;
  std::vector<ProvisionView> views;
  RETURN_IF_ERROR(database_.Read("provision_list", [&](db::Tx& tx) -> absl::Status {
    if (!FindCase(tx, ReachOf(call), id)) return base::NotFound(request.parent());
    next = ListProvisions(tx, query, &views);
    return absl::OkStatus();
  }));
  for (const ProvisionView& view : views) *response.add_provisions() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
