#include "services/notify/templates/template.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/notify/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/templates/advertising.h"
#include "services/notify/templates/mustache.h"

namespace ieum::notify {
namespace {

constexpr char kPrefix[] = "templates/";
// Seed of the ids of templates; any fixed id does.
constexpr std::array<uint8_t, 16> kSeed = {0x1e, 0x0b, 0x7a, 0x52, 0x9c, 0x33, 0x8d, 0x41,
                                           0x90, 0x6f, 0x2d, 0xe8, 0x57, 0x14, 0xc3, 0x01};

std::set<std::string> KnownVariables(const google::protobuf::Descriptor* event) {
  std::set<std::string> known = {kPerson, kOrganization, kDate, kDueDate, kPreviousDate};
  if (event != nullptr) known.merge(FactNames(*event));
  return known;
}

void CheckText(const std::string& text, const std::set<std::string>& known,
               const std::string& field, std::set<std::string>* used, base::FieldErrors* errors) {
  const auto variables = VariablesOf(text);
  if (!variables.ok()) {
    errors->Add(v1::ERROR_REASON_TEMPLATE_SYNTAX, field, std::string(variables.status().message()));
    return;
  }
  std::vector<std::string> unknown;
  for (const std::string& name : variables->used) {
    if (!known.contains(name)) unknown.push_back(name);
  }
  if (!unknown.empty()) {
    errors->Add(v1::ERROR_REASON_TEMPLATE_VARIABLE_UNKNOWN, field,
                absl::StrCat("nobody fills ", absl::StrJoin(unknown, ", ")));
  }
  used->insert(variables->used.begin(), variables->used.end());
}

bool HasControls(const std::string& text) {
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return true;
  }
  return false;
}

Text TakeText(const v1::TemplateText& wanted, const std::set<std::string>& known,
              const std::string& field, std::set<std::string>* used, base::FieldErrors* errors) {
  if (wanted.subject().empty() || HasControls(wanted.subject())) {
    errors->Add("INVALID_FIELD", field + ".subject", "must be one line of text");
  }
  if (wanted.body().empty()) errors->Add("INVALID_FIELD", field + ".body", "must not be empty");
  CheckText(wanted.subject(), known, field + ".subject", used, errors);
  CheckText(wanted.body(), known, field + ".body", used, errors);
  return {wanted.subject(), wanted.body()};
}

// What is no notice is worded as an advertisement, as an unknown kind counts when it is sent.
void CheckByLaw(const Template& made, base::FieldErrors* errors) {
  if (made.law_class == v1::LAW_CLASS_SERVICE_NOTICE) {
    CheckNoAdvertisement(made.ko, "template.ko", errors);
    CheckNoAdvertisement(made.en, "template.en", errors);
  } else {
    CheckAdvertisement(made.ko, made.channel, TextLanguage::kKorean, "template.ko", errors);
    CheckAdvertisement(made.en, made.channel, TextLanguage::kEnglish, "template.en", errors);
  }
}

}  // namespace

base::Uuid TemplateId(const std::string& code) {
  return base::Uuid::Derive(base::Uuid(kSeed), absl::StrCat("template/", code));
}

std::string TemplateName(const std::string& code) { return absl::StrCat(kPrefix, code); }

std::string TemplateCode(const std::string& name) {
  return absl::StartsWith(name, kPrefix) ? name.substr(sizeof(kPrefix) - 1) : "";
}

absl::StatusOr<Template> CheckTemplate(const std::string& code, const v1::Template& wanted) {
  base::FieldErrors errors;
  Template made;
  made.code = code;
  made.event_type = wanted.event_type();
  const auto* event = FindEventType(made.event_type);
  if (!made.event_type.empty() && event == nullptr) {
    errors.Add(v1::ERROR_REASON_EVENT_TYPE_UNKNOWN, "template.event_type",
               "no event that notify listens to has this name");
  }
  const std::set<std::string> known = KnownVariables(event);
  made.ko = TakeText(wanted.ko(), known, "template.ko", &made.variables, &errors);
  made.en = TakeText(wanted.en(), known, "template.en", &made.variables, &errors);
  if (wanted.law_class() != v1::LAW_CLASS_UNSPECIFIED) made.law_class = wanted.law_class();
  if (wanted.channel() != v1::CHANNEL_UNSPECIFIED) made.channel = wanted.channel();
  CheckByLaw(made, &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  return made;
}

v1::Template ToWire(const Template& version) {
  v1::Template wire;
  wire.set_name(TemplateName(version.code));
  wire.set_version(version.version);
  wire.set_event_type(version.event_type);
  wire.mutable_ko()->set_subject(version.ko.subject);
  wire.mutable_ko()->set_body(version.ko.body);
  wire.mutable_en()->set_subject(version.en.subject);
  wire.mutable_en()->set_body(version.en.body);
  wire.set_law_class(version.law_class);
  wire.set_channel(version.channel);
  for (const std::string& name : version.variables) wire.add_variables(name);
  *wire.mutable_create_time() = base::ToTimestamp(version.created_at);
  wire.set_etag(absl::StrCat("\"", version.version, "\""));
  return wire;
}

}  // namespace ieum::notify
