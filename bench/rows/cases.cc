// Cases: the record of one whose history is long, and lists of tasks among many open cases, of a
// manager and of who leads a team: first pages, pages behind them, and filters. By two clients, so
// that what is measured is the call and not its queue. Then commands.
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/case_commands.h"
#include "bench/rows/cases_fill.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/task_service.pb.h"
#include "platform/base/korea_time.h"

namespace ieum::bench {
namespace {

namespace casemgmt = ieum::casemgmt::v1;

constexpr char kCases[] = "/ieum.casemgmt.v1.CaseService/";
constexpr char kListTasks[] = "/ieum.casemgmt.v1.TaskService/ListCaseTasks";
constexpr int kClients = 2, kEntries = 500, kPagesBehind = 20;

// Somebody who calls.
struct Caller {
  Caller(Suite& suite, const std::string& file)
      : token_file(file),
        peer({.service = "casemgmt",
              .address = suite.target("casemgmt"),
              .token = suite.TokenIn(file),
              .patience = rpc::kCallerPatience}) {}
  const std::string token_file;
  rpc::Peer peer;
};

template <class Response>
Response Ask(rpc::Peer& peer, const std::string& method, const google::protobuf::Message& request) {
  Response response;
  const absl::Status done = peer.Call(method, request, &response, absl::Seconds(30));
  if (!done.ok()) Die(absl::StrCat(method, ": ", std::string(done.message())));
  return response;
}

struct Asked {
  std::string what, method;
  std::vector<std::string> requests;  // as bytes
  double must_ms = 0;
  std::string note;
};

Line Measure(Bench& bench, Suite& suite, const Caller& caller, const Asked& asked) {
  const testing::TempDir dir;
  const std::string file = dir.path() + "/calls";
  {
    std::ofstream calls(file);
    calls << asked.method << "\n";
    for (const std::string& each : asked.requests) calls << absl::Base64Escape(each) << "\n";
  }
  const double seconds = bench.options().quick ? 1 : 2;
  std::vector<double> p50, p99, echo;
  for (int round = 0; round < (bench.options().quick ? 2 : 5); ++round) {
    const LoadSeen seen = RunLoad(suite, {.call = "given",
                                          .process = "casemgmt",
                                          .clients = kClients,
                                          .warm = 0.5,
                                          .seconds = seconds,
                                          .names_file = file,
                                          .token_file = caller.token_file});
    if (seen.ok == 0 || seen.failed > 0) Die(absl::StrCat("not answered: ", asked.what));
    p50.push_back(seen.p50_ms);
    p99.push_back(seen.p99_ms);
    echo.push_back(RunLoad(suite, {.call = "health",
                                   .process = "casemgmt",
                                   .clients = kClients,
                                   .warm = 0.2,
                                   .seconds = seconds / 2})
                       .p99_ms);
  }
  Line line{.row = "cases",
            .what = asked.what + ", p99",
            .unit = "ms",
            .ours = Median(p99),
            .limit = Median(echo),
            .limit_is = "gRPC echo, p99",
            .goal = {Goal::Of::kAtMost, asked.must_ms, std::nullopt},
            .latency = LatencyWords(Median(p50), Median(p99)),
            .note = asked.note};
  bench.Say(
      fmt::format("{}: p50 {} p99 {} ms", line.what, Printed(Median(p50)), Printed(line.ours)));
  return line;
}

// A case with a history, each entry with words that were sealed.
Asked Record(Suite& suite) {
  const std::string id = CaseAt(0).ToString();
  for (int entry = 0; entry < kEntries; ++entry) {
    casemgmt::MonitorCaseRequest monitor;
    monitor.set_name("cases/" + id);
    monitor.set_note_text("전화로 안부를 확인하고 다음 상담 날짜를 정함. 출근은 이어지고 있음.");
    Ask<casemgmt::Case>(suite.peer("casemgmt"), absl::StrCat(kCases, "MonitorCase"), monitor);
  }
  RestOfCases(suite);
  casemgmt::GetCaseRecordRequest request;
  request.set_name("caseRecords/" + id);
  const auto record = Ask<casemgmt::CaseRecord>(suite.peer("casemgmt"),
                                                absl::StrCat(kCases, "GetCaseRecord"), request);
  if (record.entries_size() < kEntries || record.words_size() < kEntries) {
    Die("the record of a case has not what was written into it");
  }
  return {.what = fmt::format("record of a case with {} entries and {} sealed notes",
                              record.entries_size(), record.words_size()),
          .method = absl::StrCat(kCases, "GetCaseRecord"),
          .requests = {request.SerializeAsString()},
          .must_ms = 15,
          .note = fmt::format("{} kB; the access is written down before the answer",
                              record.ByteSizeLong() >> 10)};
}

casemgmt::ListCaseTasksRequest Page(const std::string& filter = "") {
  casemgmt::ListCaseTasksRequest request;
  request.set_page_size(50);
  request.set_filter(filter);
  return request;
}

// Those behind the first.
std::vector<std::string> PagesBehind(rpc::Peer& peer) {
  std::vector<std::string> pages;
  casemgmt::ListCaseTasksRequest request = Page();
  for (int page = 0; page < kPagesBehind; ++page) {
    const auto seen = Ask<casemgmt::ListCaseTasksResponse>(peer, kListTasks, request);
    if (seen.next_page_token().empty()) break;
    request.set_page_token(seen.next_page_token());
    pages.push_back(request.SerializeAsString());
  }
  if (pages.empty()) Die("a list of tasks has one page alone");
  return pages;
}

std::vector<Asked> Lists(Caller& caller, const std::string& whose, int64_t cases) {
  const std::string day = base::FormatDay(base::KoreaDay(absl::Now()) + 5);
  const auto asked = [&](const std::string& which, std::vector<std::string> requests) {
    return Asked{.what = fmt::format("{}, {} of tasks among {} open cases", whose, which,
                                     Printed(static_cast<double>(cases))),
                 .method = kListTasks,
                 .requests = std::move(requests),
                 .must_ms = 20,
                 .note = ""};
  };
  const auto filtered = [](const std::string& filter) { return Page(filter).SerializeAsString(); };
  return {
      asked("first page", {Page().SerializeAsString()}),
      asked("pages behind it", PagesBehind(caller.peer)),
      asked("page by kind and day",
            {filtered(fmt::format("kind = CASE_TASK_KIND_MONITORING AND due_date <= \"{}\"", day)),
             filtered("kind = CASE_TASK_KIND_REASSESSMENT")}),
      asked("page by a kind that nobody has", {filtered("kind = CASE_TASK_KIND_CLOSURE")})};
}

}  // namespace

std::vector<Line> RunCases(Bench& bench) {
  const int64_t cases = bench.options().quick ? 10'000 : 100'000;
  Suite suite;
  const std::string centre = CentreAt(0).ToString();
  const std::string manager_file = suite.AddAccount({kManager, {"case_manager"}, {centre}});
  const std::string lead_file = suite.AddAccount({kLead, {"supervisor"}, {centre}});
  suite.Start(kServices);
  bench.Say(fmt::format("filling in {} cases", cases));
  FillCases(suite, cases);
  Caller manager(suite, manager_file), lead(suite, lead_file);
  std::vector<Line> lines;
  lines.push_back(Measure(bench, suite, manager, Record(suite)));
  for (const Asked& asked : Lists(manager, "a manager", cases)) {
    lines.push_back(Measure(bench, suite, manager, asked));
  }
  for (const Asked& asked : Lists(lead, "who leads a centre's team", cases)) {
    lines.push_back(Measure(bench, suite, lead, asked));
  }
  lines.push_back(MeasureCaseCommands(bench, suite, cases));
  return lines;
}

}  // namespace ieum::bench
