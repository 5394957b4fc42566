// The auditor on a suite of the tests.
#pragma once

#include <string>
#include <vector>

#include "tests/flows/suite.h"
#include "tools/audit/law.h"

namespace ieum::testing {

// Databases, broker, doors and mails of the suite; `journal`: what clients asked, "" = none.
audit::SubjectOptions SubjectOf(Suite& suite, const std::string& journal = "");

// What an audit found, a sentence for each law that is broken or could not be read.
std::vector<std::string> FaultsOf(const std::vector<audit::Finding>& findings);

// Opens, waits for rest, looks at all laws.
std::vector<std::string> AuditSuite(Suite& suite, const std::string& journal = "");

}  // namespace ieum::testing
