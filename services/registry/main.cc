// The registry process.
#include "platform/runtime/app.h"
#include "services/registry/access/access_service.h"
#include "services/registry/access/access_settings.h"
#include "services/registry/access/expiry.h"
#include "services/registry/campaigns/campaign_service.h"
#include "services/registry/enrolments/enrolment_service.h"
#include "services/registry/organizations/organization_service.h"
#include "services/registry/people/person_service.h"
#include "services/registry/reactions.h"
#include "services/registry/reference/reference_service.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

int main(int argc, char** argv) {
  using namespace ieum;  // NOLINT(build/namespaces)
  registry::AccessSettings access;
  runtime::App app(
      {.service = "registry",
       .migrations = registry_migrations(),
       .needs_vault = true,
       .peers = {"casemgmt"},
       .configure = [&](auto& reader) { registry::ReadAccessSettings(reader, &access); }});
  if (auto exit_code = app.Start(argc, argv)) return *exit_code;

  registry::ReferenceDoor reference(app.database(), app.page_token_key());
  registry::OrganizationDoor organizations(app.database(), app.ledger(), app.page_token_key());
  registry::PersonDoor people(app.database(), app.ledger(), app.vault(), app.page_token_key());
  registry::CampaignDoor campaigns(app.database(), app.ledger(), app.page_token_key());
  registry::EnrolmentDoor enrolments(app.database(), app.ledger(), app.page_token_key());
  registry::AccessDoor grants({app.database(), app.ledger(), app.roles(), app.grants(),
                               app.page_token_key(), access.always_told, app.metrics()});
  app.Serve(reference, organizations, people, campaigns, enrolments, grants);
  app.AddDueWork(registry::GrantExpiry(app.ledger()));

  registry::Reactions().Listen(app.subscriptions());
  return app.Run();
}
