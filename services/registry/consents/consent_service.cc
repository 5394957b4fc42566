#include "services/registry/consents/consent_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/consents/consent_commands.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/consents/consent_text_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr char kTextPattern[] = "consentTexts/{}";
constexpr char kConsentPattern[] = "persons/{}/consents/{}";
constexpr char kActPattern[] = "persons/{}/consentActs/{}";
constexpr char kAnyPerson[] = "persons/-";

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

v1::ConsentText ToWire(const ConsentText& text) {
  v1::ConsentText wire = text.wording;
  wire.set_name(ConsentTextName(text.id));
  *wire.mutable_create_time() = ToTimestamp(text.created_at);
  return wire;
}

// What advertising asks for besides.
void SetDays(const Consent& consent, v1::Consent* wire) {
  if (!IsAdvertising(consent.matter.purpose)) return;
  const absl::CivilDay day = base::KoreaDay(consent.decided_at);
  if (consent.state != v1::CONSENT_STATE_EXPIRED) {
    wire->set_result_due_date(base::FormatDay(ResultDueDay(day)));
  }
  if (consent.state == v1::CONSENT_STATE_GIVEN) {
    wire->set_reconfirm_date(base::FormatDay(ReconfirmDay(day, 1)));
  }
}

v1::Consent ToWire(const ConsentView& view) {
  const Consent& consent = view.consent;
  v1::Consent wire;
  wire.set_name(ConsentName(consent.person_id, consent.id));
  wire.set_purpose(consent.matter.purpose);
  wire.set_state(consent.state);
  wire.set_consent_text(ConsentTextName(consent.text_id));
  wire.set_channel(consent.channel);
  *wire.mutable_decide_time() = ToTimestamp(consent.decided_at);
  if (consent.expires_at) *wire.mutable_expire_time() = ToTimestamp(*consent.expires_at);
  if (consent.guardian) wire.set_guardian(PersonName(*consent.guardian));
  if (consent.matter.recipient) wire.set_recipient(OrganizationName(*consent.matter.recipient));
  wire.set_revision(consent.revision);
  wire.set_current(view.current);
  *wire.mutable_record_time() = ToTimestamp(consent.recorded_at);
  wire.set_recorder(consent.recorder);
  if (consent.centre) wire.set_centre(OrganizationName(*consent.centre));
  SetDays(consent, &wire);
  return wire;
}

}  // namespace

void ConsentDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ConsentService");
  routes.Unary("CreateConsentText", this, &ConsentDoor::CreateText);
  routes.Unary("GetConsentText", this, &ConsentDoor::GetText);
  routes.Unary("ListConsentTexts", this, &ConsentDoor::ListTexts);
  routes.Unary("RecordConsent", this, &ConsentDoor::Record);
  routes.Unary("WithdrawConsents", this, &ConsentDoor::Withdraw);
  routes.Unary("GetConsent", this, &ConsentDoor::Get);
  routes.Unary("ListConsents", this, &ConsentDoor::List);
  routes.Unary("AuthorizeProvision", this, &ConsentDoor::AuthorizeProvision);
  routes.Unary("AuthorizePublication", this, &ConsentDoor::AuthorizePublication);
  routes.Unary("OverrideConsentReceipt", this, &ConsentDoor::Override);
  routes.Unary("GetConsentReceipt", this, &ConsentDoor::GetReceipt);
  routes.Unary("ListConsentReceipts", this, &ConsentDoor::ListReceipts);
}

absl::StatusOr<v1::ConsentText> ConsentDoor::ReadText(const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn(kTextPattern, name, "name"));
  ASSIGN_OR_RETURN(const ConsentText text,
                   rpc::ReadOne(database_, "consent_text_get", name,
                                [&](db::Tx& tx) { return FindConsentText(tx, id); }));
  return ToWire(text);
}

absl::StatusOr<v1::Consent> ConsentDoor::ReadConsent(const rpc::Call& call,
                                                     const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kConsentPattern, name, "name"));
  ASSIGN_OR_RETURN(const ConsentView view,
                   rpc::ReadOne(database_, "consent_get", name, [&](db::Tx& tx) {
                     return FindConsentView(tx, call.scope(), ids[1]);
                   }));
  if (view.consent.person_id != ids[0]) return base::NotFound(name);
  return ToWire(view);
}

absl::StatusOr<v1::ConsentText> ConsentDoor::CreateText(
    rpc::Call& call, const v1::CreateConsentTextRequest& request) {
  AddConsentTextInput input;
  if (!request.consent_text_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.consent_text_id(), "consent_text_id"));
  }
  input.text = request.consent_text();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return AddConsentText(work, input);
                   }));
  if (!request.validate_only()) return ReadText(answer.name);
  v1::ConsentText rehearsed = request.consent_text();
  rehearsed.set_name(answer.name);
  return rehearsed;
}

absl::StatusOr<v1::ConsentText> ConsentDoor::GetText(rpc::Call&,
                                                     const v1::GetConsentTextRequest& request) {
  return ReadText(request.name());
}

absl::StatusOr<v1::ListConsentTextsResponse> ConsentDoor::ListTexts(
    rpc::Call& call, const v1::ListConsentTextsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOfTexts(call, fitting); });
}

absl::StatusOr<v1::ListConsentTextsResponse> ConsentDoor::PageOfTexts(
    const rpc::Call& call, const v1::ListConsentTextsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ConsentTextList(), page_key_));
  v1::ListConsentTextsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("consent_text_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_consent_texts() = ToWire(ReadConsentText(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Consent> ConsentDoor::Record(rpc::Call& call,
                                                const v1::RecordConsentRequest& request) {
  RecordConsentInput input;
  ASSIGN_OR_RETURN(input.person_id, IdIn("persons/{}", request.parent(), "parent"));
  input.consent = request.consent();
  if (!request.consent().consent_text().empty()) {
    ASSIGN_OR_RETURN(input.text_id,
                     IdIn(kTextPattern, request.consent().consent_text(), "consent.consent_text"));
  }
  if (!request.consent().guardian().empty()) {
    ASSIGN_OR_RETURN(input.guardian,
                     IdIn("persons/{}", request.consent().guardian(), "consent.guardian"));
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RecordConsent(work, keys_, input);
                   }));
  if (!request.validate_only()) return ReadConsent(call, answer.name);
  v1::Consent rehearsed = request.consent();
  rehearsed.set_name(answer.name);
  return rehearsed;
}

absl::StatusOr<v1::WithdrawConsentsResponse> ConsentDoor::Withdraw(
    rpc::Call& call, const v1::WithdrawConsentsRequest& request) {
  WithdrawConsentsInput input{.purpose = request.purpose(), .channel = request.channel()};
  ASSIGN_OR_RETURN(input.person_id, IdIn("persons/{}", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.recipient, RecipientIn(request.recipient(), "recipient"));
  if (input.recipient && input.purpose != v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION) {
    return base::InvalidField("INVALID_FIELD", "recipient",
                              "goes with the purpose THIRD_PARTY_PROVISION only");
  }
  if (request.has_decide_time()) input.decided_at = FromTimestamp(request.decide_time());
  v1::WithdrawConsentsResponse response;
  // What the act wrote down, as the transaction sees it.
  const auto read = [&](db::Tx& tx, const std::string& name) -> absl::Status {
    ASSIGN_OR_RETURN(const base::Uuid act, IdIn(kActPattern, name, "name"));
    response.Clear();
    for (const ConsentView& view : FindAct(tx, call.scope(), act)) {
      *response.add_consents() = ToWire(view);
    }
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(
      const ledger::Answer answer,
      call.Write(ledger_, request, [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
        auto done = WithdrawConsents(work, input);
        if (!done.ok() || !request.validate_only()) return done;
        RETURN_IF_ERROR(read(work.tx(), done->name));
        return done;
      }));
  if (request.validate_only()) return response;
  RETURN_IF_ERROR(
      database_.ReadOne("consent_act", [&](db::Tx& tx) { return read(tx, answer.name); }));
  return response;
}

absl::StatusOr<v1::Consent> ConsentDoor::Get(rpc::Call& call,
                                             const v1::GetConsentRequest& request) {
  return ReadConsent(call, request.name());
}

absl::StatusOr<v1::ListConsentsResponse> ConsentDoor::List(rpc::Call& call,
                                                           const v1::ListConsentsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ConsentList(), page_key_));
  if (request.parent() != kAnyPerson) {
    ASSIGN_OR_RETURN(const base::Uuid person, IdIn("persons/{}", request.parent(), "parent"));
    query.Where(
        "c.person_id = ANY(ARRAY(SELECT record_id FROM "
        "person_records(ARRAY[person_now({}::uuid)])))",
        {person.ToString()});
  }
  v1::ListConsentsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("consent_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_consents() = ToWire(ReadConsentView(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
