#include "services/casemgmt/referrals/asked_provision.h"

#include <memory>

#include "platform/base/status.h"
#include "services/casemgmt/cases/case_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kRequestId[] = "request_id";

std::string RequestIdOf(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName(kRequestId);
  return request.GetReflection()->GetString(request, field);
}

base::Uuid Named(const std::string& request_id, std::string_view label) {
  const auto given = base::Uuid::Parse(request_id);
  return given ? base::Uuid::Derive(*given, label) : base::Uuid::NewV7();
}

// A command of its own: the id of the request answers for what was asked, not for what was kept
// instead.
std::unique_ptr<google::protobuf::Message> UnderAnotherId(
    const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> other(request.New());
  other->CopyFrom(request);
  const auto* field = request.GetDescriptor()->FindFieldByName(kRequestId);
  other->GetReflection()->SetString(other.get(), field,
                                    Named(RequestIdOf(request), "refused").ToString());
  return other;
}

}  // namespace

absl::StatusOr<std::optional<base::Uuid>> PersonToAskAbout(db::Database& database,
                                                           const CaseInput& of) {
  std::optional<base::Uuid> person;
  RETURN_IF_ERROR(database.ReadOne("provision_person", [&](db::Tx& tx) {
    const auto c = FindCase(tx, of.reach, of.case_id);
    person = c ? c->person : std::nullopt;
    return absl::OkStatus();
  }));
  return person;
}

absl::StatusOr<ProvisionAnswer> AskForProvision(rpc::Call& call, ledger::Ledger& ledger,
                                                ProvisionBook& provisions,
                                                const google::protobuf::Message& request,
                                                const ProvisionWish& wish) {
  ASSIGN_OR_RETURN(const ProvisionAnswer answer,
                   provisions.Ask({.person = wish.person,
                                   .recipient = wish.recipient,
                                   .items = wish.items,
                                   .request = Named(RequestIdOf(request), "provision")}));
  if (answer.allowed()) return answer;
  const RefusedProvision refused = {.of = wish.of,
                                    .kind = wish.kind,
                                    .recipient = wish.recipient,
                                    .items = wish.items,
                                    .answer = answer};
  const auto kept = call.Write(ledger, *UnderAnotherId(request), [&](ledger::UnitOfWork& work) {
    return KeepRefusal(work, refused);
  });
  RETURN_IF_ERROR(kept.status());
  return ProvisionRefusedBy(answer.refusal);
}

}  // namespace ieum::casemgmt
