#include "platform/db/conninfo.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace ieum::db {
namespace {

std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

absl::StatusOr<Conninfo> TakeApart(const std::string& conninfo) {
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), &why), &PQconninfoFree);
  PQfreemem(why);
  if (options == nullptr) {
    return absl::InvalidArgumentError("the connection string of a database cannot be read");
  }
  Conninfo apart;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string keyword = option->keyword;
    const bool secret = std::string_view(option->dispchar).starts_with('*');
    if (keyword == "password") {
      apart.password = option->val;
    } else if (secret) {
      return absl::InvalidArgumentError(absl::StrCat("the connection string of a database holds ",
                                                     keyword,
                                                     ", which cannot be handed on in secret"));
    } else {
      absl::StrAppend(&apart.words, apart.words.empty() ? "" : " ", keyword, "=",
                      Quoted(option->val));
    }
  }
  return apart;
}

}  // namespace ieum::db
