#include "tests/support/centres.h"

#include <memory>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::testing {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

std::string Entry(const std::string& token, const std::string& centres) {
  return absl::StrCat(R"({"token": ")", token, R"(", "subject": "staff/)", token,
                      R"(", "roles": ["programme_manager", "supervisor"], "centres": [)", centres,
                      "]}");
}

const google::protobuf::MethodDescriptor& MethodOf(const std::string& package,
                                                   const std::string& method) {
  const std::string name = absl::StrCat(package, ".", absl::StrReplaceAll(method, {{"/", "."}}));
  const auto* found = DescriptorPool::generated_pool()->FindMethodByName(name);
  if (found == nullptr) throw std::runtime_error("no method " + name);
  return *found;
}

std::unique_ptr<Message> Empty(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// A refusal without the ids that it names.
std::string Anonymous(const absl::Status& status) {
  static const std::regex id("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  const std::string text =
      absl::StrCat(absl::StatusCodeToString(status.code()), " ", status.message(), " ",
                   base::ReasonOf(status), " ", absl::StrJoin(base::FieldsOf(status), ","));
  return std::regex_replace(text, id, "@");
}

std::string PageToken(const Message& response) {
  const auto* field = response.GetDescriptor()->FindFieldByName("next_page_token");
  return field == nullptr ? "" : response.GetReflection()->GetString(response, field);
}

void SetPage(Message* request, const std::string& token) {
  const auto* type = request->GetDescriptor();
  if (const auto* size = type->FindFieldByName("page_size")) {
    request->GetReflection()->SetInt32(request, size, 1);
  }
  if (const auto* field = type->FindFieldByName("page_token")) {
    request->GetReflection()->SetString(request, field, token);
  }
}

// Every page of the list as text; what went wrong instead, if something did.
std::string AllPages(const std::string& package, const Door& list, const Ids& shared,
                     const Calls& calls, std::string* fault) {
  auto request = RequestOf(package, list, shared);
  std::string text, token;
  do {
    SetPage(request.get(), token);
    auto response = Empty(MethodOf(package, list.method).output_type());
    const absl::Status status = calls(list.method, *request, response.get());
    if (!status.ok()) {
      *fault = absl::StrCat(list.method, ": ", status.ToString());
      return text;
    }
    text += response->DebugString();
    token = PageToken(*response);
  } while (!token.empty());
  return text;
}

}  // namespace

std::string CentreTokens() {
  const std::string a = absl::StrCat("\"", kCentreA, "\""), b = absl::StrCat("\"", kCentreB, "\"");
  return absl::StrJoin(
      {Entry("centre-a", a), Entry("centre-b", b), Entry("centre-ab", a + ", " + b)}, ", ");
}

std::unique_ptr<Message> RequestOf(const std::string& package, const Door& door, const Ids& ids) {
  std::string text = door.request;
  for (const auto& [word, id] : ids) {
    text = absl::StrReplaceAll(text, {{absl::StrCat("{", word, "}"), id}});
  }
  auto request = Empty(MethodOf(package, door.method).input_type());
  if (!google::protobuf::TextFormat::ParseFromString(text, request.get())) {
    throw std::runtime_error(door.method + " takes no " + text);
  }
  return request;
}

std::vector<std::string> DoorsThatTell(const std::string& package, const std::vector<Door>& doors,
                                       const Ids& others, const Ids& shared, const Calls& calls) {
  Ids theirs = shared, nobodys = shared;
  for (const auto& [word, id] : others) {
    theirs[word] = id;
    nobodys[word] = base::Uuid::NewV7().ToString();
  }
  std::vector<std::string> faults;
  for (const Door& door : doors) {
    auto response = Empty(MethodOf(package, door.method).output_type());
    const absl::Status theirs_said =
        calls(door.method, *RequestOf(package, door, theirs), response.get());
    const absl::Status nobodys_said =
        calls(door.method, *RequestOf(package, door, nobodys), response.get());
    if (Anonymous(theirs_said) != Anonymous(nobodys_said)) {
      faults.push_back(absl::StrCat(door.method, ": ", Anonymous(theirs_said), " but for nobody's ",
                                    Anonymous(nobodys_said)));
    } else if (base::ReasonOf(theirs_said) != door.reason) {
      faults.push_back(absl::StrCat(door.method, ": ", Anonymous(theirs_said)));
    }
  }
  return faults;
}

std::vector<std::string> ListsThatShow(const std::string& package, const std::vector<Door>& lists,
                                       const Ids& shared, const std::vector<std::string>& hidden,
                                       const Calls& calls) {
  std::vector<std::string> faults;
  for (const Door& list : lists) {
    std::string fault;
    const std::string text = AllPages(package, list, shared, calls, &fault);
    if (!fault.empty()) faults.push_back(fault);
    if (text.empty()) faults.push_back(list.method + " shows nothing at all");
    for (const std::string& word : hidden) {
      if (absl::StrContains(text, word)) faults.push_back(absl::StrCat(list.method, ": ", word));
    }
  }
  return faults;
}

std::vector<std::string> Forgotten(const std::vector<std::string>& services,
                                   const std::vector<Door>& doors, const std::vector<Door>& lists,
                                   const std::map<std::string, std::string>& everybodys) {
  std::set<std::string> thought_of;
  for (const Door& door : doors) thought_of.insert(door.method);
  for (const Door& list : lists) thought_of.insert(list.method);
  for (const auto& [method, why] : everybodys) thought_of.insert(method);
  std::vector<std::string> forgotten;
  for (const std::string& name : services) {
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) throw std::runtime_error("no service " + name);
    for (int at = 0; at < service->method_count(); ++at) {
      const std::string method = absl::StrCat(service->name(), "/", service->method(at)->name());
      if (!thought_of.contains(method)) forgotten.push_back(method);
    }
  }
  return forgotten;
}

}  // namespace ieum::testing
