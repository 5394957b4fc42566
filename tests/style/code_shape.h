// A small scanner of C++ text: enough to measure functions and to look for words in code only. It
// knows comments, literals, preprocessor lines and braces; it is no parser, and its golden snippets
// in code_shape_test.cc say what it must see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ieum::style {

// The same text with comments, preprocessor lines and the insides of literals turned to spaces;
// line breaks stay, so that offsets and line numbers hold.
std::string CodeOnly(std::string_view text);

struct Function {
  std::string head;  // from its first word to its opening brace, on one line
  int first_line;
  int lines;  // from the head's first line to the closing brace
};
// Functions of namespaces and classes, lambdas counted within the function they stand in.
std::vector<Function> FunctionsOf(std::string_view text);

// Lines of a text; a last line without a line break counts.
int LineCount(std::string_view text);

}  // namespace ieum::style
