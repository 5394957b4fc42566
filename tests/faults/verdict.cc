#include "tests/faults/verdict.h"

#include "absl/strings/str_cat.h"
#include "tools/audit/law.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kRest = absl::Seconds(60);

audit::SubjectOptions OptionsFor(testing::Suite& suite, const std::string& journal,
                                 const std::string& processes) {
  audit::SubjectOptions options;
  for (const std::string& service : testing::kServices) {
    options.services.push_back({.name = service,
                                .conninfo = suite.DatabaseOf(service),
                                .db_password = "",
                                .grpc = suite.Address(service)});
  }
  options.nats_url = suite.nats().url();
  options.nats_access = suite.seals().AccessOf("auditor");
  options.token = suite.keyring().driver_token();
  options.journal = journal;
  options.processes = processes;
  options.mails = suite.mail_dir();
  options.rest = kRest;
  return options;
}

std::string WordOf(audit::Verdict verdict) {
  switch (verdict) {
    case audit::Verdict::kHolds:
      return "holds";
    case audit::Verdict::kBroken:
      return "BROKEN";
    case audit::Verdict::kNotChecked:
      return "not checked";
  }
  return "";
}

void Add(const audit::Finding& finding, Judgement& judgement) {
  const std::string law = absl::StrCat(finding.law->id, " ", finding.law->says);
  judgement.lines.push_back(absl::StrCat(law, " | ", WordOf(finding.tally.verdict()), ", ",
                                         finding.tally.checked(), " looked at"));
  if (finding.tally.breaches() > 0) {
    judgement.breaches.push_back(absl::StrCat(
        law, ": ", finding.tally.breaches(),
        " breaches, the first: ", finding.tally.first() ? finding.tally.first()->ToString() : ""));
  }
  if (!finding.status.ok()) {
    judgement.breaches.push_back(
        absl::StrCat(law, " could not be looked at: ", finding.status.ToString()));
  }
}

}  // namespace

Judgement Judge(testing::Suite& suite, const std::string& journal, const std::string& processes) {
  Judgement judgement;
  const auto subject = audit::Subject::Open(OptionsFor(suite, journal, processes));
  if (!subject.ok()) {
    judgement.breaches.push_back(subject.status().ToString());
    return judgement;
  }
  for (const audit::Finding& finding : audit::Audit(**subject)) Add(finding, judgement);
  return judgement;
}

}  // namespace ieum::faults
