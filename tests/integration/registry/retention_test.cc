// Goal: data end when their rule says so, by themselves where no review is wanted, and nothing that
// is held or goes on is touched. Method: rules as they are loaded, people with dated ends, the
// daily round under a moved clock. row:R25
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "services/registry/erasures/retention_sweep.h"
#include "tests/integration/registry/erasure_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr auto kCollection = v1::CONSENT_PURPOSE_COLLECTION;

class Retention : public ::testing::Test {
 protected:
  // Who consents to collection and advertising, and takes it back at once.
  std::string Withdrawn(v1::LegalBasis basis = v1::LEGAL_BASIS_CONTRACT) {
    const std::string person = world_.Person(basis);
    for (const auto purpose : {kCollection, v1::CONSENT_PURPOSE_ADVERTISING}) {
      EXPECT_EQ(Why(world_.Say(person, purpose, world_.Text(purpose))), "OK");
    }
    EXPECT_EQ(Why(world_.Withdraw(person)), "OK");
    return person;
  }
  absl::StatusOr<v1::RetentionRun> Run(const std::vector<std::string>& rules, bool dry = false,
                                       int limit = 0) {
    v1::RunRetentionRequest request;
    request.mutable_rules()->Assign(rules.begin(), rules.end());
    request.set_validate_only(dry);
    request.set_limit(limit);
    return world_.Door<v1::RetentionRun>("RunRetention", request);
  }
  void Sweep() {
    const flow::DueWork sweep = RetentionSweep(world_.world.ledger, world_.world.vault());
    EXPECT_TRUE(sweep.irrevocable) << "a restored registry may have lost a hold";
    world_.world.DoDue(sweep);
  }
  std::string ErasedReasons() {
    return world_.world.Ask(
        "SELECT coalesce(string_agg(reason || ' ' || rule_code || ' ' || eraser, '; '), '') "
        "FROM erasure_record");
  }
  bool Erased(const std::string& person) {
    return world_.Get(person)->state() == v1::PERSON_STATE_ERASED;
  }

  ErasureWorld world_{"2024-08-12 11:00"};
};

// P0017 of the programme year: she withdraws on a Monday, the fifth day is a Saturday, and no
// business day is waited for. law:L12 law:L14
TEST_F(Retention, EndsFiveDaysAfterTheLastConsentAndDoesNotWaitForABusinessDay) {
  const std::string person = Withdrawn();
  for (const char* day : {"2024-08-13 00:00", "2024-08-16 23:59"}) {
    world_.world.SetClock(day);
    Sweep();
    EXPECT_FALSE(Erased(person)) << day;
  }
  world_.world.SetClock("2024-08-17 00:00");
  Sweep();
  EXPECT_TRUE(Erased(person));
  EXPECT_EQ(ErasedReasons(), "3 CONSENT_ENDED service/registry");
  Sweep();
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM erasure_record"), "1");
  EXPECT_EQ(world_.world.Ask("SELECT swept_through FROM retention_sweep"), "2024-08-17");
}

TEST_F(Retention, LeavesWhomSomethingElseKeeps) {
  const std::string duty = Withdrawn(v1::LEGAL_BASIS_DUTY), held = Withdrawn(),
                    affiliated = Withdrawn(), consenting = Withdrawn(), participant = Withdrawn();
  const auto hold = world_.Hold(held);
  ASSERT_TRUE(hold.ok());
  ASSERT_TRUE(world_.Affiliate(affiliated, world_.world.Firm(1)).ok());
  const auto sensitive = v1::CONSENT_PURPOSE_SENSITIVE;
  ASSERT_EQ(Why(world_.Say(consenting, sensitive, world_.Text(sensitive))), "OK");
  const std::string campaign = world_.Campaign();
  const v1::Enrolment enrolment = world_.Enrol(campaign, participant);
  world_.world.SetClock("2024-08-20 09:00");
  const auto dry = Run({"CONSENT_ENDED"}, true);
  ASSERT_TRUE(dry.ok()) << dry.status();
  ASSERT_EQ(dry->results_size(), 1);
  EXPECT_THAT(dry->results(0).persons(), IsEmpty());
  EXPECT_THAT(dry->results(0).held_persons(), ElementsAre(held));
  Sweep();
  EXPECT_EQ(ErasedReasons(), "");
  ASSERT_TRUE(world_.Release(hold->name()).ok());
  ASSERT_TRUE(world_.WithdrawEnrolment(enrolment.name()).ok());
  Sweep();
  EXPECT_EQ(ErasedReasons(), "") << "once a day";
  world_.world.SetClock("2024-08-21 00:00");
  Sweep();
  EXPECT_TRUE(Erased(held) && Erased(participant));
  EXPECT_FALSE(Erased(duty) || Erased(affiliated) || Erased(consenting));
}

TEST_F(Retention, LeavesWhoAnswersForAChildThatTakesPart) {
  const std::string guardian = Withdrawn(), child = world_.Person();
  world_.Ask(absl::StrCat(
      "INSERT INTO guardianship (id, person_id, guardian_id, verification, verified_at, verifier) "
      "VALUES (gen_random_uuid(), '",
      IdOf(child), "', '", IdOf(guardian), "', 1, now(), 'staff/manager') RETURNING 1"));
  const v1::Enrolment enrolment = world_.Enrol(world_.Campaign(), child);
  world_.world.SetClock("2024-08-17 00:00");
  Sweep();
  EXPECT_FALSE(Erased(guardian));
  ASSERT_TRUE(world_.WithdrawEnrolment(enrolment.name()).ok());
  world_.world.SetClock("2024-08-18 00:00");
  Sweep();
  EXPECT_TRUE(Erased(guardian));
  EXPECT_FALSE(Erased(child));
}

// What one cannot be erased for does not keep the others.
TEST_F(Retention, GoesOnBehindOneThatCannotBeErased) {
  const std::string broken = Withdrawn(), other = Withdrawn();
  world_.world.Ask(
      "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
      "NEW.person_id = '" +
      IdOf(broken) +
      "' THEN RAISE EXCEPTION 'no'; END IF; "
      "RETURN NEW; END $$; CREATE TRIGGER a_fail BEFORE INSERT ON erasure_record FOR "
      "EACH ROW EXECUTE FUNCTION fail(); SELECT 1");
  world_.world.SetClock("2024-08-17 00:00");
  Sweep();
  EXPECT_FALSE(Erased(broken));
  EXPECT_TRUE(Erased(other));
  world_.world.Ask("DROP TRIGGER a_fail ON erasure_record; SELECT 1");
  Sweep();
  EXPECT_FALSE(Erased(broken)) << "once a day";
  world_.world.SetClock("2024-08-18 00:00");
  Sweep();
  EXPECT_TRUE(Erased(broken));
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM erasure_faults()"), "0");
}

TEST_F(Retention, AsksForAReviewBeforeContactsGo) {
  const std::string gone = world_.Person(), back = world_.Person();
  const std::string firm = world_.world.Firm(1), next = world_.world.Firm(2);
  for (const std::string& person : {gone, back}) {
    const auto there = world_.Affiliate(person, firm);
    ASSERT_TRUE(there.ok());
    ASSERT_TRUE(world_.EndAffiliation(there->name(), "2024-08-12").ok());
  }
  ASSERT_TRUE(world_.Affiliate(back, next).ok());
  world_.world.SetClock("2025-08-11 23:59");
  EXPECT_THAT(Run({"CONTACT_LEFT"}, true)->results(0).persons(), IsEmpty());
  world_.world.SetClock("2025-08-12 00:00");
  Sweep();
  EXPECT_EQ(ErasedReasons(), "") << "a rule that wants a review is nobody's but a person's";
  const std::string before = world_.world.Ask("SELECT count(*) FROM event_log");
  const auto dry = Run({"CONTACT_LEFT"}, true);
  EXPECT_THAT(dry->results(0).persons(), ElementsAre(gone));
  EXPECT_EQ(dry->name(), "");
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM event_log"), before);
  const auto run = Run({"CONTACT_LEFT"});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_THAT(run->results(0).persons(), ElementsAre(gone));
  EXPECT_EQ(run->runner(), "staff/manager");
  EXPECT_EQ(ErasedReasons(), "3 CONTACT_LEFT staff/manager");
  EXPECT_FALSE(Erased(back));
  v1::GetRetentionRunRequest get;
  get.set_name(run->name());
  EXPECT_EQ(world_.Door<v1::RetentionRun>("GetRetentionRun", get)->SerializeAsString(),
            run->SerializeAsString());
  EXPECT_THAT(world_.world.EventTypes(run->name()), ElementsAre("RetentionRunCompleted"));
}

// Completed in 2024, five years from 1 January 2025. law:L38
TEST_F(Retention, CountsPublicRecordsFromTheNextYear) {
  const std::string person = world_.Person();
  const std::string campaign = world_.Campaign();
  const v1::Enrolment enrolment = world_.Enrol(campaign, person);
  world_.world.SetClock("2024-10-14 09:00");
  ASSERT_TRUE(world_.WithdrawEnrolment(enrolment.name()).ok());
  world_.world.SetClock("2029-12-31 23:59");
  EXPECT_THAT(Run({"PARTICIPATION_ENDED"}, true)->results(0).persons(), IsEmpty());
  world_.world.SetClock("2030-01-01 00:00");
  EXPECT_THAT(Run({"PARTICIPATION_ENDED"})->results(0).persons(), ElementsAre(person));
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM enrolment"), "1");
}

TEST_F(Retention, TakesPagesOfARun) {
  std::vector<std::string> people;
  for (int n = 0; n < 3; ++n) people.push_back(Withdrawn());
  world_.world.SetClock("2024-08-17 09:00");
  const auto dry = Run({"CONSENT_ENDED"}, true, 2);
  EXPECT_EQ(dry->results(0).persons_size(), 2);
  EXPECT_TRUE(dry->results(0).more());
  EXPECT_EQ(Run({"CONSENT_ENDED"}, false, 2)->results(0).persons_size(), 2);
  EXPECT_EQ(Run({"CONSENT_ENDED"}, false, 2)->results(0).persons_size(), 1);
  EXPECT_EQ(Why(Run({"NO_SUCH_RULE"})), "RETENTION_RULE_UNKNOWN");
  EXPECT_EQ(Why(Run({"NO_SUCH_RULE"}, true)), "RETENTION_RULE_UNKNOWN");
  EXPECT_EQ(Run({})->results_size(), 3);
}

TEST_F(Retention, HasTheRulesOfItsFile) {
  v1::ListRetentionRulesRequest list;
  const auto rules = world_.Door<v1::ListRetentionRulesResponse>("ListRetentionRules", list);
  ASSERT_TRUE(rules.ok()) << rules.status();
  std::ifstream file(std::string(IEUM_SOURCE_DIR) +
                     "/services/registry/reference/data/retention_rules.csv");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  ASSERT_EQ(static_cast<int>(lines.size()), rules->retention_rules_size() + 1);
  for (int at = 0; at < rules->retention_rules_size(); ++at) {
    const v1::RetentionRule& rule = rules->retention_rules(at);
    EXPECT_EQ(lines[at + 1],
              absl::StrCat(IdOf(rule.name()), ",", rule.trigger(), ",", rule.period(), ",",
                           rule.counting(), ",", rule.review_required() ? "true" : "false", ",\"",
                           rule.source(), "\""));
  }
}

// Reading who was let in is not ended by any rule: the log of accesses has a life of its own, never
// under two years. law:L18
TEST_F(Retention, DoesNotTouchTheAccessLog) {
  const std::string person = Withdrawn();
  ASSERT_TRUE(world_.Get(person).ok());
  const std::string query = "SELECT count(*) FROM access_log";
  const std::string before = world_.world.Ask(query);
  world_.world.SetClock("2024-08-17 00:00");
  Sweep();
  ASSERT_EQ(ErasedReasons(), "3 CONSENT_ENDED service/registry");
  EXPECT_GE(std::stoi(world_.world.Ask(query)), std::stoi(before));
}

}  // namespace
}  // namespace ieum::registry
