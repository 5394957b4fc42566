#include "tools/play/masters.h"

#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "ieum/reporting/v1/target_service.pb.h"

namespace ieum::play {
namespace {

namespace n = notify::v1;
namespace p = reporting::v1;
namespace r = registry::v1;

CallShape CreateOrganization() {
  return {RpcOf<r::CreateOrganizationRequest, r::Organization>(
              "registry", "OrganizationService/CreateOrganization"),
          {Copy("key", "organization.external_code"), Copy("kind", "organization.kind"),
           Copy("display_name", "organization.display_name"),
           Copy("business_registration_number", "organization.business_registration_number"),
           Maybe(Copy("facts"))},
          "key",
          "organizations"};
}

CallShape CreatePerson() {
  return {RpcOf<r::CreatePersonRequest, r::Person>("registry", "PersonService/CreatePerson"),
          {Copy("full_name", "person.full_name"),
           Copy("preferred_language", "person.preferred_language"), Copy("basis", "person.basis"),
           Maybe(Copy("email", "person.email")), Maybe(Copy("phone", "person.phone"))},
          "key",
          "persons"};
}

CallShape CreateAffiliation() {
  return {.rpc = RpcOf<r::CreateAffiliationRequest, r::Affiliation>(
              "registry", "PersonService/CreateAffiliation"),
          .fields = {Key("key", "persons", "parent"),
                     Key("affiliation.organization", "organizations", "affiliation.organization"),
                     Copy("affiliation.role"), Copy("affiliation.start_date")},
          .only_with = "affiliation"};
}

CallShape CreateConsentText() {
  return {RpcOf<r::CreateConsentTextRequest, r::ConsentText>("registry",
                                                             "ConsentService/CreateConsentText"),
          {Copy("code", "consent_text.code"), Copy("version", "consent_text.version"),
           Copy("language", "consent_text.language"), Copy("purpose", "consent_text.purpose"),
           Copy("stated_purpose", "consent_text.stated_purpose"),
           Copy("items", "consent_text.items"), Copy("retention", "consent_text.retention"),
           Copy("refusal_right", "consent_text.refusal_right"),
           Copy("refusal_disadvantage", "consent_text.refusal_disadvantage"),
           Maybe(Key("recipient", "organizations", "consent_text.recipient"))},
          "key",
          "consentTexts"};
}

CallShape CreateCampaign() {
  return {
      RpcOf<r::CreateCampaignRequest, r::Campaign>("registry", "CampaignService/CreateCampaign"),
      {Rest("key", "campaign")},
      "key",
      "campaigns"};
}

CallShape CreateTemplate() {
  return {RpcOf<n::CreateTemplateRequest, n::Template>("notify", "TemplateService/CreateTemplate"),
          {Copy("id", "template_id"), Maybe(Copy("event_type", "template.event_type")),
           Copy("ko.subject", "template.ko.subject"), Lines("ko.body", "template.ko.body"),
           Copy("en.subject", "template.en.subject"), Lines("en.body", "template.en.body")}};
}

CallShape CreateRule() {
  return {RpcOf<n::CreateRuleRequest, n::Rule>("notify", "RuleService/CreateRule"),
          {Copy("id", "rule_id"), Rest("id", "rule")}};
}

CallShape CreateIndicator() {
  return {RpcOf<p::CreateIndicatorRequest, p::Indicator>("reporting",
                                                         "IndicatorService/CreateIndicator"),
          {Copy("id", "indicator_id"), Rest("id", "indicator")}};
}

CallShape CreateFunnel() {
  return {RpcOf<p::CreateFunnelDefinitionRequest, p::FunnelDefinition>(
              "reporting", "IndicatorService/CreateFunnelDefinition"),
          {Copy("id", "funnel_definition_id"), Rest("id", "funnel_definition")}};
}

CallShape SetTarget() {
  return {RpcOf<p::SetTargetRequest, p::Target>("reporting", "TargetService/SetTarget"),
          {Checked("indicator"), Copy("name"), Copy("value"), Maybe(Copy("position")),
           Maybe(Copy("area"))}};
}

}  // namespace

const std::vector<MasterList>& Masters() {
  static const auto* lists = new std::vector<MasterList>{
      {"organizations.json", "organizations", "key", {CreateOrganization()}},
      {"people.json", "people", "key", {CreatePerson(), CreateAffiliation()}},
      {"consent_texts.json", "consent_texts", "key", {CreateConsentText()}, true},
      {"campaigns.json", "campaigns", "key", {CreateCampaign()}},
      {"templates.json", "templates", "id", {CreateTemplate()}},
      {"rules.json", "rules", "id", {CreateRule()}},
      {"indicators.json", "indicators", "id", {CreateIndicator()}},
      {"funnels.json", "funnel_definitions", "id", {CreateFunnel()}},
      {"targets.json", "targets", "indicator", {SetTarget()}},
  };
  return *lists;
}

}  // namespace ieum::play
