// The registry process.
#include "platform/runtime/app.h"
#include "services/registry/access/access_settings.h"
#include "services/registry/people/match_settings.h"
#include "services/registry/reactions.h"
#include "services/registry/registry_service.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

int main(int argc, char** argv) {
  using namespace ieum;  // NOLINT(build/namespaces)
  registry::AccessSettings access;
  registry::MatchRules duplicates;
  runtime::App app({.service = "registry",
                    .migrations = registry_migrations(),
                    .needs_vault = true,
                    .peers = {"casemgmt"},
                    .configure = [&](auto& reader) {
                      registry::ReadAccessSettings(reader, &access);
                      registry::ReadMatchSettings(reader, &duplicates);
                    }});
  if (auto exit_code = app.Start(argc, argv)) return *exit_code;

  const registry::RegistryDoors doors(app, access, duplicates);
  registry::Reactions().Listen(app.subscriptions());
  return app.Run();
}
