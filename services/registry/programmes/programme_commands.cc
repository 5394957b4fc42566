#include "services/registry/programmes/programme_commands.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/printed_name.h"
#include "services/registry/programmes/programme_store.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

std::string Today(ledger::UnitOfWork& work) { return base::FormatDay(base::KoreaDay(work.now())); }

absl::Status Taken(std::string_view what) {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                             absl::StrCat(std::string(what), " of this code exists"));
}

template <class Event>
ledger::Done Tell(ledger::UnitOfWork& work, const std::string& code, Event event) {
  event.set_programme(code);
  event.set_event_date(Today(work));
  const std::string name = ProgrammeName(code);
  work.Append(ProgrammeId(code), "programme", name, event);
  return {ProgrammeId(code), name};
}

template <class Event>
ledger::Done Tell(ledger::UnitOfWork& work, const Edition& edition, Event event) {
  *event.mutable_plan() = EditionFactsOf(edition);
  event.set_event_date(Today(work));
  const std::string name = EditionName(edition.key);
  work.Append(EditionId(edition.key), "edition", name, event);
  return {EditionId(edition.key), name};
}

absl::Status TakeNames(const v1::Programme& wanted, Programme* programme) {
  base::FieldErrors errors;
  programme->display_name =
      CheckPrintedName(wanted.display_name(), "programme.display_name", kTitleMax, &errors);
  programme->display_name_en =
      wanted.display_name_en().empty()
          ? ""
          : CheckPrintedName(wanted.display_name_en(), "programme.display_name_en", kTitleMax,
                             &errors);
  return errors.ToStatus();
}

std::optional<base::Uuid> IdOf(const std::string& name) {
  return name.empty() ? std::nullopt : base::Uuid::Parse(name.substr(name.find('/') + 1));
}

bool CanLead(ledger::UnitOfWork& work, const base::Uuid& id) {
  const auto lead = FindOrganization(work.tx(), id);
  return lead && lead->active() &&
         (lead->kind == v1::ORGANIZATION_KIND_CENTRE || lead->kind == v1::ORGANIZATION_KIND_AGENCY);
}

bool CanManage(ledger::UnitOfWork& work, const base::Uuid& id) {
  return FindOwner(work.tx(), work.scope(), id).has_value();
}

// Who leads or manages it already may have gone since: that stands in no other change's way.
void TakePeople(ledger::UnitOfWork& work, const v1::Edition& wanted, Edition* edition,
                base::FieldErrors* errors) {
  const auto lead = IdOf(wanted.lead_organization()), manager = IdOf(wanted.manager());
  if (lead && lead != edition->lead && !CanLead(work, *lead)) {
    errors->Add(v1::ERROR_REASON_CENTRE_UNKNOWN, "edition.lead_organization",
                "must be a centre or an agency that is active, or empty");
  }
  if (manager && manager != edition->manager && !CanManage(work, *manager)) {
    errors->Add(v1::ERROR_REASON_PERSON_UNKNOWN, "edition.manager",
                "must be a person who is registered, or empty");
  }
  edition->lead = lead;
  edition->manager = manager;
}

void LeaveOutWhoIsGone(ledger::UnitOfWork& work, const Edition& from, v1::Edition* terms) {
  if (from.lead && !CanLead(work, *from.lead)) terms->clear_lead_organization();
  if (from.manager && !CanManage(work, *from.manager)) terms->clear_manager();
}

absl::Status TakeTerms(ledger::UnitOfWork& work, const v1::Edition& wanted, Edition* edition) {
  base::FieldErrors errors;
  TakePeople(work, wanted, edition, &errors);
  TakePlan(wanted, base::BusinessCalendar(HolidayDays(work.tx())), edition, &errors);
  return errors.ToStatus();
}

absl::StatusOr<Edition> Existing(db::Tx& tx, const EditionKey& key) {
  auto view = FindEdition(tx, key);
  if (!view) return base::NotFound(EditionName(key));
  return std::move(view->edition);
}

// A new edition, locked already.
absl::StatusOr<ledger::Done> Insert(ledger::UnitOfWork& work, Edition edition) {
  edition.created_at = work.now();
  if (!InsertEdition(work.tx(), edition)) return Taken("an edition");  // somebody was faster
  v1::EditionPlanned event;
  event.set_copied_from_edition(edition.copied_from);
  return Tell(work, edition, std::move(event));
}

template <class Event>
void TellActivity(ledger::UnitOfWork& work, const Edition& edition,
                  const v1::ActivityFacts& activity) {
  Event event;
  *event.mutable_activity() = activity;
  Tell(work, edition, std::move(event));
}

void TellActivities(ledger::UnitOfWork& work, const Edition& before, const Edition& after) {
  std::map<std::string, v1::ActivityFacts> left;
  for (v1::ActivityFacts& activity : ActivitiesOf(before)) {
    const std::string id = activity.activity_id();
    left[id] = std::move(activity);
  }
  for (const v1::ActivityFacts& activity : ActivitiesOf(after)) {
    const auto known = left.find(activity.activity_id());
    if (known == left.end()) {
      TellActivity<v1::ActivityPlanned>(work, after, activity);
      continue;
    }
    if (known->second.start_date() != activity.start_date() ||
        known->second.end_date() != activity.end_date()) {
      v1::ActivityMoved moved;
      *moved.mutable_activity() = activity;
      moved.set_previous_start_date(known->second.start_date());
      moved.set_previous_end_date(known->second.end_date());
      Tell(work, after, std::move(moved));
    }
    left.erase(known);
  }
  for (const auto& [id, gone] : left) TellActivity<v1::ActivityDropped>(work, after, gone);
}

}  // namespace

absl::StatusOr<ledger::Done> RegisterProgramme(ledger::UnitOfWork& work, const std::string& code,
                                               const v1::Programme& wanted) {
  const base::Uuid id = ProgrammeId(code);
  work.Lock({id});
  if (work.Version(id) != 0) return Taken("a programme");
  Programme programme{.code = code, .created_at = work.now()};
  RETURN_IF_ERROR(TakeNames(wanted, &programme));
  if (!InsertProgramme(work.tx(), programme)) return Taken("a programme");
  return Tell(work, code, v1::ProgrammeRegistered());
}

absl::StatusOr<ledger::Done> ChangeProgramme(ledger::UnitOfWork& work,
                                             const ChangeProgrammeInput& input) {
  const base::Uuid id = ProgrammeId(input.code);
  work.Lock({id});
  auto view = FindProgramme(work.tx(), input.code);
  if (!view) return base::NotFound(ProgrammeName(input.code));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  Programme programme = view->programme;
  v1::Programme wanted;
  wanted.set_display_name(programme.display_name);
  wanted.set_display_name_en(programme.display_name_en);
  RETURN_IF_ERROR(input.change(&wanted));
  RETURN_IF_ERROR(TakeNames(wanted, &programme));
  v1::ProgrammeChanged event;
  if (programme.display_name != view->programme.display_name) {
    event.add_changed_fields("display_name");
  }
  if (programme.display_name_en != view->programme.display_name_en) {
    event.add_changed_fields("display_name_en");
  }
  if (event.changed_fields().empty()) return ledger::Done{id, ProgrammeName(input.code)};
  programme.updated_at = work.now();
  SaveProgramme(work.tx(), programme);
  return Tell(work, input.code, std::move(event));
}

absl::StatusOr<ledger::Done> PlanEdition(ledger::UnitOfWork& work, const EditionKey& key,
                                         const v1::Edition& wanted) {
  const base::Uuid id = EditionId(key);
  work.Lock({id});
  if (!FindProgramme(work.tx(), key.programme)) return base::NotFound(ProgrammeName(key.programme));
  if (work.Version(id) != 0) return Taken("an edition");
  Edition edition{.key = key};
  RETURN_IF_ERROR(TakeTerms(work, wanted, &edition));
  return Insert(work, std::move(edition));
}

absl::StatusOr<ledger::Done> ChangeEdition(ledger::UnitOfWork& work,
                                           const ChangeEditionInput& input) {
  const base::Uuid id = EditionId(input.key);
  work.Lock({id});
  ASSIGN_OR_RETURN(const Edition before, Existing(work.tx(), input.key));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  v1::Edition wanted = TermsOf(before);
  RETURN_IF_ERROR(input.change(&wanted));
  Edition after = before;
  RETURN_IF_ERROR(TakeTerms(work, wanted, &after));
  RETURN_IF_ERROR(CheckChange(before, after));
  const std::vector<std::string> changed = ChangedTerms(before, after);
  if (changed.empty()) return ledger::Done{id, EditionName(input.key)};
  after.updated_at = work.now();
  SaveEdition(work.tx(), after);
  v1::EditionChanged event;
  event.mutable_changed_fields()->Assign(changed.begin(), changed.end());
  const ledger::Done done = Tell(work, after, std::move(event));
  if (after.state != v1::EDITION_STATE_PLANNED) TellActivities(work, before, after);
  return done;
}

absl::StatusOr<ledger::Done> CopyEdition(ledger::UnitOfWork& work,
                                         const v1::CopyEditionRequest& request) {
  const EditionKey source = EditionKeyIn(request.name());
  const EditionKey key{source.programme, request.edition_id()};
  const base::Uuid id = EditionId(key), source_id = EditionId(source);
  if (id == source_id) return Taken("an edition");
  work.Lock({id, source_id});
  ASSIGN_OR_RETURN(const Edition from, Existing(work.tx(), source));
  RETURN_IF_ERROR(work.ExpectEtag(source_id, request.etag()));
  if (work.Version(id) != 0) return Taken("an edition");
  base::FieldErrors errors;
  v1::Edition wanted = CopiedTerms(from, request.year(), request.targets(), &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  LeaveOutWhoIsGone(work, from, &wanted);
  Edition edition{.key = key, .copied_from = source.code};
  RETURN_IF_ERROR(TakeTerms(work, wanted, &edition));
  return Insert(work, std::move(edition));
}

absl::StatusOr<ledger::Done> ApproveEdition(ledger::UnitOfWork& work,
                                            const EditionStepInput& input) {
  const base::Uuid id = EditionId(input.key);
  work.Lock({id});
  ASSIGN_OR_RETURN(Edition edition, Existing(work.tx(), input.key));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  RETURN_IF_ERROR(Approve(&edition, work.now()));
  edition.updated_at = work.now();
  SaveEdition(work.tx(), edition);
  const ledger::Done done = Tell(work, edition, ApprovalOf(edition));
  for (const v1::ActivityFacts& activity : ActivitiesOf(edition)) {
    TellActivity<v1::ActivityPlanned>(work, edition, activity);
  }
  return done;
}

absl::StatusOr<ledger::Done> AdvanceEdition(ledger::UnitOfWork& work, const EditionStepInput& input,
                                            v1::EditionState state) {
  const base::Uuid id = EditionId(input.key);
  work.Lock({id});
  ASSIGN_OR_RETURN(Edition edition, Existing(work.tx(), input.key));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  v1::EditionAdvanced event;
  event.set_previous_state(edition.state);
  RETURN_IF_ERROR(Advance(&edition, state));
  edition.updated_at = work.now();
  SaveEdition(work.tx(), edition);
  return Tell(work, edition, std::move(event));
}

absl::Status CheckEditionOfCampaign(db::Tx& tx, const EditionKey& key) {
  if (TakesCampaigns(tx, key)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_EDITION_UNKNOWN, "campaign.edition",
                            "must be an edition of the programme that is not closed");
}

}  // namespace ieum::registry
