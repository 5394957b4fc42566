#include "bench/rows/cases_fill.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "bench/harness/waiting.h"
#include "fmt/format.h"
#include "platform/access/subject_id.h"
#include "platform/base/korea_time.h"
#include "platform/db/tx.h"
#include "services/casemgmt/cases/case_rows.h"
#include "services/casemgmt/cases/case_tasks.h"

namespace ieum::bench {
namespace {

constexpr double kCatchUp = 120;
constexpr char kCasePrefix[] = "0190ca5e-0000-7000-8000-";

base::Uuid IdAt(const std::string& prefix, int64_t n) {
  return *base::Uuid::Parse(fmt::format("{}{:012x}", prefix, n));
}

base::Uuid ManagerAt(int64_t n) {
  return n == 0 ? access::SubjectId(kManager) : IdAt("01905b1e-0000-7000-8000-", n);
}

// In MONITORING, half a year old; what is due lies from ten days ago to eighty days ahead.
casemgmt::Case OpenCase(int64_t n, absl::Time now) {
  const absl::CivilDay today = base::KoreaDay(now);
  const int64_t manager = n / kCasesOfAManager;
  casemgmt::Case c;
  c.id = CaseAt(n);
  c.participant = IdAt("019070c0-0000-7000-8000-", n);
  c.person = IdAt("0190e050-0000-7000-8000-", n);
  c.case_number = fmt::format("2024-{:06}", n);
  c.programme = "INC";
  c.edition = "2024";
  c.centre = CentreAt(manager % kCentres);
  c.manager_subject = ManagerAt(manager);
  c.manager = IdAt("01904a6e-0000-7000-8000-", manager);
  c.supervisor = IdAt("01905e0e-0000-7000-8000-", manager % kCentres);
  c.state = casemgmt::v1::CASE_STATE_MONITORING;
  c.risk_level = static_cast<casemgmt::v1::RiskLevel>(1 + n % 3);
  c.classification = casemgmt::v1::CASE_CLASSIFICATION_CASE_MANAGEMENT;
  c.primary_factor = "RF01";
  c.source = casemgmt::v1::CASE_SOURCE_SELF;
  c.opened_day = today - 180;
  c.intake_day = today - 175;
  c.last_step_day = today - 20;
  c.due_day = today - 10 + n % 40;
  c.plan_due_day = today - 145;
  c.reassess_due_day = today + n % 80;
  c.create_time = c.update_time = now;
  return c;
}

// A file that COPY reads.
class CopyFile {
 public:
  CopyFile(Suite& suite, const std::string& table, const std::string& columns)
      : path_(absl::StrCat(suite.postgres().folder(), "/", table)),
        copy_(absl::StrCat("COPY ", table, " (", columns, ") FROM '", path_, "'")),
        file_(path_) {}

  void Add(const std::vector<db::Param>& values) {
    const char* before = "";
    for (const db::Param& value : values) {
      file_ << before << (value.text() ? Escaped(*value.text()) : "\\N");
      before = "\t";
    }
    file_ << "\n";
  }
  const std::string& Close() {
    file_.close();
    return copy_;
  }

 private:
  static std::string Escaped(const std::string& text) {
    return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\t", "\\t"}, {"\n", "\\n"}});
  }
  const std::string path_, copy_;
  std::ofstream file_;
};

std::vector<db::Param> RowOf(const casemgmt::Task& task, absl::Time now) {
  return {task.id,      task.kind,  task.aggregate,     task.aggregate_kind, task.case_id,
          task.subject, task.due,   task.owner_subject, task.owner,          task.supervisor,
          task.centre,  task.state, task.paused,        task.overdue_told,   now,
          now};
}

// What is due of each, and what was done before. What is overdue was told when it became so: the
// telling of 25,000 at once is no day of anybody's, and whoever reads meanwhile waits for it.
std::vector<casemgmt::Task> TasksOf(const casemgmt::Case& c, absl::CivilDay today) {
  std::vector<casemgmt::Task> tasks = casemgmt::StateTasks(c);
  for (casemgmt::Task& task : tasks) {
    if (task.due < today) task.overdue_told = task.due;
  }
  casemgmt::Task done =
      casemgmt::TaskOf(c, casemgmt::v1::CASE_TASK_KIND_PLAN, "done", c.opened_day);
  done.state = casemgmt::v1::CASE_TASK_STATE_DONE;
  tasks.push_back(std::move(done));
  return tasks;
}

}  // namespace

base::Uuid CaseAt(int64_t n) { return IdAt(kCasePrefix, n); }

std::string CaseAtSql(const std::string& n) {
  return absl::StrCat("('", kCasePrefix, "' || lpad(to_hex(", n, "::bigint), 12, '0'))::uuid");
}

base::Uuid CentreAt(int64_t n) { return IdAt("0190ce00-0000-7000-8000-", n); }

void FillCases(Suite& suite, int64_t cases) {
  const absl::Time now = absl::Now();
  const absl::CivilDay today = base::KoreaDay(now);
  const std::string insert = casemgmt::InsertCaseSql();
  const size_t open = insert.find('(') + 1;
  CopyFile participants(suite, "participant", "token, person_id, created_at");
  CopyFile aggregates(suite, "aggregate", "id, kind, version");
  CopyFile files(suite, "casefile", insert.substr(open, insert.find(')') - open));
  CopyFile steps(suite, "case_transition", "case_id, step, state, day, recorded_at");
  CopyFile owners(suite, "case_ownership", "case_id, epoch, centre_id, manager_subject, since");
  CopyFile due(suite, "case_task",
               "id, kind, aggregate, aggregate_kind, case_id, subject, due_date, owner_subject, "
               "owner_id, supervisor_id, centre_id, state, paused, overdue_told, created_at, "
               "updated_at");
  for (int64_t n = 0; n < cases; ++n) {
    const casemgmt::Case c = OpenCase(n, now);
    participants.Add({c.participant, c.person, now});
    aggregates.Add({c.id, "case", 1});
    files.Add(casemgmt::CaseParams(c));
    steps.Add({c.id, 1, c.state, c.last_step_day, now});
    owners.Add({c.id, c.ownership_epoch, c.centre, c.manager_subject, now});
    for (const casemgmt::Task& task : TasksOf(c, today)) due.Add(RowOf(task, now));
  }
  for (CopyFile* file : {&participants, &aggregates, &files, &steps, &owners, &due}) {
    const std::string copy = file->Close();
    suite.Ask("casemgmt", copy);
    suite.postgres().Ask(LimitDatabase("casemgmt"), copy);
  }
  suite.Ask("casemgmt", "VACUUM ANALYZE");
  suite.postgres().Ask(LimitDatabase("casemgmt"), "VACUUM ANALYZE");
  suite.postgres().Settle();
}

void RestOfCases(Suite& suite) {
  const auto caught_up = [&] {
    return suite.Behind("reporting", "casemgmt") == 0 && suite.Behind("notify", "casemgmt") == 0;
  };
  if (!WaitFor(caught_up, kCatchUp, 0.01)) Die("the consumers of casemgmt did not catch up");
  suite.postgres().Settle();
}

}  // namespace ieum::bench
