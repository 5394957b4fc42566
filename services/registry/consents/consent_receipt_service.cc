#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/consents/authorize_commands.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_service.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

constexpr char kPattern[] = "persons/{}/consentReceipts/{}";
constexpr char kAnyPerson[] = "persons/-";

absl::StatusOr<base::Uuid> PersonIn(const std::string& parent) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", parent, "parent"));
  return ids[0];
}

v1::ConsentReceipt ToWire(const ConsentReceiptView& view) {
  const ConsentReceipt& receipt = view.receipt;
  v1::ConsentReceipt wire;
  wire.set_name(ConsentReceiptName(receipt.person_id, receipt.id));
  wire.set_allowed(receipt.allowed());
  wire.set_refusal(receipt.refusal);
  if (receipt.recipient) wire.set_recipient(OrganizationName(*receipt.recipient));
  wire.mutable_items()->Assign(receipt.items.begin(), receipt.items.end());
  wire.set_publication_kind(receipt.publication);
  if (receipt.consent_id) wire.set_consent(ConsentName(receipt.person_id, *receipt.consent_id));
  wire.set_consent_revision(receipt.consent_revision);
  wire.set_asker(receipt.asker);
  *wire.mutable_ask_time() = ToTimestamp(receipt.asked_at);
  if (receipt.overridden) {
    wire.set_overridden_receipt(ConsentReceiptName(receipt.person_id, *receipt.overridden));
  }
  wire.set_ground(receipt.ground);
  wire.set_reason(receipt.reason);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

absl::StatusOr<v1::ConsentReceipt> ReceiptIn(db::Tx& tx, const base::Scope& scope,
                                             const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const auto view = FindConsentReceipt(tx, scope, ids[1]);
  if (!view || view->receipt.person_id != ids[0]) return base::NotFound(name);
  return ToWire(*view);
}

}  // namespace

absl::StatusOr<v1::ConsentReceipt> ConsentDoor::ReadReceipt(const rpc::Call& call,
                                                            const std::string& name) {
  v1::ConsentReceipt wire;
  RETURN_IF_ERROR(database_.ReadOne("consent_receipt_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(wire, ReceiptIn(tx, call.scope(), name));
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::ConsentReceipt> ConsentDoor::AuthorizeProvision(
    rpc::Call& call, const v1::AuthorizeProvisionRequest& request) {
  AuthorizeProvisionInput input;
  ASSIGN_OR_RETURN(input.person_id, PersonIn(request.parent()));
  ASSIGN_OR_RETURN(const auto recipient,
                   base::IdsIn("organizations/{}", request.recipient(), "recipient"));
  input.recipient = recipient[0];
  for (const std::string& item : request.items()) {
    RETURN_IF_ERROR(CheckSaysNobody(item, absl::StrCat("items[", input.items.size(), "]")));
    input.items.push_back(item);
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return registry::AuthorizeProvision(work, input);
                   }));
  return ReadReceipt(call, answer.name);
}

absl::StatusOr<v1::ConsentReceipt> ConsentDoor::AuthorizePublication(
    rpc::Call& call, const v1::AuthorizePublicationRequest& request) {
  AuthorizePublicationInput input{.kind = request.publication_kind()};
  ASSIGN_OR_RETURN(input.person_id, PersonIn(request.parent()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return registry::AuthorizePublication(work, input);
                   }));
  return ReadReceipt(call, answer.name);
}

absl::StatusOr<v1::ConsentReceipt> ConsentDoor::Override(
    rpc::Call& call, const v1::OverrideConsentReceiptRequest& request) {
  RETURN_IF_ERROR(CheckSaysNobody(request.reason()));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  const OverrideConsentReceiptInput input{ids[0], ids[1], request.ground(), request.reason(),
                                          request.etag()};
  v1::ConsentReceipt rehearsed;
  ASSIGN_OR_RETURN(
      const ledger::Answer answer,
      call.Write(ledger_, request, [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
        auto done = OverrideConsentReceipt(work, input);
        if (!done.ok() || !request.validate_only()) return done;
        ASSIGN_OR_RETURN(rehearsed, ReceiptIn(work.tx(), call.scope(), done->name));
        return done;
      }));
  if (request.validate_only()) return rehearsed;
  return ReadReceipt(call, answer.name);
}

absl::StatusOr<v1::ConsentReceipt> ConsentDoor::GetReceipt(
    rpc::Call& call, const v1::GetConsentReceiptRequest& request) {
  return ReadReceipt(call, request.name());
}

absl::StatusOr<v1::ListConsentReceiptsResponse> ConsentDoor::ListReceipts(
    rpc::Call& call, const v1::ListConsentReceiptsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ConsentReceiptList(), page_key_));
  if (request.parent() != kAnyPerson) {
    ASSIGN_OR_RETURN(const base::Uuid person, PersonIn(request.parent()));
    query.Where(
        "r.person_id = ANY(ARRAY(SELECT record_id FROM "
        "person_records(ARRAY[person_now({}::uuid)])))",
        {person.ToString()});
  }
  v1::ListConsentReceiptsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("consent_receipt_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_consent_receipts() = ToWire(ReadConsentReceiptView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
