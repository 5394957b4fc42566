// `ieumctl access`: who holds which role where, giving and ending it, and the mail that tells of a
// broken glass.
#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/registry/v1/access_service.pb.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

namespace registry = ieum::registry::v1;
namespace notify = ieum::notify::v1;

constexpr char kAccess[] = "/ieum.registry.v1.AccessService/";

struct Arguments {
  Reach reach;
  std::string account, role, centre, reason, person, name, subject = "subjects/-", filter;
  std::string cause, resource, folder = "deploy/access";
  int minutes = 60;
  bool ended = false;
};

template <class Response>
absl::StatusOr<Response> Ask(const Arguments& arguments, const std::string& method,
                             const google::protobuf::Message& request) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(doors.Need("registry"));
  Response response;
  RETURN_IF_ERROR(doors.Call("registry", kAccess + method, request, &response));
  return response;
}

std::string State(const registry::Grant& grant) {
  if (grant.has_end_time()) return "ended " + KoreaTime(grant.end_time());
  return grant.has_expire_time() ? "until " + KoreaTime(grant.expire_time()) : "holds";
}

void Print(const std::vector<registry::Grant>& grants, bool json) {
  nlohmann::json out = nlohmann::json::array();
  Table table({"ACCOUNT", "ROLE", "CENTRE", "GIVEN", "BY", "STATE", "WHY", "NAME"});
  for (const registry::Grant& grant : grants) {
    table.Add({grant.account(), grant.role(), grant.centre(), KoreaTime(grant.give_time()),
               grant.giver(), State(grant), grant.reason(), grant.name()});
    std::string text;
    if (google::protobuf::util::MessageToJsonString(grant, &text).ok()) {
      out.push_back(nlohmann::json::parse(text));
    }
  }
  std::printf("%s", json ? (out.dump(2) + "\n").c_str() : table.Text().c_str());
}

absl::Status List(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(doors.Need("registry"));
  registry::ListGrantsRequest request;
  request.set_parent(arguments.subject);
  request.set_order_by("give_time");
  std::string filter = arguments.ended ? "" : "end = GRANT_END_UNSPECIFIED";
  const auto add = [&](const std::string& condition) {
    absl::StrAppend(&filter, filter.empty() ? "" : " AND ", condition);
  };
  if (!arguments.account.empty()) add(absl::StrCat("account = \"", arguments.account, "\""));
  if (!arguments.role.empty()) add(absl::StrCat("role = \"", arguments.role, "\""));
  if (!arguments.filter.empty()) add(absl::StrCat("(", arguments.filter, ")"));
  request.set_filter(filter);
  std::vector<registry::Grant> grants;
  do {
    registry::ListGrantsResponse page;
    RETURN_IF_ERROR(doors.Call("registry", absl::StrCat(kAccess, "ListGrants"), request, &page));
    grants.insert(grants.end(), page.grants().begin(), page.grants().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Print(grants, arguments.reach.Json());
  return absl::OkStatus();
}

absl::Status Give(const Arguments& arguments) {
  registry::GiveGrantRequest request;
  request.set_account(arguments.account);
  request.set_role(arguments.role);
  request.set_centre(arguments.centre);
  request.set_reason(arguments.reason);
  request.set_person(arguments.person);
  ASSIGN_OR_RETURN(const auto grant, Ask<registry::Grant>(arguments, "GiveGrant", request));
  Print({grant}, arguments.reach.Json());
  return absl::OkStatus();
}

absl::Status Revoke(const Arguments& arguments) {
  registry::RevokeGrantRequest request;
  request.set_name(arguments.name);
  request.set_reason(arguments.reason);
  ASSIGN_OR_RETURN(const auto grant, Ask<registry::Grant>(arguments, "RevokeGrant", request));
  Print({grant}, arguments.reach.Json());
  return absl::OkStatus();
}

absl::Status Close(const Arguments& arguments) {
  registry::CloseSubjectRequest request;
  request.set_account(arguments.account);
  request.set_reason(arguments.reason);
  ASSIGN_OR_RETURN(const auto subject, Ask<registry::Subject>(arguments, "CloseSubject", request));
  std::printf("%s is closed (%s): every service refuses it\n", subject.account().c_str(),
              subject.name().c_str());
  return absl::OkStatus();
}

absl::Status Reopen(const Arguments& arguments) {
  registry::ReopenSubjectRequest request;
  request.set_name(arguments.name);
  request.set_reason(arguments.reason);
  ASSIGN_OR_RETURN(const auto subject, Ask<registry::Subject>(arguments, "ReopenSubject", request));
  std::printf("%s is open again and holds nothing\n", subject.account().c_str());
  return absl::OkStatus();
}

absl::Status BreakGlass(const Arguments& arguments) {
  registry::BreakGlassRequest request;
  registry::BreakGlassCause cause;
  if (!registry::BreakGlassCause_Parse("BREAK_GLASS_CAUSE_" + arguments.cause, &cause)) {
    return absl::InvalidArgumentError("--cause is DANGER, ABSENCE, LEGAL_DUTY or FAULT");
  }
  request.set_cause(cause);
  request.set_centre(arguments.centre);
  request.set_reason(arguments.reason);
  request.set_resource(arguments.resource);
  request.set_minutes(arguments.minutes);
  ASSIGN_OR_RETURN(const auto grant, Ask<registry::Grant>(arguments, "BreakGlass", request));
  Print({grant}, arguments.reach.Json());
  return absl::OkStatus();
}

template <class Request, class Response>
absl::Status Define(Doors& doors, const std::string& file, const std::string& method) {
  std::ifstream stream(file);
  if (!stream) return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  std::ostringstream text;
  text << stream.rdbuf();
  Request request;
  if (!google::protobuf::util::JsonStringToMessage(text.str(), &request).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": is no request of ", method));
  }
  Response response;
  const absl::Status status = doors.Call("notify", method, request, &response);
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

absl::Status Mail(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  RETURN_IF_ERROR(doors.Need("notify"));
  RETURN_IF_ERROR((Define<notify::CreateTemplateRequest, notify::Template>(
      doors, arguments.folder + "/break_glass_template.json",
      "/ieum.notify.v1.TemplateService/CreateTemplate")));
  RETURN_IF_ERROR((Define<notify::CreateRuleRequest, notify::Rule>(
      doors, arguments.folder + "/break_glass_rule.json",
      "/ieum.notify.v1.RuleService/CreateRule")));
  std::printf("notify tells of broken glass\n");
  return absl::OkStatus();
}

using Work = absl::Status (*)(const Arguments&);

void AddGiving(CLI::App& give, Arguments& arguments) {
  give.add_option("--role", arguments.role, "of deploy/roles.json")->required();
  give.add_option("--person", arguments.person,
                  "persons/{uuid} behind the account: told of broken glass as a supervisor");
}

void AddBreaking(CLI::App& glass, Arguments& arguments) {
  glass.add_option("--cause", arguments.cause, "DANGER, ABSENCE, LEGAL_DUTY or FAULT")->required();
  glass.add_option("--minutes", arguments.minutes, "for how long")
      ->check(CLI::Range(1, 240))
      ->capture_default_str();
  glass.add_option("--resource", arguments.resource, "what it is about, such as persons/{uuid}");
}

void AddListing(CLI::App& grants, Arguments& arguments) {
  grants.add_option("--account", arguments.account, "of this account only");
  grants.add_option("--subject", arguments.subject, "of this one only, subjects/{uuid}");
  grants.add_option("--role", arguments.role, "of this role only");
  grants.add_option("--filter", arguments.filter,
                    "AIP-160, such as 'centre = \"organizations/…\"'");
  grants.add_flag("--ended", arguments.ended, "those that have ended, too");
}

}  // namespace

Run AddAccess(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("access", "Who holds which role where; give it, end it.");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what) {
    CLI::App* one = command->add_subcommand(name, what);
    AddReach(*one, arguments->reach);
    return one;
  };
  CLI::App* grants = add("grants", "Shows grants, those that hold unless --ended.");
  CLI::App* give = add("give", "Gives an account a role in one centre, or everywhere.");
  CLI::App* revoke = add("revoke", "Ends a grant at once.");
  CLI::App* close = add("close", "For one who leaves: ends all and refuses the account.");
  CLI::App* reopen = add("reopen", "Lets a closed account take grants again.");
  CLI::App* glass = add("break-glass", "Opens what your roles do not, for a while.");
  CLI::App* mail = add("mail", "Puts the mail about broken glass into force in notify, once.");
  AddListing(*grants, *arguments);
  AddGiving(*give, *arguments);
  AddBreaking(*glass, *arguments);
  for (CLI::App* one : {give, close}) {
    one->add_option("--account", arguments->account, "as tokens name it, staff/kim")->required();
  }
  for (CLI::App* one : {give, glass}) {
    one->add_option("--centre", arguments->centre, "organizations/{uuid}, or *")->required();
  }
  for (CLI::App* one : {revoke, reopen}) {
    one->add_option("name", arguments->name, "of the grant, of the subject")->required();
  }
  for (CLI::App* one : {give, revoke, close, reopen, glass}) {
    one->add_option("--reason", arguments->reason, "why; kept")->required();
  }
  mail->add_option("--folder", arguments->folder, "where its template and rule are")
      ->capture_default_str();
  const std::vector<std::pair<CLI::App*, Work>> works = {
      {grants, List},   {give, Give},        {revoke, Revoke}, {close, Close},
      {reopen, Reopen}, {glass, BreakGlass}, {mail, Mail}};
  return [arguments, works] {
    for (const auto& [one, work] : works) {
      if (!one->parsed()) continue;
      const absl::Status status = work(*arguments);
      return status.ok() ? kGood : Refuse("access " + one->get_name(), status);
    }
    return kUsage;
  };
}

}  // namespace ieum::ctl
