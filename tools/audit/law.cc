#include "tools/audit/law.h"

#include <algorithm>

#include "tools/audit/commands.h"
#include "tools/audit/disclosures.h"
#include "tools/audit/effects.h"
#include "tools/audit/messages.h"
#include "tools/audit/positions.h"
#include "tools/audit/projections.h"
#include "tools/audit/recovery.h"
#include "tools/audit/streams.h"
#include "tools/audit/versions.h"

namespace ieum::audit {

const std::vector<Law>& Laws() {
  static const auto* laws = new std::vector<Law>{
      {"INV1", "each command as it was answered", CheckCommands},
      {"INV2", "positions without a hole", CheckPositions},
      {"INV3", "versions in order, in real time too", CheckVersions},
      {"INV4", "streams equal ledgers", CheckStreams},
      {"INV5", "each event taken once", CheckEffects},
      {"INV6", "projections equal a fresh replay", CheckProjections},
      {"INV7", "each message once", CheckMessages},
      {"INV8", "rest within seconds, processes as before", CheckRecovery},
      {"INV9", "answers disclose nothing", CheckDisclosures},
  };
  return *laws;
}

std::vector<Finding> Audit(Subject& subject, const std::vector<std::string>& only) {
  std::vector<Finding> findings;
  for (const Law& law : Laws()) {
    if (only.empty() || std::find(only.begin(), only.end(), law.id) != only.end()) {
      findings.push_back({&law, {}, absl::OkStatus()});
    }
  }
  const auto look = [&](Finding& finding) {
    finding.status = finding.law->check(subject, finding.tally);
  };
  const auto waits = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.law->check == CheckRecovery;
  });
  Tally unasked;  // the others need to know whether the suite rests, even when nobody asked for it
  if (waits != findings.end()) {
    look(*waits);
  } else {
    (void)CheckRecovery(subject, unasked);
  }
  for (Finding& finding : findings) {
    if (finding.law->check != CheckRecovery) look(finding);
  }
  return findings;
}

}  // namespace ieum::audit
