// What notify asks of registry and tells it, over RPC.
#pragma once

#include "platform/db/database.h"
#include "platform/flow/due_work.h"
#include "platform/rpc/peer.h"
#include "services/notify/messages/contacts.h"

namespace ieum::notify {

// The peer outlives what is answered.
ContactResolver ContactsOf(rpc::Peer& registry);

// For App::AddDueWork: tells which persons' data were destroyed here.
flow::DueWork TellingErasures(db::Database& database, rpc::Peer& registry);

}  // namespace ieum::notify
