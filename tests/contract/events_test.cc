// Goal: an event can be given to anybody and rebuilt from. Method: every message marked as an
// event and every type within it; the marks of personal data are words in field names.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

// Words of field names behind which a person or somebody's free text could stand.
const std::set<std::string>& PersonalWords() {
  static const auto* words = new std::set<std::string>{
      "name",     "email", "mail",   "phone",   "mobile",  "tel",      "birth",
      "birthday", "age",   "gender", "sex",     "address", "resident", "account",
      "note",     "notes", "text",   "minutes", "summary", "findings", "comment",
      "photo",    "body",  "answer", "title",   "health",  "memo",     "recipient"};
  return *words;
}

// Fields that only sound so.
const std::set<std::string>& KnownAsNotPersonal() {
  static const auto* known = new std::set<std::string>{
      "ieum.casemgmt.v1.AttendanceFacts.answer",  // yes, no or maybe: a number, no words
      "ieum.casemgmt.v1.SessionFacts.minutes",    // how long it took
      // A body that is asked, somebody of its staff, and the day by which it is to answer.
      "ieum.casemgmt.v1.ReferralFacts.recipient_id",
      "ieum.casemgmt.v1.ReferralFacts.answer_due_date",
      "ieum.casemgmt.v1.ReferralFacts.recipient_contact_person_id",
      "ieum.casemgmt.v1.TransferFacts.answer_due_date",
      "ieum.casemgmt.v1.TransferFacts.recipient_contact_person_id",
      "ieum.casemgmt.v1.ProvisionRefused.recipient_id", "ieum.casemgmt.v1.SessionNoteAdded.note_id",
      "ieum.casemgmt.v1.SessionNoteAdded.corrected_note_id"};
  return *known;
}

void CollectFields(const Descriptor* message, std::set<const FieldDescriptor*>* fields) {
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    if (!fields->insert(field).second || field->message_type() == nullptr) continue;
    if (absl::StartsWith(field->message_type()->full_name(), "ieum.")) {
      CollectFields(field->message_type(), fields);
    }
  }
}

std::set<const FieldDescriptor*> EventFields() {
  std::set<const FieldDescriptor*> fields;
  for (const Descriptor* event : Events()) CollectFields(event, &fields);
  return fields;
}

std::set<std::string> ResourcePatterns() {
  std::set<std::string> patterns;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const auto& resource = file->message_type(i)->options().GetExtension(google::api::resource);
      patterns.insert(resource.pattern().begin(), resource.pattern().end());
    }
  }
  return patterns;
}

// row:X11
TEST(Event, CarriesNothingPersonal) {
  for (const FieldDescriptor* field : EventFields()) {
    if (KnownAsNotPersonal().contains(field->full_name())) continue;
    for (const auto& word : absl::StrSplit(field->name(), '_')) {
      EXPECT_FALSE(PersonalWords().contains(std::string(word))) << field->full_name();
    }
  }
}

TEST(Event, LivesInItsOwnersEventsFile) {
  for (const Descriptor* event : Events()) {
    EXPECT_TRUE(absl::EndsWith(event->file()->name(), "/v1/events.proto")) << event->full_name();
  }
}

TEST(Event, EveryMessageOfAnEventsFileIsAnEventOrAPartOfOne) {
  std::set<const Descriptor*> parts;
  for (const FieldDescriptor* field : EventFields()) parts.insert(field->message_type());
  for (const FileDescriptor* file : Files()) {
    if (!absl::EndsWith(file->name(), "/events.proto")) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* message = file->message_type(i);
      const bool marked = message->options().HasExtension(platform::v1::event);
      EXPECT_TRUE(marked || parts.contains(message)) << message->full_name();
    }
  }
}

// The subject is the CloudEvents `subject`: the name of a resource that somebody can read.
TEST(Event, NamesTheResourceItIsAbout) {
  const auto patterns = ResourcePatterns();
  for (const Descriptor* event : Events()) {
    const std::string& subject = event->options().GetExtension(platform::v1::event).subject();
    EXPECT_TRUE(patterns.contains(subject)) << event->full_name() << ": " << subject;
  }
}

TEST(Event, SaysItsDayInKorea) {
  for (const Descriptor* event : Events()) {
    const FieldDescriptor* date = event->FindFieldByName("event_date");
    ASSERT_NE(date, nullptr) << event->full_name();
    EXPECT_EQ(date->type(), FieldDescriptor::TYPE_STRING) << event->full_name();
  }
}

TEST(Event, TellsWhatEachFieldMeans) {
  for (const Descriptor* event : Events()) EXPECT_NE(CommentOf(event), "") << event->full_name();
  for (const FieldDescriptor* field : EventFields()) {
    EXPECT_NE(CommentOf(field), "") << field->full_name();
  }
}

// Hashes of rebuilt projections must not depend on rounding or on the order of a map.
TEST(Event, HoldsNoFloatNoMapAndNothingOpaque) {
  for (const FieldDescriptor* field : EventFields()) {
    EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field->full_name();
    EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field->full_name();
    EXPECT_NE(field->type(), FieldDescriptor::TYPE_BYTES) << field->full_name();
    EXPECT_FALSE(field->is_map()) << field->full_name();
    if (field->message_type() == nullptr) continue;
    EXPECT_NE(field->message_type()->full_name(), "google.protobuf.Any") << field->full_name();
  }
}

// A reader in another language sees what a name ending in _date, _time or _id is.
TEST(Event, DatesAreTextInstantsAreTimestampsIdsAreText) {
  for (const FieldDescriptor* field : EventFields()) {
    const std::string& name = field->name();
    if (absl::EndsWith(name, "_date") || absl::EndsWith(name, "_id")) {
      EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING) << field->full_name();
    }
    // What is true or false is no instant, such as whether a plan was signed on_time.
    if (absl::EndsWith(name, "_time") && field->type() != FieldDescriptor::TYPE_BOOL) {
      ASSERT_NE(field->message_type(), nullptr) << field->full_name();
      EXPECT_EQ(field->message_type()->full_name(), "google.protobuf.Timestamp");
    }
  }
}

}  // namespace
}  // namespace ieum::contract
