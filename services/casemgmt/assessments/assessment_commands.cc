#include "services/casemgmt/assessments/assessment_commands.h"

#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/assessments/assessment_events.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/assessments/instrument_store.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt {
namespace {

// Two versions of one code are made one after the other.
base::Uuid LockOfCode(const std::string& code) {
  static const base::Uuid root = *base::Uuid::Parse("0190c0de-0000-7000-8000-000000000001");
  return base::Uuid::Derive(root, code);
}

absl::StatusOr<Instrument> InstrumentFor(db::Tx& tx, const RecordAssessmentInput& input,
                                         const std::optional<Assessment>& last) {
  std::optional<Instrument> found;
  if (input.instrument_id) {
    found = FindInstrument(tx, *input.instrument_id);
  } else if (last) {
    found = FindInstrument(tx, last->instrument_id);
  } else {
    found = NewestInstrument(tx, kRiskInstrument);
  }
  if (found) return *std::move(found);
  return base::InvalidField(v1::ERROR_REASON_INSTRUMENT_UNKNOWN, "assessment.instrument",
                            "names no version of an instrument; ListInstruments has them");
}

// An assessment begins what it is of; where that has begun, it only has to be allowed.
absl::Status BeginIfNeeded(ledger::UnitOfWork& work, Case& c, absl::CivilDay day) {
  switch (c.state) {
    case v1::CASE_STATE_ASSESSMENT:
    case v1::CASE_STATE_REASSESSMENT:
      return NextState(c, CaseStep::kApproveAssessment).status();
    case v1::CASE_STATE_DELIVERY:
    case v1::CASE_STATE_MONITORING:
      return TakeStep(work, c, CaseStep::kReassess, day);
    default:
      return TakeStep(work, c, CaseStep::kBeginAssessment, day);
  }
}

// law:L09
absl::Status RequireSensitive(ledger::UnitOfWork& work, const Case& c, const Instrument& instrument,
                              const Assessment& assessment) {
  const auto factors = SensitiveOf(instrument, assessment.severities);
  if (factors.empty()) return absl::OkStatus();
  const bool consented =
      c.person &&
      HasConsent(work.tx(), *c.person, registry::v1::CONSENT_PURPOSE_SENSITIVE, work.now());
  return consented ? absl::OkStatus() : SensitiveConsentMissing(factors);
}

Assessment NewAssessment(ledger::UnitOfWork& work, const RecordAssessmentInput& input,
                         const std::optional<Assessment>& last, absl::CivilDay day) {
  Assessment assessment;
  assessment.id = work.DeriveId("assessment");
  assessment.case_id = input.of.case_id;
  assessment.version = last ? last->version + 1 : 1;
  assessment.needs = input.needs;
  assessment.assessed_day = day;
  assessment.author = input.author;
  assessment.create_time = assessment.update_time = work.now();
  return assessment;
}

void TellAssessed(ledger::UnitOfWork& work, const Case& c, const Assessment& assessment) {
  auto event = EventOf<v1::CaseAssessed>(c, work.now());
  FillFacts(assessment, event.mutable_assessment());
  FillSeverities(assessment.severities, &event);
  AppendToCase(work, c, event);
}

ledger::Done DoneWith(const Case& c, const Assessment& assessment) {
  return {c.id, AssessmentName(c.id, assessment.id)};
}

// The case and its assessment, decided about.
struct Decided {
  Case of;
  Assessment assessment;
  absl::CivilDay day;
};
absl::StatusOr<Decided> DecideOne(ledger::UnitOfWork& work, const DecideAssessmentInput& input,
                                  v1::AssessmentState decision) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  auto assessment = FindAssessment(work.tx(), c.id, input.assessment_id);
  if (!assessment) return base::NotFound(AssessmentName(c.id, input.assessment_id));
  const absl::CivilDay not_before = std::max(c.last_step_day, assessment->assessed_day);
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.of.day, work.now(), not_before, "decided_date"));
  RETURN_IF_ERROR(Decide(&*assessment, decision, input.decider, day));
  assessment->return_comment = input.comment;
  assessment->update_time = work.now();
  return Decided{.of = std::move(c), .assessment = *std::move(assessment), .day = day};
}

}  // namespace

absl::StatusOr<ledger::Done> MakeInstrument(ledger::UnitOfWork& work, Instrument instrument,
                                            const std::optional<base::Uuid>& instrument_id) {
  instrument.id = instrument_id.value_or(work.DeriveId("instrument"));
  work.Lock({instrument.id, LockOfCode(instrument.code)});
  RETURN_IF_ERROR(CheckInstrument(instrument));
  instrument.version = NewestInstrumentVersion(work.tx(), instrument.code) + 1;
  instrument.create_time = work.now();
  if (work.Version(instrument.id) != 0 || !InsertInstrument(work.tx(), instrument)) {
    return base::AlreadyExists("ID_TAKEN", "there is an instrument with this id; choose another");
  }
  work.Append(instrument.id, kInstrumentKind, InstrumentName(instrument.id),
              VersionedEvent(instrument));
  return ledger::Done{instrument.id, InstrumentName(instrument.id)};
}

absl::StatusOr<ledger::Done> RecordAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const RecordAssessmentInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input.of, "assessment.assessed_date"));
  RETURN_IF_ERROR(BeginIfNeeded(work, c, day));
  const auto last = NewestAssessment(work.tx(), c.id);
  if (last && last->state == v1::ASSESSMENT_STATE_SUBMITTED) return AnotherWaits(c.id);
  ASSIGN_OR_RETURN(const Instrument instrument, InstrumentFor(work.tx(), input, last));
  Assessment assessment = NewAssessment(work, input, last, day);
  assessment.reassessment = c.state == v1::CASE_STATE_REASSESSMENT;
  RETURN_IF_ERROR(Judge(instrument, input.answers, &assessment));
  RETURN_IF_ERROR(RequireSensitive(work, c, instrument, assessment));
  const bool words = !assessment.needs.empty() || !assessment.override_reason.empty();
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, words));
  InsertAssessment(work.tx(), sealed, assessment);
  ChangeRisk(work, c, assessment.level, assessment.primary_factor, day);
  SaveCase(work, c, day);
  TellAssessed(work, c, assessment);
  return DoneWith(c, assessment);
}

absl::StatusOr<ledger::Done> ApproveAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                               const DecideAssessmentInput& input) {
  ASSIGN_OR_RETURN(Decided decided, DecideOne(work, input, v1::ASSESSMENT_STATE_APPROVED));
  auto& [c, assessment, day] = decided;
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kApproveAssessment, day));
  ASSIGN_OR_RETURN(
      const SealedWords sealed,
      SealedWords::ToWrite(work.tx(), keys, c.person, !assessment.return_comment.empty()));
  SaveDecision(work.tx(), sealed, assessment);
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseAssessmentApproved>(c, work.now());
  FillFacts(assessment, event.mutable_assessment());
  event.set_approved_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  return DoneWith(c, assessment);
}

absl::StatusOr<ledger::Done> ReturnAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const DecideAssessmentInput& input) {
  ASSIGN_OR_RETURN(Decided decided, DecideOne(work, input, v1::ASSESSMENT_STATE_RETURNED));
  auto& [c, assessment, day] = decided;
  RETURN_IF_ERROR(NextState(c, CaseStep::kApproveAssessment).status());
  ASSIGN_OR_RETURN(
      const SealedWords sealed,
      SealedWords::ToWrite(work.tx(), keys, c.person, !assessment.return_comment.empty()));
  SaveDecision(work.tx(), sealed, assessment);
  auto event = EventOf<v1::CaseAssessmentReturned>(c, work.now());
  FillFacts(assessment, event.mutable_assessment());
  event.set_returned_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  return DoneWith(c, assessment);
}

}  // namespace ieum::casemgmt
