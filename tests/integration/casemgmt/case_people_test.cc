// Goal: figures count a person once and nobody learns from them who she is; when she is erased her
// cases count on and are nobody's. Method: merges and their undoing, an erasure, what is left of
// her. row:C17
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_template_commands.h"
#include "services/casemgmt/cases/case_template_store.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/cases/same_person_commands.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CasePeople : public ::testing::Test {
 protected:
  void Merge(const base::Uuid& merge, const base::Uuid& survivor, const base::Uuid& duplicate) {
    registry::v1::PersonsMerged event;
    event.set_merge_id(merge.ToString());
    event.set_survivor_person_id(survivor.ToString());
    event.set_duplicate_person_id(duplicate.ToString());
    EXPECT_TRUE(world_.Hear(event, survivor).ok());
  }
  void Undo(const base::Uuid& merge, const base::Uuid& survivor, const base::Uuid& duplicate) {
    registry::v1::PersonsUnmerged event;
    event.set_merge_id(merge.ToString());
    event.set_survivor_person_id(survivor.ToString());
    event.set_duplicate_person_id(duplicate.ToString());
    EXPECT_TRUE(world_.Hear(event, survivor, 2).ok());
  }
  // "2 open"; "" = none.
  std::string SamePersonTasks() {
    return world_.Ask(
        "SELECT CASE WHEN count(*) > 0 THEN count(*) || ' open' END FROM case_task WHERE kind = 16 "
        "AND state = 1");
  }
  std::optional<Task> TaskOf(const base::Uuid& id) {
    for (const Task& task : cases_.Tasks(id)) {
      if (task.kind == v1::CASE_TASK_KIND_SAME_PERSON) return task;
    }
    return std::nullopt;
  }
  // Events of that type about such a task of the case.
  int TaskEvents(const base::Uuid& id, const std::string& type) {
    int count = 0;
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type != type) continue;
      // The facts of the task are field 1 of all of them.
      if (told.As<v1::CaseTaskSet>().task().kind() == v1::CASE_TASK_KIND_SAME_PERSON) ++count;
    }
    return count;
  }
  std::vector<std::string> OthersOf(const base::Uuid& id, const Reach& reach) {
    std::vector<std::string> names;
    EXPECT_TRUE(world_.database()
                    .Read("test_others",
                          [&](db::Tx& tx) {
                            names = SamePersonCases(tx, reach, id);
                            return absl::OkStatus();
                          })
                    .ok());
    return names;
  }
  void RunDue() {
    const flow::DueWork work = SamePersonDues(world_.ledger());
    for (bool more = true; more;) {
      const auto step = work.step(*world_.clock().Now());
      ASSERT_TRUE(step.ok()) << step.status();
      more = *step;
    }
    EXPECT_EQ(*work.count_due(*world_.clock().Now()), 0);
  }
  std::vector<CaseWords> Words(const base::Uuid& id) {
    std::vector<CaseWords> words;
    EXPECT_TRUE(world_.database()
                    .Read("test_words",
                          [&](db::Tx& tx) -> absl::Status {
                            const auto c = FindCase(tx, Reach::Everything(), id);
                            auto read = ReadWords(tx, cases_.keys(), *c, 100);
                            if (!read.ok()) return read.status();
                            words = *read;
                            return absl::OkStatus();
                          })
                    .ok());
    return words;
  }

  World world_{"2024-03-04 10:00"};
  Cases cases_{world_};
};

TEST_F(CasePeople, HaveOneTokenForAllTheirCases) {
  const base::Uuid person = cases_.Person();
  const base::Uuid one = cases_.Opened({.person = person});
  const base::Uuid other = cases_.Opened({.edition = "2025", .person = person});
  EXPECT_EQ(cases_.Read(one).participant, cases_.Read(other).participant);
  EXPECT_NE(cases_.Read(one).participant, person);
  EXPECT_NE(cases_.Read(cases_.Opened()).participant, cases_.Read(one).participant);
}

TEST_F(CasePeople, AreJoinedAndPartedWithTheirRecords) {
  const base::Uuid first = cases_.Person(), second = cases_.Person();
  const base::Uuid stays = cases_.Read(cases_.Opened({.person = first})).participant;
  const base::Uuid joins = cases_.Read(cases_.Opened({.person = second})).participant;
  const base::Uuid merge = base::Uuid::NewV7();
  Merge(merge, first, second);
  Merge(merge, first, second);  // heard again: nothing more
  ASSERT_EQ(world_.EventsOf(joins).size(), 1u);
  const auto joined = world_.LastOf(joins).As<v1::ParticipantsJoined>();
  EXPECT_EQ(joined.participant_id(), stays.ToString());
  EXPECT_EQ(joined.joined_participant_id(), joins.ToString());
  // A new case of either record counts with the token that stands for both.
  EXPECT_EQ(cases_.Read(cases_.Opened({.edition = "2025", .person = second})).participant, stays);
  Undo(merge, first, second);
  ASSERT_EQ(world_.EventsOf(joins).size(), 2u);
  const auto parted = world_.LastOf(joins).As<v1::ParticipantsParted>();
  EXPECT_EQ(parted.joining_id(), joined.joining_id());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM participant WHERE joined_into IS NOT NULL"), "0");
}

TEST_F(CasePeople, HaveOneOpenCaseUnderAllTheirRecords) {
  const base::Uuid first = cases_.Person(), second = cases_.Person();
  cases_.Opened({.person = first});
  Merge(base::Uuid::NewV7(), first, second);
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return OpenCase(work, cases_.keys(),
                              {.person = second,
                               .programme = "INC",
                               .edition = "2024",
                               .source = v1::CASE_SOURCE_SELF},
                              Holidays());
            })),
            "CASE_OPEN_ALREADY");
}

// Two cases were open before anybody knew that both records are hers. A merge takes nobody's help
// away: both go on and count as one person, and no third one begins until both have ended.
TEST_F(CasePeople, KeepBothCasesThatWereOpenBeforeTheirRecordsWereMerged) {
  const base::Uuid first = cases_.Person(), second = cases_.Person();
  const auto open = [&](const base::Uuid& person, const std::string& edition) {
    return Reason(world_.Do([&](auto& work) {
      return OpenCase(work, cases_.keys(),
                      {.person = person,
                       .programme = "INC",
                       .edition = edition,
                       .source = v1::CASE_SOURCE_SELF},
                      Holidays());
    }));
  };
  const base::Uuid one = cases_.CaseIn(v1::CASE_STATE_DELIVERY, {.person = first});
  const base::Uuid other = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = second});
  const base::Uuid merge = base::Uuid::NewV7();
  Merge(merge, first, second);
  cases_.Step(one, CaseStep::kFirstService);
  EXPECT_EQ(cases_.Read(one).state, v1::CASE_STATE_MONITORING);
  EXPECT_EQ(open(first, "2024"), "CASE_OPEN_ALREADY");
  cases_.Close(one);
  EXPECT_EQ(open(first, "2024"), "CASE_OPEN_ALREADY") << "her other one is open";
  cases_.Close(other);
  EXPECT_EQ(open(second, "2024"), "");
  // Under one token now; apart again, each record has cases of its own.
  EXPECT_EQ(open(second, "2025"), "");
  Undo(merge, first, second);
  EXPECT_EQ(open(first, "2025"), "");
  EXPECT_EQ(open(second, "2025"), "CASE_OPEN_ALREADY");
}

// Whoever helps her hears it once, in both cases, and until one of them is left. Nothing that is
// told of it names her.
TEST_F(CasePeople, TellBothCasesThatTheyAreOnePersonsUntilOneIsLeft) {
  const base::Uuid first = cases_.Person(), second = cases_.Person(), third = cases_.Person();
  const base::Uuid one = cases_.CaseIn(v1::CASE_STATE_DELIVERY, {.person = first});
  const base::Uuid other = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = second});
  const base::Uuid elsewhere = cases_.Opened({.edition = "2025", .person = second});
  const base::Uuid merge = base::Uuid::NewV7();
  EXPECT_EQ(SamePersonTasks(), "");
  Merge(merge, first, second);
  Merge(merge, first, second);  // heard again: nothing more
  EXPECT_EQ(SamePersonTasks(), "2 open");
  EXPECT_TRUE(TaskOf(elsewhere) == std::nullopt) << "of another edition";
  const auto task = TaskOf(one);
  ASSERT_TRUE(task.has_value());
  EXPECT_EQ(task->owner, cases_.manager.person);
  EXPECT_EQ(task->supervisor, cases_.supervisor.person);
  EXPECT_EQ(task->due, CivilDayOf("2024-03-11"));
  EXPECT_EQ(TaskEvents(one, "CaseTaskSet"), 1);
  EXPECT_EQ(TaskEvents(other, "CaseTaskSet"), 1);
  for (const Told& told : world_.EventsOf(one)) {
    EXPECT_EQ(told.payload.find(first.ToString()), std::string::npos) << told.type;
  }
  // The other case is named to who sees it alone.
  const Reach his = {.own_in = base::Scope::Everywhere(), .subject = cases_.manager.subject};
  const Reach nobodys = {.own_in = base::Scope::Everywhere(), .subject = base::Uuid::NewV7()};
  EXPECT_THAT(OthersOf(one, Reach::Everything()), ElementsAre(CaseName(other)));
  EXPECT_THAT(OthersOf(other, his), ElementsAre(CaseName(one)));
  EXPECT_THAT(OthersOf(one, nobodys), IsEmpty());
  EXPECT_THAT(OthersOf(elsewhere, his), IsEmpty());
  // Its clock does not stand, whoever is asked to wait.
  cases_.Hold(one, "2024-03-20");
  EXPECT_FALSE(TaskOf(one)->paused);
  // A third record of hers, and its case.
  const base::Uuid third_case = cases_.Opened({.person = third});
  const base::Uuid second_merge = base::Uuid::NewV7();
  Merge(second_merge, first, third);
  EXPECT_EQ(SamePersonTasks(), "3 open");
  EXPECT_EQ(TaskEvents(one, "CaseTaskSet"), 1);
  RunDue();
  // Found when it was alone, and told of another one before its end: an answer would be its last.
  EXPECT_FALSE(world_.Do([&](auto& work) { return EndSamePerson(work, one); }).ok());
  cases_.Close(third_case);
  RunDue();
  EXPECT_EQ(SamePersonTasks(), "2 open");
  cases_.Close(other);
  RunDue();
  EXPECT_EQ(SamePersonTasks(), "");
  EXPECT_EQ(TaskEvents(one, "CaseTaskEnded"), 1);
  RunDue();
  EXPECT_EQ(TaskEvents(one, "CaseTaskEnded"), 1) << "told once";
}

TEST_F(CasePeople, TellNothingOfTwoCasesOnceTheirRecordsAreTwoAgain) {
  const base::Uuid first = cases_.Person(), second = cases_.Person();
  const base::Uuid one = cases_.Opened({.person = first});
  cases_.Opened({.person = second});
  const base::Uuid merge = base::Uuid::NewV7();
  Merge(merge, first, second);
  EXPECT_EQ(SamePersonTasks(), "2 open");
  Undo(merge, first, second);
  EXPECT_EQ(SamePersonTasks(), "");
  EXPECT_EQ(TaskEvents(one, "CaseTaskEnded"), 1);
  // Merged anew it is another run of the same task; nobody knows an erased person's cases as hers.
  Merge(base::Uuid::NewV7(), first, second);
  EXPECT_EQ(SamePersonTasks(), "2 open");
  EXPECT_EQ(TaskEvents(one, "CaseTaskSet"), 2);
  cases_.Erase(second);
  RunDue();
  EXPECT_EQ(SamePersonTasks(), "");
}

// A case that somebody opens while the merge is heard is one of the two, or is refused.
TEST_F(CasePeople, TellOfACaseThatIsOpenedWhileTheirRecordsAreMerged) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid first = cases_.Person(), second = cases_.Person();
    cases_.Opened({.person = first});
    std::string opened;
    std::thread opener([&] {
      opened = Reason(world_.Do([&](auto& work) {
        return OpenCase(work, cases_.keys(),
                        {.person = second,
                         .programme = "INC",
                         .edition = "2024",
                         .source = v1::CASE_SOURCE_SELF},
                        Holidays());
      }));
    });
    Merge(base::Uuid::NewV7(), first, second);
    opener.join();
    EXPECT_THAT(opened, ::testing::AnyOf("", "CASE_OPEN_ALREADY"));
    EXPECT_EQ(world_.Ask(absl::StrCat(
                  "SELECT count(*) FROM case_task t JOIN casefile c ON c.id = t.case_id WHERE "
                  "t.kind = 16 AND t.state = 1 AND c.person_id IN ('",
                  first.ToString(), "', '", second.ToString(), "')")),
              opened.empty() ? "2" : "0");
  }
}

// law:L14 law:L15
TEST_F(CasePeople, AreLetGoWithTheirWordsAndStillCount) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = person});
  const base::Uuid token = cases_.Read(id).participant;
  ASSERT_EQ(Words(id).size(), 1u);
  EXPECT_EQ(Words(id)[0].text, "first talk");
  cases_.Erase(person);
  const Case c = cases_.Read(id);
  EXPECT_FALSE(c.person.has_value());
  EXPECT_EQ(c.participant, token);
  EXPECT_EQ(c.case_number, "2024-0001");
  ASSERT_EQ(Words(id).size(), 1u);
  EXPECT_TRUE(Words(id)[0].erased);
  EXPECT_EQ(Words(id)[0].text, "");
  EXPECT_EQ(world_.LastOf(id).type, "CaseAnonymised");
  for (const char* place : {"casefile", "participant", "consent_heard"}) {
    EXPECT_EQ(world_.Ask(absl::StrCat("SELECT count(*) FROM ", place, " WHERE person_id = '",
                                      person.ToString(), "'")),
              "0")
        << place;
  }
  // Nothing new is kept of her: neither words nor a case.
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return HoldCase(work, cases_.keys(), cases_.Of(id),
                              {.reason = v1::CASE_HOLD_REASON_OTHER,
                               .until = CivilDayOf("2024-03-10"),
                               .words = "x"});
            })),
            "PERSON_ERASED");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return OpenCase(work, cases_.keys(),
                              {.person = person,
                               .programme = "INC",
                               .edition = "2025",
                               .source = v1::CASE_SOURCE_SELF},
                              Holidays());
            })),
            "PERSON_ERASED");
  // The case itself can still be ended.
  cases_.Close(id);
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CLOSED);
}

// row:C18
TEST_F(CasePeople, KeepThePaceWithWhichTheirCaseBegan) {
  const base::Uuid before = cases_.Opened();
  CasePace pace;
  pace.consult_days = 14;
  const base::Uuid id = IdOf(world_.Do(
      [&](auto& work) { return CreateTemplate(work, {.programme = "INC", .pace = pace}); }));
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return CreateTemplate(work, {.programme = "INC", .pace = pace});
            })),
            "TEMPLATE_EXISTS");
  const base::Uuid first = cases_.CaseIn(v1::CASE_STATE_REFERRED);
  pace.consult_days = 21;
  IdOf(world_.Do([&](auto& work) { return PublishTemplate(work, id, "\"1\"", pace); }));
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return PublishTemplate(work, id, "\"1\"", pace); })),
            "STALE_ETAG");
  const base::Uuid second = cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT);
  for (const base::Uuid& each : {before, first}) {
    IdOf(world_.Do(
        [&](auto& work) { return ContactCase(work, cases_.keys(), cases_.Of(each), ""); }));
  }
  EXPECT_EQ(cases_.Read(before).due_day, CivilDayOf("2024-03-11"));
  EXPECT_EQ(cases_.Read(first).due_day, CivilDayOf("2024-03-18"));
  EXPECT_EQ(cases_.Read(second).due_day, CivilDayOf("2024-03-25"));
  EXPECT_EQ(cases_.Read(first).template_version, 1);
  EXPECT_EQ(cases_.Read(second).template_version, 2);
  // Another programme goes by the standard.
  const base::Uuid other = cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT, {.programme = "BSN"});
  EXPECT_EQ(cases_.Read(other).due_day, CivilDayOf("2024-03-11"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
