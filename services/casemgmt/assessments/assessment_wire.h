// Instruments and assessments as the contract shows them.
#pragma once

#include "ieum/casemgmt/v1/assessment_service.pb.h"
#include "services/casemgmt/assessments/assessment_store.h"

namespace ieum::casemgmt {

v1::Instrument ToWire(const Instrument& instrument);
v1::Assessment ToWire(const AssessmentView& view);
// None, one or both of them.
v1::CompareAssessmentsResponse Compared(const std::vector<AssessmentView>& first_and_last);

}  // namespace ieum::casemgmt
