// People: what a registration is told about those who may be the same, among a thousand and among a
// hundred thousand people (`--people`: as many as wanted) whose names are as common as names in
// Korea are; against the echo of the same machine. The call is CreatePerson with `validate_only`:
// all checks and the whole search. And how long a person and a list of them take at both sizes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/backlog.h"
#include "bench/rows/growth.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/status.h"
#include "platform/crypto/key_ring.h"
#include "platform/db/database.h"
#include "pqxx/pqxx"
#include "services/registry/people/person_store.h"
#include "tests/support/korean_people.h"

namespace ieum::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWriters = 4;
constexpr size_t kAtOnce = 200;  // in one transaction
constexpr char kCreate[] = "/ieum.registry.v1.PersonService/CreatePerson";

registry::v1::CreatePersonRequest RequestOf(const testing::MadePerson& made) {
  registry::v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name(made.full_name);
  request.mutable_person()->set_birth_year(made.birth_year);
  request.mutable_person()->set_phone(made.phone);
  request.mutable_person()->set_email(made.email);
  request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
  return request;
}

registry::v1::Person Create(Suite& suite, const registry::v1::CreatePersonRequest& request) {
  registry::v1::Person person;
  const absl::Status done =
      suite.peer("registry").Call(kCreate, request, &person, absl::Seconds(30));
  if (!done.ok()) Die(absl::StrCat("the registry refuses a person: ", done.message()));
  return person;
}

std::vector<testing::MadePerson> Make(testing::KoreanPeople* people, int64_t count) {
  std::vector<testing::MadePerson> made;
  for (int64_t at = 0; at < count; ++at) made.push_back(people->Next());
  return made;
}

crypto::Vault VaultOf(const Suite& suite) {
  std::ifstream file(suite.vault_file("registry"));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  auto ring = crypto::KeyRing::FromText(text);
  if (!ring.ok()) Die(absl::StrCat("the registry's vault key: ", ring.status().message()));
  return crypto::Vault(*std::move(ring));
}

absl::Status Put(db::Tx& tx, const db::PersonKeys& keys, const testing::MadePerson& made) {
  registry::Person person;
  person.id = base::Uuid::NewV7();
  person.created_at = person.updated_at = absl::Now();
  RETURN_IF_ERROR(registry::TakePersonal(RequestOf(made).person(), &person));
  return registry::PutPerson(tx, base::Scope::Everywhere(), keys, person);
}

// As the registry stores them, by its own statements, but without events.
void Register(Suite& suite, const std::vector<testing::MadePerson>& people) {
  const crypto::Vault vault = VaultOf(suite);
  const db::PersonKeys keys(vault);
  db::Database database({.conninfo = suite.database("registry")});
  std::atomic<size_t> next = 0;
  const auto write = [&] {
    for (size_t from = next.fetch_add(kAtOnce); from < people.size();
         from = next.fetch_add(kAtOnce)) {
      const absl::Status done = database.WriteRelaxed("people", [&](db::Tx& tx) -> absl::Status {
        const size_t end = std::min(from + kAtOnce, people.size());
        for (size_t at = from; at < end; ++at) RETURN_IF_ERROR(Put(tx, keys, people[at]));
        return absl::OkStatus();
      });
      if (!done.ok()) Die(absl::StrCat("people cannot be stored: ", done.message()));
    }
  };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) writers.emplace_back(write);
  for (std::thread& writer : writers) writer.join();
  suite.Ask("registry", "VACUUM ANALYZE");
  suite.postgres().Settle();
}

// Half of them are there already, spelt as they were.
std::vector<double> MillisecondsOf(Suite& suite, const std::vector<testing::MadePerson>& known,
                                   testing::KoreanPeople* people, int calls, int* found) {
  std::vector<double> times;
  for (int at = 0; at < calls; ++at) {
    const bool again = at % 2 == 0;
    registry::v1::CreatePersonRequest request =
        RequestOf(again ? known[static_cast<size_t>(at) * 7919 % known.size()] : people->Next());
    request.set_validate_only(true);
    const auto start = Clock::now();
    const auto person = Create(suite, request);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    if (again && person.candidates_size() > 0) ++*found;
  }
  return times;
}

Line Measure(Bench& bench, Suite& suite, const std::vector<testing::MadePerson>& known,
             testing::KoreanPeople* people) {
  const int calls = bench.options().quick ? 200 : 3000;
  int found = 0;
  const std::vector<double> times = MillisecondsOf(suite, known, people, calls, &found);
  const LoadSeen echo = RunLoad(suite, {.call = "health", .clients = 1, .warm = 0.2, .seconds = 1});
  Line line{.row = "people",
            .what = fmt::format("who a new person may be already, {} registered; p99",
                                Printed(static_cast<double>(known.size()))),
            .unit = "ms",
            .ours = Percentile(times, 0.99),
            .limit = echo.p99_ms,
            .limit_is = "gRPC echo, p99",
            .goal = {Goal::Of::kAtMost, 20, std::nullopt},
            .latency = LatencyWords(Percentile(times, 0.5), Percentile(times, 0.99))};
  line.note = fmt::format("{} of {} who are there found", found, calls / 2);
  return line;
}

// Everybody of whom nobody has said so works somewhere; thirty people for each organization.
constexpr char kAffiliations[] = R"(
  WITH firm AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM organization),
  free AS (SELECT p.id, row_number() OVER (ORDER BY p.id) AS at FROM person p
           WHERE NOT EXISTS (SELECT FROM affiliation f WHERE f.person_id = p.id))
  INSERT INTO affiliation (id, person_id, organization_id, role, start_date)
  SELECT md5('affiliation/' || free.id)::uuid, free.id, firm.id, 1, '2023-01-01'
  FROM free JOIN firm ON firm.at = free.at % (SELECT count(*) FROM firm))";

void WriteNames(Suite& suite, const std::string& sql, const std::string& path) {
  pqxx::connection connection(suite.database("registry"));
  std::ofstream file(path);
  for (const auto& row : pqxx::nontransaction(connection).exec(sql)) file << row[0].c_str() << "\n";
}

// Their aggregates, their places of work, and as many organizations as people need.
void Settle(Suite& suite, int64_t people) {
  const int64_t firms = std::stoll(suite.Ask("registry", "SELECT count(*) FROM organization"));
  FillOrganizations(suite, people / 30 + 1 - firms, Fill::kWithoutEvents);
  suite.Ask("registry",
            "INSERT INTO aggregate (id, kind, version) SELECT id, 'person', 1 FROM person "
            "ON CONFLICT DO NOTHING");
  suite.Ask("registry", kAffiliations);
  suite.Ask("registry", "VACUUM ANALYZE");
  suite.postgres().Settle();
}

void MeasureReads(Bench& bench, Suite& suite, int64_t people, Growth* growth) {
  const testing::TempDir dir;
  const std::string persons = dir.path() + "/persons", firms = dir.path() + "/firms";
  WriteNames(suite, "SELECT 'persons/' || id FROM person ORDER BY md5(id::text) LIMIT 20000",
             persons);
  WriteNames(suite,
             "SELECT DISTINCT 'organizations/' || organization_id FROM affiliation LIMIT 20000",
             firms);
  growth->Measure(bench, suite, "person", "Get of a person", people, persons);
  growth->Measure(bench, suite, "affiliations", "List of the people of an organization", people,
                  firms);
}

}  // namespace

std::vector<Line> RunPeople(Bench& bench) {
  Suite suite;
  suite.Start({"registry"});
  testing::KoreanPeople people(20231104);
  std::vector<testing::MadePerson> known;
  std::vector<Line> lines;
  Growth growth;
  const int64_t largest = std::max<int64_t>(bench.options().people, 1001);
  for (const int64_t wanted : {int64_t{1000}, largest}) {
    bench.Say(fmt::format("registering up to {} people", wanted));
    const auto more = Make(&people, wanted - static_cast<int64_t>(known.size()));
    Register(suite, more);
    known.insert(known.end(), more.begin(), more.end());
    Settle(suite, wanted);
    lines.push_back(Measure(bench, suite, known, &people));
    MeasureReads(bench, suite, wanted, &growth);
  }
  for (Line& line : growth.Lines()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace ieum::bench
