#include "services/casemgmt/sessions/session_wire.h"

#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

void AddOutcome(const Session& session, v1::Session* wire) {
  wire->set_outcome(session.outcome);
  wire->set_minutes(session.minutes);
  wire->set_next_date(DayText(session.next_day));
  wire->set_record_date(DayText(session.record_day));
  wire->set_absence(session.absence);
  wire->set_cancelled_by(session.cancelled_by);
  wire->set_cancel_reason(session.cancel_reason);
  wire->set_revision(session.revision);
}

std::string NoteNameOf(const SessionNote& note, const std::optional<base::Uuid>& id) {
  return id ? SessionNoteName(note.case_id, note.session_id, *id) : "";
}

}  // namespace

v1::Session ToWire(const SessionView& view, const OpenedWords& goal) {
  const Session& session = view.session;
  v1::Session wire;
  wire.set_name(SessionName(session.case_id, session.id));
  wire.set_person(NameIn("persons", view.person));
  wire.set_type(session.type);
  wire.set_purpose(session.purpose);
  wire.set_channel(session.channel);
  wire.set_state(session.state);
  if (session.times) {
    *wire.mutable_start_time() = base::ToTimestamp(session.times->start);
    *wire.mutable_end_time() = base::ToTimestamp(session.times->end);
  }
  wire.set_service_date(DayText(session.service_day()));
  wire.set_provider(NameIn("persons", session.provider));
  wire.set_provider_organization(NameIn("organizations", session.provider_organization));
  for (const auto participant : session.participants) wire.add_participants(participant);
  wire.set_goal(goal.text);
  wire.set_words_erased(goal.erased || (!view.person && (view.has_goal || session.note_count > 0)));
  AddOutcome(session, &wire);
  wire.set_urgent(session.urgent);
  wire.set_appointment(NameIn("appointments", session.appointment));
  wire.set_note_count(session.note_count);
  *wire.mutable_create_time() = base::ToTimestamp(session.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(session.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::SessionNote ToWire(const SessionNoteView& view, const OpenedWords& text) {
  const SessionNote& note = view.note;
  v1::SessionNote wire;
  wire.set_name(SessionNoteName(note.case_id, note.session_id, note.id));
  wire.set_person(NameIn("persons", view.person));
  wire.set_sensitivity(note.sensitivity);
  wire.set_text(text.text);
  wire.set_corrects(NoteNameOf(note, note.corrects));
  wire.set_corrected_by(NoteNameOf(note, note.corrected_by));
  wire.set_author(NameIn("subjects", note.author_subject));
  wire.set_words_erased(text.erased || !view.person);
  *wire.mutable_create_time() = base::ToTimestamp(note.create_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::SummarizeSessionsResponse ToWire(const SessionCounts& counts, const AbsenceRun& run) {
  v1::SummarizeSessionsResponse wire;
  wire.set_open_count(counts.open);
  wire.set_done_count(counts.done);
  wire.set_done_minutes(counts.done_minutes);
  wire.set_no_show_count(counts.no_show);
  wire.set_unexcused_count(counts.unexcused);
  wire.set_cancelled_count(counts.cancelled);
  wire.set_absences_in_a_row(run.length);
  wire.set_last_done_date(DayText(counts.last_done_day));
  wire.set_etag(ledger::FormatEtag(counts.version));
  return wire;
}

}  // namespace ieum::casemgmt
