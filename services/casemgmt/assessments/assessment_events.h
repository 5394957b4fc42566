// What events say of assessments and instruments.
#pragma once

#include "ieum/casemgmt/v1/events.pb.h"
#include "services/casemgmt/assessments/assessment.h"

namespace ieum::casemgmt {

inline constexpr char kInstrumentKind[] = "instrument";

void FillFacts(const Assessment& assessment, v1::AssessmentFacts* facts);
void FillSeverities(const Severities& severities, v1::CaseAssessed* event);
v1::InstrumentVersioned VersionedEvent(const Instrument& instrument);

}  // namespace ieum::casemgmt
