// For which centres somebody holds a permission. Statements that read or change rows of a centre
// take it as two parameters:
//
//   … AND ($1::boolean OR centre_id = ANY($2::uuid[]))      scope.everywhere(), scope.AsArray()
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ieum::base {

// A value. No centre at all is a scope, too: it holds no row.
class Scope {
 public:
  // Nothing.
  Scope() = default;
  // Every centre, and the rows of the whole suite.
  static Scope Everywhere();
  // `centres`: bare UUIDs, lower case, in any order, repeated or not.
  static Scope Of(std::vector<std::string> centres);

  bool everywhere() const { return everywhere_; }
  bool empty() const { return !everywhere_ && centres_.empty(); }
  // "" is a row of the whole suite: only Everywhere holds it.
  bool Holds(std::string_view centre) const;
  // In order, each once; empty for Everywhere.
  const std::vector<std::string>& centres() const { return centres_; }
  // PostgreSQL's text of an array of them: `{0192…,0193…}`.
  std::string AsArray() const;

  friend bool operator==(const Scope&, const Scope&) = default;

 private:
  bool everywhere_ = false;
  std::vector<std::string> centres_;
};

}  // namespace ieum::base
