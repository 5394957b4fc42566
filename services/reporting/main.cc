// reporting: what was counted, against which target, and from which events.
#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/erasure/telling.h"
#include "platform/personal_data/personal_data_service.h"
#include "platform/runtime/app.h"
#include "services/reporting/exports/holdings.h"
#include "services/reporting/indicators/indicator_service.h"
#include "services/reporting/metrics/metric_service.h"
#include "services/reporting/reactions.h"
#include "services/reporting/rebuilds/rebuild_service.h"
#include "services/reporting/rebuilds/rebuild_work.h"
#include "services/reporting/targets/target_service.h"

namespace ieum {
db::MigrationSet reporting_migrations();
}

int main(int argc, char** argv) {
  using namespace ieum;  // NOLINT(build/namespaces)
  runtime::App app({.service = "reporting",
                    .migrations = reporting_migrations(),
                    .peers = {"registry", "casemgmt", "notify"}});
  if (auto exit_code = app.Start(argc, argv)) return *exit_code;

  reporting::IndicatorDoor indicators(app.ledger(), app.page_token_key());
  reporting::TargetDoor targets(app.ledger(), app.page_token_key());
  reporting::MetricDoor metrics(app.database(), app.clock(), app.page_token_key());
  reporting::RebuildDoor rebuilds(app.ledger(), app.page_token_key());
  personal_data::PersonalDataDoor personal_data(
      app.database(), {"reporting", reporting::HeldByReporting()}, app.page_token_key());
  app.Serve(indicators, targets, metrics, rebuilds, personal_data);

  app.AddDueWork(
      erasure::Telling<registry::v1::ConfirmErasureRequest, registry::v1::ConfirmErasureResponse>(
          app.database(), app.peer("registry"), "/ieum.registry.v1.ErasureService/ConfirmErasure"));
  reporting::Listen(app.subscriptions());
  reporting::RebuildWork work(app.ledger(), app.log_reader(), app.subscriptions().producers());
  app.AddDueWork(work.AsDueWork());
  return app.Run();
}
