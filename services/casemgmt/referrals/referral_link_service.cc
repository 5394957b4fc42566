// The links' part of the door.
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/referrals/referral_service.h"

namespace ieum::casemgmt {

using ledger::UnitOfWork;

absl::StatusOr<v1::ReferralLink> ReferralDoor::IssueLink(
    Call& call, const v1::IssueReferralLinkRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("cases/{}/referrals/{}", request.name(), "name"));
  const ReferralInput input = {
      .case_id = ids[0], .id = ids[1], .etag = request.etag(), .reach = ReachOf(call)};
  const LinkToken token = NewLinkToken(base::Uuid::NewV7());
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return MakeReferralLink(work, input, token, request.days());
  }));
  v1::ReferralLink wire;
  RETURN_IF_ERROR(database_.ReadOne("referral_link_get", [&](db::Tx& tx) {
    wire.Clear();
    // Of a request that was answered before, this token is nobody's.
    const auto view = FindReferral(tx, input.case_id, input.id);
    if (view && view->link_expires_at) {
      *wire.mutable_expire_time() = ToTimestamp(*view->link_expires_at);
    }
    return absl::OkStatus();
  }));
  wire.set_referral(answer.name);
  if (!answer.replayed) wire.set_token(TokenText(token));
  return wire;
}

void ReferralDoor::KeepWrongTry(Call& call, const v1::RecordReferralResultByLinkRequest& request,
                                const LinkToken& token) {
  // A command of its own: the id of the request stays free for the right token.
  v1::RecordReferralResultByLinkRequest tried = request;
  tried.clear_request_id();
  // Whether there was something to count changes no answer.
  call.Write(ledger_, tried, [&](UnitOfWork& work) { return CountWrongSecret(work, token); })
      .status()
      .IgnoreError();
}

absl::StatusOr<v1::RecordReferralResultByLinkResponse> ReferralDoor::RecordByLink(
    Call& call, const v1::RecordReferralResultByLinkRequest& request) {
  const auto token = ParseLinkToken(request.token());
  if (!token) return LinkInvalid();
  ReferralResult result{.outcome = request.outcome(), .text = request.text()};
  ASSIGN_OR_RETURN(result.day, DayIn(request.result_date(), "result_date"));
  const auto answer = call.Write(ledger_, request, [&](UnitOfWork& work) {
    return TakeResultByLink(work, keys_, *token, result);
  });
  if (base::ReasonOf(answer.status()) == base::ReasonOf(LinkInvalid())) {
    KeepWrongTry(call, request, *token);
  }
  RETURN_IF_ERROR(answer.status());
  v1::RecordReferralResultByLinkResponse wire;
  wire.set_referral(answer->name);
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("cases/{}/referrals/{}", answer->name, "name"));
  RETURN_IF_ERROR(database_.ReadOne("referral_link_result", [&](db::Tx& tx) {
    const auto view = FindReferral(tx, ids[0], ids[1]);
    if (view) wire.set_result_date(DayText(view->referral.result_day));
    return absl::OkStatus();
  }));
  return wire;
}

}  // namespace ieum::casemgmt
