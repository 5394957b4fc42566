#include "tests/audit/suite_subject.h"

#include "absl/strings/str_cat.h"

namespace ieum::testing {

audit::SubjectOptions SubjectOf(Suite& suite, const std::string& journal) {
  audit::SubjectOptions options;
  for (const std::string& service : kServices) {
    options.services.push_back({.name = service,
                                .conninfo = suite.DatabaseOf(service),
                                .db_password = "",
                                .grpc = suite.Address(service)});
  }
  options.nats_url = suite.nats().url();
  options.nats_access = suite.seals().AccessOf("auditor");
  options.token = suite.keyring().driver_token();
  options.journal = journal;
  options.mails = suite.mail_dir();
  return options;
}

std::vector<std::string> FaultsOf(const std::vector<audit::Finding>& findings) {
  std::vector<std::string> faults;
  for (const audit::Finding& finding : findings) {
    if (finding.tally.first()) {
      faults.push_back(absl::StrCat(finding.law->id, " is broken ", finding.tally.breaches(),
                                    " times, first by ", finding.tally.first()->ToString()));
    }
    if (!finding.status.ok()) {
      faults.push_back(
          absl::StrCat(finding.law->id, " could not be looked at: ", finding.status.message()));
    }
  }
  return faults;
}

std::vector<std::string> AuditSuite(Suite& suite, const std::string& journal) {
  const auto subject = audit::Subject::Open(SubjectOf(suite, journal));
  if (!subject.ok()) return {std::string(subject.status().message())};
  return FaultsOf(audit::Audit(**subject));
}

}  // namespace ieum::testing
