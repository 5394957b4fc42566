// Goal: whoever came in twice unnoticed is found by a search of everybody that can be killed at any
// step, and waits in a queue whose pages are found by an index. Method: several processes at one
// search; names as common as they are in Korea; plans of 100,000 pairs. row:R3 row:R8
#include <gmock/gmock.h>

#include <thread>

#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/people/person_store.h"
#include "tests/integration/registry/duplicate_world.h"
#include "tests/support/korean_people.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ieum::testing::kCentreA;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPhone[] = "010-0000-4321";

TEST_F(Duplicates, AreFoundByASearchOfEverybody) {
  const std::string first = Register(Wanted("김민수", kPhone));
  const std::string second = Register(Wanted("Minsu Kim", kPhone));
  Register(Wanted("박지영", "010-0000-0001"));
  const v1::DuplicateScan scan = ScanAll();
  EXPECT_EQ(scan.state(), v1::DUPLICATE_SCAN_STATE_COMPLETED);
  EXPECT_EQ(scan.scanned_count(), 3);
  EXPECT_EQ(scan.person_count(), 3);
  EXPECT_EQ(scan.pair_count(), 1);
  ASSERT_THAT(Pairs(), SizeIs(1));
  EXPECT_EQ(Pairs()[0].person(), std::min(first, second));
  EXPECT_THAT(world_.EventTypes(scan.name()),
              ElementsAre("DuplicateScanStarted", "DuplicateScanCompleted"));
  EXPECT_EQ(ScanAll().pair_count(), 0) << "a second search finds nothing new";
  v1::GetDuplicateScanRequest other;
  other.set_name("duplicateScans/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::DuplicateScan>("DuplicateService/GetDuplicateScan", other).status()),
      "NOT_FOUND");
}

// Persons registered by a program that knew no keys.
TEST_F(Duplicates, AreFoundAmongThoseWhoHaveNoKeysYet) {
  Register(Wanted("김민수", kPhone));
  Register(Wanted("김민수", kPhone));
  world_.Ask("WITH gone AS (DELETE FROM person_match_key RETURNING 1) SELECT count(*) FROM gone");
  world_.Ask("WITH old AS (UPDATE person SET match_form = 0 RETURNING 1) SELECT count(*) FROM old");
  EXPECT_EQ(ScanAll().pair_count(), 1);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_match_key WHERE kind = 4"), "2");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE match_form = 1"), "2");
}

// Persons changed by such a program while it still runs beside this one.
TEST_F(Duplicates, AreFoundAmongThoseWhomAnOlderProgramChanged) {
  Register(Wanted("김민수", kPhone));
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(Register(Wanted("김민수", "010-0000-9999")));
  update.mutable_person()->set_phone(kPhone);
  ASSERT_TRUE(world_.Call<v1::Person>("PersonService/UpdatePerson", update).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE match_form = 1"), "2");
  world_.Ask("WITH gone AS (DELETE FROM person_match_key RETURNING 1) SELECT count(*) FROM gone");
  for (int times = 0; times < 2; ++times) {
    world_.Ask(
        "WITH old AS (UPDATE person SET full_name_box = full_name_box RETURNING 1) "
        "SELECT count(*) FROM old");
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE match_form = -2"), "2");
  }
  EXPECT_EQ(ScanAll().pair_count(), 1);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE match_form = 1"), "2");
}

TEST_F(Duplicates, AreSearchedForOnceAtATimeAndBySuiteStaffAlone) {
  Centres();
  const auto scan = StartScan();
  ASSERT_TRUE(scan.ok()) << scan.status();
  EXPECT_EQ(scan->state(), v1::DUPLICATE_SCAN_STATE_RUNNING);
  EXPECT_EQ(base::ReasonOf(StartScan().status()), "DUPLICATE_SCAN_RUNNING");
  const auto refused = world_.Call<v1::DuplicateScan>("DuplicateService/StartDuplicateScan",
                                                      v1::StartDuplicateScanRequest(), a_.get());
  EXPECT_EQ(base::ReasonOf(refused.status()), "PERMISSION_DENIED");
}

TEST_F(Duplicates, AreSearchedForFromWhereAKilledProcessStood) {
  constexpr int kPeople = kScanStep + 10;
  for (int at = 0; at < kPeople / 2; ++at) {
    for (int twice = 0; twice < 2; ++twice) {
      Register(Wanted("김민수", absl::StrCat("010-0000-", 1000 + at)));
    }
  }
  const auto scan = StartScan();
  ASSERT_TRUE(scan.ok()) << scan.status();
  const absl::Time now = world_.clock.Now().value();
  {
    const flow::DueWork killed = DuplicateScanning(world_.ledger, world_.vault());
    ASSERT_TRUE(killed.step(now).value());
  }
  EXPECT_EQ(GetScan(scan->name()).scanned_count(), kScanStep);
  EXPECT_EQ(GetScan(scan->name()).state(), v1::DUPLICATE_SCAN_STATE_RUNNING);
  ledger::Ledger other(world_.database.database(), world_.clock, "registry");
  world_.DoDue(DuplicateScanning(other, world_.vault()));
  EXPECT_EQ(GetScan(scan->name()).scanned_count(), kPeople);
  EXPECT_EQ(GetScan(scan->name()).pair_count(), kPeople / 2);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM duplicate_pair"), std::to_string(kPeople / 2));
}

// A row that was damaged, or sealed with a key that is lost. She is passed over, whether the search
// comes to her or meets her beside somebody else.
TEST_F(Duplicates, AreSearchedForThoughOneOfThemCannotBeRead) {
  const std::string damaged = Register(Wanted("김민수", kPhone)), other = "010-0000-7777";
  const std::string alone = Register(Wanted("최가온"));
  Register(Wanted("김민수", kPhone));
  Register(Wanted("이서연", other));
  Register(Wanted("이서연", other));
  world_.Ask(
      "UPDATE person SET full_name_box = set_byte(full_name_box, 30, 255 - "
      "get_byte(full_name_box, 30)) WHERE id IN ('" +
      IdOf(damaged) + "', '" + IdOf(alone) + "') RETURNING 1");
  const v1::DuplicateScan scan = ScanAll();
  EXPECT_EQ(scan.state(), v1::DUPLICATE_SCAN_STATE_COMPLETED);
  EXPECT_EQ(scan.scanned_count(), 5);
  EXPECT_EQ(scan.pair_count(), 1) << "of those who can be read";
}

TEST_F(Duplicates, AreNotSearchedForWhileNobodyCanBeRead) {
  for (int twice = 0; twice < 2; ++twice) Register(Wanted("김민수", kPhone));
  world_.Ask(
      "WITH hit AS (UPDATE person SET full_name_box = set_byte(full_name_box, 30, 255 - "
      "get_byte(full_name_box, 30)) RETURNING 1) SELECT count(*) FROM hit");
  const auto scan = StartScan();
  ASSERT_TRUE(scan.ok()) << scan.status();
  const flow::DueWork work = DuplicateScanning(world_.ledger, world_.vault());
  EXPECT_TRUE(absl::IsDataLoss(work.step(world_.clock.Now().value()).status()));
  EXPECT_EQ(GetScan(scan->name()).state(), v1::DUPLICATE_SCAN_STATE_RUNNING);
}

// The lease only makes it likely that one process is at it; two do no harm.
TEST_F(Duplicates, AreCountedOnceByTwoProcessesAtOneSearch) {
  constexpr int kPairs = kScanStep;
  for (int at = 0; at < kPairs; ++at) {
    for (int twice = 0; twice < 2; ++twice) {
      Register(Wanted("김민수", absl::StrCat("010-0000-", 1000 + at)));
    }
  }
  const auto scan = StartScan();
  ASSERT_TRUE(scan.ok()) << scan.status();
  const absl::Time now = world_.clock.Now().value();
  std::vector<std::thread> processes;
  for (int process = 0; process < 2; ++process) {
    processes.emplace_back([&] {
      ledger::Ledger ledger(world_.database.database(), world_.clock, "registry");
      const flow::DueWork work = DuplicateScanning(ledger, world_.vault());
      for (bool more = true; more;) {
        const auto step = work.step(now);
        more = !step.ok() || *step;  // a step that met the other's is taken again
      }
    });
  }
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(GetScan(scan->name()).scanned_count(), 2 * kPairs);
  EXPECT_EQ(GetScan(scan->name()).pair_count(), kPairs);
}

// With names as common as they are in Korea: who is registered twice is found, and few others are.
TEST_F(Duplicates, AreTheRealOnesAmongNamesThatManyShare) {
  constexpr int kPeople = 1500, kTwice = 40;
  ieum::testing::KoreanPeople people(20231104);
  const db::PersonKeys keys(world_.vault());
  std::vector<v1::Person> wanted;
  for (int at = 0; at < kPeople; ++at) {
    const ieum::testing::MadePerson made = people.Next();
    v1::Person& person = wanted.emplace_back();
    person.set_full_name(made.full_name);
    person.set_birth_year(made.birth_year);
    person.set_phone(made.phone);
    person.set_basis(v1::LEGAL_BASIS_CONTRACT);
    if (at < kTwice) {
      v1::Person again = person;  // written apart, with or without the year, the same phone
      again.set_full_name(made.full_name.substr(0, 3) + " " + made.full_name.substr(3));
      again.set_birth_year(at % 2 == 0 ? 0 : made.birth_year);
      wanted.push_back(again);
    }
  }
  const absl::Status filled = world_.database.database().Write("fill", [&](db::Tx& tx) {
    for (const v1::Person& one : wanted) {
      Person person;
      person.id = base::Uuid::NewV7();
      person.created_at = person.updated_at = Korea("2023-05-02 11:00");
      RETURN_IF_ERROR(TakePersonal(one, &person));
      RETURN_IF_ERROR(PutPerson(tx, base::Scope::Everywhere(), keys, person));
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(filled.ok()) << filled;
  EXPECT_EQ(ScanAll().scanned_count(), kPeople + kTwice);
  EXPECT_THAT(Pairs(nullptr, "score >= 75"), SizeIs(kTwice));
  EXPECT_THAT(Pairs(), SizeIs(kTwice)) << "one name and year with two phones is nobody's work";
}

// Nine of ten were decided about; every fifth pair is one centre's.
constexpr char kPairs[] = R"(WITH people AS (
    INSERT INTO person (id, basis, preferred_language, full_name_box, created_at, updated_at)
    SELECT gen_random_uuid(), 1, 0, '\x00', now(), now() FROM generate_series(1, 2000)
    RETURNING id)
  , numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people)
  , made AS (
    INSERT INTO duplicate_pair (id, person_id, other_person_id, score, matched, state, centre_id,
                                created_at, decided_at)
    SELECT gen_random_uuid(), a.id, b.id, 60 + (a.n + b.n) % 40, '{1}',
           CASE WHEN (a.n + b.n) % 10 = 0 THEN 1 ELSE 2 END,
           CASE WHEN b.n % 5 = 0 THEN '0190c0de-0000-7000-8000-0000000000a0'::uuid END, now(),
           CASE WHEN (a.n + b.n) % 10 <> 0 THEN now() END
    FROM numbered a JOIN numbered b ON b.n BETWEEN a.n + 1 AND a.n + 50
    RETURNING id)
  INSERT INTO aggregate (id, kind, version) SELECT id, 'duplicate_pair', 1 FROM made RETURNING 1)";

TEST_F(Duplicates, WaitInPagesThatAnIndexFinds) {
  Centres();
  world_.Ask(kPairs);
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
  const base::Scope everywhere = base::Scope::Everywhere(), one = base::Scope::Of({kCentreA});
  const auto plan = [&](const base::Scope& scope, const std::string& filter) {
    return ieum::testing::PlanOf(world_.database.database(),
                                 ieum::testing::FirstPage(DuplicatePairList(), scope, filter));
  };
  const std::string open = "state = DUPLICATE_PAIR_STATE_OPEN";
  EXPECT_THAT(plan(everywhere, open), HasSubstr("duplicate_pair_open"));
  EXPECT_THAT(plan(one, open), HasSubstr("duplicate_pair_centre_open"));
  EXPECT_THAT(plan(one, ""), HasSubstr("duplicate_pair_centre"));
  const std::string person = "person = \"persons/" + base::Uuid::NewV7().ToString() + "\"";
  EXPECT_THAT(plan(everywhere, person), HasSubstr("duplicate_pair_person_id_other_person_id_key"));
  EXPECT_THAT(plan(everywhere, "other_" + person), HasSubstr("duplicate_pair_other"));
  for (const base::Scope& scope : {everywhere, one}) {
    for (const std::string& filter : {open, std::string(), person}) {
      EXPECT_THAT(plan(scope, filter), Not(HasSubstr("Seq Scan on duplicate_pair"))) << filter;
    }
  }
}

}  // namespace
}  // namespace ieum::registry
