#include "services/casemgmt/sessions/session_note_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "n.id, s.case_id, n.session_id, n.sensitivity, n.author_subject, n.corrects_id, "
    "(SELECT k.id FROM session_note k WHERE k.corrects_id = n.id), n.created_at";
// As it is shown, beside its case.
constexpr char kShown[] = ", c.person_id, a.version";
constexpr char kFrom[] =
    "session_note n JOIN case_session s ON s.id = n.session_id "
    "JOIN casefile c ON c.id = s.case_id JOIN aggregate a ON a.id = s.case_id";
constexpr int kViewColumn = 8;
constexpr int kTextColumn = 10;  // where it is asked for

SessionNote NoteFrom(const db::Row& row) {
  SessionNote note;
  note.id = db::AsUuid(row[0]);
  note.case_id = db::AsUuid(row[1]);
  note.session_id = db::AsUuid(row[2]);
  note.sensitivity = static_cast<v1::NoteSensitivity>(row[3].as<int>());
  note.author_subject = db::AsUuid(row[4]);
  note.corrects = db::AsOptionalUuid(row[5]);
  note.corrected_by = db::AsOptionalUuid(row[6]);
  note.create_time = db::AsTime(row[7]);
  return note;
}

SessionNoteView ViewFrom(const db::Row& row) {
  return {.note = NoteFrom(row),
          .version = row[kViewColumn + 1].as<int64_t>(),
          .person = db::AsOptionalUuid(row[kViewColumn]),
          .text_box = {}};
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns,
                 " FROM session_note n JOIN case_session s ON s.id = n.session_id "
                 "WHERE n.session_id = $1 AND n.id = $2");
const db::Statement kFind("session_note_find", kFindSql.c_str());

std::optional<SessionNote> FindNote(db::Tx& tx, const base::Uuid& session_id,
                                    const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, session_id, id);
  if (!row) return std::nullopt;
  return NoteFrom(*row);
}

const db::Statement kInsert("session_note_insert", R"(
  INSERT INTO session_note (id, session_id, sensitivity, text_box, author_subject, corrects_id,
                            created_at)
  VALUES ($1, $2, $3, $4::bytea, $5, $6, $7) ON CONFLICT DO NOTHING)");

bool InsertNote(db::Tx& tx, const SessionNote& note, const db::Param& text_box) {
  return tx.ExecOne(kInsert, note.id, note.session_id, note.sensitivity, text_box,
                    note.author_subject, note.corrects, note.create_time);
}

const std::string kReadSql = absl::StrCat(
    "SELECT ", kColumns, kShown, ", n.text_box FROM ", kFrom,
    " WHERE s.case_id = $1 AND n.session_id = $2 AND n.id = $3 AND ", ReachSql("c", 4));
const db::Statement kRead("session_note_read", kReadSql.c_str());

std::optional<SessionNoteView> ReadNote(db::Tx& tx, const Reach& reach, const SessionNoteId& id) {
  const auto rows = tx.Run(kRead, WithReach({id.case_id, id.session_id, id.id}, reach));
  if (rows.empty()) return std::nullopt;
  SessionNoteView view = ViewFrom(rows[0]);
  view.text_box = db::AsBytes(rows[0][kTextColumn]);
  return view;
}

const filter::ListSpec& NoteList() {
  static const auto* spec = new filter::ListSpec{
      .columns = absl::StrCat(kColumns, kShown),
      .from = kFrom,
      .fields = {{"name", filter::Resource("n.id", "cases/{}/sessions/{}/notes/{}").NotNull()},
                 {"sensitivity", filter::Enum<v1::NoteSensitivity>("n.sensitivity").NotNull()},
                 {"create_time", filter::Timestamp("n.created_at").NotNull()}},
      .key = "name",
      .default_order = "create_time",
      .centres = {"c.centre_id"}};
  return *spec;
}

filter::Cursor ListNotes(db::Tx& tx, const filter::ListQuery& query,
                         std::vector<SessionNoteView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
