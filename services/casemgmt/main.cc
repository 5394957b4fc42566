// The process ieum-casemgmt: what is done with persons and for firms, and the forms that come of
// it. Its doors and what becomes due: casemgmt_service.cc.
#include "platform/runtime/app.h"
#include "services/casemgmt/attachments/attachment_settings.h"
#include "services/casemgmt/casemgmt_service.h"
#include "services/casemgmt/reactions.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

int main(int argc, char** argv) {
  using namespace ieum;  // NOLINT(build/namespaces)
  casemgmt::AttachmentSettings attachments;
  runtime::App app(
      {.service = "casemgmt",
       .migrations = casemgmt_migrations(),
       .needs_vault = true,
       .peers = {"registry"},
       .configure = [&](auto& reader) { casemgmt::ReadAttachmentSettings(reader, &attachments); }});
  if (const auto exit_code = app.Start(argc, argv)) return *exit_code;

  const casemgmt::CasemgmtDoors doors(app, attachments);
  casemgmt::Reactions reactions;
  reactions.Listen(app.subscriptions());
  return app.Run();
}
