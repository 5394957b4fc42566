// Carries a running scan on, step by step, on the one process that holds its lease. Where it stands
// is written with what each step found: whoever takes over goes on there.
#pragma once

#include "platform/crypto/vault.h"
#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

// For App::AddDueWork; ledger and vault outlive it.
flow::DueWork DuplicateScanning(ledger::Ledger& ledger, const crypto::Vault& vault,
                                const MatchRules& rules = {});

}  // namespace ieum::registry
