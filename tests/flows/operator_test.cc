// Goal: what an operator asks of a running suite is answered rightly, by words, JSON and exit code;
// what is asked wrongly is refused with what would be right. Method: the program itself, on four
// real services.
#include "tests/flows/operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/platform/v1/ops.pb.h"
#include "tests/flows/played_year.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kCutOff[] = "2023-03-12T00:00:00+09:00";
constexpr char kAggregate[] = "01912345-6789-7abc-8def-0123456789ab";

class Operator : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    year_ = new PlayedYear(BusanYearUntil(kCutOff));
    played_ = year_->Play() && year_->suite().WaitSettled();
  }
  static void TearDownTestSuite() { delete std::exchange(year_, nullptr); }
  void SetUp() override { ASSERT_TRUE(played_); }

  static Suite& suite() { return year_->suite(); }
  static Said Say(const std::vector<std::string>& words) { return Ieumctl(suite(), words); }

  // What doctor found of one check; null when it was not made.
  static nlohmann::json CheckOf(const Said& said, const std::string& check,
                                const std::string& subject) {
    for (const auto& one : said.Json().value("checks", nlohmann::json::array())) {
      if (one["check"] == check && one["subject"] == subject) return one;
    }
    return nullptr;
  }
  static std::string VerdictOf(const Said& said, const std::string& check,
                               const std::string& subject) {
    const auto one = CheckOf(said, check, subject);
    return one.is_null() ? "" : one["verdict"].get<std::string>();
  }
  static Said Doctor() { return Say({"doctor", "--output", "json"}); }

  // An event that nobody listens to, as one that could not be applied.
  static void PlantDeadLetter(const std::string& service) {
    platform::v1::LedgerEvent event;
    event.set_shard(3);
    event.set_position(1);
    event.set_type("ieum.registry.v1.NobodyListens");
    event.set_aggregate_id(kAggregate);
    event.set_event_id(kAggregate);
    std::string hex;
    for (const char byte : event.SerializeAsString()) {
      absl::StrAppend(&hex, absl::Hex(static_cast<unsigned char>(byte), absl::kZeroPad2));
    }
    suite().Ask(service,
                absl::StrCat("INSERT INTO parked (producer, aggregate_id, reason) VALUES "
                             "('registry', '",
                             kAggregate,
                             "', 'PLANTED');"
                             "INSERT INTO dead_letter (producer, epoch, shard, pos, aggregate_id, "
                             "attempts, error, event) VALUES ('registry', 1, 3, 1, '",
                             kAggregate, "', 3, 'PLANTED', '\\x", hex, "')"));
  }

  static PlayedYear* year_;
  static bool played_;
};

PlayedYear* Operator::year_ = nullptr;
bool Operator::played_ = false;

TEST_F(Operator, DoctorFindsAHealthySuiteWell) {
  const Said said = Doctor();
  for (const std::string& service : kServices) {
    for (const char* check : {"answers", "clocks", "relay", "stream", "dead letters", "epochs"}) {
      EXPECT_EQ(VerdictOf(said, check, service), "ok") << check << " " << service << said.out;
    }
    EXPECT_EQ(VerdictOf(said, "schema", service), "ok") << service;
  }
  EXPECT_EQ(VerdictOf(said, "lag", "notify of registry"), "ok") << said.out;
  EXPECT_EQ(VerdictOf(said, "messages in doubt", "notify"), "ok") << said.out;
  EXPECT_NE(VerdictOf(said, "disk", "postgresql"), "unknown") << said.out;
  EXPECT_EQ(VerdictOf(said, "disk", "broker"), "unknown") << said.out;
  const std::string worst = said.Json().value("verdict", "");
  EXPECT_EQ(said.code, worst == "fail" ? 2 : worst == "warn" ? 1 : 0);
  EXPECT_THAT(Say({"doctor"}).out, AllOf(HasSubstr("VERDICT"), HasSubstr("WHAT TO DO")));
}

// From the file to the figures of the report, without code. Stands before reporting is stopped,
// whose clock nobody sets then. row:X16
TEST_F(Operator, APlanIsEnteredOnceAndItsTargetsAreReported) {
  const std::string file = IEUM_SOURCE_DIR "/scenarios/bsn-2023/plan.yaml";
  const std::string faulty = suite().folder() + "/plan.yaml";
  std::ofstream(faulty) << "programme: {code: BSN, name: x}\nedition: {code: B, year: soon}\n";
  const Said refused = Say({"plan", "apply", faulty});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("plan.yaml:2: `year` must be a whole number"),
                                 HasSubstr("`lines` must hold at least one line")));
  const Said shown = Say({"plan", "apply", file, "--dry-run"});
  EXPECT_EQ(shown.code, 0) << shown.out;
  const Said entered = Say({"plan", "apply", file, "--approve"});
  ASSERT_EQ(entered.code, 0) << entered.out;
  EXPECT_THAT(entered.out, AllOf(HasSubstr("+ programme BSN"),
                                 HasSubstr("+ edition programmes/BSN/editions/2023 with 19 lines"),
                                 HasSubstr("+ approval of programmes/BSN/editions/2023"),
                                 ::testing::Not(HasSubstr("campaign"))))
      << "the campaigns of the played year are those of its plan";
  const Said again = Say({"plan", "apply", file, "--approve"});
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(again.out, "programmes/BSN/editions/2023 is as the file says: nothing was changed\n");
  ASSERT_TRUE(suite().WaitSettled());
  EXPECT_EQ(suite().Ask("reporting",
                        "SELECT count(*) || ' ' || max(value) FILTER (WHERE indicator = 'B16') "
                        "FROM target WHERE programme = 'BSN' AND edition = '2023' AND latest"),
            "25 96");
  // The 27 dates of the plan that are no calls wait in case management, with the plan's days.
  EXPECT_EQ(
      suite().Ask("casemgmt",
                  "SELECT count(*) || ' ' || count(*) FILTER (WHERE state = 1) FROM activity "
                  "WHERE programme = 'BSN' AND edition = '2023' AND plan_version IS NOT NULL"),
      "27 27");
  EXPECT_EQ(suite().Ask("casemgmt",
                        "SELECT string_agg(activity_key || ' ' || start_date || ' ' || end_date, "
                        "', ' ORDER BY start_date) FROM activity "
                        "WHERE line_code IN ('BSN-1', 'BSN-9')"),
            "COUNCIL-1 2023-05-24 2023-05-24, COUNCIL-2 2023-08-23 2023-08-23, "
            "FAIR 2023-11-06 2023-11-11, COUNCIL-3 2023-11-22 2023-11-22");
}

TEST_F(Operator, DoctorSaysWhichServiceIsDownAndWhatToDo) {
  suite().StopService("reporting");
  const Said said = Doctor();
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(VerdictOf(said, "answers", "reporting"), "fail");
  EXPECT_THAT(CheckOf(said, "answers", "reporting").dump(),
              AllOf(HasSubstr("does not answer at"), HasSubstr("#ieumservicedown")));
  EXPECT_EQ(VerdictOf(said, "answers", "registry"), "ok");
  suite().StartService("reporting");
}

TEST_F(Operator, DoctorSaysThatTheBrokerIsAway) {
  suite().nats().Stop();
  Said said;
  EXPECT_TRUE(WaitFor([&] {
    said = Doctor();
    return VerdictOf(said, "stream", "registry") == "fail";
  })) << said.out;
  EXPECT_EQ(said.code, 2);
  suite().nats().Start();
  EXPECT_TRUE(WaitFor([&] { return VerdictOf(Doctor(), "stream", "registry") == "ok"; },
                      std::chrono::seconds(30)));
}

TEST_F(Operator, DoctorSaysThatASchemaDoesNotFit) {
  suite().Ask("casemgmt",
              "INSERT INTO schema_migration (set_name, name, checksum, contracts) VALUES "
              "('casemgmt', '9999_of_tomorrow', '', true)");
  const Said said = Doctor();
  suite().Ask("casemgmt", "DELETE FROM schema_migration WHERE name = '9999_of_tomorrow'");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("9999_of_tomorrow"));
}

TEST_F(Operator, ProgressTellsEveryReaderOfEveryLedger) {
  ASSERT_TRUE(suite().WaitSettled());
  const Said said = Say({"progress", "--output", "json"});
  ASSERT_EQ(said.code, 0) << said.out;
  std::set<std::string> readers;
  for (const auto& line : said.Json()) {
    EXPECT_EQ(line["lag"], 0) << line;
    readers.insert(
        absl::StrCat(line["producer"].get<std::string>(), ">", line["reader"].get<std::string>()));
  }
  EXPECT_TRUE(readers.contains("registry>relay"));
  EXPECT_TRUE(readers.contains("registry>notify"));
  EXPECT_TRUE(readers.contains("notify>reporting"));
  const Said shards = Say({"progress", "--shards", "--output", "json"});
  EXPECT_EQ(shards.Json().size(), said.Json().size() * 16);
}

TEST_F(Operator, EventsAreTailedShownAndReplayed) {
  const Said tail =
      Say({"events", "tail", "--lines", "5", "--service", "registry", "--output", "json"});
  ASSERT_EQ(tail.code, 0) << tail.out;
  const std::vector<std::string> lines = absl::StrSplit(tail.out, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(5));
  const auto event = nlohmann::json::parse(lines.back(), nullptr, false);
  ASSERT_TRUE(event.is_object()) << lines.back();
  EXPECT_EQ(event["specversion"], "1.0");
  EXPECT_TRUE(event.contains("data")) << event;
  const std::string place = absl::StrCat("registry/", event["shard"].get<int>(), "/",
                                         event["sequence"].get<std::string>());
  const Said shown = Say({"events", "show", place});
  EXPECT_EQ(shown.code, 0) << shown.out;
  EXPECT_THAT(shown.out, AllOf(HasSubstr(event["type"]), HasSubstr(event["id"])));
  EXPECT_EQ(Say({"events", "show", event["id"]}).out, shown.out);
  const Said replay = Say({"events", "replay", "--service", "registry"});
  EXPECT_EQ(replay.code, 0);
  int64_t all = 0;
  const platform::v1::Progress progress = suite().Progress("registry");
  for (const int64_t last : progress.ledger_positions()) all += last;
  EXPECT_EQ(std::count(replay.out.begin(), replay.out.end(), '\n'), all);
}

TEST_F(Operator, DeadLettersAreListedReplayedAndDiscardedWithAReason) {
  EXPECT_EQ(Say({"deadletters", "list"}).code, 0);
  PlantDeadLetter("casemgmt");
  const Said list = Say({"deadletters", "list"});
  EXPECT_EQ(list.code, 1);
  EXPECT_THAT(list.out,
              AllOf(HasSubstr(kAggregate), HasSubstr("PLANTED"), HasSubstr("registry/3/1")));
  EXPECT_EQ(VerdictOf(Doctor(), "parked", "casemgmt of registry"), "warn");
  const std::vector<std::string> names = {"--service", "casemgmt",    "--producer",
                                          "registry",  "--aggregate", kAggregate};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), names.begin(), names.end());
    return Say(words);
  };
  EXPECT_EQ(with({"deadletters", "replay"}).code, 0);
  EXPECT_EQ(Say({"deadletters", "list"}).code, 0);
  PlantDeadLetter("casemgmt");
  const Said unreasoned = with({"deadletters", "discard"});
  EXPECT_EQ(unreasoned.code, 2);
  EXPECT_THAT(unreasoned.out, HasSubstr("--reason"));
  suite().Ask("casemgmt", "DELETE FROM dead_letter_decision");
  EXPECT_EQ(with({"deadletters", "discard", "--reason", "entered twice"}).code, 0);
  EXPECT_EQ(suite().Ask("casemgmt",
                        "SELECT decision || ' ' || reason || ' ' || actor "
                        "FROM dead_letter_decision"),
            "DISCARDED entered twice demo/driver");
  const Said again = with({"deadletters", "replay"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.out, HasSubstr("there is no dead letter for that aggregate"));
}

TEST_F(Operator, RefusalsSayWhatWouldBeRight) {
  Said said = Say({"deadletters", "list", "--service", "regstry"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, AllOf(HasSubstr("registry, casemgmt, reporting, notify"),
                              HasSubstr("did you mean registry?")));
  said = Say({"deadletters", "replay", "--service", "casemgmt", "--producer", "registry",
              "--aggregate", "17"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("'17' is no id of an aggregate"));
  said = Say({"events", "show", "registry/16/1"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("shards go from 0 to 15"));
  said = Say({"events", "show", "registry/1/999999999"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("no ledger that was asked has"));
  said = Say({"progress", "--at", "registry=127.0.0.1:1"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("registry does not answer at 127.0.0.1:1"));
  said = Ieumctl(suite(), {"progress"}, /*bare=*/true);
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("no suite is named"));
  EXPECT_EQ(Ieumctl(suite(), {"progres"}, /*bare=*/true).code, 2);
}

// As a shell asks: which words may follow?
TEST_F(Operator, ShellsCompleteItsWords) {
  const std::string script = absl::StrCat(
      "source <('", IEUM_BINARY_DIR, "/bin/ieumctl' completion bash)\n",
      "ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _ieumctl; "
      "echo \"${COMPREPLY[*]}\"; }\n",
      "ask ieumctl deadl\nask ieumctl deadletters dis\nask ieumctl deadletters discard --rea\n"
      "ask ieumctl deadletters list --service cas\nask ieumctl progress --output js\n");
  const auto said = RunToEnd({.argv = {"/bin/bash", "-c", script}});
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_EQ(*said, "deadletters\ndiscard\n--reason\ncasemgmt\njson\n");
  const Said zsh = Ieumctl(suite(), {"completion", "zsh"}, /*bare=*/true);
  EXPECT_EQ(zsh.code, 0);
  EXPECT_THAT(zsh.out, AllOf(HasSubstr("#compdef ieumctl"), HasSubstr("bashcompinit")));
  EXPECT_EQ(Ieumctl(suite(), {"completion", "fish"}, /*bare=*/true).code, 2);
}

}  // namespace
}  // namespace ieum::testing
