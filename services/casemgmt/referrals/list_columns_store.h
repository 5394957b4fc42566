// Arrays of words and numbers as the rows of referrals and transfers keep them. Inside of stores.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "platform/db/tx.h"

namespace ieum::casemgmt {

// In their order; empty for NULL.
inline std::vector<std::string> AsTexts(const pqxx::field& field) {
  std::vector<std::string> texts;
  if (field.is_null()) return texts;
  auto elements = field.as_array();
  for (auto next = elements.get_next(); next.first != pqxx::array_parser::done;
       next = elements.get_next()) {
    if (next.first == pqxx::array_parser::string_value) texts.push_back(next.second);
  }
  return texts;
}

template <class E>
std::vector<E> AsEnums(const pqxx::field& field) {
  std::vector<E> words;
  for (const std::string& text : AsTexts(field)) {
    int number = 0;
    if (absl::SimpleAtoi(text, &number)) words.push_back(static_cast<E>(number));
  }
  return words;
}

}  // namespace ieum::casemgmt
