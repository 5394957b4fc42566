// What is held of a person as a page that people read.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/ctl/output.h"
#include "tools/ctl/person_export.h"

namespace ieum::ctl {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>개인정보 열람 결과</title>
<style>
body { font-family: "NanumGothic", "Noto Sans KR", sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; line-height: 1.5; color: #222 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem }
th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top;
         font-size: .9rem; overflow-wrap: anywhere }
th { background: #f3f3f3; white-space: nowrap; width: 12rem }
.why { color: #555; font-size: .85rem; margin: 0 }
h2 { border-bottom: 2px solid #444; margin-top: 2.5rem } h3 { margin-bottom: 0 }
</style></head><body>
)";

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

void AddLine(std::string* page, const std::string& label, const std::string& value) {
  absl::StrAppend(page, "<tr><th>", Escaped(label), "</th><td>", Escaped(value), "</td></tr>\n");
}

void AddRecord(std::string* page, const platform::v1::PersonalDataRecord& record) {
  absl::StrAppend(page, "<table>\n");
  if (record.has_record_time()) AddLine(page, "기록한 때", KoreaTime(record.record_time()));
  if (record.has_from_time()) AddLine(page, "부터", KoreaTime(record.from_time()));
  if (record.has_until_time()) AddLine(page, "까지", KoreaTime(record.until_time()));
  for (const auto& field : record.fields()) AddLine(page, field.label(), field.value());
  absl::StrAppend(page, "</table>\n");
}

void AddKind(std::string* page, const HeldPart& part, const platform::v1::PersonalDataKind& kind) {
  bool begun = false;
  for (const auto& record : part.held.records()) {
    if (record.kind() != kind.code()) continue;
    if (!begun) {
      absl::StrAppend(page, "<h3>", Escaped(kind.label()),
                      "</h3>\n<p class=\"why\">목적: ", Escaped(kind.purpose()),
                      "<br>근거: ", Escaped(kind.basis()),
                      "<br>보유 기간: ", Escaped(kind.retention()), "</p>\n");
      begun = true;
    }
    AddRecord(page, record);
  }
}

void AddPart(std::string* page, const HeldPart& part) {
  absl::StrAppend(page, "<h2>", Escaped(part.service), " · ", Escaped(part.record), "</h2>\n");
  if (part.held.has_erasure()) {
    absl::StrAppend(
        page, "<p>이 기록의 개인정보는 ", Escaped(KoreaTime(part.held.erasure().erase_time())),
        "에 파기되었습니다. 파기 증명: ", Escaped(part.held.erasure().erasure()), "</p>\n");
    return;
  }
  for (const auto& kind : part.held.kinds()) AddKind(page, part, kind);
  if (part.held.records_size() == 0) absl::StrAppend(page, "<p>보유한 기록이 없습니다.</p>\n");
  for (const auto& left_out : part.held.left_out()) {
    absl::StrAppend(page, "<p>다른 센터 ", left_out.centres(), "곳이 보유한 기록 ",
                    left_out.records(), "건(", Escaped(left_out.kind()),
                    ")은 이 문서에 없습니다.</p>\n");
  }
}

}  // namespace

std::string PageOf(const PersonExport& gathered, const ExportNote& note) {
  std::string page = kHead;
  absl::StrAppend(&page, "<h1>개인정보 열람 결과</h1>\n<table>\n");
  AddLine(&page, "대상", gathered.person);
  AddLine(&page, "작성한 때", note.made_at);
  AddLine(&page, "사유", note.reason);
  AddLine(&page, "기록 수", Count(RecordsIn(gathered)));
  AddLine(&page, "다른 센터가 보유하여 빠진 기록", Count(LeftOutOf(gathered)));
  absl::StrAppend(&page, "</table>\n");
  for (const HeldPart& part : gathered.parts) AddPart(&page, part);
  absl::StrAppend(&page, "</body></html>\n");
  return page;
}

}  // namespace ieum::ctl
