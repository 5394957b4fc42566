#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/people/contact_gate.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/receipt_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

using HeadsOfPersons = std::map<base::Uuid, std::vector<ConsentHead>>;

HeadsOfPersons HeadsOf(db::Tx& tx, const std::vector<base::Uuid>& persons, absl::Time now) {
  HeadsOfPersons heads;
  for (ConsentHead& head : FindStandingHeads(tx, persons, now)) {
    heads[head.person_id].push_back(std::move(head));
  }
  return heads;
}

// Those whose consents a question is about, each once.
std::vector<base::Uuid> PersonsOf(const std::vector<ContactQuestion>& questions) {
  std::set<base::Uuid> persons;
  for (const ContactQuestion& question : questions) {
    if (AsksConsent(question.purpose)) persons.insert(question.person);
  }
  return {persons.begin(), persons.end()};
}

std::vector<base::Uuid> AllOf(const std::vector<ContactQuestion>& questions) {
  std::vector<base::Uuid> persons;
  for (const ContactQuestion& question : questions) persons.push_back(question.person);
  return persons;
}

// The same questions of those who stand for whom was asked for; they are locked.
std::vector<ContactQuestion> OfSurvivors(db::Tx& tx, std::vector<ContactQuestion> questions) {
  const auto stood = HoldSurvivors(tx, AllOf(questions));
  for (ContactQuestion& question : questions) {
    const auto survivor = stood.find(question.person);
    if (survivor != stood.end()) question.person = survivor->second;
  }
  return questions;
}

Receipt ReceiptOf(const ledger::UnitOfWork& work, const ContactQuestion& question,
                  const std::map<base::Uuid, v1::LegalBasis>& bases, const HeadsOfPersons& heads) {
  const auto basis = bases.find(question.person);
  const auto matters = heads.find(question.person);
  const bool known = basis != bases.end();
  const ContactVerdict verdict = JudgeContact(
      known ? std::optional(basis->second) : std::nullopt, question.purpose, question.channel,
      work.now(), matters == heads.end() ? std::vector<ConsentHead>() : matters->second);
  Receipt receipt;
  receipt.person_id = question.person;
  if (known) receipt.basis = basis->second;
  receipt.refusal = verdict.refusal;
  receipt.purpose = question.purpose;
  receipt.message_reference = question.message_reference;
  receipt.organization_id = question.organization_id;
  receipt.channel = question.channel;
  receipt.addresses = verdict.addresses;
  receipt.consent_id = verdict.consent_id;
  receipt.consent_revision = verdict.consent_revision;
  return receipt;
}

}  // namespace

ledger::Done ResolveContacts(ledger::UnitOfWork& work,
                             const std::vector<ContactQuestion>& asked_for) {
  const Resolution resolution{work.DeriveId("resolution"), work.caller().actor, work.now()};
  std::vector<base::Uuid> locked = PersonsOf(asked_for);
  locked.push_back(resolution.id);
  work.Lock(std::move(locked));
  std::vector<ContactQuestion> questions = asked_for;
  std::set<base::Uuid> erased;
  bool merged = false;
  auto bases = FindBases(work.tx(), work.scope(), AllOf(questions), &erased, &merged);
  if (merged) {
    questions = OfSurvivors(work.tx(), questions);
    bases = FindBases(work.tx(), work.scope(), AllOf(questions), &erased, &merged);
  }
  const std::vector<base::Uuid> asked = PersonsOf(questions);
  const auto heads = asked.empty() ? HeadsOfPersons() : HeadsOf(work.tx(), asked, work.now());
  std::vector<Receipt> receipts;
  for (const ContactQuestion& question : questions) {
    receipts.push_back(ReceiptOf(work, question, bases, heads));
    if (erased.contains(question.person)) {
      receipts.back().refusal = v1::CONTACT_REFUSAL_PERSON_ERASED;
    }
    receipts.back().id = work.DeriveId(absl::StrCat("receipt/", receipts.size() - 1));
  }
  InsertReceipts(work.tx(), resolution, receipts);
  return {resolution.id, "contactResolutions/" + resolution.id.ToString()};
}

}  // namespace ieum::registry
