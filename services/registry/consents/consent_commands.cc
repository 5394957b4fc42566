#include "services/registry/consents/consent_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/consents/consent_text_store.h"
#include "services/registry/instants.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/guardianship_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kPerson[] = "person";
constexpr char kText[] = "consent_text";

std::string DayOf(absl::Time instant) { return base::FormatDay(base::KoreaDay(instant)); }

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const ConsentHead& head,
              const std::optional<base::Uuid>& centre) {
  Event event;
  event.set_person_id(head.person_id.ToString());
  event.set_event_date(DayOf(work.now()));
  event.set_consent_id(head.consent_id.ToString());
  event.set_purpose(head.matter.purpose);
  event.set_receiver_organization_id(base::CentreText(head.matter.recipient));
  event.set_wording_id(head.text_id.ToString());
  event.set_revision(head.revision);
  event.set_centre_id(base::CentreText(centre));
  return event;
}

// Of what a person said herself.
template <class Event>
Event DecisionOf(const ledger::UnitOfWork& work, const Consent& entry) {
  auto event = EventOf<Event>(work, HeadOf(entry), entry.centre);
  const absl::CivilDay day = base::KoreaDay(entry.decided_at);
  event.set_decided_date(base::FormatDay(day));
  if (IsAdvertising(entry.matter.purpose)) {
    event.set_result_due_date(base::FormatDay(ResultDueDay(day)));
  }
  return event;
}

template <class Event>
void Tell(ledger::UnitOfWork& work, const base::Uuid& person, const Event& event) {
  work.Append(person, kPerson, PersonName(person), event);
}

void TellOf(ledger::UnitOfWork& work, const Consent& entry) {
  if (entry.state == v1::CONSENT_STATE_REFUSED) {
    return Tell(work, entry.person_id, DecisionOf<v1::ConsentRefused>(work, entry));
  }
  auto event = DecisionOf<v1::ConsentGiven>(work, entry);
  if (entry.expires_at) *event.mutable_expire_time() = ToTimestamp(*entry.expires_at);
  if (IsAdvertising(entry.matter.purpose)) {
    event.set_reconfirm_date(base::FormatDay(ReconfirmDay(base::KoreaDay(entry.decided_at), 1)));
  }
  Tell(work, entry.person_id, event);
}

// The next entry of a matter, said by nobody yet.
Consent After(const ledger::UnitOfWork& work, const ConsentHead& head,
              const std::optional<base::Uuid>& centre, v1::ConsentState state) {
  Consent entry;
  entry.id = work.DeriveId(absl::StrCat("consent/", head.consent_id.ToString()));
  entry.person_id = head.person_id;
  entry.centre = centre;
  entry.matter = head.matter;
  entry.revision = head.revision + 1;
  entry.state = state;
  entry.text_id = head.text_id;
  entry.act_id = work.DeriveId("consent_act");
  entry.recorded_at = work.now();
  entry.recorder = work.caller().actor;
  return entry;
}

// An entry whose id follows from the one before: when it is there, somebody was faster.
void Add(db::Tx& tx, const Consent& entry) {
  if (!AddEntry(tx, entry)) db::Conflict();
}

// Whose data the caller keeps.
absl::StatusOr<Owner> KeptPerson(ledger::UnitOfWork& work, const base::Uuid& person) {
  const auto owner = FindOwner(work.tx(), work.scope(), person);
  if (!owner) return GoneOrUnknown(work.tx(), work.scope(), person, PersonName(person));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  if (owner->merged) RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), person));
  RETURN_IF_ERROR(RequireNotErased(work.tx(), person));
  return *owner;
}

absl::Status CheckGuardian(ledger::UnitOfWork& work, const RecordConsentInput& input) {
  if (!input.guardian) return absl::OkStatus();
  if (StandsFor(work.tx(), *input.guardian) == input.person_id) {
    return base::InvalidField("INVALID_FIELD", "consent.guardian",
                              "must be somebody else, or empty");
  }
  if (FindOwner(work.tx(), work.scope(), *input.guardian)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_PERSON_UNKNOWN, "consent.guardian",
                            "must be a person who is registered, or empty");
}

// Who answers for a person and was verified, by the record that stands for him now.
std::optional<Guardian> VerifiedFor(db::Tx& tx, const base::Uuid& person) {
  const auto guardians = FindGuardians(tx, {person});
  const auto found = guardians.find(person);
  if (found == guardians.end()) return std::nullopt;
  Guardian verified = found->second;
  verified.person_id = StandsFor(tx, verified.person_id);
  return verified;
}

// Nobody has to ask a guardian before she refuses. Whoever was merged since he was verified is
// named by either id: both mean him.
absl::Status CheckOwnConsent(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                             const RecordConsentInput& input, const Consent& entry) {
  if (entry.state != v1::CONSENT_STATE_GIVEN) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Birth birth, FindBirth(work.tx(), keys, input.person_id));
  std::optional<base::Uuid> named;
  if (input.guardian) named = StandsFor(work.tx(), *input.guardian);
  return CheckConsenter(birth, VerifiedFor(work.tx(), input.person_id), named,
                        base::KoreaDay(entry.decided_at));
}

absl::Status CheckRecipient(ledger::UnitOfWork& work, const ConsentText& text) {
  if (!text.recipient || FindOrganization(work.tx(), *text.recipient)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_RECIPIENT_UNKNOWN, "consent_text.recipient",
                            "must be a registered organization");
}

ledger::Done Settled(const base::Uuid& person) { return {person, PersonName(person)}; }

}  // namespace

absl::StatusOr<ledger::Done> AddConsentText(ledger::UnitOfWork& work,
                                            const AddConsentTextInput& input) {
  ConsentText text;
  text.id = input.id.value_or(work.DeriveId(kText));
  work.Lock({text.id});
  if (work.Version(text.id) != 0) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN, "a text with this id exists");
  }
  RETURN_IF_ERROR(TakeWording(input.text, &text));
  RETURN_IF_ERROR(CheckRecipient(work, text));
  text.created_at = work.now();
  if (!InsertConsentText(work.tx(), text)) {
    return base::AlreadyExists(v1::ERROR_REASON_CONSENT_TEXT_TAKEN,
                               "there is a text with this code, version and language; a text never "
                               "changes: add the next version");
  }
  v1::ConsentTextAdded event;
  event.set_wording_id(text.id.ToString());
  event.set_event_date(DayOf(work.now()));
  event.set_code(text.wording.code());
  event.set_version(text.wording.version());
  event.set_language(text.wording.language());
  event.set_purpose(text.wording.purpose());
  event.set_receiver_organization_id(base::CentreText(text.recipient));
  const std::string name = ConsentTextName(text.id);
  work.Append(text.id, kText, name, event);
  return ledger::Done{text.id, name};
}

absl::StatusOr<ledger::Done> RecordConsent(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const RecordConsentInput& input) {
  work.Lock({input.person_id});
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(work, input.person_id));
  Consent entry;
  RETURN_IF_ERROR(TakeDecision(input.consent, work.now(), &entry));
  const auto text = FindConsentText(work.tx(), input.text_id);
  if (!text) {
    return base::InvalidField(v1::ERROR_REASON_CONSENT_TEXT_UNKNOWN, "consent.consent_text",
                              "must be a text that was added");
  }
  RETURN_IF_ERROR(RequirePurpose(*text, input.consent.purpose()));
  RETURN_IF_ERROR(CheckGuardian(work, input));
  RETURN_IF_ERROR(CheckOwnConsent(work, keys, input, entry));
  entry.id = work.DeriveId("consent");
  entry.person_id = input.person_id;
  entry.centre = owner.centre;
  entry.matter = text->matter();
  entry.text_id = text->id;
  entry.act_id = work.DeriveId("consent_act");
  entry.recorded_at = work.now();
  entry.recorder = work.caller().actor;
  entry.guardian = input.guardian;
  const auto heads = FindHeads(work.tx(), {input.person_id});
  RETURN_IF_ERROR(Succeed(HeadFor(heads, entry.matter), &entry));
  if (!AddEntry(work.tx(), entry)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "what was said was written down by this request long ago");
  }
  TellOf(work, entry);
  return ledger::Done{input.person_id, ConsentName(input.person_id, entry.id)};
}

base::Uuid TakeBack(ledger::UnitOfWork& work, const base::Uuid& person,
                    const std::optional<base::Uuid>& centre, const Withdrawal& withdrawal) {
  for (const ConsentHead& head : TakenBack(FindHeads(work.tx(), {person}), withdrawal)) {
    Consent entry = After(work, head, centre, v1::CONSENT_STATE_WITHDRAWN);
    entry.channel = withdrawal.channel;
    entry.decided_at = withdrawal.decided_at;
    Add(work.tx(), entry);
    Tell(work, person, DecisionOf<v1::ConsentWithdrawn>(work, entry));
  }
  return work.DeriveId("consent_act");
}

absl::StatusOr<ledger::Done> WithdrawConsents(ledger::UnitOfWork& work,
                                              const WithdrawConsentsInput& input) {
  // By the id of a record that lost in a merge, too: nobody is sent away who withdraws.
  const base::Uuid person = StandsFor(work.tx(), input.person_id);
  const std::vector<base::Uuid> records = RecordsOf(work.tx(), person);
  work.Lock(records);
  if (person != input.person_id && !FindOwner(work.tx(), work.scope(), person)) {
    return base::NotFound(PersonName(input.person_id));
  }
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(work, person));
  if (StandsFor(work.tx(), input.person_id) != person || RecordsOf(work.tx(), person) != records) {
    db::Conflict();
  }
  const Withdrawal withdrawal{input.purpose, input.recipient, input.channel,
                              input.decided_at.value_or(work.now())};
  RETURN_IF_ERROR(CheckDecideTime(withdrawal.decided_at, work.now(), "decide_time"));
  if (withdrawal.channel == v1::CONSENT_CHANNEL_ERASURE) {
    return base::InvalidField("INVALID_FIELD", "channel",
                              "must be a way by which somebody says something");
  }
  for (const base::Uuid& record : records) {
    TakeBack(work, record, owner.centre, withdrawal);
  }
  const base::Uuid act = work.DeriveId("consent_act");
  return ledger::Done{person, absl::StrCat(PersonName(person), "/consentActs/", act.ToString())};
}

absl::StatusOr<ledger::Done> SettleDueConsent(ledger::UnitOfWork& work, const ConsentHead& due) {
  work.Lock({due.person_id});
  const auto heads = FindHeads(work.tx(), {due.person_id});
  const ConsentHead* head = HeadFor(heads, due.matter);
  const auto due_at = head == nullptr ? std::nullopt : DueAt(*head);
  if (!due_at || *due_at > work.now()) return Settled(due.person_id);
  const auto owner = FindOwner(work.tx(), work.scope(), due.person_id);
  const auto centre = owner ? owner->centre : std::nullopt;
  if (StateAt(*head, work.now()) == v1::CONSENT_STATE_EXPIRED) {
    Consent entry = After(work, *head, centre, v1::CONSENT_STATE_EXPIRED);
    entry.decided_at = *head->expires_at;
    Add(work.tx(), entry);
    auto event = EventOf<v1::ConsentExpired>(work, HeadOf(entry), centre);
    event.set_expired_date(DayOf(entry.decided_at - absl::Microseconds(1)));
    Tell(work, entry.person_id, event);
    return Settled(due.person_id);
  }
  ConsentHead called = *head;
  // Rounds that passed before it was written down are one.
  do ++called.confirmations;
  while (*DueAt(called) <= work.now());
  SaveConfirmations(work.tx(), called);
  // What she said under another record of hers counts instead of it: nothing is to be confirmed.
  const auto standing =
      FindStandingHeads(work.tx(), {StandsFor(work.tx(), due.person_id)}, work.now());
  const ConsentHead* counts = HeadFor(standing, due.matter);
  if (counts != nullptr && counts->consent_id != called.consent_id) return Settled(due.person_id);
  auto event = EventOf<v1::ConsentReconfirmationDue>(work, called, centre);
  const absl::CivilDay given = base::KoreaDay(called.decided_at);
  event.set_decided_date(base::FormatDay(given));
  event.set_reconfirm_date(base::FormatDay(ReconfirmDay(given, called.confirmations)));
  Tell(work, called.person_id, event);
  return Settled(due.person_id);
}

}  // namespace ieum::registry
