#include "services/casemgmt/references/provision_book.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

constexpr char kAuthorize[] = "/ieum.registry.v1.ConsentService/AuthorizeProvision";
constexpr char kGetPerson[] = "/ieum.registry.v1.PersonService/GetPerson";
constexpr absl::Duration kAskAgainAfter = absl::Seconds(1);

// What of registry's refusals our callers can do something about, in our words.
absl::Status Ours(const absl::Status& refused) {
  const std::string reason = base::ReasonOf(refused);
  if (reason == "PERSON_ERASED") return refused;
  if (absl::IsNotFound(refused)) {
    return base::Forbidden("PERSON_ERASED", "registry has no data of the person (any more)");
  }
  if (reason == "RECIPIENT_UNKNOWN") {
    return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_UNKNOWN,
                           "registry does not know the recipient; register it there first");
  }
  return base::Unavailable("registry does not say whether her data may be handed on; try again",
                           kAskAgainAfter);
}

absl::StatusOr<ProvisionAnswer> AnswerIn(const registry::v1::ConsentReceipt& receipt) {
  ProvisionAnswer answer;
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}/consentReceipts/{}", receipt.name(), "name"));
  answer.receipt = ids[1];
  answer.consent_revision = receipt.consent_revision();
  answer.asked_at = base::InstantOf(receipt.ask_time());
  answer.refusal = receipt.refusal();
  // A refusal whose cause a newer registry names and we do not know is a refusal.
  const bool unnamed = answer.refusal == registry::v1::CONSENT_REFUSAL_UNSPECIFIED;
  if (!receipt.allowed() && unnamed) answer.refusal = registry::v1::CONSENT_REFUSAL_NOT_COVERED;
  if (receipt.allowed()) answer.refusal = registry::v1::CONSENT_REFUSAL_UNSPECIFIED;
  return answer;
}

}  // namespace

absl::StatusOr<ProvisionAnswer> ProvisionBook::Ask(const ProvisionQuestion& question) {
  auto answer = sources_.ask(question);
  if (!answer.ok()) return Ours(answer.status());
  return answer;
}

absl::StatusOr<PersonIdentity> ProvisionBook::Identify(const base::Uuid& person) {
  auto identity = sources_.identify(person);
  if (!identity.ok()) return Ours(identity.status());
  return identity;
}

ProvisionBook::Sources ProvisionsOf(rpc::Peer& peer) {
  ProvisionBook::Sources sources;
  sources.ask = [&peer](const ProvisionQuestion& question) -> absl::StatusOr<ProvisionAnswer> {
    registry::v1::AuthorizeProvisionRequest request;
    request.set_parent(NameIn("persons", question.person));
    request.set_recipient(NameIn("organizations", question.recipient));
    request.mutable_items()->Assign(question.items.begin(), question.items.end());
    request.set_request_id(question.request.ToString());
    registry::v1::ConsentReceipt receipt;
    RETURN_IF_ERROR(peer.Call(kAuthorize, request, &receipt));
    return AnswerIn(receipt);
  };
  sources.identify = [&peer](const base::Uuid& person) -> absl::StatusOr<PersonIdentity> {
    registry::v1::GetPersonRequest request;
    request.set_name(NameIn("persons", person));
    registry::v1::Person answer;
    RETURN_IF_ERROR(peer.Call(kGetPerson, request, &answer));
    return PersonIdentity{.full_name = answer.full_name(), .phone = answer.phone_e164()};
  };
  return sources;
}

absl::Status ProvisionRefusedBy(registry::v1::ConsentRefusal refusal) {
  const std::string why = registry::v1::ConsentRefusal_Name(refusal);
  return base::Forbidden(
      v1::ERROR_REASON_CONSENT_MISSING,
      absl::StrCat("her consent to provision does not cover this recipient and these items: ", why,
                   "; ask her first"),
      {{"refusal", why}});
}

}  // namespace ieum::casemgmt
