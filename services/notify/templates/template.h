// A template: what a message says, in Korean and English. Every change is a new version.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::notify {

enum class TextLanguage { kKorean, kEnglish };

struct Text {
  std::string subject;  // one line
  std::string body;
};

struct Template {
  std::string code;
  int version = 0;
  std::string event_type;  // whose fields it may use; empty = only the variables of every template
  Text ko;
  Text en;
  v1::LawClass law_class = v1::LAW_CLASS_SERVICE_NOTICE;
  v1::Channel channel = v1::CHANNEL_EMAIL;  // for which it is worded
  std::set<std::string> variables;
  absl::Time created_at;
};

// The aggregate of a template follows from its code, so that a code can be taken only once.
base::Uuid TemplateId(const std::string& code);
// "templates/VISIT-REMINDER" and back; empty when it is no such name.
std::string TemplateName(const std::string& code);
std::string TemplateCode(const std::string& name);

// Variables that every message fills, whatever its event. `date` only where the rule has an anchor,
// `previous_date` only in change notices, `organization` only where the event names one.
inline constexpr char kPerson[] = "person";
inline constexpr char kOrganization[] = "organization";
inline constexpr char kDate[] = "date";
inline constexpr char kDueDate[] = "due_date";
inline constexpr char kPreviousDate[] = "previous_date";

// What a version would be made of. EVENT_TYPE_UNKNOWN, TEMPLATE_SYNTAX, TEMPLATE_VARIABLE_UNKNOWN,
// ADVERTISING_MARK, ADVERTISING_SENDER, ADVERTISING_UNSUBSCRIBE, all faults at once; fields below
// "template".
absl::StatusOr<Template> CheckTemplate(const std::string& code, const v1::Template& wanted);

v1::Template ToWire(const Template& version);

}  // namespace ieum::notify
