#include "services/registry/registry_service.h"

#include "services/registry/access/expiry.h"
#include "services/registry/changes/changes_due.h"
#include "services/registry/consents/due.h"
#include "services/registry/duplicates/duplicate_scan.h"
#include "services/registry/enrolments/offer_expiry.h"
#include "services/registry/erasures/apart_sweep.h"
#include "services/registry/erasures/retention_sweep.h"
#include "services/registry/exports/export_dues.h"
#include "services/registry/exports/holdings.h"
#include "services/registry/leads/contact_dues.h"
#include "services/registry/moves/move_expiry.h"

namespace ieum::registry {

RegistryDoors::RegistryDoors(runtime::App& app, const AccessSettings& access,
                             const MatchRules& duplicates)
    : reference_(app.database(), app.page_token_key()),
      organizations_(app.database(), app.ledger(), app.page_token_key()),
      people_(app.database(), app.ledger(), app.vault(), app.page_token_key(), duplicates),
      duplicates_(app.database(), app.ledger(), app.page_token_key()),
      consents_(app.database(), app.ledger(), app.vault(), app.page_token_key()),
      programmes_(app.database(), app.ledger(), app.page_token_key()),
      campaigns_(app.database(), app.ledger(), app.page_token_key()),
      enrolments_(app.database(), app.ledger(), app.vault(), app.page_token_key()),
      leads_(app.database(), app.ledger(), app.page_token_key()),
      timelines_(app.database(), app.page_token_key()),
      imports_(app.database(), app.ledger(), app.vault(), app.page_token_key(), duplicates),
      erasures_(app.database(), app.ledger(), app.vault(), app.page_token_key()),
      merges_(app.database(), app.ledger(), app.vault(), app.page_token_key()),
      exports_(app.database(), app.ledger(), app.page_token_key()),
      personal_data_(app.database(), {"registry", HeldByRegistry(), &app.vault(), IdentifyPerson},
                     app.page_token_key()),
      changes_(app.database(), app.ledger(), app.vault(), app.page_token_key()),
      moves_(app.database(), app.ledger(), app.page_token_key()),
      grants_({app.database(), app.ledger(), app.roles(), app.grants(), app.page_token_key(),
               access.always_told, app.metrics()}) {
  app.Serve(reference_, organizations_, people_, duplicates_, consents_, programmes_, campaigns_,
            enrolments_, leads_, timelines_, imports_, erasures_, merges_, changes_, moves_,
            grants_);
  app.Serve(exports_, personal_data_);
  app.AddDueWork(GrantExpiry(app.ledger()));
  app.AddDueWork(DuplicateScanning(app.ledger(), app.vault(), duplicates));
  app.AddDueWork(ConsentsDue(app.ledger()));
  app.AddDueWork(OfferExpiry(app.ledger()));
  app.AddDueWork(ContactDues(app.ledger()));
  app.AddDueWork(MoveExpiry(app.ledger()));
  app.AddDueWork(RetentionSweep(app.ledger(), app.vault()));
  app.AddDueWork(ApartSweep(app.ledger(), app.vault()));
  app.AddDueWork(DataExportDues(app.ledger()));
  app.AddDueWork(ChangesDue(app.ledger(), app.vault()));
}

}  // namespace ieum::registry
