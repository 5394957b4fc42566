// One XML part of a zipped file, parsed as it is unpacked, within limits.
#pragma once

#include <expat.h>
#include <minizip/unzip.h>

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ieum::import {

// Attributes of an element by their names, without prefixes.
using Attributes = std::map<std::string, std::string>;

struct XmlEvents {
  std::function<void(const std::string& element, const Attributes& attributes)> on_begin;
  std::function<void(const std::string& element)> on_end;
  std::function<void(std::string_view text)> on_text;
};

// Uses the archive alone while it lives. One thread.
class XmlPart {
 public:
  // `name`: within the archive. NOT_FOUND. `bytes_max`: unpacked.
  static absl::StatusOr<std::unique_ptr<XmlPart>> Open(unzFile archive, const std::string& name,
                                                       int64_t bytes_max, XmlEvents events);
  ~XmlPart();
  XmlPart(const XmlPart&) = delete;
  XmlPart& operator=(const XmlPart&) = delete;

  // Parses one more block; false at the end. INVALID_ARGUMENT.
  absl::StatusOr<bool> Step();
  absl::Status ReadAll();
  double Share() const;

 private:
  XmlPart(unzFile archive, std::string name, int64_t bytes_max, int64_t size, XmlEvents events);
  static void Begin(void* self, const XML_Char* element, const XML_Char** attributes);
  static void End(void* self, const XML_Char* element);
  static void Text(void* self, const XML_Char* text, int length);
  static void Doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int);

  unzFile archive_;
  const std::string name_;
  const int64_t bytes_max_, size_;
  XmlEvents events_;
  XML_Parser parser_;
  int64_t read_ = 0;
  int depth_ = 0;
};

}  // namespace ieum::import
