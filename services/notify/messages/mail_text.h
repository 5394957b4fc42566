// The text of a message in the recipient's language: the pinned template, filled. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/notify/messages/message.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

// What only the moment of hand-over knows; it is not kept.
struct Addressee {
  std::string full_name;
  std::string organization;  // printed name; empty = not known
  TextLanguage language = TextLanguage::kKorean;
};

// "ko", "en".
std::string LanguageCode(TextLanguage language);

// A fact as people read it: a civil date as "2023년 3월 14일(화)" or "Tuesday, 14 March 2023", an
// instant with its time in Korea, "2023년 3월 14일(화) 14:00"; anything else as it is.
std::string Printed(const std::string& fact, TextLanguage language);

// FAILED_PRECONDITION naming what is missing, without any value, and where the text is of another
// kind by law than the message, or worded for another channel.
absl::StatusOr<Text> FillTemplate(const Template& version, const Message& message,
                                  const Addressee& addressee);

}  // namespace ieum::notify
