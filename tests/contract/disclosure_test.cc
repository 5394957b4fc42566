// Goal: no method gives away or changes personal data without a trace in the access log. Method:
// what the messages of every method hold, however deep, against what the method says of itself; and
// the words of fields against the mark that they should carry.
#include "platform/rpc/disclosure.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "ieum/platform/v1/options.pb.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

bool IsPersonal(const FieldDescriptor* field) {
  return field->options().GetExtension(platform::v1::personal);
}

// The first personal field that is reached from here; null when none is.
const FieldDescriptor* PersonalIn(const Descriptor* message, std::set<const Descriptor*>* seen) {
  if (!seen->insert(message).second) return nullptr;
  for (int at = 0; at < message->field_count(); ++at) {
    const FieldDescriptor* field = message->field(at);
    if (IsPersonal(field)) return field;
    if (field->message_type() == nullptr) continue;
    if (const auto* found = PersonalIn(field->message_type(), seen)) return found;
  }
  return nullptr;
}

const FieldDescriptor* PersonalOf(const MethodDescriptor* method) {
  std::set<const Descriptor*> seen;
  const auto* found = PersonalIn(method->input_type(), &seen);
  return found != nullptr ? found : PersonalIn(method->output_type(), &seen);
}

// law:L17
TEST(Disclosure, IsSaidByEveryMethodThatGivesAwayOrChangesPersonalData) {
  int disclosing = 0;
  for (const MethodDescriptor* method : Methods()) {
    const FieldDescriptor* personal = PersonalOf(method);
    const bool says = method->options().HasExtension(platform::v1::discloses);
    EXPECT_EQ(says, personal != nullptr)
        << method->full_name()
        << (says ? " discloses nothing that is personal"
                 : " needs option (ieum.platform.v1.discloses) because of " +
                       (personal ? personal->full_name() : std::string()));
    disclosing += says ? 1 : 0;
  }
  EXPECT_GE(disclosing, 8);
}

TEST(Disclosure, NamesWhoseDataItIsByPathsThatThereAre) {
  for (const MethodDescriptor* method : Methods()) {
    const auto disclosure = rpc::Disclosure::Of(*method);
    EXPECT_TRUE(disclosure.ok()) << method->full_name() << ": " << disclosure.status();
  }
}

// Free text, and words that mean a person, are personal until somebody says here why not: of a
// field of this name, or of one field by its full name.
const std::map<std::string, std::string>& KnownAsNotPersonal() {
  static const auto* known = new std::map<std::string, std::string>{
      {"display_name", "of a firm, a campaign or a rule"},
      {"display_name_en", "of reference data"},
      {"state_reason", "why an account of staff was closed"},
      {"error_reason", "a stable word"},
      {"consent_text", "the name of a wording, which is everybody's"},
      {"consent_text_id", "the id of a wording"},
      {"organization_display_name", "of a firm"},
      {"condition", "of a rule, over codes"},
      {"note_id", "the id of a note"},
      {"body", "of a template, before anything is filled in"},
      {"ieum.registry.v1.CloseSubjectRequest.reason", "why an account of staff is closed"},
      {"ieum.registry.v1.ReopenSubjectRequest.reason", "why an account of staff is opened again"},
      {"filter", "asked, never kept"},
      {"message_reference", "the name of a message"},
      {"external_receipt_number", "of another office"},
      {"first_difference", "of tables without personal data"},
      {"ieum.registry.v1.Person.merged_persons", "other ids of one whom the method discloses"},
      {"failure_reason", "of a rebuild"}};
  return *known;
}

bool SoundsPersonal(const FieldDescriptor* field) {
  static const RE2 words(
      "(.*_)?(name|email|phone|phone_e164|birth|birth_date|birthday|address|gender|sex|minutes|"
      "findings|note|notes|next_step|summary|evidence|text|comment|remark|essay|diary|body|reason|"
      "condition|difference|tasks)(_.*)?|(.*_)?persons?");
  return field->type() == FieldDescriptor::TYPE_STRING && RE2::FullMatch(field->name(), words);
}

// `name` itself is a resource's name everywhere (AIP-122).
bool IsResourceName(const FieldDescriptor* field) { return field->name() == "name"; }

TEST(Disclosure, IsNotForgottenWhereTheWordsOfAFieldSoundLikeAPerson) {
  std::set<const Descriptor*> messages;
  for (const MethodDescriptor* method : ResourceMethods()) {
    for (const Descriptor* message : {method->input_type(), method->output_type()}) {
      std::vector<const Descriptor*> open = {message};
      while (!open.empty()) {
        const Descriptor* next = open.back();
        open.pop_back();
        if (!messages.insert(next).second || !absl::StartsWith(next->full_name(), "ieum."))
          continue;
        for (int at = 0; at < next->field_count(); ++at) {
          const FieldDescriptor* field = next->field(at);
          if (field->message_type() != nullptr) open.push_back(field->message_type());
          if (!SoundsPersonal(field) || IsResourceName(field)) continue;
          EXPECT_TRUE(IsPersonal(field) || KnownAsNotPersonal().contains(field->name()) ||
                      KnownAsNotPersonal().contains(field->full_name()))
              << field->full_name()
              << " sounds personal: mark it (ieum.platform.v1.personal), or say here why not";
        }
      }
    }
  }
}

// What nobody may keep in an event is not marked in one: an event has no personal field at all.
TEST(Disclosure, HasNoBusinessInEvents) {
  for (const Descriptor* event : Events()) {
    std::set<const Descriptor*> seen;
    const FieldDescriptor* personal = PersonalIn(event, &seen);
    EXPECT_EQ(personal, nullptr) << event->full_name() << ": " << personal->full_name();
  }
}

}  // namespace
}  // namespace ieum::contract
