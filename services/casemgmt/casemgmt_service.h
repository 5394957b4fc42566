// All doors of case management, hung up on its process, and the work that becomes due behind them.
// A new room: its door is a member here.
#pragma once

#include "platform/personal_data/personal_data_service.h"
#include "platform/runtime/app.h"
#include "services/casemgmt/activities/activity_service.h"
#include "services/casemgmt/appointments/appointment_service.h"
#include "services/casemgmt/assessments/assessment_service.h"
#include "services/casemgmt/attachments/attachment_service.h"
#include "services/casemgmt/attachments/attachment_settings.h"
#include "services/casemgmt/cases/case_service.h"
#include "services/casemgmt/cases/case_template_service.h"
#include "services/casemgmt/cases/task_service.h"
#include "services/casemgmt/conferences/conference_service.h"
#include "services/casemgmt/engagements/engagement_service.h"
#include "services/casemgmt/followups/followup_service.h"
#include "services/casemgmt/forms/application_service.h"
#include "services/casemgmt/groups/group_service.h"
#include "services/casemgmt/plans/plan_service.h"
#include "services/casemgmt/references/holiday_book.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/references/scheme_book.h"
#include "services/casemgmt/references/staff_book.h"
#include "services/casemgmt/referrals/referral_service.h"
#include "services/casemgmt/sessions/session_service.h"
#include "services/casemgmt/transfers/transfer_service.h"

namespace ieum::casemgmt {

// What it is given outlives it.
class CasemgmtDoors {
 public:
  CasemgmtDoors(runtime::App& app, const AttachmentSettings& attachments);

 private:
  SchemeBook schemes_;
  ProvisionBook provisions_;
  StaffBook staff_;
  HolidayBook holidays_;
  AttachmentFiles attachment_files_;
  EngagementDoor engagements_;
  FormDoor forms_;
  ActivityDoor activities_;
  CaseDoor cases_;
  CaseTemplateDoor case_templates_;
  TaskDoor tasks_;
  FollowUpDoor follow_ups_;
  AssessmentDoor assessments_;
  ConferenceDoor conferences_;
  PlanDoor plans_;
  SessionDoor sessions_;
  AppointmentDoor appointments_;
  GroupDoor groups_;
  AttachmentDoor attachments_;
  ReferralDoor referrals_;
  TransferDoor transfers_;
  personal_data::PersonalDataDoor personal_data_;
};

}  // namespace ieum::casemgmt
