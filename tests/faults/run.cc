#include "tests/faults/run.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/status.h"
#include "tests/faults/failpoints.h"
#include "tests/faults/footprints.h"
#include "tests/faults/log_check.h"
#include "tests/faults/patience.h"
#include "tests/faults/verdict.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kCatchUp = absl::Seconds(60);
constexpr absl::Duration kCatchUpLaw = absl::Seconds(10);
constexpr absl::Duration kOutcomes = absl::Seconds(60);
constexpr absl::Duration kRest = absl::Seconds(90);

void Say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

void StrikeOne(Scene& scene, const Entry& entry, absl::Time began, Result& result) {
  (void)scene.world.Pass(began + entry.at - absl::Now());
  Say(absl::StrCat(WordsOf(entry)));
  FaultTally& tally = result.faults[entry.fault->id];
  const absl::Status status = entry.strike.run(scene);
  if (absl::IsUnimplemented(status)) {
    tally.skipped.emplace_back(status.message());
    Say(absl::StrCat("            left out: ", std::string(status.message())));
    return;
  }
  ++tally.struck;
  if (!status.ok()) {
    scene.world.Breach(
        absl::StrCat(entry.fault->id, " (", entry.strike.words, "): ", status.ToString()));
  }
  const auto ledgers = scene.world.LedgerPositions();
  const auto took = ledgers.ok() ? scene.world.WaitCaughtUp(*ledgers, kCatchUp)
                                 : absl::StatusOr<absl::Duration>(ledgers.status());
  if (took.ok()) {
    tally.recovered.push_back(*took);
    Say(absl::StrCat("            caught up after ", absl::FormatDuration(*took)));
    if (*took > Patient(kCatchUpLaw)) {
      scene.world.Breach(absl::StrCat("after ", entry.fault->id, " (", entry.strike.words,
                                      ") it took ", absl::FormatDuration(*took),
                                      " until everybody had caught up"));
    }
  } else {
    scene.world.Breach(absl::StrCat("after ", entry.fault->id, " (", entry.strike.words,
                                    "): ", took.status().ToString()));
  }
}

int64_t Count(testing::Suite& suite, const std::string& service, const std::string& sql) {
  return std::atoll(suite.Ask(service, sql).c_str());
}

void Gather(World& world, Result& result) {
  testing::Suite& suite = world.suite();
  for (const std::string& service : testing::kServices) {
    result.events += Count(suite, service, "SELECT sum(last_pos) FROM outbox_shard");
    result.republished +=
        Count(suite, service, "SELECT greatest(max(incarnation) - 1, 0) FROM relay_belief");
  }
  const std::string states =
      suite.Ask("notify",
                "SELECT string_agg(state || ' ' || n, ',') FROM (SELECT state::text, count(*) AS n "
                "FROM message GROUP BY 1 ORDER BY 1) counted");
  for (const auto& word : absl::StrSplit(states, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> state_and_count = absl::StrSplit(word, ' ');
    const auto state =
        static_cast<notify::v1::MessageState>(std::atoi(state_and_count.first.c_str()));
    result.messages[notify::v1::MessageState_Name(state)] =
        std::atoll(state_and_count.second.c_str());
  }
  for (const auto& mail : std::filesystem::directory_iterator(suite.mail_dir())) {
    result.mails += mail.path().extension() == ".eml" ? 1 : 0;
  }
  result.restarts = world.restarts();
  const std::set<std::string> struck = world.struck();
  result.killed_at.assign(struck.begin(), struck.end());
}

void CheckAnswers(World& world, const Tallies& tallies) {
  for (const std::string code : {"INTERNAL", "UNKNOWN", "DATA_LOSS", "UNIMPLEMENTED"}) {
    const auto found = tallies.codes.find(code);
    if (found != tallies.codes.end()) {
      world.Breach(absl::StrCat("callers heard ", code, " ", found->second, " times"));
    }
  }
}

// Everything is healed: outcomes become known, the suite comes to rest, and the laws are looked at.
void Conclude(World& world, Load& load, const std::string& journal, Result& result) {
  if (const absl::Status status = load.Finish(kOutcomes); !status.ok()) {
    world.Breach(status.ToString());
  }
  world.StopClock();
  if (!world.suite().WaitSettled(kRest)) world.Breach("the suite does not come to rest");
  result.tallies = load.tallies();
  CheckAnswers(world, result.tallies);
  Gather(world, result);
  result.after = HeldAfter(world, result.before);
  if (const absl::Status logs = CheckLogs(world.suite().folder()); !logs.ok()) {
    world.Breach(logs.ToString());
  }
  Say("all at rest; the laws are looked at");
  const Judgement judgement = Judge(world.suite(), journal, world.process_log().path());
  result.laws = judgement.lines;
  for (const std::string& line : judgement.lines) Say(line);
  for (const std::string& breach : judgement.breaches) world.Breach(breach);
}

// Whoever asked for every failpoint wants to be told when one was left out.
void CheckCoverage(World& world, const Result& result) {
  if (result.killed_at.size() == Failpoints().size()) return;
  world.Breach(absl::StrCat("processes were killed at ", result.killed_at.size(), " of ",
                            Failpoints().size(), " failpoints"));
}

void Keep(World& world, const std::string& journal, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  for (const std::string& witness : {journal, world.process_log().path()}) {
    fs::copy_file(witness, fs::path(folder) / fs::path(witness).filename(),
                  fs::copy_options::overwrite_existing, ignored);
  }
  for (const auto& file : fs::directory_iterator(world.suite().folder(), ignored)) {
    if (file.path().extension() != ".log") continue;
    fs::copy_file(file.path(), fs::path(folder) / file.path().filename(),
                  fs::copy_options::overwrite_existing, ignored);
  }
  Say("journal and logs are kept in " + folder);
}

}  // namespace

absl::StatusOr<Result> Run(const RunOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<Entry> schedule,
                   MakeSchedule(options.seed, options.length, options.wishes));
  World world;
  RETURN_IF_ERROR(world.SetUp());
  const std::string journal = world.suite().folder() + "/journal.jsonl";
  ASSIGN_OR_RETURN(const std::unique_ptr<journal::Writer> writer, journal::Writer::Open(journal));
  Result result{.options = options, .began = absl::Now()};
  Load load(world, *writer, {.seed = options.seed, .clients = options.clients});
  Scene scene{world, load, *writer};
  HeldBefore before(scene);
  for (size_t i = 0; i < schedule.size(); ++i) {
    StrikeOne(scene, schedule[i], result.began, result);
    if (i <= schedule.size() / 2) before.Look();
  }
  result.before = before.Finish();
  (void)world.Pass(result.began + options.length - absl::Now());
  Conclude(world, load, journal, result);
  if (options.wishes.every_failpoint) CheckCoverage(world, result);
  if (!writer->status().ok()) world.Breach(writer->status().ToString());
  if (::testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed()) {
    world.Breach("a server of the suite did not do what it was told; see above");
  }
  result.took = absl::Now() - result.began;
  result.breaches = world.breaches();
  if (!result.breaches.empty() && !options.keep.empty()) Keep(world, journal, options.keep);
  return result;
}

}  // namespace ieum::faults
