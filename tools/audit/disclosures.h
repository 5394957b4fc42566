// INV9: no refusal shows how the house is built (statements, stacks, paths, addresses of servers),
// and no answer shows what belongs to somebody else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"
#include "tools/journal/journal.h"

namespace ieum::audit {

// Pure: what of the inside the text shows ("an SQL statement"), if anything.
std::optional<std::string> Disclosed(std::string_view text);

// Pure: the marker of another scope that the text holds, if any. Nobody's own markers count, and a
// caller of no scope may see all.
const journal::Marker* ForeignMarker(std::string_view text, std::string_view scope,
                                     const std::vector<journal::Marker>& markers);

absl::Status CheckDisclosures(Subject& subject, Tally& tally);

}  // namespace ieum::audit
