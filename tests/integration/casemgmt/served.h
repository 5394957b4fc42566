// The doors of case management on a real gRPC server, and clients of several identities.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "google/protobuf/message.h"
#include "platform/access_log/access_log.h"
#include "platform/crypto/seal.h"
#include "platform/personal_data/personal_data_service.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/router.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/casemgmt/activities/activity_service.h"
#include "services/casemgmt/appointments/appointment_service.h"
#include "services/casemgmt/assessments/assessment_service.h"
#include "services/casemgmt/attachments/attachment_service.h"
#include "services/casemgmt/cases/case_service.h"
#include "services/casemgmt/cases/case_template_service.h"
#include "services/casemgmt/cases/task_service.h"
#include "services/casemgmt/conferences/conference_service.h"
#include "services/casemgmt/engagements/engagement_service.h"
#include "services/casemgmt/exports/holdings.h"
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
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

class Served {
 public:
  explicit Served(const std::string& now = "2023-05-10 09:30");
  ~Served();

  World& world() { return world_; }
  // Where attachments lie; nobody looks for malware unless a test does.
  const std::string& attachment_folder() const { return attachment_folder_.path(); }
  const AttachmentFiles& attachment_files() const { return attachment_files_; }

  // What registry says from now on to whether somebody's data may be handed on; unspecified = yes.
  void AnswerProvisions(registry::v1::ConsentRefusal refusal) { provision_refusal_ = refusal; }

  // Calls `ieum.casemgmt.v1.<method>`, for example "FormService/GetApplication", as who runs
  // programmes and supervises everywhere.
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response);
  // The same as whoever holds the token.
  absl::Status CallAs(const std::string& token, const std::string& method,
                      const google::protobuf::Message& request,
                      google::protobuf::Message* response);
  // The same of another contract's method: "/ieum.platform.v1.PersonalDataService/…".
  absl::Status CallOther(const std::string& token, const std::string& method,
                         const google::protobuf::Message& request,
                         google::protobuf::Message* response);

 private:
  World world_;
  crypto::Key page_key_;
  telemetry::Metrics metrics_;
  SchemeBook schemes_;
  StaffBook staff_;
  HolidayBook holidays_;
  std::atomic<int> provision_refusal_ = registry::v1::CONSENT_REFUSAL_UNSPECIFIED;
  ProvisionBook provisions_;
  EngagementDoor engagements_;
  FormDoor forms_;
  ActivityDoor activities_;
  CaseDoor cases_{world_.database(), world_.ledger(), page_key_, world_.vault(), holidays_, staff_};
  CaseTemplateDoor case_templates_{world_.database(), world_.ledger(), page_key_};
  TaskDoor tasks_{world_.database(), world_.clock(), page_key_};
  AssessmentDoor assessments_{world_.database(), world_.ledger(), page_key_, world_.vault(),
                              staff_};
  ConferenceDoor conferences_{world_.database(), world_.ledger(), page_key_, world_.vault(),
                              world_.clock()};
  PlanDoor plans_{world_.database(), world_.ledger(), page_key_, world_.vault(), staff_, holidays_};
  FollowUpDoor follow_ups_{world_.database(), world_.ledger(), page_key_};
  SessionDoor sessions_;
  AppointmentDoor appointments_{world_.database(), page_key_};
  GroupDoor groups_{world_.database(), world_.ledger(), page_key_, world_.vault()};
  ieum::testing::TempDir attachment_folder_;
  AttachmentFiles attachment_files_{attachment_folder_.path()};
  AttachmentDoor attachments_{world_.database(), world_.ledger(),   page_key_,
                              world_.vault(),    attachment_files_, AttachmentSettings()};
  ReferralDoor referrals_{world_.database(), world_.ledger(), world_.vault(),
                          page_key_,         holidays_,       provisions_};
  TransferDoor transfers_{world_.database(), world_.ledger(), world_.vault(), page_key_,
                          holidays_,         staff_,          provisions_};
  personal_data::PersonalDataDoor personal_data_{
      world_.database(),
      {.service = "casemgmt", .holdings = HeldByCasemgmt(), .vault = &world_.vault()},
      page_key_};
  rpc::Router router_;
  access_log::AccessLog access_log_{world_.database()};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Peer> manager_;
};

// How registry calls everybody, and by which number.
inline constexpr char kFullName[] = "홍길동";
inline constexpr char kPhone[] = "+821000001234";
inline constexpr char kManagerToken[] = "token-of-a-manager";
inline constexpr char kAuditorToken[] = "token-of-an-auditor";
// Looks for malware in attachments, everywhere.
inline constexpr char kScannerToken[] = "token-of-a-scanner";
// Takes results by links, everywhere, and reads nothing.
inline constexpr char kPortalToken[] = "token-of-a-portal";
// Of centre A: who manages cases there (kCaseManager is the account), another one who does, who
// supervises them, and the head of the centre.
inline constexpr char kCaseManagerToken[] = "token-of-a-case-manager";
inline constexpr char kCaseManager[] = "staff/case-manager";
inline constexpr char kOtherCaseManagerToken[] = "token-of-another-case-manager";
inline constexpr char kSupervisorToken[] = "token-of-a-supervisor";
inline constexpr char kCentreHeadToken[] = "token-of-a-centre-head";
// Heads the centre and keeps cases there, too (kKeepingHead is the account).
inline constexpr char kKeepingHeadToken[] = "token-of-a-head-who-keeps-cases";
inline constexpr char kKeepingHead[] = "staff/keeping-head";
// Runs programmes everywhere and does nothing else.
inline constexpr char kProgrammeToken[] = "token-of-a-programme-manager";
// Who sits in conferences of centre A and keeps no cases (kConferenceMember is the account).
inline constexpr char kConferenceMemberToken[] = "token-of-a-conference-member";
inline constexpr char kConferenceMember[] = "staff/conference-member";
// Of centre A: who leads groups there (kCoach is the account), and another one who does.
inline constexpr char kCoachToken[] = "token-of-a-coach";
inline constexpr char kCoach[] = "staff/coach";
inline constexpr char kOtherCoachToken[] = "token-of-another-coach";

}  // namespace ieum::casemgmt::testing
