#include "services/casemgmt/sessions/session_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "s.id, s.case_id, s.type, s.purpose, s.channel, s.state, s.start_time, s.end_time, "
    "s.provider_id, s.provider_organization_id, array_to_string(s.participants, ','), s.outcome, "
    "s.minutes, s.next_date, s.record_date, s.absence, s.cancelled_by, s.cancel_reason, s.urgent, "
    "s.booked, s.appointment_id, s.revision, s.note_count, s.created_at, s.updated_at";
// As it is shown, beside its case.
constexpr char kShown[] = ", s.goal_box IS NOT NULL, c.person_id, a.version";
constexpr char kFrom[] =
    "case_session s JOIN casefile c ON c.id = s.case_id JOIN aggregate a ON a.id = s.case_id";
constexpr int kViewColumn = 25;
constexpr int kGoalColumn = 28;  // where it is asked for

template <class E>
E EnumOf(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::vector<v1::SessionParticipant> ParticipantsIn(const std::string& text) {
  std::vector<v1::SessionParticipant> participants;
  for (const auto each : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    int number = 0;
    if (absl::SimpleAtoi(each, &number)) {
      participants.push_back(static_cast<v1::SessionParticipant>(number));
    }
  }
  return participants;
}

void ReadOutcome(const db::Row& row, Session* session) {
  session->outcome = EnumOf<v1::SessionOutcome>(row[11]);
  session->minutes = row[12].as<int>();
  session->next_day = db::AsOptionalDay(row[13]);
  session->record_day = db::AsOptionalDay(row[14]);
  session->absence = EnumOf<v1::SessionAbsence>(row[15]);
  session->cancelled_by = EnumOf<v1::SessionCanceller>(row[16]);
  session->cancel_reason = EnumOf<v1::SessionCancelReason>(row[17]);
}

Session SessionFrom(const db::Row& row) {
  Session session;
  session.id = db::AsUuid(row[0]);
  session.case_id = db::AsUuid(row[1]);
  session.type = EnumOf<v1::SessionType>(row[2]);
  session.purpose = EnumOf<v1::SessionPurpose>(row[3]);
  session.channel = EnumOf<v1::SessionChannel>(row[4]);
  session.state = EnumOf<v1::SessionState>(row[5]);
  if (!row[6].is_null()) session.times = SessionTimes{db::AsTime(row[6]), db::AsTime(row[7])};
  session.provider = db::AsOptionalUuid(row[8]);
  session.provider_organization = db::AsOptionalUuid(row[9]);
  session.participants = ParticipantsIn(db::AsText(row[10]));
  ReadOutcome(row, &session);
  session.urgent = row[18].as<bool>();
  session.booked = row[19].as<bool>();
  session.appointment = db::AsOptionalUuid(row[20]);
  session.revision = row[21].as<int>();
  session.note_count = row[22].as<int>();
  session.create_time = db::AsTime(row[23]);
  session.update_time = db::AsTime(row[24]);
  return session;
}

SessionView ViewFrom(const db::Row& row) {
  return {.session = SessionFrom(row),
          .version = row[kViewColumn + 2].as<int64_t>(),
          .person = db::AsOptionalUuid(row[kViewColumn + 1]),
          .goal_box = {},
          .has_goal = row[kViewColumn].as<bool>()};
}

db::Param Numbers(const std::vector<v1::SessionParticipant>& participants) {
  return db::ArrayOf(participants);
}

std::optional<absl::Time> StartOf(const Session& session) {
  if (!session.times) return std::nullopt;
  return session.times->start;
}

std::optional<absl::Time> EndOf(const Session& session) {
  if (!session.times) return std::nullopt;
  return session.times->end;
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM case_session s WHERE s.case_id = $1 AND s.id = $2");
const db::Statement kFind("session_find", kFindSql.c_str());

std::optional<Session> FindSession(db::Tx& tx, const base::Uuid& case_id, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, case_id, id);
  if (!row) return std::nullopt;
  return SessionFrom(*row);
}

const db::Statement kCount("session_count", "SELECT count(*) FROM case_session WHERE case_id = $1");

int CountSessions(db::Tx& tx, const base::Uuid& case_id) {
  return tx.Exec(kCount, case_id)[0][0].as<int>();
}

// 3 = DONE, 4 = NO_SHOW.
const db::Statement kEnded("session_ended", R"(
  SELECT id, state = 3, start_time FROM case_session WHERE case_id = $1 AND state IN (3, 4))");

std::vector<EndedSession> EndedSessionsOf(db::Tx& tx, const base::Uuid& case_id) {
  std::vector<EndedSession> ended;
  for (const auto& row : tx.Exec(kEnded, case_id)) {
    ended.push_back({db::AsUuid(row[0]), row[1].as<bool>(), db::AsTime(row[2])});
  }
  return ended;
}

const db::Statement kLastHeld("session_last_held", R"(
  SELECT max(service_date) FROM case_session WHERE case_id = $1 AND state = 3)");

std::optional<absl::CivilDay> LastHeldDay(db::Tx& tx, const base::Uuid& case_id) {
  return db::AsOptionalDay(tx.Exec(kLastHeld, case_id)[0][0]);
}

// 1 = PLANNED, 2 = BOOKED.
const std::string kOpenSql =
    absl::StrCat("SELECT ", kColumns,
                 " FROM case_session s WHERE s.case_id = $1 AND s.state IN (1, 2) ORDER BY s.id");
const db::Statement kOpen("session_open", kOpenSql.c_str());

std::vector<Session> OpenSessionsOf(db::Tx& tx, const base::Uuid& case_id) {
  std::vector<Session> sessions;
  for (const auto& row : tx.Exec(kOpen, case_id)) sessions.push_back(SessionFrom(row));
  return sessions;
}

const db::Statement kInsert("session_insert", R"(
  INSERT INTO case_session (id, case_id, type, purpose, channel, state, start_time, end_time,
                            service_date, provider_id, provider_organization_id, participants,
                            goal_box, urgent, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::smallint[], $13::bytea, $14, $15, $15)
  ON CONFLICT (id) DO NOTHING)");

bool InsertSession(db::Tx& tx, const Session& session, const db::Param& goal_box) {
  return tx.ExecOne(kInsert, session.id, session.case_id, session.type, session.purpose,
                    session.channel, session.state, StartOf(session), EndOf(session),
                    session.service_day(), session.provider, session.provider_organization,
                    Numbers(session.participants), goal_box, session.urgent, session.create_time);
}

const db::Statement kSave("session_save", R"(
  UPDATE case_session
  SET channel = $2, state = $3, start_time = $4, end_time = $5, service_date = $6, provider_id = $7,
      outcome = $8, minutes = $9, next_date = $10, record_date = $11, absence = $12,
      cancelled_by = $13, cancel_reason = $14, booked = $15, appointment_id = $16, revision = $17,
      note_count = $18, updated_at = $19
  WHERE id = $1)");

void SaveSession(db::Tx& tx, const Session& session) {
  tx.ExecLater(kSave, session.id, session.channel, session.state, StartOf(session), EndOf(session),
               session.service_day(), session.provider, session.outcome, session.minutes,
               session.next_day, session.record_day, session.absence, session.cancelled_by,
               session.cancel_reason, session.booked, session.appointment, session.revision,
               session.note_count, session.update_time);
}

const db::Statement kToldRun("absence_run_told",
                             "SELECT after_id FROM absence_run WHERE case_id = $1");
const db::Statement kSaveToldRun("absence_run_save", R"(
  INSERT INTO absence_run (case_id, after_id, told_at) VALUES ($1, $2, $3)
  ON CONFLICT (case_id) DO UPDATE SET after_id = EXCLUDED.after_id, told_at = EXCLUDED.told_at)");

std::optional<std::optional<base::Uuid>> ToldRun(db::Tx& tx, const base::Uuid& case_id) {
  const auto row = tx.ExecOptional(kToldRun, case_id);
  if (!row) return std::nullopt;
  const base::Uuid after = db::AsUuid((*row)[0]);
  if (after == case_id) return std::optional<base::Uuid>();
  return std::optional<base::Uuid>(after);
}

void SaveToldRun(db::Tx& tx, const base::Uuid& case_id, const AbsenceRun& run, absl::Time now) {
  tx.ExecLater(kSaveToldRun, case_id, run.after.value_or(case_id), now);
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kColumns, kShown, ", s.goal_box FROM ", kFrom,
                 " WHERE s.case_id = $1 AND s.id = $2 AND ", ReachSql("c", 3));
const db::Statement kRead("session_read", kReadSql.c_str());

std::optional<SessionView> ReadSession(db::Tx& tx, const Reach& reach, const base::Uuid& case_id,
                                       const base::Uuid& id) {
  const auto rows = tx.Run(kRead, WithReach({case_id, id}, reach));
  if (rows.empty()) return std::nullopt;
  SessionView view = ViewFrom(rows[0]);
  if (view.has_goal) view.goal_box = db::AsBytes(rows[0][kGoalColumn]);
  return view;
}

const filter::ListSpec& SessionList() {
  static const auto* spec = new filter::ListSpec{
      .columns = absl::StrCat(kColumns, kShown),
      .from = kFrom,
      .fields = {{"name", filter::Resource("s.id", "cases/{}/sessions/{}").NotNull()},
                 {"type", filter::Enum<v1::SessionType>("s.type").NotNull()},
                 {"purpose", filter::Enum<v1::SessionPurpose>("s.purpose").NotNull()},
                 {"channel", filter::Enum<v1::SessionChannel>("s.channel").NotNull()},
                 {"state", filter::Enum<v1::SessionState>("s.state").NotNull()},
                 {"start_time", filter::Timestamp("s.start_time")},
                 {"service_date", filter::Date("s.service_date")},
                 {"record_date", filter::Date("s.record_date")},
                 {"provider", filter::Resource("s.provider_id", "persons/{}")},
                 {"urgent", filter::Bool("s.urgent").NotNull()}},
      .key = "name",
      .centres = {"c.centre_id"}};
  return *spec;
}

filter::Cursor ListSessions(db::Tx& tx, const filter::ListQuery& query,
                            std::vector<SessionView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

// States as above, 5 = CANCELLED; absence 2 = UNEXCUSED.
const std::string kOutcomesSql = absl::StrCat(
    R"(SELECT count(s.id) FILTER (WHERE s.state IN (1, 2)), count(s.id) FILTER (WHERE s.state = 3),
       coalesce(sum(s.minutes) FILTER (WHERE s.state = 3), 0),
       count(s.id) FILTER (WHERE s.state = 4),
       count(s.id) FILTER (WHERE s.state = 4 AND s.absence = 2),
       count(s.id) FILTER (WHERE s.state = 5), max(s.service_date) FILTER (WHERE s.state = 3),
       a.version
  FROM casefile c JOIN aggregate a ON a.id = c.id LEFT JOIN case_session s ON s.case_id = c.id
  WHERE c.id = $1 AND )",
    ReachSql("c", 2), " GROUP BY a.version");
const db::Statement kOutcomes("session_outcomes", kOutcomesSql.c_str());

std::optional<SessionCounts> CountOutcomes(db::Tx& tx, const Reach& reach,
                                           const base::Uuid& case_id) {
  const auto rows = tx.Run(kOutcomes, WithReach({case_id}, reach));
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return SessionCounts{.open = row[0].as<int>(),
                       .done = row[1].as<int>(),
                       .done_minutes = row[2].as<int>(),
                       .no_show = row[3].as<int>(),
                       .unexcused = row[4].as<int>(),
                       .cancelled = row[5].as<int>(),
                       .last_done_day = db::AsOptionalDay(row[6]),
                       .version = row[7].as<int64_t>()};
}

}  // namespace ieum::casemgmt
