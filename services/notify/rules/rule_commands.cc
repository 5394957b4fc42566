#include "services/notify/rules/rule_commands.h"

#include "ieum/notify/v1/events.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/notify/rules/rule_store.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

// What the server says of a rule is not kept with its terms.
v1::Rule TermsOf(v1::Rule wanted) {
  wanted.clear_name();
  wanted.clear_version();
  wanted.clear_create_time();
  wanted.clear_etag();
  return wanted;
}

absl::Status CheckAgainstTemplates(db::Tx& tx, const v1::Rule& terms) {
  NamedTemplates templates;
  templates.reminder = FindTemplate(tx, TemplateCode(terms.template_()));
  templates.notice = FindTemplate(tx, TemplateCode(terms.change_notice_template()));
  return CheckRule(terms, templates);
}

ledger::Done PutIntoForce(ledger::UnitOfWork& work, Rule version,
                          std::optional<absl::Time> since = std::nullopt) {
  version.created_at = since.value_or(work.now());
  InsertRuleVersion(work.tx(), version);
  v1::RuleDefined event;
  event.set_rule_code(version.code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_rule_version(version.version);
  event.set_event_type(version.terms.trigger().event_type());
  const base::Uuid id = RuleId(version.code);
  work.Append(id, "rule", RuleName(version.code), event);
  return {id, RuleName(version.code)};
}

}  // namespace

absl::StatusOr<Rule> PrepareRule(db::Tx& tx, const std::string& code, const v1::Rule& wanted) {
  if (FindRule(tx, code)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "a rule with this code exists; change it instead");
  }
  Rule made{.code = code, .version = 1, .terms = TermsOf(wanted)};
  RETURN_IF_ERROR(CheckAgainstTemplates(tx, made.terms));
  return made;
}

absl::StatusOr<ledger::Done> DefineRule(ledger::UnitOfWork& work, const std::string& code,
                                        const v1::Rule& wanted, std::optional<absl::Time> since) {
  // The templates too: neither may change into something that the other does not fit.
  work.Lock({RuleId(code), TemplateId(TemplateCode(wanted.template_())),
             TemplateId(TemplateCode(wanted.change_notice_template()))});
  ASSIGN_OR_RETURN(Rule made, PrepareRule(work.tx(), code, wanted));
  return PutIntoForce(work, std::move(made), since);
}

absl::StatusOr<Rule> PrepareRuleChange(db::Tx& tx, const ChangeRuleInput& input) {
  const auto before = FindRule(tx, input.code);
  if (!before) return base::NotFound(RuleName(input.code));
  v1::Rule wanted = before->terms;
  RETURN_IF_ERROR(input.change(&wanted));
  Rule made{.code = input.code, .version = before->version + 1, .terms = TermsOf(wanted)};
  RETURN_IF_ERROR(CheckAgainstTemplates(tx, made.terms));
  return made;
}

absl::StatusOr<ledger::Done> ChangeRule(ledger::UnitOfWork& work, const ChangeRuleInput& input) {
  const base::Uuid id = RuleId(input.code);
  // Which templates to lock is only known from the wanted terms.
  v1::Rule wanted;
  if (const auto before = FindRule(work.tx(), input.code)) wanted = before->terms;
  RETURN_IF_ERROR(input.change(&wanted));
  work.Lock({id, TemplateId(TemplateCode(wanted.template_())),
             TemplateId(TemplateCode(wanted.change_notice_template()))});
  if (work.Version(id) == 0) return base::NotFound(RuleName(input.code));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  ASSIGN_OR_RETURN(Rule made, PrepareRuleChange(work.tx(), input));
  return PutIntoForce(work, std::move(made));
}

}  // namespace ieum::notify
