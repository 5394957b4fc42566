#include "tools/ctl/doctor_checks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "platform/base/timestamp.h"
#include "tools/ctl/output.h"

namespace ieum::ctl {
namespace {

constexpr int kCertificateDaysWarn = 14;
constexpr int kCertificateDaysFail = 3;
constexpr absl::Duration kSkewWarn = absl::Seconds(1);
constexpr absl::Duration kSkewFail = absl::Seconds(30);
constexpr int64_t kLagWarn = 1000;  // events, as the alerts say
constexpr int64_t kLagFail = 100'000;
constexpr double kFreeWarn = 0.20;
constexpr double kFreeFail = 0.05;

absl::Duration DurationOf(const google::protobuf::Duration& length) {
  return absl::Seconds(length.seconds()) + absl::Nanoseconds(length.nanos());
}

Verdict ByLimits(double value, double warn, double fail) {
  return value >= fail ? Verdict::kFail : value >= warn ? Verdict::kWarn : Verdict::kOk;
}

int64_t Sum(const google::protobuf::RepeatedField<int64_t>& positions) {
  int64_t sum = 0;
  for (const int64_t position : positions) sum += position;
  return sum;
}

std::string Millis(absl::Duration length) {
  return absl::StrFormat("%+d ms", absl::ToInt64Milliseconds(length));
}

}  // namespace

Finding JudgeCertificate(const Answers& answers, absl::Time now) {
  Finding finding{"certificate", answers.diagnosis.service()};
  if (!answers.diagnosis.has_certificate_end_time()) {
    finding.found =
        "none: the business port is plaintext, which only a machine of one's own allows";
    return finding;
  }
  const absl::Duration left = base::InstantOf(answers.diagnosis.certificate_end_time()) - now;
  const int64_t days = absl::ToInt64Hours(left) / 24;
  finding.verdict = days < kCertificateDaysFail   ? Verdict::kFail
                    : days < kCertificateDaysWarn ? Verdict::kWarn
                                                  : Verdict::kOk;
  finding.found = absl::StrCat(days, " days left");
  if (finding.verdict != Verdict::kOk) {
    finding.todo = "renew it; both files at once (docs/runbook.md#ieumcertificateends)";
  }
  return finding;
}

Finding JudgeClocks(const Answers& answers) {
  Finding finding{"clocks", answers.diagnosis.service()};
  absl::Duration worst = absl::AbsDuration(answers.lead);
  finding.found = absl::StrCat("process ", Millis(answers.lead), " of here");
  if (answers.diagnosis.has_database_time()) {
    const absl::Duration database = base::InstantOf(answers.diagnosis.database_time()) -
                                    base::InstantOf(answers.diagnosis.process_time());
    worst = std::max(worst, absl::AbsDuration(database));
    absl::StrAppend(&finding.found, ", database ", Millis(database), " of the process");
  }
  if (answers.diagnosis.has_broker_lead()) {
    // Ahead may mean that the event waited; what is stored before it was written is no delay.
    const absl::Duration broker = DurationOf(answers.diagnosis.broker_lead());
    worst = std::max(worst, -broker);
    absl::StrAppend(&finding.found, ", broker stored the newest event ", Millis(broker),
                    " after it was written");
  }
  finding.verdict = ByLimits(absl::ToDoubleSeconds(worst), absl::ToDoubleSeconds(kSkewWarn),
                             absl::ToDoubleSeconds(kSkewFail));
  if (finding.verdict != Verdict::kOk) {
    finding.todo =
        "set the machines' clocks by NTP (chronyc tracking); leases and order do not "
        "depend on them, tokens, certificates and due times do";
  }
  return finding;
}

std::vector<Finding> JudgeSchema(const Answers& answers) {
  std::vector<Finding> findings;
  const std::string& service = answers.diagnosis.service();
  if (!answers.diagnosis.database_problem().empty()) {
    findings.push_back({"schema", service, Verdict::kFail, "PostgreSQL does not answer it",
                        "docs/runbook.md#ieumservicedown"});
  }
  for (const auto& state : answers.diagnosis.schemas()) {
    Finding finding{"schema", service, Verdict::kOk,
                    absl::StrCat(state.set_name(), " ", state.applied())};
    if (!state.problem().empty()) {
      finding.verdict = Verdict::kFail;
      finding.found = state.problem();
      finding.todo = absl::StrCat("run 'ieum-", service, " migrate' of the newer release");
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

Finding JudgeRelay(const Answers& answers) {
  Finding finding{"relay", answers.diagnosis.service()};
  const int64_t waiting = std::max<int64_t>(
      0, Sum(answers.progress.ledger_positions()) - Sum(answers.progress.published_positions()));
  const std::string& leader = answers.diagnosis.relay_leader();
  finding.verdict = ByLimits(static_cast<double>(waiting), kLagWarn, kLagFail);
  finding.found = absl::StrCat(leader.empty() ? "nobody leads" : "led by " + leader, ", ",
                               Count(waiting), " events wait to be published");
  if (leader.empty()) finding.verdict = Verdict::kFail;
  if (finding.verdict != Verdict::kOk) finding.todo = "docs/runbook.md#ieumoutboxold";
  return finding;
}

Finding JudgeStream(const Answers& answers) {
  Finding finding{"stream", answers.diagnosis.service()};
  if (!answers.diagnosis.broker_problem().empty()) {
    finding.verdict = Verdict::kFail;
    finding.found = answers.diagnosis.broker_problem();
    finding.todo = "is the broker up, its disk full? docs/runbook.md#ieumoutboxold";
    return finding;
  }
  finding.found = absl::StrCat(Size(answers.diagnosis.stream_bytes()), " of at most ",
                               Size(answers.diagnosis.stream_max_bytes()), "; database ",
                               Size(answers.diagnosis.database_bytes()));
  return finding;
}

std::vector<Finding> JudgeConsumers(const Answers& answers,
                                    const std::map<std::string, Answers>& all) {
  std::vector<Finding> findings;
  for (const auto& consumer : answers.progress.consumers()) {
    Finding finding{"lag", absl::StrCat(answers.progress.service(), " of ", consumer.producer())};
    const auto producer = all.find(consumer.producer());
    if (producer == all.end()) {
      finding.verdict = Verdict::kUnknown;
      finding.found = "its producer was not asked";
    } else {
      const int64_t lag = std::max<int64_t>(
          0, Sum(producer->second.progress.ledger_positions()) - Sum(consumer.positions()));
      finding.verdict = ByLimits(static_cast<double>(lag), kLagWarn, kLagFail);
      finding.found = absl::StrCat(Count(lag), " events behind");
      if (finding.verdict != Verdict::kOk) finding.todo = "docs/runbook.md#ieuminboxlag";
    }
    findings.push_back(finding);
    if (consumer.parked_aggregates() == 0) continue;
    findings.push_back(
        {"parked", finding.subject, Verdict::kWarn,
         absl::StrCat(Count(consumer.parked_aggregates()), " aggregates wait behind a dead letter"),
         absl::StrCat("ieumctl deadletters list --service ", answers.progress.service())});
  }
  return findings;
}

Finding JudgeDeadLetters(const Answers& answers) {
  const int64_t letters = answers.progress.dead_letters();
  Finding finding{"dead letters", answers.progress.service(), Verdict::kOk, Count(letters)};
  if (letters > 0) {
    finding.verdict = Verdict::kWarn;
    finding.todo = absl::StrCat("ieumctl deadletters list --service ", answers.progress.service(),
                                " (docs/runbook.md#ieumdeadletters)");
  }
  return finding;
}

Finding JudgeEpochs(const Answers& answers) {
  const auto& waiting = answers.diagnosis.epochs_to_accept();
  Finding finding{"epochs", answers.diagnosis.service(), Verdict::kOk, "none waits"};
  if (waiting.empty()) return finding;
  finding.verdict = Verdict::kWarn;
  finding.found =
      absl::StrCat("restored: ", absl::StrJoin(waiting, ", "), "; what cannot be taken back rests");
  finding.todo =
      "look at what vanished, then accept-epoch (docs/runbook.md#ieumirrevocableworkheld)";
  return finding;
}

Finding JudgeDoubts(int64_t in_doubt, bool or_more) {
  Finding finding{"messages in doubt", "notify", Verdict::kOk,
                  absl::StrCat(Count(in_doubt), or_more ? " or more" : "")};
  if (in_doubt > 0) {
    finding.verdict = Verdict::kWarn;
    finding.todo = "ask the mail server's log, then say it (docs/runbook.md#ieummessagesindoubt)";
  }
  return finding;
}

Finding JudgeDisk(const std::string& name, int64_t free_bytes, int64_t all_bytes) {
  Finding finding{"disk", name};
  if (all_bytes <= 0) {
    finding.verdict = Verdict::kUnknown;
    finding.found = "is not on this machine";
    finding.todo = "look at the volume where it is, or give --disk NAME=FOLDER there";
    return finding;
  }
  const double free = static_cast<double>(free_bytes) / static_cast<double>(all_bytes);
  finding.verdict = free < kFreeFail   ? Verdict::kFail
                    : free < kFreeWarn ? Verdict::kWarn
                                       : Verdict::kOk;
  finding.found =
      absl::StrFormat("%s free of %s (%.0f %%)", Size(free_bytes), Size(all_bytes), free * 100);
  if (finding.verdict != Verdict::kOk) {
    finding.todo = "make room: a full disk stops JetStream until its restart, and every command";
  }
  return finding;
}

std::vector<Finding> JudgeService(const Answers& answers, const std::map<std::string, Answers>& all,
                                  absl::Time now) {
  std::vector<Finding> findings = {JudgeCertificate(answers, now), JudgeClocks(answers)};
  const auto add = [&](std::vector<Finding> more) {
    for (Finding& finding : more) findings.push_back(std::move(finding));
  };
  add(JudgeSchema(answers));
  add({JudgeRelay(answers), JudgeStream(answers)});
  add(JudgeConsumers(answers, all));
  add({JudgeDeadLetters(answers), JudgeEpochs(answers)});
  return findings;
}

Verdict Worst(const std::vector<Finding>& findings) {
  Verdict worst = Verdict::kOk;
  for (const Finding& finding : findings) worst = std::max(worst, finding.verdict);
  return worst;
}

const char* Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kOk:
      return "ok";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
  }
  return "unknown";
}

}  // namespace ieum::ctl
