#include "platform/personal_data/personal_data_service.h"
#include "platform/runtime/app.h"
#include "services/notify/exports/holdings.h"
#include "services/notify/mail_settings.h"
#include "services/notify/messages/message_service.h"
#include "services/notify/messages/sender.h"
#include "services/notify/reactions.h"
#include "services/notify/registry_peer.h"
#include "services/notify/rules/rule_service.h"
#include "services/notify/rules/standing_rules.h"
#include "services/notify/templates/template_service.h"

namespace ieum {
db::MigrationSet notify_migrations();
}

int main(int argc, char** argv) {
  namespace notify = ieum::notify;
  notify::MailSettings mail;
  ieum::runtime::App app({.service = "notify",
                          .migrations = ieum::notify_migrations(),
                          .peers = {"registry", "casemgmt"},
                          .configure = [&](auto& reader) { ReadMailSettings(reader, &mail); }});
  if (auto exit_code = app.Start(argc, argv)) return *exit_code;
  notify::TemplateDoor templates(app.database(), app.ledger(), app.page_token_key());
  notify::RuleDoor rules(app.database(), app.ledger(), app.page_token_key());
  notify::MessageDoor messages(app.database(), app.ledger(), app.page_token_key());
  ieum::personal_data::PersonalDataDoor personal_data(
      app.database(), {"notify", notify::HeldByNotify()}, app.page_token_key());
  app.Serve(templates, rules, messages, personal_data);
  messages.Watch(app.metrics());
  notify::Listen(app.subscriptions());
  notify::Sender sender(app.ledger(), app.metrics(),
                        {mail.smtp_url, mail.mail_from, notify::ContactsOf(app.peer("registry"))});
  app.AddDueWork(sender.Work());
  app.AddDueWork(notify::TellingErasures(app.database(), app.peer("registry")));
  app.AddDueWork(notify::StandingRules(app.ledger()));
  return app.Run();
}
