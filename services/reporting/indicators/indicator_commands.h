// Use cases on definitions. A definition is immutable; a change makes the next version.
#pragma once

#include <string>

#include "google/protobuf/field_mask.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/ledger/ledger.h"

namespace ieum::reporting {

// ALREADY_EXISTS (ID_TAKEN) when the code is taken; what CheckDefinition says.
absl::StatusOr<ledger::Done> DefineIndicator(ledger::UnitOfWork& work, const std::string& code,
                                             const v1::Indicator& indicator);
// NOT_FOUND, STALE_ETAG, UPDATE_MASK_INVALID, what CheckDefinition says. A change that changes
// nothing makes no version.
absl::StatusOr<ledger::Done> RedefineIndicator(ledger::UnitOfWork& work,
                                               const v1::Indicator& indicator,
                                               const google::protobuf::FieldMask& mask);
// ID_TAKEN; FUNNEL_STEP_UNKNOWN when a step is no defined indicator.
absl::StatusOr<ledger::Done> DefineFunnel(ledger::UnitOfWork& work, const std::string& code,
                                          const v1::FunnelDefinition& funnel);

}  // namespace ieum::reporting
