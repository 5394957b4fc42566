#include "services/casemgmt/casemgmt_service.h"

#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/erasure/telling.h"
#include "services/casemgmt/attachments/attachment_dues.h"
#include "services/casemgmt/cases/case_dues.h"
#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/cases/same_person_commands.h"
#include "services/casemgmt/engagements/recommendation_dues.h"
#include "services/casemgmt/erasures/forgetting_dues.h"
#include "services/casemgmt/exports/holdings.h"
#include "services/casemgmt/followups/retention_dues.h"
#include "services/casemgmt/participants/past_consents.h"
#include "services/casemgmt/referrals/referral_due.h"
#include "services/casemgmt/transfers/transfer_due.h"

namespace ieum::casemgmt {

CasemgmtDoors::CasemgmtDoors(runtime::App& app, const AttachmentSettings& attachments)
    : schemes_(SchemesOf(app.peer("registry"))),
      provisions_(ProvisionsOf(app.peer("registry"))),
      staff_(PersonsBehind(app.peer("registry"))),
      holidays_(HolidaysOf(app.peer("registry"))),
      attachment_files_(attachments.directory),
      engagements_(app.database(), app.ledger(), app.page_token_key(), schemes_),
      forms_(app.database(), app.ledger(), app.page_token_key()),
      activities_(app.database(), app.ledger(), app.page_token_key()),
      cases_(app.database(), app.ledger(), app.page_token_key(), app.vault(), holidays_, staff_),
      case_templates_(app.database(), app.ledger(), app.page_token_key()),
      tasks_(app.database(), app.clock(), app.page_token_key()),
      follow_ups_(app.database(), app.ledger(), app.page_token_key()),
      assessments_(app.database(), app.ledger(), app.page_token_key(), app.vault(), staff_),
      conferences_(app.database(), app.ledger(), app.page_token_key(), app.vault(), app.clock()),
      plans_(app.database(), app.ledger(), app.page_token_key(), app.vault(), staff_, holidays_),
      sessions_(app.database(), app.ledger(), app.page_token_key(), app.vault()),
      appointments_(app.database(), app.page_token_key()),
      groups_(app.database(), app.ledger(), app.page_token_key(), app.vault()),
      attachments_(app.database(), app.ledger(), app.page_token_key(), app.vault(),
                   attachment_files_, attachments),
      referrals_(app.database(), app.ledger(), app.vault(), app.page_token_key(), holidays_,
                 provisions_),
      transfers_(app.database(), app.ledger(), app.vault(), app.page_token_key(), holidays_, staff_,
                 provisions_),
      personal_data_(app.database(), {"casemgmt", HeldByCasemgmt(), &app.vault()},
                     app.page_token_key()) {
  app.Serve(engagements_, forms_, activities_, cases_, case_templates_, tasks_, assessments_,
            conferences_, plans_, follow_ups_, sessions_, appointments_, groups_, attachments_,
            referrals_, transfers_, personal_data_);
  app.AddDueWork(
      erasure::Telling<registry::v1::ConfirmErasureRequest, registry::v1::ConfirmErasureResponse>(
          app.database(), app.peer("registry"), "/ieum.registry.v1.ErasureService/ConfirmErasure"));
  app.AddDueWork(PastConsents(app.database(), app.log_reader()));
  app.AddDueWork(ForgettingAgain(app.ledger()));
  app.AddDueWork(TellingOverdue(app.ledger()));
  app.AddDueWork(Reassigning(app.ledger()));
  app.AddDueWork(SamePersonDues(app.ledger()));
  app.AddDueWork(RetentionDues(app.ledger()));
  app.AddDueWork(AdoptionCheckDues(app.ledger()));
  app.AddDueWork(UploadExpiry(app.ledger()));
  app.AddDueWork(AttachmentCleanup(app.ledger(), attachment_files_));
  app.AddDueWork(AttachmentSweep(app.ledger(), attachment_files_, attachments));
  app.AddDueWork(ReferralAnswers(app.ledger()));
  app.AddDueWork(GrantExpiry(app.ledger()));
  app.AddDueWork(GrantWithdrawal(app.ledger()));
  app.AddDueWork(TransferAnswers(app.ledger()));
  app.AddDueWork(TransferExpiry(app.ledger()));
}

}  // namespace ieum::casemgmt
