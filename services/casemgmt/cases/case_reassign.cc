#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

std::string ReassignmentName(const base::Uuid& id) { return NameIn("caseReassignments", id); }

void Append(ledger::UnitOfWork& work, const CaseReassignment& r,
            const google::protobuf::Message& event) {
  work.Append(r.id, "case_reassignment", ReassignmentName(r.id), event);
}

template <class Event>
Event EventOf(const CaseReassignment& r, absl::Time now) {
  Event event;
  event.set_reassignment_id(r.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  if (r.centre) event.set_centre_id(r.centre->ToString());
  return event;
}

// The centres whose cases are given: the one that was wished for, or all of the caller's.
absl::StatusOr<base::Scope> Within(const base::Scope& scope,
                                   const std::optional<base::Uuid>& wished) {
  if (!wished && scope.everywhere()) return scope;
  ASSIGN_OR_RETURN(const auto centre,
                   base::ChosenCentre(scope, wished, "case_reassignment.centre"));
  return base::Scope::Of({base::CentreText(centre)});
}

// True when it was given.
bool GiveOne(ledger::UnitOfWork& work, const CaseReassignment& r, const base::Uuid& id) {
  auto c = FindCase(work.tx(), Reach::Everything(), id);
  if (!c || c->manager_subject != r.from || !NextState(*c, CaseStep::kReassign).ok()) return false;
  if (!r.everywhere && c->centre != r.centre) return false;  // another centre took it over since
  Reassign(work, *c, {.subject = r.to, .manager = r.to_person, .supervisor = c->supervisor},
           r.id.ToString());
  return true;
}

void Finish(ledger::UnitOfWork& work, CaseReassignment& r) {
  r.finish_time = work.now();
  auto event = EventOf<v1::CaseReassignmentFinished>(r, work.now());
  event.set_given_count(r.given_count);
  event.set_left_count(r.left_count);
  Append(work, r, event);
}

}  // namespace

void Reassign(ledger::UnitOfWork& work, Case& c, const CaseManagers& managers,
              const std::string& reassignment_id) {
  const auto before = c.manager;
  const auto account = c.manager_subject;
  c.manager_subject = managers.subject;
  c.manager = managers.manager;
  c.supervisor = managers.supervisor;
  SaveCase(work, c, base::KoreaDay(work.now()));
  GiveTasksFrom(work, c, account);
  auto event = casemgmt::EventOf<v1::CaseReassigned>(c, work.now());
  if (before) event.set_previous_manager_person_id(before->ToString());
  event.set_reassignment_id(reassignment_id);
  AppendToCase(work, c, event);
}

absl::StatusOr<ledger::Done> ReassignCase(ledger::UnitOfWork& work, const CaseInput& input,
                                          const CaseManagers& managers) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kReassign).status());
  CaseManagers whole = managers;
  if (!whole.supervisor) whole.supervisor = c.supervisor;
  const bool same = c.manager_subject == whole.subject && c.manager == whole.manager &&
                    c.supervisor == whole.supervisor;
  if (!same) Reassign(work, c, whole, "");
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> BeginReassignment(ledger::UnitOfWork& work,
                                               const BeginReassignmentInput& input) {
  CaseReassignment r;
  r.id = input.id.value_or(work.DeriveId("case_reassignment"));
  work.Lock({r.id});
  const auto taken = [] {
    return base::AlreadyExists("ID_TAKEN", "there is a reassignment with this id; choose another");
  };
  if (work.Version(r.id) != 0) return taken();
  if (input.from == input.to) {
    return base::InvalidField("INVALID_FIELD", "case_reassignment.to_manager",
                              "must be somebody else than who manages them now");
  }
  ASSIGN_OR_RETURN(const base::Scope within, Within(work.scope(), input.centre));
  r.from = input.from;
  r.to = input.to;
  r.to_person = input.to_person;
  r.everywhere = within.everywhere();
  if (!r.everywhere) r.centre = base::Uuid::Parse(within.centres().front());
  r.create_time = work.now();
  r.case_count = CountCasesOf(work.tx(), within, r.from);
  if (r.case_count == 0) {
    return base::Forbidden(v1::ERROR_REASON_NOTHING_TO_REASSIGN,
                           "this manager has no open case there");
  }
  if (!InsertReassignment(work.tx(), r)) return taken();
  NoteCases(work.tx(), within, r.id, r.from);
  auto event = EventOf<v1::CaseReassignmentBegun>(r, work.now());
  event.set_manager_person_id(r.to_person.ToString());
  event.set_case_count(r.case_count);
  Append(work, r, event);
  return ledger::Done{r.id, ReassignmentName(r.id)};
}

absl::StatusOr<ledger::Done> GivePiece(ledger::UnitOfWork& work, const base::Uuid& id) {
  const auto cases = NextNoted(work.tx(), id, kReassignmentPiece);
  std::vector<base::Uuid> locked = cases;
  locked.push_back(id);
  work.Lock(std::move(locked));
  auto view = ReadReassignment(work.tx(), base::Scope::Everywhere(), id);
  const ledger::Done done = {id, ReassignmentName(id)};
  if (!view || view->r.finish_time) return done;
  // Somebody gave this piece between the look and the locks.
  if (NextNoted(work.tx(), id, kReassignmentPiece) != cases) db::Conflict();
  CaseReassignment& r = view->r;
  for (const base::Uuid& each : cases) ++(GiveOne(work, r, each) ? r.given_count : r.left_count);
  StrikeOff(work.tx(), id, cases);
  if (cases.size() < kReassignmentPiece) Finish(work, r);
  SaveReassignment(work.tx(), r);
  return done;
}

namespace {

// A piece is named by the first case in it: given twice, it changes nothing.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time, int limit) {
  std::vector<flow::DueRow> due;
  for (const OpenReassignment& open : OpenReassignments(tx, limit)) {
    const std::string piece =
        absl::StrCat("piece/", open.next_case ? open.next_case->ToString() : std::string("end"));
    due.push_back({base::Uuid::Derive(open.id, piece),
                   [id = open.id](ledger::UnitOfWork& work) { return GivePiece(work, id); }});
  }
  return due;
}

int64_t Count(db::Tx& tx, absl::Time) { return CountOpenReassignments(tx); }

}  // namespace

flow::DueWork Reassigning(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger, {.name = "case_reassignment", .command = "GiveCases", .find = Find, .count = Count});
}

}  // namespace ieum::casemgmt
