#include "services/notify/templates/template_commands.h"

#include "ieum/notify/v1/events.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/notify/rules/rule.h"
#include "services/notify/rules/rule_store.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

ledger::Done PutIntoForce(ledger::UnitOfWork& work, Template version,
                          std::optional<absl::Time> since = std::nullopt) {
  version.created_at = since.value_or(work.now());
  InsertTemplateVersion(work.tx(), version);
  v1::TemplateDefined event;
  event.set_template_code(version.code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_template_version(version.version);
  const base::Uuid id = TemplateId(version.code);
  work.Append(id, "template", TemplateName(version.code), event);
  return {id, TemplateName(version.code)};
}

}  // namespace

absl::StatusOr<Template> PrepareTemplate(db::Tx& tx, const std::string& code,
                                         const v1::Template& wanted) {
  if (FindTemplate(tx, code)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "a template with this code exists; change it instead");
  }
  ASSIGN_OR_RETURN(Template made, CheckTemplate(code, wanted));
  made.version = 1;
  return made;
}

absl::StatusOr<ledger::Done> DefineTemplate(ledger::UnitOfWork& work, const std::string& code,
                                            const v1::Template& wanted,
                                            std::optional<absl::Time> since) {
  work.Lock({TemplateId(code)});
  ASSIGN_OR_RETURN(Template made, PrepareTemplate(work.tx(), code, wanted));
  return PutIntoForce(work, std::move(made), since);
}

absl::StatusOr<Template> PrepareTemplateChange(db::Tx& tx, const ChangeTemplateInput& input) {
  const auto before = FindTemplate(tx, input.code);
  if (!before) return base::NotFound(TemplateName(input.code));
  v1::Template wanted = ToWire(*before);
  RETURN_IF_ERROR(input.change(&wanted));
  ASSIGN_OR_RETURN(Template made, CheckTemplate(input.code, wanted));
  made.version = before->version + 1;
  for (const Rule& rule : RulesNamingTemplate(tx, input.code)) {
    RETURN_IF_ERROR(CheckStillFits(rule, made));
  }
  return made;
}

absl::StatusOr<ledger::Done> ChangeTemplate(ledger::UnitOfWork& work,
                                            const ChangeTemplateInput& input) {
  const base::Uuid id = TemplateId(input.code);
  work.Lock({id});
  if (work.Version(id) == 0) return base::NotFound(TemplateName(input.code));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  ASSIGN_OR_RETURN(Template made, PrepareTemplateChange(work.tx(), input));
  return PutIntoForce(work, std::move(made));
}

}  // namespace ieum::notify
