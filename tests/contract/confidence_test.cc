// Goal: the table of confidence (domain.md §2) covers all that case management answers, and what
// notify tells of who is written to: a field that nobody has thought about fails. Method: every
// field that an answer of a room of cases or groups can hold against confidence_table.csv, and
// every role that may ask for it against what the role is to see; where a door shows a role less
// than the message holds, the message stands below with the test that says so. row:C36
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ieum/platform/v1/options.pb.h"
#include "nlohmann/json.hpp"
#include "platform/rpc/roles.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

constexpr char kTable[] = "tests/contract/confidence_table.csv";
constexpr char kSeeRecipients[] = "notify.recipients.see";

const std::set<std::string>& Rooms() {
  static const auto* rooms = new std::set<std::string>{
      "AppointmentService", "AssessmentService", "AttachmentService", "CaseService",
      "ConferenceService",  "FollowUpService",   "GroupService",      "MessageService",
      "PlanService",        "ReferralService",   "SessionService",    "TaskService",
      "TransferService"};
  return *rooms;
}

// What a field tells: an id or a version; where and by whom work is done; who she is; her token;
// words that somebody wrote; codes and levels; what is done and when; whether she is still
// employed; what was shared with a recipient; papers; a group, and who is in it; what is no
// person's; what is to be told, where and when, and what became of it; whom it is told to.
const std::set<std::string>& Kinds() {
  static const auto* kinds = new std::set<std::string>{
      "handle", "place",  "staff",     "identity",  "token",  "words",
      "codes",  "plan",   "agenda",    "shared",    "paper",  "group",
      "link",   "member", "retention", "reference", "notice", "recipient"};
  return *kinds;
}

// Columns of the table. Manager and supervisor see all of a case that their reach holds, broken
// glass what it is broken for. A firm has no role, and reporting asks nothing.
const std::map<std::string, std::set<std::string>>& Sees() {
  static const auto* sees = [] {
    const std::set<std::string> all = Kinds();
    std::set<std::string> of_cases = all;
    for (const char* kind : {"notice", "recipient"}) of_cases.erase(kind);
    return new std::map<std::string, std::set<std::string>>{
        {"case_manager", of_cases},
        {"supervisor", all},
        {"break_glass", of_cases},
        {"centre_head", {"handle", "place", "staff", "identity", "group", "notice"}},
        {"conference_member", {"handle", "place", "staff", "codes", "plan"}},
        {"consultant", {"handle", "group", "member", "token", "paper"}},
        {"programme_manager", {"handle", "paper", "reference", "notice"}},
        {"auditor", {"handle", "paper", "reference", "token", "notice"}},
        {"attachment_scanner", {"handle", "paper"}},
        {"link_portal", {"link"}},
        {"access_manager", {}},
        {"centre_staff", {}},
        {"judge", {}},
        {"operator", {"handle", "notice"}},
        {"service", {}},
        {"service_casemgmt", {}},
        {"service_notify", {}},
        {"service_registry", {}},
        {"service_reporting", {}}};
  }();
  return *sees;
}

// Messages of which a door leaves out what the role does not see.
bool IsNarrowed(const std::string& role, const std::string& message) {
  static const auto* narrowed = new std::set<std::string>{
      // CaseConfidence.ShowsWhoButNoCodeAndNoDayToTheHeadOfTheCentre
      "centre_head Case", "centre_head CaseClosing",
      // Agenda items are words for the conference, of a pseudonym: tests of conference doors.
      "conference_member AgendaItem",
      // A coach's own log of her own group: tests of group doors.
      "consultant GroupLog",
      // Papers of firms and forms name nobody, papers of cases are not reached: tests of
      // attachments.
      "consultant Attachment", "consultant DownloadAttachmentResponse",
      "programme_manager Attachment", "programme_manager DownloadAttachmentResponse",
      "auditor Attachment",
      // Who looks for malware opens a paper because of what it may hold, and says why.
      "attachment_scanner Attachment", "attachment_scanner DownloadAttachmentResponse"};
  return narrowed->contains(absl::StrCat(role, " ", message));
}

using Fields = std::set<const FieldDescriptor*>;

bool IsOurs(const std::string& message) {
  return message.rfind("ieum.casemgmt.v1.", 0) == 0 || message.rfind("ieum.notify.v1.", 0) == 0;
}

// Of the answer and of the messages in it.
void Collect(const Descriptor* message, std::set<const Descriptor*>* seen, Fields* fields) {
  if (!seen->insert(message).second) return;
  for (int at = 0; at < message->field_count(); ++at) {
    const FieldDescriptor* field = message->field(at);
    const Descriptor* inner = field->message_type();
    if (inner != nullptr && IsOurs(inner->full_name())) {
      Collect(inner, seen, fields);
    } else {
      fields->insert(field);
    }
  }
}

Fields FieldsOf(const MethodDescriptor* method) {
  std::set<const Descriptor*> seen;
  Fields fields;
  Collect(method->output_type(), &seen, &fields);
  return fields;
}

std::string NameOf(const FieldDescriptor* field) {
  return absl::StrCat(field->containing_type()->name(), ".", field->name());
}

std::vector<const MethodDescriptor*> MethodsOfRooms() {
  std::vector<const MethodDescriptor*> methods;
  for (const MethodDescriptor* method : Methods()) {
    if (Rooms().contains(method->service()->name())) methods.push_back(method);
  }
  return methods;
}

std::map<std::string, std::string> ReadTable() {
  std::map<std::string, std::string> kinds;
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(ReadProjectFile(kTable), '\n', absl::SkipEmpty()))) {
    const std::vector<std::string> words = absl::StrSplit(line, ',');
    if (words.size() != 2) throw std::runtime_error(line);
    EXPECT_TRUE(kinds.emplace(words[0], words[1]).second) << words[0] << " stands twice";
  }
  kinds.erase("field");
  return kinds;
}

TEST(Confidence, SaysOfEveryFieldOfAnAnswerWhatItTells) {
  auto left = ReadTable();
  std::set<std::string> known;
  for (const MethodDescriptor* method : MethodsOfRooms()) {
    for (const FieldDescriptor* field : FieldsOf(method)) known.insert(NameOf(field));
  }
  ASSERT_GT(known.size(), 400u);
  for (const std::string& field : known) {
    const auto line = left.find(field);
    if (line == left.end()) {
      ADD_FAILURE() << kTable << " needs a line: what does " << field << " tell of whom?";
      continue;
    }
    EXPECT_TRUE(Kinds().contains(line->second)) << field << ": " << line->second;
    left.erase(line);
  }
  for (const auto& [field, kind] : left) ADD_FAILURE() << field << " is in no answer";
}

TEST(Confidence, OpensToEveryRoleWhatTheTableGivesIt) {
  const auto kinds = ReadTable();
  const rpc::Roles shipped = rpc::Roles::Shipped();
  const auto roles = nlohmann::json::parse(ReadProjectFile("deploy/roles.json"))["roles"];
  for (const auto& [role, patterns] : roles.items()) {
    const auto sees = Sees().find(role);
    ASSERT_NE(sees, Sees().end()) << role << ": which column of the table is it?";
    for (const MethodDescriptor* method : MethodsOfRooms()) {
      const auto& permission = method->options().GetExtension(platform::v1::permission);
      if (!shipped.Allow({role}, permission)) continue;
      for (const FieldDescriptor* field : FieldsOf(method)) {
        const auto kind = kinds.find(NameOf(field));
        if (kind == kinds.end() || IsNarrowed(role, field->containing_type()->name())) continue;
        // The doors of messages: Recipients.AreShownToWhoAnswersThemAlone of notify.
        if (kind->second == "recipient" && !shipped.Allow({role}, kSeeRecipients)) continue;
        EXPECT_TRUE(sees->second.contains(kind->second))
            << role << " may call " << method->full_name() << ", which answers " << NameOf(field)
            << " (" << kind->second << ")";
      }
    }
  }
}

}  // namespace
}  // namespace ieum::contract
