// The shortest way from a command to a mail: whoever is registered is welcomed at once.
#pragma once

#include <string>

#include "gtest/gtest.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

// Sets business time of all services to a morning of March 2023. A channel that lost its server
// tries again when it thinks fit, so this waits for each.
void SetClocks(Suite& suite);

// Calls as the driver; fails the test when it is refused.
void CallSuite(Suite& suite, const std::string& service, const std::string& method,
               const google::protobuf::Message& request, google::protobuf::Message* response);

// The template and the rule.
void WelcomeEverybody(Suite& suite);
// Registers a person with this address, who consents.
void RegisterPerson(Suite& suite, const std::string& email);

}  // namespace ieum::testing
