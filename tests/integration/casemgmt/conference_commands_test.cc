// Goal: a conference decides about what is on its agenda and about nothing else, and who sits there
// sees the agenda and nothing else. Method: the use cases over a real database. row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "platform/base/status.h"
#include "tests/integration/casemgmt/plan_world.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConferenceCommands : public ::testing::Test {
 protected:
  base::Uuid Waiting(const CaseWish& wish = {}) {
    const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE, wish);
    plans_.Assessed(id, "RF02 4, RF07 3");
    return id;
  }
  absl::StatusOr<ledger::Answer> Withdraw(const base::Uuid& conference, const base::Uuid& item) {
    return world_.Do([&](auto& work) {
      return WithdrawAgendaItem(
          work, cases_.keys(),
          {.of = {.reach = Reach::Everything()}, .conference_id = conference, .item_id = item});
    });
  }
  absl::StatusOr<ledger::Answer> Cancel(const base::Uuid& conference) {
    return world_.Do(
        [&](auto& work) { return CancelConference(work, {.conference_id = conference}); });
  }
  // Of an account that acts everywhere and manages nothing.
  Reach Seated(const base::Uuid& subject) {
    return {.own_in = base::Scope::Everywhere(), .subject = subject};
  }

  World world_{"2024-03-05 10:00"};
  Cases cases_{world_};
  Plans plans_{cases_};
};

TEST_F(ConferenceCommands, ClassifyACaseAndBeginItsPlan) {
  const base::Uuid id = Waiting();
  const base::Uuid conference = plans_.Conference();
  const base::Uuid item = plans_.OnAgenda(conference, id);
  EXPECT_EQ(Reason(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT)),
            "CONFERENCE_STATE")
      << "nobody met yet";
  plans_.Held(conference);
  IdOf(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT));
  const Case c = cases_.Read(id);
  EXPECT_EQ(c.state, v1::CASE_STATE_PLAN);
  EXPECT_EQ(c.classification, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  EXPECT_EQ(c.due_day, CivilDayOf("2024-03-20")) << "15 days after the conference";
  const auto told = world_.LastOf(id).As<v1::CaseClassified>();
  EXPECT_EQ(told.classification(), v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  EXPECT_EQ(told.classified_date(), "2024-03-05");
  EXPECT_EQ(told.plan_due_date(), "2024-04-04") << "30 days after the intake";
  EXPECT_EQ(world_.Ask("SELECT string_agg(state::text, ' ' ORDER BY step) FROM case_transition "
                       "WHERE case_id = '" +
                       id.ToString() + "'"),
            "1 2 3 4 5 6 7")
      << "CLASSIFIED is a step of its own";
  EXPECT_EQ(Reason(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_SERVICE_LINK)),
            "AGENDA_ITEM_STATE");
  const auto view = plans_.Item(conference, item);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->item.minutes, "all agreed");
  EXPECT_EQ(view->item.question, "what next?");
}

// Who sat there sees what is to be decided, and nothing of what becomes of the case. row:C36
TEST_F(ConferenceCommands, ShowTheirMembersNoCodeOnceItIsDecided) {
  const base::Uuid id = Waiting();
  const base::Uuid member = base::Uuid::NewV7();
  const base::Uuid conference = plans_.Conference({member});
  const base::Uuid item = plans_.OnAgenda(conference, id);
  const auto seen = [&] { return plans_.Item(conference, item, Seated(member)); };
  ASSERT_TRUE(seen().has_value());
  EXPECT_EQ(seen()->primary_factor, "RF02");
  EXPECT_FALSE(seen()->severities.empty());
  plans_.Held(conference);
  IdOf(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT));
  ASSERT_TRUE(seen().has_value());
  EXPECT_EQ(seen()->item.classification, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  EXPECT_EQ(seen()->case_number, cases_.Read(id).case_number);
  EXPECT_EQ(seen()->primary_factor, "");
  EXPECT_EQ(seen()->risk_level, v1::RISK_LEVEL_UNSPECIFIED);
  EXPECT_EQ(seen()->case_state, v1::CASE_STATE_UNSPECIFIED);
  EXPECT_EQ(seen()->intake_day, std::nullopt);
  EXPECT_TRUE(seen()->severities.empty());
  EXPECT_FALSE(plans_.Item(conference, item)->severities.empty()) << "who sees the case sees all";
}

TEST_F(ConferenceCommands, WaitForNoCaseThatHasEnded) {
  const base::Uuid id = Waiting();
  const base::Uuid conference = plans_.Conference();
  const base::Uuid item = plans_.OnAgenda(conference, id);
  IdOf(world_.Do([&](auto& work) {
    return AskClosure(work, cases_.keys(), cases_.Of(id), cases_.manager,
                      {.reason = v1::CASE_CLOSE_REASON_MOVED});
  }));
  IdOf(world_.Do([&](auto& work) {
    return CloseCase(work, cases_.keys(), cases_.Of(id), cases_.supervisor, "");
  }));
  EXPECT_EQ(plans_.Item(conference, item)->item.state, v1::AGENDA_ITEM_STATE_WITHDRAWN);
  const auto told = world_.EventsOf(id);
  EXPECT_TRUE(std::any_of(told.begin(), told.end(),
                          [](const Told& each) { return each.type == "CaseTakenOffAgenda"; }));
}

// LINK and NOT_ELIGIBLE lead to the end of the case.
TEST_F(ConferenceCommands, LeadWhatIsNotManagedToItsEnd) {
  struct Row {
    v1::CaseClassification decided;
    v1::CaseCloseReason reason;
  };
  const Row rows[] = {{v1::CASE_CLASSIFICATION_SERVICE_LINK, v1::CASE_CLOSE_REASON_LINKED},
                      {v1::CASE_CLASSIFICATION_NOT_ELIGIBLE, v1::CASE_CLOSE_REASON_NOT_ELIGIBLE}};
  for (const Row& row : rows) {
    const base::Uuid id = Waiting();
    plans_.Classified(id, row.decided);
    EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CLASSIFIED);
    EXPECT_EQ(world_.LastOf(id).As<v1::CaseClassified>().plan_due_date(), "");
    EXPECT_EQ(Reason(plans_.TryDraft(plans_.Draft(id, {"2024-04-01"}))), "CASE_CLASSIFICATION");
    cases_.Close(id, row.reason);
    EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CLOSED);
  }
}

TEST_F(ConferenceCommands, TakeWhatWaitsForThemAndEachCaseOnce) {
  const base::Uuid id = Waiting();
  const base::Uuid conference = plans_.Conference();
  EXPECT_EQ(Reason(plans_.TryAdd(conference, cases_.CaseIn(v1::CASE_STATE_INTAKE))), "CASE_STATE");
  EXPECT_EQ(Reason(plans_.TryAdd(base::Uuid::NewV7(), id)), "NOT_FOUND");
  EXPECT_EQ(Reason(plans_.TryAdd(conference, base::Uuid::NewV7())), "NOT_FOUND");
  const base::Uuid item = plans_.OnAgenda(conference, id);
  const base::Uuid other = plans_.Conference();
  EXPECT_EQ(Reason(plans_.TryAdd(other, id)), "AGENDA_LISTED_ALREADY");
  IdOf(Withdraw(conference, item));
  EXPECT_EQ(world_.LastOf(id).type, "CaseTakenOffAgenda");
  EXPECT_EQ(Reason(Withdraw(conference, item)), "AGENDA_ITEM_STATE");
  plans_.OnAgenda(other, id);
  cases_.Hold(id, "2024-03-20");
  const base::Uuid held = Waiting();
  cases_.Hold(held, "2024-03-20");
  EXPECT_EQ(Reason(plans_.TryAdd(conference, held)), "CASE_ON_HOLD");
}

TEST_F(ConferenceCommands, AreOfTheCentreThatLeadsTheCase) {
  const base::Uuid id = Waiting({.centre = ieum::testing::kCentreA});
  const auto a = base::Uuid::Parse(ieum::testing::kCentreA);
  const auto b = base::Uuid::Parse(ieum::testing::kCentreB);
  EXPECT_EQ(Reason(plans_.TryAdd(plans_.Conference({}, b), id)), "INVALID_FIELD");
  EXPECT_EQ(Reason(plans_.TryAdd(plans_.Conference({}, a), id)), "");
}

TEST_F(ConferenceCommands, GiveUpTheirAgendaWhenTheyAreCancelled) {
  const base::Uuid one = Waiting(), other = Waiting();
  const base::Uuid conference = plans_.Conference();
  plans_.OnAgenda(conference, one);
  plans_.OnAgenda(conference, other);
  IdOf(Cancel(conference));
  for (const base::Uuid& id : {one, other}) {
    EXPECT_EQ(world_.LastOf(id).type, "CaseTakenOffAgenda");
  }
  EXPECT_EQ(world_.LastOf(conference).type, "ConferenceCancelled");
  EXPECT_EQ(Reason(Cancel(conference)), "CONFERENCE_STATE");
  EXPECT_EQ(Reason(plans_.TryAdd(conference, one)), "CONFERENCE_STATE");
  plans_.OnAgenda(plans_.Conference(), one);
}

TEST_F(ConferenceCommands, ChangeTheirDayUntilTheyAreHeldAndTheirMembersAfterwards) {
  const base::Uuid conference = plans_.Conference();
  const auto change = [&](const std::optional<absl::CivilDay>& day,
                          const std::optional<std::vector<base::Uuid>>& members) {
    return world_.Do([&](auto& work) {
      return ChangeConference(work, {.conference_id = conference}, day, members);
    });
  };
  const base::Uuid member = base::Uuid::NewV7();
  EXPECT_EQ(Reason(change(CivilDayOf("2024-03-04"), std::nullopt)), "");
  const auto told = world_.LastOf(conference).As<v1::ConferenceChanged>();
  EXPECT_EQ(told.previous_conference_date(), "2024-03-05");
  EXPECT_EQ(told.conference_date(), "2024-03-04");
  EXPECT_EQ(Reason(change(std::nullopt, std::vector<base::Uuid>{member, member})), "INVALID_FIELD");
  plans_.Held(conference);
  EXPECT_EQ(Reason(change(CivilDayOf("2024-03-05"), std::nullopt)), "CONFERENCE_STATE");
  EXPECT_EQ(Reason(change(std::nullopt, std::vector<base::Uuid>{member})), "");
  EXPECT_EQ(world_.LastOf(conference).As<v1::ConferenceChanged>().member_count(), 1);
}

TEST_F(ConferenceCommands, AreNotHeldBeforeTheirDay) {
  const base::Uuid conference = plans_.Conference();
  const auto hold = [&](const std::string& day) {
    return world_.Do([&](auto& work) {
      return HoldConference(work, {.conference_id = conference}, CivilDayOf(day));
    });
  };
  EXPECT_EQ(Reason(hold("2024-03-06")), "DATE_INVALID");
  // A case is not classified before its assessment was approved.
  const base::Uuid id = Waiting();
  const base::Uuid item = plans_.OnAgenda(conference, id);
  IdOf(hold("2024-03-01"));
  EXPECT_EQ(Reason(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT)),
            "DATE_ORDER");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CONFERENCE);
}

// row:C36
TEST_F(ConferenceCommands, ShowTheirMembersNumbersCodesAndDatesOnly) {
  const base::Uuid member = base::Uuid::NewV7(), stranger = base::Uuid::NewV7();
  const base::Uuid person = cases_.Person();
  const auto centre = base::Uuid::Parse(ieum::testing::kCentreA);
  const base::Uuid id = Waiting({.centre = ieum::testing::kCentreA, .person = person});
  const base::Uuid conference = plans_.Conference({member}, centre);
  const base::Uuid item = plans_.OnAgenda(conference, id);
  EXPECT_FALSE(plans_.Item(conference, item, Seated(stranger)).has_value());
  auto seen = plans_.Item(conference, item, Seated(member));
  ASSERT_TRUE(seen.has_value());
  EXPECT_FALSE(seen->whole);
  EXPECT_EQ(seen->case_number, cases_.Read(id).case_number);
  EXPECT_FALSE(seen->person.has_value()) << "a pseudonym, as she did not consent";
  EXPECT_EQ(seen->item.question, "");
  EXPECT_EQ(seen->item.minutes, "");
  EXPECT_EQ(seen->severities, (Severities{{"RF02", 4}, {"RF07", 3}}));
  EXPECT_EQ(seen->risk_level, v1::RISK_LEVEL_CAUTION);
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, true, centre);
  seen = plans_.Item(conference, item, Seated(member));
  EXPECT_EQ(seen->person, person) << "she consented that this centre is told";
  EXPECT_EQ(seen->item.question, "") << "and to nothing else";
  // Of another centre's permission the seat is worth nothing.
  const Reach elsewhere{.own_in = base::Scope::Of({ieum::testing::kCentreB}), .subject = member};
  EXPECT_FALSE(plans_.Item(conference, item, elsewhere).has_value());
  IdOf(Withdraw(conference, item));
  EXPECT_FALSE(plans_.Item(conference, item, Seated(member)).has_value());
}

TEST_F(ConferenceCommands, ShowItsManagerAndTheTeamTheWholeItem) {
  const base::Uuid id = Waiting({.centre = ieum::testing::kCentreA});
  const base::Uuid conference = plans_.Conference({}, base::Uuid::Parse(ieum::testing::kCentreA));
  const base::Uuid item = plans_.OnAgenda(conference, id);
  const Reach manager{.own_in = base::Scope::Of({ieum::testing::kCentreA}),
                      .subject = cases_.manager.subject};
  const Reach team{.team = base::Scope::Of({ieum::testing::kCentreA})};
  const Reach other_team{.team = base::Scope::Of({ieum::testing::kCentreB})};
  for (const Reach& reach : {manager, team}) {
    const auto seen = plans_.Item(conference, item, reach);
    ASSERT_TRUE(seen.has_value());
    EXPECT_TRUE(seen->whole);
    EXPECT_EQ(seen->item.question, "what next?");
    EXPECT_TRUE(seen->person.has_value());
  }
  EXPECT_FALSE(plans_.Item(conference, item, other_team).has_value());
}

TEST_F(ConferenceCommands, LetTheWordsGoWithThePerson) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = Waiting({.person = person});
  const base::Uuid conference = plans_.Conference();
  const base::Uuid item = plans_.OnAgenda(conference, id);
  plans_.Held(conference);
  IdOf(plans_.TryClassify(conference, item, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT));
  cases_.Erase(person);
  const auto seen = plans_.Item(conference, item);
  ASSERT_TRUE(seen.has_value());
  EXPECT_TRUE(seen->anonymised);
  EXPECT_EQ(seen->item.minutes, "");
  EXPECT_FALSE(seen->person.has_value());
  EXPECT_EQ(seen->item.classification, v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
}

// Words stand in no row and no event.
TEST_F(ConferenceCommands, WriteNoWordsInTheClear) {
  const base::Uuid id = Waiting();
  plans_.Classified(id);
  plans_.Signed(id, {"2024-04-01"});
  for (const char* table : {"assessment", "agenda_item", "case_plan", "plan_goal", "plan_action"}) {
    const std::string rows =
        world_.Ask(std::string("SELECT string_agg(t::text, ' ') FROM ") + table + " t");
    for (const char* words : {"nursery", "what next", "all agreed", "stays in her job"}) {
      EXPECT_THAT(rows, Not(HasSubstr(words))) << table;
    }
  }
  for (const Told& told : world_.EventsOf(id)) {
    for (const char* words : {"nursery", "what next", "all agreed", "stays in her job"}) {
      EXPECT_THAT(told.payload, Not(HasSubstr(words))) << told.type;
    }
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
