#include "tests/integration/notify/mail_server.h"

#include <gmime/gmime.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/wait.h"

namespace ieum::notify::testing {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

ieum::testing::Process StartPython(std::vector<std::string> arguments, const std::string& folder) {
  ieum::testing::ProcessOptions options;
  options.argv = {"/usr/bin/python3"};  // the one that has Debian's aiosmtpd
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.output_file = folder + "/output";
  auto process = ieum::testing::Process::Start(options);
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

int ReadPort(const std::string& folder) {
  const std::string file = folder + "/port";
  EXPECT_TRUE(ieum::testing::WaitFor([&] { return fs::exists(file); }))
      << ReadAll(folder + "/output");
  return std::atoi(ReadAll(file).c_str());
}

std::string Url(int port) { return absl::StrCat("smtp://127.0.0.1:", port); }

GMimeMessage* Parse(const std::string& mail) {
  g_mime_init();
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(mail.data(), mail.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  g_object_unref(parser);
  g_object_unref(stream);
  return message;
}

// RFC 2047 as this project writes it: words in UTF-8 and base64, and white space between two of
// them does not count. The library's own decoder stops at the first word's padding.
std::string DecodeWords(std::string raw) {
  const std::string kOpen = "=?UTF-8?B?";
  absl::StrReplaceAll({{"=?UTF-8?b?", kOpen}}, &raw);
  std::string text;
  for (size_t at = 0; at < raw.size();) {
    if (raw.compare(at, kOpen.size(), kOpen) != 0) {
      text += raw[at++];
      continue;
    }
    const size_t from = at + kOpen.size(), to = raw.find("?=", from);
    std::string word;
    EXPECT_TRUE(absl::Base64Unescape(raw.substr(from, to - from), &word)) << raw;
    text += word;
    at = to + 2;
    const size_t next = raw.find_first_not_of(" \t\r\n", at);
    if (next != std::string::npos && raw.compare(next, kOpen.size(), kOpen) == 0) at = next;
  }
  return text;
}

}  // namespace

MailServer::MailServer() {
  process_ = StartPython({std::string(IEUM_SOURCE_DIR) + "/deploy/local/smtp_sink.py", "--dir",
                          dir_.path() + "/mails", "--port-file", dir_.path() + "/port"},
                         dir_.path());
  port_ = ReadPort(dir_.path());
}

std::string MailServer::url() const { return Url(port_); }

std::vector<std::string> MailServer::Mails() const {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(dir_.path() + "/mails")) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> mails;
  for (const std::string& path : paths) mails.push_back(ReadAll(path));
  return mails;
}

UnrulyMailServer::UnrulyMailServer(const std::string& modes, int port) {
  process_ = StartPython({absl::StrCat(IEUM_SOURCE_DIR, "/tests/integration/notify/unruly_smtp.py"),
                          modes, "--port-file", absl::StrCat(dir_.path(), "/port"), "--log",
                          absl::StrCat(dir_.path(), "/log"), "--port", absl::StrCat(port)},
                         dir_.path());
  port_ = ReadPort(dir_.path());
}

std::string UnrulyMailServer::url() const { return Url(port_); }

std::vector<std::string> UnrulyMailServer::Kept() const {
  std::vector<std::string> kept;
  std::istringstream lines(ReadAll(dir_.path() + "/log"));
  for (std::string line; std::getline(lines, line);) kept.push_back(line);
  return kept;
}

std::string Header(const std::string& mail, const std::string& name) {
  GMimeMessage* message = Parse(mail);
  GMimeHeader* found = g_mime_header_list_get_header(
      g_mime_object_get_header_list(GMIME_OBJECT(message)), name.c_str());
  const std::string raw = found == nullptr ? "" : g_mime_header_get_raw_value(found);
  g_object_unref(message);
  return DecodeWords(std::string(absl::StripAsciiWhitespace(raw)));
}

std::string Body(const std::string& mail) {
  GMimeMessage* message = Parse(mail);
  GMimeObject* part = g_mime_message_get_mime_part(message);
  char* text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
  std::string body = text;
  g_free(text);
  g_object_unref(message);
  return body;
}

}  // namespace ieum::notify::testing
