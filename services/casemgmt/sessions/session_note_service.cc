#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/sessions/session_service.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kSessionPattern[] = "cases/{}/sessions/{}";
constexpr char kPattern[] = "cases/{}/sessions/{}/notes/{}";

// A correction stands on the session of what it corrects.
absl::StatusOr<std::optional<base::Uuid>> CorrectedIn(const v1::AddSessionNoteRequest& request) {
  if (request.corrects().empty()) return std::optional<base::Uuid>();
  if (request.corrects().rfind(request.parent() + "/", 0) != 0) {
    return base::InvalidField("INVALID_FIELD", "corrects",
                              "is a note on another session; correct it there");
  }
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.corrects(), "corrects"));
  return std::optional(ids[2]);
}

absl::StatusOr<AddNoteInput> NoteIn(const rpc::Call& call,
                                    const v1::AddSessionNoteRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kSessionPattern, request.parent(), "parent"));
  AddNoteInput input;
  input.of.of.case_id = ids[0];
  input.of.of.etag = request.etag();
  input.of.of.reach = ReachOf(call);
  input.of.of.ownership_epoch = request.ownership_epoch();
  input.of.session_id = ids[1];
  ASSIGN_OR_RETURN(input.note_id, ChosenId(request.note_id(), "note_id"));
  input.text = request.text();
  input.sensitivity = request.sensitivity();
  ASSIGN_OR_RETURN(input.corrects, CorrectedIn(request));
  input.author_subject = SubjectOf(call);
  return input;
}

}  // namespace

void SessionDoor::ServeNotes(rpc::ServiceRoutes& routes) {
  routes.Unary("AddSessionNote", this, &SessionDoor::AddNote);
  routes.Unary("ReadSessionNote", this, &SessionDoor::ReadNote);
  routes.Unary("ListSessionNotes", this, &SessionDoor::ListNotes);
}

// Answers without the text: whoever wrote it has it, and what is read is asked for by name.
absl::StatusOr<v1::SessionNote> SessionDoor::AddNote(Call& call,
                                                     const v1::AddSessionNoteRequest& request) {
  ASSIGN_OR_RETURN(const AddNoteInput input, NoteIn(call, request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return casemgmt::AddNote(work, keys_, input);
  }));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, answer.name, "name"));
  v1::SessionNote note;
  RETURN_IF_ERROR(database_.Read("session_note_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = casemgmt::ReadNote(tx, ReachOf(call), {ids[0], ids[1], ids[2]});
    if (!view) return base::NotFound(answer.name);
    note = ToWire(*view, {});
    return absl::OkStatus();
  }));
  return note;
}

absl::StatusOr<v1::SessionNote> SessionDoor::ReadNote(Call& call,
                                                      const v1::ReadSessionNoteRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  v1::SessionNote note;
  RETURN_IF_ERROR(database_.Read("session_note_read", [&](db::Tx& tx) -> absl::Status {
    const auto view = casemgmt::ReadNote(tx, ReachOf(call), {ids[0], ids[1], ids[2]});
    if (!view) return base::NotFound(request.name());
    // Decided on the row, by the same role that lets the note be read.
    const Reach psychological = ReachOf(call, kReadPsychological);
    const bool may = casemgmt::ReadNote(tx, psychological, {ids[0], ids[1], ids[2]}).has_value();
    RETURN_IF_ERROR(CheckReadable(view->note, may));
    ASSIGN_OR_RETURN(const OpenedWords text,
                     OpenWords(tx, keys_, view->person, kNoteBox, view->text_box));
    note = ToWire(*view, text);
    return absl::OkStatus();
  }));
  return note;
}

absl::StatusOr<v1::ListSessionNotesResponse> SessionDoor::ListNotes(
    Call& call, const v1::ListSessionNotesRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kSessionPattern, request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, NoteList(), page_key_));
  WhereReach(query, "c", ReachOf(call));
  query.Where("s.case_id = {}::uuid AND n.session_id = {}::uuid",
              {ids[0].ToString(), ids[1].ToString()});
  std::vector<SessionNoteView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("session_note_list", [&](db::Tx& tx) {
    next = casemgmt::ListNotes(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListSessionNotesResponse response;
  for (const SessionNoteView& view : views) *response.add_notes() = ToWire(view, {});
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
