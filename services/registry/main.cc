// The registry process.
#include "platform/runtime/app.h"
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
  runtime::App app({.service = "registry",
                    .migrations = registry_migrations(),
                    .needs_vault = true,
                    .peers = {"casemgmt"}});
  if (auto exit_code = app.Start(argc, argv)) return *exit_code;

  registry::ReferenceDoor reference(app.database(), app.page_token_key());
  registry::OrganizationDoor organizations(app.database(), app.ledger(), app.page_token_key());
  registry::PersonDoor people(app.database(), app.ledger(), app.vault(), app.page_token_key());
  registry::CampaignDoor campaigns(app.database(), app.ledger(), app.page_token_key());
  registry::EnrolmentDoor enrolments(app.database(), app.ledger(), app.page_token_key());
  reference.Serve(app.router());
  organizations.Serve(app.router());
  people.Serve(app.router());
  campaigns.Serve(app.router());
  enrolments.Serve(app.router());

  registry::Reactions reactions;
  reactions.Listen(app.subscriptions());
  return app.Run();
}
