// What comes into timelines: what casemgmt tells of firms and of those who act for them.
#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "platform/flow/subscriptions.h"

namespace ieum::registry {

// Keeps an entry of each event; told twice it is there once.
absl::Status KeepTimelineEntries(db::Tx& tx, absl::Span<const flow::ReceivedEvent> events);
// What a producer has told and, after a backup came back, never said.
void ForgetTimelineEntries(db::Tx& tx, const flow::Rewind& rewind);

}  // namespace ieum::registry
