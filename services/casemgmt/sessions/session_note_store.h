// The rows of notes. Their texts come sealed and go sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/sessions/session_note.h"

namespace ieum::casemgmt {

// Of a session of a case that was loaded.
std::optional<SessionNote> FindNote(db::Tx& tx, const base::Uuid& session_id, const base::Uuid& id);
// False when the id is taken, or another note corrects the same one.
bool InsertNote(db::Tx& tx, const SessionNote& note, const db::Param& text_box);

// A note as it is shown.
struct SessionNoteView {
  SessionNote note;
  int64_t version = 0;               // of the case
  std::optional<base::Uuid> person;  // under whose key the text is; nullopt = erased
  std::string text_box;              // empty in a list
};
struct SessionNoteId {
  base::Uuid case_id, session_id, id;
};
std::optional<SessionNoteView> ReadNote(db::Tx& tx, const Reach& reach, const SessionNoteId& id);

const filter::ListSpec& NoteList();
filter::Cursor ListNotes(db::Tx& tx, const filter::ListQuery& query,
                         std::vector<SessionNoteView>* views);

}  // namespace ieum::casemgmt
