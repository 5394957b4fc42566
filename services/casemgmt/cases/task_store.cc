#include "services/casemgmt/cases/task_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "t.id, t.kind, t.aggregate, t.aggregate_kind, t.case_id, t.subject, t.due_date, "
    "t.owner_subject, t.owner_id, t.supervisor_id, t.centre_id, t.state, t.paused, "
    "t.overdue_told, t.created_at, t.updated_at, t.clock_run";

Task TaskFrom(const db::Row& row) {
  return {.id = db::AsUuid(row[0]),
          .kind = static_cast<v1::CaseTaskKind>(row[1].as<int>()),
          .aggregate = db::AsUuid(row[2]),
          .aggregate_kind = db::AsText(row[3]),
          .case_id = db::AsOptionalUuid(row[4]),
          .subject = db::AsText(row[5]),
          .due = db::AsDay(row[6]),
          .owner_subject = db::AsOptionalUuid(row[7]),
          .owner = db::AsOptionalUuid(row[8]),
          .supervisor = db::AsOptionalUuid(row[9]),
          .centre = db::AsOptionalUuid(row[10]),
          .state = static_cast<v1::CaseTaskState>(row[11].as<int>()),
          .paused = row[12].as<bool>(),
          .clock_run = row[16].as<int>(),
          .overdue_told = db::AsOptionalDay(row[13]),
          .create_time = db::AsTime(row[14]),
          .update_time = db::AsTime(row[15])};
}

std::vector<Task> AllOf(const db::Rows& rows) {
  std::vector<Task> tasks;
  for (const auto& row : rows) tasks.push_back(TaskFrom(row));
  return tasks;
}

template <class Event>
Event EventOf(const Task& task, absl::Time now) {
  Event event;
  FillFacts(task, event.mutable_task());
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

void Append(ledger::UnitOfWork& work, const Task& task, const google::protobuf::Message& event) {
  work.Append(task.aggregate, task.aggregate_kind, TaskName(task.id), event);
}

// Task facts carry no owner's account; who is written to is a person.
std::string PersonText(const std::optional<base::Uuid>& person) {
  return person ? person->ToString() : "";
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns, " FROM case_task t WHERE t.id = $1");
const db::Statement kFind("case_task_find", kFindSql.c_str());

std::optional<Task> FindTask(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return TaskFrom(*row);
}

const std::string kReadSql = absl::StrCat(
    kFindSql,
    " AND (($2::boolean OR t.centre_id = ANY($3::uuid[])) OR (t.owner_subject = $4::uuid"
    " AND ($5::boolean OR t.centre_id = ANY($6::uuid[]))))");
const db::Statement kRead("case_task_read", kReadSql.c_str());

std::optional<Task> ReadTask(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  const db::Rows rows = tx.Run(kRead, WithReach({id}, reach));
  if (rows.empty()) return std::nullopt;
  return TaskFrom(rows[0]);
}

const db::Statement kInsert("case_task_insert", R"(
  INSERT INTO case_task (id, kind, aggregate, aggregate_kind, case_id, subject, due_date,
    owner_subject, owner_id, supervisor_id, centre_id, state, paused, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14))");
const db::Statement kUpdate("case_task_update", R"(
  UPDATE case_task SET kind = $2, due_date = $3, owner_subject = $4, owner_id = $5,
    supervisor_id = $6, centre_id = $7, state = $8, paused = $9, overdue_told = $10,
    updated_at = $11, clock_run = $12
  WHERE id = $1)");

namespace {

void Insert(ledger::UnitOfWork& work, const Task& task) {
  work.tx().ExecLater(kInsert, task.id, task.kind, task.aggregate, task.aggregate_kind,
                      task.case_id, task.subject, task.due, task.owner_subject, task.owner,
                      task.supervisor, task.centre, task.state, task.paused, work.now());
}

void Update(ledger::UnitOfWork& work, const Task& task) {
  work.tx().ExecLater(kUpdate, task.id, task.kind, task.due, task.owner_subject, task.owner,
                      task.supervisor, task.centre, task.state, task.paused, task.overdue_told,
                      work.now(), task.clock_run);
}

bool SameOwner(const Task& one, const Task& other) {
  return one.owner_subject == other.owner_subject && one.owner == other.owner &&
         one.supervisor == other.supervisor && one.centre == other.centre;
}

// What changed of an open task, each change in an event of its own.
void Tell(ledger::UnitOfWork& work, const Task& before, const Task& task) {
  if (before.clock_run != task.clock_run) {
    Append(work, task, EventOf<v1::CaseTaskSet>(task, work.now()));
  }
  if (before.state != task.state) return;
  if (!SameOwner(before, task)) {
    auto event = EventOf<v1::CaseTaskReassigned>(task, work.now());
    event.set_previous_owner_person_id(PersonText(before.owner));
    Append(work, task, event);
  }
  if (task.paused && !before.paused) {
    Append(work, task, EventOf<v1::CaseTaskPaused>(task, work.now()));
  } else if (before.due != task.due || before.paused != task.paused) {
    auto event = EventOf<v1::CaseTaskDueMoved>(task, work.now());
    event.set_previous_due_date(base::FormatDay(before.due));
    Append(work, task, event);
  }
}

void Replace(ledger::UnitOfWork& work, const Task& before, Task task) {
  task.overdue_told = before.overdue_told;
  const bool again = before.state != task.state || (before.paused && !task.paused);
  task.clock_run = before.clock_run + (again ? 1 : 0);
  const bool same = before.state == task.state && before.due == task.due &&
                    before.paused == task.paused && SameOwner(before, task);
  if (same) return;
  Update(work, task);
  Tell(work, before, task);
}

}  // namespace

void PutTask(ledger::UnitOfWork& work, const Task& task) {
  PutKnownTask(work, FindTask(work.tx(), task.id), task);
}

void PutKnownTask(ledger::UnitOfWork& work, const std::optional<Task>& known, const Task& task) {
  if (known) return Replace(work, *known, task);
  Insert(work, task);
  Append(work, task, EventOf<v1::CaseTaskSet>(task, work.now()));
}

void EndTask(ledger::UnitOfWork& work, const base::Uuid& task_id, v1::CaseTaskState state) {
  const auto task = FindTask(work.tx(), task_id);
  if (task) EndKnownTask(work, *task, state);
}

void EndKnownTask(ledger::UnitOfWork& work, Task task, v1::CaseTaskState state) {
  if (task.state != v1::CASE_TASK_STATE_OPEN) return;
  task.state = state;
  task.paused = false;
  Update(work, task);
  Append(work, task, EventOf<v1::CaseTaskEnded>(task, work.now()));
}

const std::string kOpenSql = absl::StrCat(
    "SELECT ", kColumns,
    " FROM case_task t WHERE t.case_id = $1 AND t.state = 1 ORDER BY t.due_date, t.id");
const db::Statement kOpen("case_task_open", kOpenSql.c_str());

std::vector<Task> OpenTasksOf(db::Tx& tx, const base::Uuid& case_id) {
  return AllOf(tx.Exec(kOpen, case_id));
}

const std::string kOpenOfManySql =
    absl::StrCat("SELECT ", kColumns, " FROM case_task t WHERE t.case_id = ANY($1::uuid[])",
                 " AND t.state = 1 ORDER BY t.due_date, t.id");
const db::Statement kOpenOfMany("case_task_open_of_many", kOpenOfManySql.c_str());
const std::string kOfIdsSql =
    absl::StrCat("SELECT ", kColumns, " FROM case_task t WHERE t.id = ANY($1::uuid[])");
const db::Statement kOfIds("case_task_of_ids", kOfIdsSql.c_str());

namespace {

using TasksOfCases = absl::flat_hash_map<base::Uuid, std::vector<Task>>;

TasksOfCases ReadOpenTasks(db::Tx& tx, const std::vector<base::Uuid>& cases) {
  TasksOfCases found;
  for (const auto& row : tx.Exec(kOpenOfMany, db::ArrayOf(cases))) {
    Task task = TaskFrom(row);
    found[*task.case_id].push_back(std::move(task));
  }
  return found;
}

constexpr ledger::OwnRead<std::vector<Task>> kOwnOpen{ReadOpenTasks};

}  // namespace

std::vector<Task> OpenTasksAnd(ledger::UnitOfWork& work, const base::Uuid& case_id,
                               const std::vector<base::Uuid>& ids) {
  std::vector<Task> tasks = work.Own(kOwnOpen, case_id).value_or(std::vector<Task>());
  std::vector<base::Uuid> missing = ids;
  for (const Task& task : tasks) std::erase(missing, task.id);
  if (missing.empty()) return tasks;
  for (const auto& row : work.tx().Exec(kOfIds, db::ArrayOf(missing))) {
    tasks.push_back(TaskFrom(row));
  }
  return tasks;
}

void DropTasks(ledger::UnitOfWork& work, const base::Uuid& case_id,
               const std::vector<v1::CaseTaskKind>& but) {
  for (const Task& task : OpenTasksOf(work.tx(), case_id)) {
    if (std::find(but.begin(), but.end(), task.kind) != but.end()) continue;
    EndKnownTask(work, task, v1::CASE_TASK_STATE_DROPPED);
  }
}

void PauseTasks(ledger::UnitOfWork& work, const base::Uuid& case_id) {
  for (const Task& before : OpenTasksOf(work.tx(), case_id)) {
    if (!StopsInHold(before.kind) || before.paused) continue;
    Task task = before;
    task.paused = true;
    Replace(work, before, task);
  }
}

void ResumeTasks(ledger::UnitOfWork& work, const Case& c, int days) {
  for (const Task& before : OpenTasksOf(work.tx(), c.id)) {
    if (!before.paused) continue;
    Task task = before;
    task.paused = false;
    task.due += days;
    Replace(work, before, task);
  }
}

void GiveTasks(ledger::UnitOfWork& work, const Case& c) {
  for (const Task& before : OpenTasksOf(work.tx(), c.id)) {
    Task task = before;
    task.owner_subject = c.manager_subject;
    task.owner = c.manager;
    task.supervisor = c.supervisor;
    task.centre = c.centre;
    Replace(work, before, task);
  }
}

void GiveTasksFrom(ledger::UnitOfWork& work, const Case& c, const std::optional<base::Uuid>& from) {
  for (const Task& before : OpenTasksOf(work.tx(), c.id)) {
    Task task = before;
    task.supervisor = c.supervisor;
    if (before.owner_subject == from || !before.owner_subject) {
      task.owner_subject = c.manager_subject;
      task.owner = c.manager;
    }
    Replace(work, before, task);
  }
}

const std::string kUntoldSql =
    absl::StrCat("SELECT ", kColumns,
                 " FROM case_task t WHERE t.state = 1 AND NOT t.paused"
                 " AND (t.overdue_told IS NULL OR t.overdue_told < t.due_date)"
                 " AND t.due_date < $1 ORDER BY t.due_date, t.id LIMIT $2");
const db::Statement kUntold("case_task_untold", kUntoldSql.c_str());
const db::Statement kCountUntold("case_task_untold_count", R"(
  SELECT count(*) FROM case_task t WHERE t.state = 1 AND NOT t.paused
    AND (t.overdue_told IS NULL OR t.overdue_told < t.due_date) AND t.due_date < $1)");

std::vector<Task> UntoldOverdue(db::Tx& tx, absl::CivilDay today, int limit) {
  return AllOf(tx.Exec(kUntold, today, limit));
}

int64_t CountUntoldOverdue(db::Tx& tx, absl::CivilDay today) {
  return tx.Exec(kCountUntold, today)[0][0].as<int64_t>();
}

absl::StatusOr<ledger::Done> TellOverdue(ledger::UnitOfWork& work, const base::Uuid& task_id,
                                         absl::CivilDay due) {
  const auto seen = FindTask(work.tx(), task_id);
  if (!seen) return ledger::Done{task_id, TaskName(task_id)};
  work.Lock({seen->aggregate});
  Task task = *FindTask(work.tx(), task_id);
  const ledger::Done done = {task.aggregate, TaskName(task_id)};
  // Done, moved or held since it was found, or told by somebody else.
  const bool over = task.state == v1::CASE_TASK_STATE_OPEN && !task.paused && task.due == due &&
                    (!task.overdue_told || *task.overdue_told < due);
  if (!over) return done;
  task.overdue_told = due;
  Update(work, task);
  Append(work, task, EventOf<v1::CaseTaskOverdue>(task, work.now()));
  return done;
}

const filter::ListSpec& TaskList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = "case_task t",
      .fields = {{"name", filter::Resource("t.id", "caseTasks/{}").NotNull()},
                 {"kind", filter::Enum<v1::CaseTaskKind>("t.kind").NotNull()},
                 {"state", filter::Enum<v1::CaseTaskState>("t.state").NotNull()},
                 {"due_date", filter::Date("t.due_date").NotNull()},
                 {"paused", filter::Bool("t.paused").NotNull()},
                 {"case", filter::Resource("t.case_id", "cases/{}")},
                 {"owner", filter::Resource("t.owner_subject", "subjects/{}")},
                 {"centre", filter::Resource("t.centre_id", "organizations/{}")}},
      .key = "name",
      .default_order = "due_date",
      .centres = {"t.centre_id"}};
  return *spec;
}

void WhereTasks(filter::ListQuery& query, const Reach& reach, bool mine, bool ended) {
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  // Said as the indexes say it.
  query.Where(ended ? "t.state <> 1" : "t.state = 1");
  const std::string own =
      "(t.owner_subject = {}::uuid AND ({}::boolean OR t.centre_id = ANY({}::uuid[])))";
  if (mine || reach.team.empty()) {
    query.Where(own, {reach.subject.ToString(), boolean(reach.own_in.everywhere()),
                      reach.own_in.AsArray()});
  } else if (reach.team == reach.own_in) {
    // Who sees the team everywhere sees his own among them.
    // Of one centre as its index has it, or all its tasks would be put in order for each page.
    if (reach.team.centres().size() == 1) {
      query.Where("t.centre_id = {}::uuid", {reach.team.centres().front()});
    } else if (!reach.team.everywhere()) {
      query.Where("t.centre_id = ANY({}::uuid[])", {reach.team.AsArray()});
    }
  } else {
    query.Where("(t.centre_id = ANY({}::uuid[]) OR " + own + ")",
                {reach.team.AsArray(), reach.subject.ToString(), boolean(reach.own_in.everywhere()),
                 reach.own_in.AsArray()});
  }
}

filter::Cursor ListTasks(db::Tx& tx, const filter::ListQuery& query, std::vector<Task>* tasks) {
  tasks->clear();
  return query.Read(tx, [&](const db::Row& row) { tasks->push_back(TaskFrom(row)); });
}

}  // namespace ieum::casemgmt
