// The process ieum-casemgmt: what is done for firms, and the forms that come of it.
#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/db/migrations.h"
#include "platform/erasure/telling.h"
#include "platform/personal_data/personal_data_service.h"
#include "platform/runtime/app.h"
#include "services/casemgmt/activities/activity_service.h"
#include "services/casemgmt/engagements/engagement_service.h"
#include "services/casemgmt/engagements/recommendation_dues.h"
#include "services/casemgmt/exports/holdings.h"
#include "services/casemgmt/followups/followup_service.h"
#include "services/casemgmt/followups/retention_dues.h"
#include "services/casemgmt/forms/application_service.h"
#include "services/casemgmt/groups/group_service.h"
#include "services/casemgmt/reactions.h"
#include "services/casemgmt/references/scheme_book.h"
#include "services/casemgmt/sessions/session_service.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

int main(int argc, char** argv) {
  using namespace ieum;  // NOLINT(build/namespaces)
  runtime::App app({.service = "casemgmt",
                    .migrations = casemgmt_migrations(),
                    .needs_vault = true,
                    .peers = {"registry"}});
  if (const auto exit_code = app.Start(argc, argv)) return *exit_code;

  casemgmt::SchemeBook schemes(casemgmt::SchemesOf(app.peer("registry")));
  casemgmt::EngagementDoor engagements(app.database(), app.ledger(), app.page_token_key(), schemes);
  casemgmt::FormDoor forms(app.database(), app.ledger(), app.page_token_key());
  casemgmt::ActivityDoor activities(app.database(), app.ledger(), app.page_token_key());
  casemgmt::FollowUpDoor follow_ups(app.database(), app.ledger(), app.page_token_key());
  casemgmt::SessionDoor sessions(app.database(), app.ledger(), app.page_token_key(), app.vault());
  casemgmt::GroupDoor groups(app.database(), app.ledger(), app.page_token_key(), app.vault());
  personal_data::PersonalDataDoor personal_data(
      app.database(), {"casemgmt", casemgmt::HeldByCasemgmt(), &app.vault()}, app.page_token_key());
  app.Serve(engagements, forms, activities, follow_ups, sessions, groups, personal_data);

  app.AddDueWork(
      erasure::Telling<registry::v1::ConfirmErasureRequest, registry::v1::ConfirmErasureResponse>(
          app.database(), app.peer("registry"), "/ieum.registry.v1.ErasureService/ConfirmErasure"));
  app.AddDueWork(casemgmt::RetentionDues(app.ledger()));
  app.AddDueWork(casemgmt::AdoptionCheckDues(app.ledger()));
  casemgmt::Reactions reactions;
  reactions.Listen(app.subscriptions());
  return app.Run();
}
