// Conferences and their agendas as the contract shows them.
#pragma once

#include "ieum/casemgmt/v1/conference_service.pb.h"
#include "services/casemgmt/conferences/agenda_store.h"
#include "services/casemgmt/conferences/conference_store.h"

namespace ieum::casemgmt {

v1::Conference ToWire(const ConferenceView& view);
// Without the case's name and etag, the words and the person for who only sits in the conference.
v1::AgendaItem ToWire(const AgendaItemView& view);

}  // namespace ieum::casemgmt
