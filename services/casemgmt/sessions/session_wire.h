// Sessions and notes as the contract shows them. Pure.
#pragma once

#include <string>

#include "ieum/casemgmt/v1/session_service.pb.h"
#include "services/casemgmt/sessions/session_note_store.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {

// What was opened of sealed words.
struct OpenedWords {
  std::string text;
  bool erased = false;  // there were some; their key was destroyed
};

v1::Session ToWire(const SessionView& view, const OpenedWords& goal);
v1::SessionNote ToWire(const SessionNoteView& view, const OpenedWords& text);
v1::SummarizeSessionsResponse ToWire(const SessionCounts& counts, const AbsenceRun& run);

}  // namespace ieum::casemgmt
