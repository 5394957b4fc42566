// The columns of a message as the rooms' statements select them, and back. Inside of messages/.
#pragma once

#include "platform/db/tx.h"
#include "services/notify/messages/message.h"

// Of the table `message m`.
#define MESSAGE_COLUMNS                                                                   \
  "m.id, m.reminder_id, m.rule_code, m.rule_version, m.subject_id, m.kind, m.person_id, " \
  "m.channel, m.law_class, m.template_code, m.template_version, m.due_at, m.expires_at, " \
  "m.cause_event_id, m.correlation_id, m.facts, m.state, m.suppression_reason, "          \
  "m.doubt_resolution, m.language, m.receipt_id, m.attempt_count, m.handed_over_at, "     \
  "m.created_at, m.updated_at"

namespace ieum::notify {

inline constexpr int kAfterMessageColumns = 25;

Message MessageFrom(const db::Row& row);

}  // namespace ieum::notify
