#include "tools/audit/enrolment_replay.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/replay.h"

namespace ieum::audit {
namespace {

namespace v1 = ieum::registry::v1;

struct Made {
  std::string campaign;
  bool by_form = false;
  std::string asked;         // who asked for what: campaign, firm, form, people, day
  int64_t rule_version = 0;  // of the verdict
  std::string employer;      // of a person, as last told
  std::string steps;         // "state day reason", one after the other
  int state = 0;
  int64_t pos = 0;  // of the last event
};

struct Seats {
  int64_t taken = 0;  // those held by an offer too
  int64_t offered = 0, waiting = 0, asked = 0;
  bool operator==(const Seats&) const = default;
};

struct Form {
  std::string application;
  std::string campaign;
  bool received = false, withdrawn = false;
  int shard = 0;
  int64_t pos = 0;
  std::string event_id;
};

template <class Event>
const Event* As(const Replayed& replayed) {
  return replayed.event.type() == Event::descriptor()->full_name()
             ? static_cast<const Event*>(&replayed.message)
             : nullptr;
}

class EnrolmentReplay {
 public:
  explicit EnrolmentReplay(Tally& tally) : tally_(tally) {}

  void Told(const Replayed& replayed);   // by registry
  void Heard(const Replayed& replayed);  // by registry, of casemgmt
  void Compare(db::Tx& tx);

 private:
  void Ask(const v1::EnrolmentFacts& facts, const std::string& day);
  // `reason` of a denial or withdrawal.
  void Step(const Replayed& replayed, const v1::EnrolmentFacts& facts, int state,
            const std::string& day, int reason = 0);
  void TakeStepBack(const Replayed& replayed, const v1::EnrolmentReinstated& again);
  void CompareRows(db::Tx& tx);
  void CompareSeats(db::Tx& tx);
  void CompareForms(db::Tx& tx);

  Tally& tally_;
  std::map<base::Uuid, Made> made_;
  std::map<base::Uuid, Form> forms_;    // by the enrolment that they must make
  std::set<std::string> decided_here_;  // campaigns that admit by rules
};

base::Uuid IdOf(const std::string& text) { return base::Uuid::Parse(text).value_or(base::Uuid()); }

void EnrolmentReplay::Ask(const v1::EnrolmentFacts& facts, const std::string& day) {
  Made& made = made_[IdOf(facts.enrolment_id())];
  made.campaign = facts.campaign_id();
  made.by_form = !facts.application_id().empty();
  made.asked = absl::StrCat(facts.campaign_id(), "|", facts.organization_id(), "|",
                            facts.organization_kind(), "|", facts.application_id(), "|",
                            facts.engagement_id(), "|", facts.contact_person_id(), "|",
                            facts.consultant_person_id(), "|", day, "|", facts.person_id());
  made.employer = facts.employer_id();
}

void EnrolmentReplay::Step(const Replayed& replayed, const v1::EnrolmentFacts& facts, int state,
                           const std::string& day, int reason) {
  Made& made = made_[IdOf(facts.enrolment_id())];
  absl::StrAppend(&made.steps, state, " ", day, " ", reason, ";");
  made.state = state;
  made.pos = replayed.event.position();
}

void EnrolmentReplay::Told(const Replayed& replayed) {
  const auto verdict = [&](const auto& event) {
    made_[IdOf(event.enrolment().enrolment_id())].rule_version = event.rule_version();
  };
  if (const auto* asked = As<v1::EnrolmentApplied>(replayed)) {
    Ask(asked->enrolment(), asked->applied_date());
    Step(replayed, asked->enrolment(), v1::ENROLMENT_STATE_APPLIED, asked->applied_date());
  } else if (const auto* sure = As<v1::EnrolmentConfirmed>(replayed)) {
    verdict(*sure);
    Step(replayed, sure->enrolment(), v1::ENROLMENT_STATE_CONFIRMED, sure->confirmed_date());
  } else if (const auto* denied = As<v1::EnrolmentDenied>(replayed)) {
    verdict(*denied);
    Step(replayed, denied->enrolment(), v1::ENROLMENT_STATE_DENIED, denied->denied_date(),
         denied->reason());
  } else if (const auto* waits = As<v1::EnrolmentWaitlisted>(replayed)) {
    verdict(*waits);
    Step(replayed, waits->enrolment(), v1::ENROLMENT_STATE_WAITING, waits->waitlisted_date());
  } else if (const auto* offered = As<v1::EnrolmentOffered>(replayed)) {
    Step(replayed, offered->enrolment(), v1::ENROLMENT_STATE_OFFERED, offered->offered_date());
  } else if (const auto* active = As<v1::EnrolmentActivated>(replayed)) {
    Step(replayed, active->enrolment(), v1::ENROLMENT_STATE_ACTIVE, active->activated_date());
  } else if (const auto* done = As<v1::EnrolmentCompleted>(replayed)) {
    Step(replayed, done->enrolment(), v1::ENROLMENT_STATE_COMPLETED, done->completed_date());
  } else if (const auto* other = As<v1::EnrolmentEmployerCorrected>(replayed)) {
    made_[IdOf(other->enrolment().enrolment_id())].employer = other->enrolment().employer_id();
  } else if (const auto* gone = As<v1::EnrolmentWithdrawn>(replayed)) {
    Step(replayed, gone->enrolment(), v1::ENROLMENT_STATE_WITHDRAWN, gone->withdrawn_date(),
         gone->reason());
  } else if (const auto* again = As<v1::EnrolmentReinstated>(replayed)) {
    TakeStepBack(replayed, *again);
  }
}

void EnrolmentReplay::TakeStepBack(const Replayed& replayed, const v1::EnrolmentReinstated& again) {
  Made& made = made_[IdOf(again.enrolment().enrolment_id())];
  const size_t last = made.steps.rfind(';', made.steps.size() - 2);
  made.steps.erase(last == std::string::npos ? 0 : last + 1);
  made.state = again.state();
  made.pos = replayed.event.position();
}

void EnrolmentReplay::Heard(const Replayed& replayed) {
  namespace casemgmt = ieum::casemgmt::v1;
  const auto note = [&](const casemgmt::ApplicationFacts& facts) -> Form& {
    // One form, one enrolment: its id follows from the form's.
    Form& form = forms_[base::Uuid::Derive(IdOf(facts.application_id()), "enrolment")];
    form.application = facts.application_id();
    form.campaign = facts.campaign_id();
    form.shard = replayed.event.shard();
    form.pos = replayed.event.position();
    form.event_id = replayed.event.event_id();
    return form;
  };
  if (const auto* received = As<casemgmt::ApplicationReceived>(replayed)) {
    if (received->application().admission() == v1::ADMISSION_MODE_RULES) {
      note(received->application()).received = true;
    }
  } else if (const auto* gone = As<casemgmt::ApplicationWithdrawn>(replayed)) {
    if (gone->application().admission() == v1::ADMISSION_MODE_RULES) {
      note(gone->application()).withdrawn = true;
    }
  }
}

Offender OffenderOf(const base::Uuid& id, int64_t pos, std::string what) {
  return {"registry", id.shard(), pos, "", id.ToString(), std::move(what)};
}

// A step's reason is that of its denial or withdrawal. Whom a merge that holds put into a row, no
// event of the enrolment tells: the first such merge says who stood there.
const db::Statement kEnrolments("audit_enrolments", R"(
  WITH before AS (
    SELECT DISTINCT ON (v.place, v.row_key) v.place, v.row_key::uuid AS id, m.duplicate_id
    FROM merge_move v JOIN person_merge m ON m.id = v.merge_id
    WHERE m.state = 1 AND v.place IN ('enrolment.person_id', 'enrolment.contact_person_id',
                                      'enrolment.consultant_person_id')
    ORDER BY v.place, v.row_key, m.seq)
  SELECT e.id, e.state, e.rule_version,
         concat_ws('|', e.campaign_id, coalesce(e.organization_id::text, ''), e.organization_kind,
                   coalesce(e.application_id::text, ''), coalesce(e.engagement_id::text, ''),
                   coalesce(contact.duplicate_id::text, e.contact_person_id::text, ''),
                   coalesce(consultant.duplicate_id::text, e.consultant_person_id::text,
                            ''),
                   to_char(e.applied_date, 'YYYY-MM-DD'),
                   coalesce(self.duplicate_id::text, e.person_id::text, '')),
         (SELECT string_agg(t.state || ' ' || to_char(t.day, 'YYYY-MM-DD') || ' '
                            || CASE t.state WHEN 2 THEN t.denial_reason
                                            WHEN 7 THEN t.withdrawal_reason ELSE 0 END || ';',
                            '' ORDER BY t.step)
          FROM enrolment_transition t WHERE t.enrolment_id = e.id),
         coalesce(e.employer_id::text, '')
  FROM enrolment e
  LEFT JOIN before self ON self.id = e.id AND self.place = 'enrolment.person_id'
  LEFT JOIN before contact ON contact.id = e.id AND contact.place = 'enrolment.contact_person_id'
  LEFT JOIN before consultant
    ON consultant.id = e.id AND consultant.place = 'enrolment.consultant_person_id'
  ORDER BY e.id)");

void EnrolmentReplay::CompareRows(db::Tx& tx) {
  std::set<base::Uuid> kept;
  for (const auto& row : tx.Exec(kEnrolments)) {
    tally_.Checked();
    const base::Uuid id = db::AsUuid(row[0]);
    kept.insert(id);
    const auto found = made_.find(id);
    if (found == made_.end()) {
      tally_.Breach(OffenderOf(id, 0, "registry keeps an enrolment that no event told of"));
      continue;
    }
    const Made& made = found->second;
    if (row[1].as<int>() == made.state && row[2].as<int64_t>() == made.rule_version &&
        db::AsText(row[3]) == made.asked && db::AsText(row[4]) == made.steps &&
        db::AsText(row[5]) == made.employer) {
      continue;
    }
    tally_.Breach(OffenderOf(id, made.pos, "registry keeps another enrolment than a replay"));
  }
  for (const auto& [id, made] : made_) {
    if (kept.contains(id)) continue;
    tally_.Breach(OffenderOf(id, made.pos, "a replay gives an enrolment that registry lacks"));
  }
}

const db::Statement kCampaigns("audit_campaign_seats",
                               "SELECT id, seats_taken, offered, waiting, last_line, admission "
                               "FROM campaign ORDER BY id");

void EnrolmentReplay::CompareSeats(db::Tx& tx) {
  std::map<std::string, Seats> seats;
  for (const auto& [id, made] : made_) {
    Seats& of = seats[made.campaign];
    ++of.asked;
    of.waiting += made.state == v1::ENROLMENT_STATE_WAITING;
    of.offered += made.state == v1::ENROLMENT_STATE_OFFERED;
    of.taken +=
        made.state == v1::ENROLMENT_STATE_CONFIRMED || made.state == v1::ENROLMENT_STATE_OFFERED ||
        made.state == v1::ENROLMENT_STATE_ACTIVE || made.state == v1::ENROLMENT_STATE_COMPLETED;
  }
  for (const auto& row : tx.Exec(kCampaigns)) {
    tally_.Checked();
    const base::Uuid id = db::AsUuid(row[0]);
    if (row[5].as<int>() == v1::ADMISSION_MODE_RULES) decided_here_.insert(id.ToString());
    const Seats kept{row[1].as<int64_t>(), row[2].as<int64_t>(), row[3].as<int64_t>(),
                     row[4].as<int64_t>()};
    const Seats& made = seats[id.ToString()];
    if (kept == made) continue;
    tally_.Breach(
        OffenderOf(id, 0,
                   absl::StrCat("the campaign keeps ", kept.taken, " seats taken, ", kept.offered,
                                " of them offered, ", kept.waiting, " waiting of ", kept.asked,
                                " who asked; a replay gives ", made.taken, ", ", made.offered, ", ",
                                made.waiting, " of ", made.asked)));
  }
}

const db::Statement kWithdrawn("audit_withdrawn_applications",
                               "SELECT application_id FROM withdrawn_application");

void EnrolmentReplay::CompareForms(db::Tx& tx) {
  std::set<std::string> kept;  // forms that were taken back before their receipt was heard of
  for (const auto& row : tx.Exec(kWithdrawn)) kept.insert(db::AsText(row[0]));
  for (const auto& [id, form] : forms_) {
    if (!decided_here_.contains(form.campaign)) continue;
    tally_.Checked();
    const auto found = made_.find(id);
    const int state = found == made_.end() ? 0 : found->second.state;
    const char* what = nullptr;
    if (form.received && found == made_.end()) {
      what = "was received, and registry made no enrolment of it";
    } else if (form.withdrawn && found == made_.end() && !kept.contains(form.application)) {
      what = "was taken back, and registry does not know it";
    } else if (form.withdrawn &&
               (state == v1::ENROLMENT_STATE_APPLIED || state == v1::ENROLMENT_STATE_WAITING ||
                state == v1::ENROLMENT_STATE_OFFERED || state == v1::ENROLMENT_STATE_CONFIRMED ||
                state == v1::ENROLMENT_STATE_ACTIVE)) {
      what = "was taken back, and its enrolment goes on";
    }
    if (what == nullptr) continue;
    tally_.Breach({"casemgmt", form.shard, form.pos, form.event_id, form.application,
                   absl::StrCat("the form ", what)});
  }
  for (const auto& [id, made] : made_) {
    if (!made.by_form || forms_.contains(id)) continue;
    tally_.Breach(OffenderOf(id, made.pos, "is the enrolment of a form that nobody told of"));
  }
}

void EnrolmentReplay::Compare(db::Tx& tx) {
  CompareRows(tx);
  CompareSeats(tx);
  CompareForms(tx);
}

// The whole of a service's own ledger, as a consumer of it would have passed it.
absl::StatusOr<Inbox> OwnLedger(const Service& service) {
  ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*service.database));
  Inbox inbox;
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    inbox.cursors.push_back(
        {service.name, shard, ledger.epoch, ledger.last[static_cast<size_t>(shard)], 0});
  }
  return inbox;
}

absl::StatusOr<bool> Restored(const Service& service) {
  ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*service.database));
  return ledger.epoch > 1;
}

}  // namespace

absl::Status ReplayEnrolments(Subject& subject, const Service& registry, Tally& tally) {
  const Service* casemgmt = subject.Find("casemgmt");
  if (casemgmt == nullptr || !subject.at_rest()) {
    tally.Note("registry's enrolments are compared at rest only, and beside casemgmt");
    return absl::OkStatus();
  }
  for (const Service* service : {&registry, casemgmt}) {
    ASSIGN_OR_RETURN(const bool restored, Restored(*service));
    if (!restored) continue;
    tally.Note(absl::StrCat("registry's enrolments are not compared: the ledger of ", service->name,
                            " was restored once"));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Inbox own, OwnLedger(registry));
  ASSIGN_OR_RETURN(const Inbox inbox, ReadInbox(*registry.database));
  EnrolmentReplay replay(tally);
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    RETURN_IF_ERROR(Replay(registry, shard, own, [&](const Replayed& event) {
      replay.Told(event);
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(Replay(*casemgmt, shard, inbox, [&](const Replayed& event) {
      replay.Heard(event);
      return absl::OkStatus();
    }));
  }
  return registry.database->Read("audit_enrolments", [&](db::Tx& tx) {
    replay.Compare(tx);
    return absl::OkStatus();
  });
}

}  // namespace ieum::audit
