#include "tools/import/xml_part.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::import {
namespace {

constexpr size_t kBlock = 64 * 1024;
constexpr int kDepthMax = 32;

std::string WithoutPrefix(const XML_Char* name) {
  const std::string whole(name);
  const size_t colon = whole.find(':');
  return colon == std::string::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<XmlPart>> XmlPart::Open(unzFile archive, const std::string& name,
                                                       int64_t bytes_max, XmlEvents events) {
  unz_file_info64 info;
  if (unzLocateFile(archive, name.c_str(), 2) != UNZ_OK ||
      unzGetCurrentFileInfo64(archive, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK ||
      unzOpenCurrentFile(archive) != UNZ_OK) {
    return absl::NotFoundError(absl::StrCat("the file has no part ", name));
  }
  return std::unique_ptr<XmlPart>(new XmlPart(
      archive, name, bytes_max, static_cast<int64_t>(info.uncompressed_size), std::move(events)));
}

XmlPart::XmlPart(unzFile archive, std::string name, int64_t bytes_max, int64_t size,
                 XmlEvents events)
    : archive_(archive),
      name_(std::move(name)),
      bytes_max_(bytes_max),
      size_(size),
      events_(std::move(events)),
      parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(parser_, &XmlPart::Begin, &XmlPart::End);
  XML_SetCharacterDataHandler(parser_, &XmlPart::Text);
  XML_SetStartDoctypeDeclHandler(parser_, &XmlPart::Doctype);
}

XmlPart::~XmlPart() {
  XML_ParserFree(parser_);
  unzCloseCurrentFile(archive_);
}

double XmlPart::Share() const {
  return size_ <= 0 ? 1 : static_cast<double>(read_) / static_cast<double>(size_);
}

void XmlPart::Begin(void* self, const XML_Char* element, const XML_Char** attributes) {
  auto* part = static_cast<XmlPart*>(self);
  if (++part->depth_ > kDepthMax) XML_StopParser(part->parser_, XML_FALSE);
  Attributes named;
  for (; *attributes != nullptr; attributes += 2) named[WithoutPrefix(*attributes)] = attributes[1];
  part->events_.on_begin(WithoutPrefix(element), named);
}

void XmlPart::End(void* self, const XML_Char* element) {
  auto* part = static_cast<XmlPart*>(self);
  --part->depth_;
  if (part->events_.on_end) part->events_.on_end(WithoutPrefix(element));
}

void XmlPart::Text(void* self, const XML_Char* text, int length) {
  auto* part = static_cast<XmlPart*>(self);
  if (part->events_.on_text) part->events_.on_text({text, static_cast<size_t>(length)});
}

void XmlPart::Doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  XML_StopParser(static_cast<XmlPart*>(self)->parser_, XML_FALSE);
}

absl::StatusOr<bool> XmlPart::Step() {
  std::string block(kBlock, '\0');
  const int got = unzReadCurrentFile(archive_, block.data(), kBlock);
  if (got < 0) return absl::InvalidArgumentError(absl::StrCat(name_, " cannot be unpacked"));
  read_ += got;
  if (read_ > bytes_max_) return absl::InvalidArgumentError(absl::StrCat(name_, " is too large"));
  if (XML_Parse(parser_, block.data(), got, got == 0) != XML_STATUS_OK) {
    return absl::InvalidArgumentError(absl::StrCat(name_, " is no XML that is read here, at line ",
                                                   XML_GetCurrentLineNumber(parser_)));
  }
  return got > 0;
}

absl::Status XmlPart::ReadAll() {
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Step());
    if (!more) return absl::OkStatus();
  }
}

}  // namespace ieum::import
