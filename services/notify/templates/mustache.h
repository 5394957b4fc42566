// Texts with variables: mustache without HTML, partials and other delimiters. Pure.
//
//   {{name}}  {{{name}}}  {{&name}}   the value; outside of sections it must not be empty
//   {{#name}}…{{/name}}               only when the value is not empty
//   {{^name}}…{{/name}}               only when it is
//   {{! remark }}
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"

namespace ieum::notify {

struct TemplateVariables {
  std::set<std::string> used;    // all
  std::set<std::string> needed;  // outside of sections
};

// INVALID_ARGUMENT in words, without the text itself, when the text cannot be read.
absl::StatusOr<TemplateVariables> VariablesOf(const std::string& text);

// FAILED_PRECONDITION naming the variables that are needed and have no value.
absl::StatusOr<std::string> Render(const std::string& text,
                                   const std::map<std::string, std::string>& values);

}  // namespace ieum::notify
