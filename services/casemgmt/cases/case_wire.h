// Cases, their records and their tasks as the contract shows them. Pure.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/case_template_service.pb.h"
#include "ieum/casemgmt/v1/task_service.pb.h"
#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/case_template_store.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/cases/contact_attempt.h"
#include "services/casemgmt/cases/task.h"

namespace ieum::casemgmt {

v1::Case ToWire(const CaseView& view);
// Who, where and by whom alone: no state, no day, no code (C36).
v1::Case NameToWire(const CaseView& view);
v1::CaseTask ToWire(const Task& task, absl::CivilDay today);
v1::ContactAttempt ToWire(const ContactAttempt& attempt);
v1::CaseTransition ToWire(const CaseTransition& transition);
v1::CaseWords ToWire(const CaseWords& words);
v1::CaseEntry ToWire(const CaseHistoryEntry& entry);
v1::CaseReassignment ToWire(const CaseReassignmentView& view);
v1::CaseTemplate ToWire(const CaseTemplateView& view);
// 0 and no months are the standard ones.
CasePace PaceIn(const v1::CasePace& wire);

}  // namespace ieum::casemgmt
