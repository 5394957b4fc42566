// What a recipient reads of a case: the parts that are shared, and only while they are. row:C36
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/plans/plan_store.h"
#include "services/casemgmt/referrals/loaded_referral.h"
#include "services/casemgmt/referrals/referral_service.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kPattern[] = "cases/{}/sharedRecords/{}";
constexpr int kSessionsShown = 500;

// The referral, if whoever acts for these centres reads its record at that instant.
absl::StatusOr<ReferralView> FindShared(db::Tx& tx, const std::vector<base::Uuid>& ids,
                                        const Reach& reach, const base::Scope& scope,
                                        const std::string& name, absl::Time now) {
  auto view = FindReferral(tx, ids[0], ids[1]);
  if (!view || SideOf(*view, reach, scope) == Side::kNone) return base::NotFound(name);
  const auto& recipient = view->referral.recipient;
  if (!recipient || !scope.Holds(recipient->ToString())) {
    return OtherSideOnly("the recipient of the referral", name);
  }
  RETURN_IF_ERROR(CheckShared(view->referral, now));
  if (!view->person) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased; nothing is shared");
  }
  return *std::move(view);
}

void FillNeeds(db::Tx& tx, const base::Uuid& case_id, v1::SharedRecord* record) {
  const auto c = FindCase(tx, Reach::Everything(), case_id);
  if (!c) return;
  record->set_risk_level(c->risk_level);
  record->set_primary_factor(c->primary_factor);
  record->set_classification(c->classification);
}

// The plan that is carried out; its words are the case's person's.
absl::Status FillPlan(db::Tx& tx, const db::PersonKeys& keys, const base::Uuid& case_id,
                      v1::SharedRecord* record) {
  const auto signed_plan = SignedPlan(tx, case_id);
  if (!signed_plan) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto view,
                   ReadPlan(tx, keys, Reach::Everything(), case_id, signed_plan->id));
  if (!view) return absl::OkStatus();
  const CasePlan& plan = view->plan;
  record->set_plan_version(plan.version);
  record->set_plan_signed_date(DayText(plan.signed_day));
  for (const PlanGoal& goal : plan.goals) record->add_goals(goal.text);
  for (const PlanAction& action : plan.actions) {
    v1::SharedAction* shared = record->add_actions();
    shared->set_text(action.text);
    shared->set_due_date(base::FormatDay(action.due));
    shared->set_done(action.result == v1::PLAN_ACTION_RESULT_DONE);
  }
  return absl::OkStatus();
}

absl::Status FillSessions(db::Tx& tx, const base::Uuid& case_id, v1::SharedRecord* record) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   filter::ListQuery::Make(SessionList(), "", "service_date desc", kSessionsShown,
                                           {}, base::Scope::Everywhere()));
  query.Where("s.case_id = {}::uuid", {case_id.ToString()});
  std::vector<SessionView> views;
  ListSessions(tx, query, &views);
  for (const SessionView& view : views) {
    v1::SharedSession* shared = record->add_sessions();
    shared->set_type(view.session.type);
    shared->set_channel(view.session.channel);
    shared->set_session_date(DayText(view.session.service_day()));
    shared->set_state(view.session.state);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::SharedRecord> ReferralDoor::GetShared(
    Call& call, const v1::GetSharedRecordRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  const Reach reach = ReachOf(call);
  const base::Scope scope = RecipientScope(call);
  const auto find = [&](db::Tx& tx) {
    return FindShared(tx, ids, reach, scope, request.name(), now);
  };
  std::optional<ReferralView> asked;
  RETURN_IF_ERROR(database_.Read("shared_record_asked", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(asked, find(tx));
    return absl::OkStatus();
  }));
  PersonIdentity identity;
  if (Shares(asked->referral, v1::SHARED_PART_IDENTITY)) {
    ASSIGN_OR_RETURN(identity, provisions_.Identify(*asked->person));
  }
  // Decided behind registry's answer: what was revoked while it was asked is shared no more.
  v1::SharedRecord record;
  RETURN_IF_ERROR(database_.Read("shared_record_get", [&](db::Tx& tx) -> absl::Status {
    record.Clear();
    ASSIGN_OR_RETURN(const ReferralView view, find(tx));
    return FillShared(tx, view, identity, &record);
  }));
  record.set_name(request.name());
  return record;
}

absl::Status ReferralDoor::FillShared(db::Tx& tx, const ReferralView& view,
                                      const PersonIdentity& identity, v1::SharedRecord* record) {
  const Referral& referral = view.referral;
  for (const v1::SharedPart part : referral.parts) record->add_parts(part);
  record->set_end_date(base::FormatDay(referral.end_day));
  if (Shares(referral, v1::SHARED_PART_IDENTITY)) {
    record->set_person(NameIn("persons", view.person));
    record->set_full_name(identity.full_name);
    record->set_phone(identity.phone);
  }
  if (Shares(referral, v1::SHARED_PART_NEEDS)) FillNeeds(tx, referral.case_id, record);
  if (Shares(referral, v1::SHARED_PART_PLAN)) {
    RETURN_IF_ERROR(FillPlan(tx, keys_, referral.case_id, record));
  }
  if (Shares(referral, v1::SHARED_PART_SESSIONS)) {
    RETURN_IF_ERROR(FillSessions(tx, referral.case_id, record));
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
