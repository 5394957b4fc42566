#include "tests/integration/casemgmt/session_world.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/participants/participant_store.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt::testing {
namespace {

const absl::CivilDay kIntake(2024, 4, 1);

Case CaseOf(const SessionCaseWish& wish, const base::Uuid& id, const base::Uuid& person) {
  Case c;
  c.id = id;
  c.person = person;
  c.programme = "INC";
  c.edition = "2024";
  c.line_code = "INC-2";
  c.centre = wish.centre;
  c.manager_subject = wish.manager_subject;
  c.manager = base::Uuid::NewV7();
  c.state = wish.state;
  c.urgent = wish.urgent;
  c.source = v1::CASE_SOURCE_SELF;
  c.opened_day = kIntake;
  if (wish.state >= v1::CASE_STATE_INTAKE && wish.state <= v1::CASE_STATE_ARCHIVED) {
    c.intake_day = kIntake;
    c.case_number = id.ToString().substr(24);
  }
  c.last_step_day = kIntake;
  if (wish.signed_before) c.reassess_due_day = kIntake + 90;
  if (!wish.closed_date.empty()) c.closed_day = *base::ParseDay(wish.closed_date, "closed_date");
  if (!wish.on_hold) return c;
  c.on_hold = true;
  c.hold = CaseHold{kIntake, kIntake + 60, v1::CASE_HOLD_REASON_REQUESTED};
  return c;
}

}  // namespace

base::Uuid Sessions::InCase(const SessionCaseWish& wish) {
  const base::Uuid id = base::Uuid::NewV7(), person = base::Uuid::NewV7();
  persons_[id] = person;
  const auto opened = world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    Case c = CaseOf(wish, id, person);
    c.create_time = c.update_time = work.now();
    c.participant = ParticipantOf(work, person);
    EXPECT_TRUE(InsertCase(work.tx(), c));
    if (wish.consents) {
      KeepConsent(work.tx(), {.person = person,
                              .purpose = registry::v1::CONSENT_PURPOSE_SENSITIVE,
                              .receiver = {},
                              .revision = 1,
                              .given = true,
                              .expires_at = {}});
    }
    AppendToCase(work, c, EventOf<v1::CaseOpened>(c, work.now()));
    return casemgmt::DoneWith(c);
  });
  EXPECT_TRUE(opened.ok()) << opened.status();
  return id;
}

SessionInput InputOf(const base::Uuid& of_case, const base::Uuid& session) {
  return {.of = {.case_id = of_case,
                 .etag = {},
                 .reach = Reach::Everything(),
                 .ownership_epoch = 0,
                 .day = {}},
          .session_id = session};
}

PlanSessionInput Sessions::PlanOf(const base::Uuid& of_case, const std::string& start,
                                  std::optional<base::Uuid> provider) {
  PlanSessionInput input;
  input.of = InputOf(of_case, {}).of;
  input.type = v1::SESSION_TYPE_CAREER;
  input.channel = v1::SESSION_CHANNEL_CENTRE;
  input.start = Korea(start);
  input.end = *input.start + absl::Hours(1);
  input.provider = provider ? *provider : base::Uuid::NewV7();
  return input;
}

absl::StatusOr<ledger::Answer> Sessions::Plan(const PlanSessionInput& input) {
  return world_.Do([&](auto& work) { return PlanSession(work, keys_, input); });
}

absl::StatusOr<ledger::Answer> Sessions::Book(const base::Uuid& of_case, const base::Uuid& session,
                                              const SessionPlace& place) {
  return world_.Do([&](auto& work) { return BookSession(work, InputOf(of_case, session), place); });
}

absl::StatusOr<ledger::Answer> Sessions::Move(const base::Uuid& of_case, const base::Uuid& session,
                                              const SessionPlace& place) {
  return world_.Do([&](auto& work) { return MoveSession(work, InputOf(of_case, session), place); });
}

absl::StatusOr<ledger::Answer> Sessions::Cancel(const base::Uuid& of_case,
                                                const base::Uuid& session) {
  return world_.Do([&](auto& work) {
    return CancelSession(work, InputOf(of_case, session), v1::SESSION_CANCELLER_CLIENT,
                         v1::SESSION_CANCEL_REASON_ILLNESS);
  });
}

absl::StatusOr<ledger::Answer> Sessions::Record(const base::Uuid& of_case,
                                                const base::Uuid& session,
                                                const DoneSessionInput& done) {
  return world_.Do(
      [&](auto& work) { return RecordSession(work, InputOf(of_case, session), done); });
}

absl::StatusOr<ledger::Answer> Sessions::Miss(const base::Uuid& of_case,
                                              const base::Uuid& session) {
  return world_.Do([&](auto& work) {
    return RecordAbsence(work, InputOf(of_case, session), v1::SESSION_ABSENCE_UNEXCUSED);
  });
}

absl::StatusOr<ledger::Answer> Sessions::Retract(const base::Uuid& of_case,
                                                 const base::Uuid& session) {
  return world_.Do([&](auto& work) {
    return RetractOutcome(work, InputOf(of_case, session), v1::SESSION_CORRECTION_WRONG_OUTCOME);
  });
}

absl::StatusOr<ledger::Answer> Sessions::Note(const base::Uuid& of_case, const base::Uuid& session,
                                              const std::string& text,
                                              v1::NoteSensitivity sensitivity,
                                              std::optional<base::Uuid> corrects) {
  return world_.Do([&](auto& work) {
    return AddNote(work, keys_,
                   {.of = InputOf(of_case, session),
                    .note_id = {},
                    .text = text,
                    .sensitivity = sensitivity,
                    .corrects = corrects,
                    .author_subject = base::Uuid::NewV7()});
  });
}

base::Uuid Sessions::Planned(const base::Uuid& of_case, const std::string& start,
                             std::optional<base::Uuid> provider) {
  return IdOf(Plan(PlanOf(of_case, start, provider)));
}

base::Uuid Sessions::Booked(const base::Uuid& of_case, const std::string& start,
                            std::optional<base::Uuid> provider) {
  const base::Uuid session = Planned(of_case, start, provider);
  IdOf(Book(of_case, session));
  return session;
}

base::Uuid Sessions::Done(const base::Uuid& of_case, const std::string& start) {
  const base::Uuid session = Booked(of_case, start);
  IdOf(Record(of_case, session));
  return session;
}

base::Uuid Sessions::Missed(const base::Uuid& of_case, const std::string& start) {
  const base::Uuid session = Booked(of_case, start);
  IdOf(Miss(of_case, session));
  return session;
}

SessionView Sessions::Read(const base::Uuid& of_case, const base::Uuid& session) {
  std::optional<SessionView> view;
  EXPECT_TRUE(world_.database()
                  .Read("test_read",
                        [&](db::Tx& tx) {
                          view = ReadSession(tx, Reach::Everything(), of_case, session);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(view.has_value());
  return view.value_or(SessionView());
}

std::string Sessions::CaseState(const base::Uuid& of_case) {
  const std::string state =
      world_.Ask(absl::StrCat("SELECT state FROM casefile WHERE id = '", of_case.ToString(), "'"));
  return v1::CaseState_Name(static_cast<v1::CaseState>(std::stoi(state)));
}

std::vector<std::string> Sessions::Types(const base::Uuid& aggregate) {
  std::vector<std::string> types;
  for (const Told& told : world_.EventsOf(aggregate)) types.push_back(told.type);
  return types;
}

int Sessions::Count(const base::Uuid& aggregate, const std::string& type) {
  const std::vector<std::string> types = Types(aggregate);
  return static_cast<int>(std::count(types.begin(), types.end(), type));
}

base::Uuid Sessions::AppointmentOf(const base::Uuid& session) {
  const std::string id = world_.Ask(absl::StrCat(
      "SELECT appointment_id FROM case_session WHERE id = '", session.ToString(), "'"));
  return base::Uuid::Parse(id).value_or(base::Uuid());
}

}  // namespace ieum::casemgmt::testing
