#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/sealed_words.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/sessions/session_events.h"
#include "services/casemgmt/sessions/session_note_store.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {
namespace {

SessionNote NewNote(ledger::UnitOfWork& work, const AddNoteInput& input) {
  return {.id = input.note_id.value_or(work.DeriveId("note")),
          .case_id = input.of.of.case_id,
          .session_id = input.of.session_id,
          .sensitivity = input.sensitivity,
          .author_subject = input.author_subject,
          .corrects = input.corrects,
          .corrected_by = {},
          .create_time = work.now()};
}

absl::Status CheckCorrected(ledger::UnitOfWork& work, const AddNoteInput& input) {
  if (!input.corrects) return absl::OkStatus();
  const auto corrected = FindNote(work.tx(), input.of.session_id, *input.corrects);
  if (!corrected) {
    return base::NotFound(
        SessionNoteName(input.of.of.case_id, input.of.session_id, *input.corrects));
  }
  return CheckCorrectable(*corrected);
}

}  // namespace

absl::StatusOr<ledger::Done> AddNote(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                     const AddNoteInput& input) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadSession(work, input.of));
  auto& [c, session, appointment] = loaded;
  RETURN_IF_ERROR(NextState(c, CaseStep::kRecordOutcome).status());
  if (input.sensitivity == v1::NOTE_SENSITIVITY_PSYCHOLOGICAL) {
    RETURN_IF_ERROR(CheckSensitiveConsent(work, c));
  }
  RETURN_IF_ERROR(CheckCorrected(work, input));
  RETURN_IF_ERROR(CheckNoteRoom(session.note_count));
  ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToWrite(work.tx(), keys, c.person, true));
  const SessionNote note = NewNote(work, input);
  if (!InsertNote(work.tx(), note, words.Box(kNoteBox, input.text))) {
    return base::AlreadyExists("ID_TAKEN", "there is a note with this id; choose another");
  }
  ++session.note_count;
  session.update_time = work.now();
  SaveSession(work.tx(), session);
  auto event = EventOf<v1::SessionNoteAdded>(c, session, work.now());
  event.set_note_id(note.id.ToString());
  event.set_sensitivity(note.sensitivity);
  if (note.corrects) event.set_corrected_note_id(note.corrects->ToString());
  AppendToCase(work, c, event);
  return ledger::Done{c.id, SessionNoteName(c.id, session.id, note.id)};
}

}  // namespace ieum::casemgmt
