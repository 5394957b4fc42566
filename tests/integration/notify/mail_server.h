// Real SMTP servers for tests, as child processes on loopback.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace ieum::notify::testing {

// Keeps every mail as a file.
class MailServer {
 public:
  MailServer();
  std::string url() const;
  // Mails in the order of arrival, as they came.
  std::vector<std::string> Mails() const;

 private:
  ieum::testing::TempDir dir_;
  int port_ = 0;
  std::optional<ieum::testing::Process> process_;
};

// Misbehaves as `modes` say, see unruly_smtp.py.
class UnrulyMailServer {
 public:
  // `port` 0 = a free one.
  explicit UnrulyMailServer(const std::string& modes, int port = 0);
  std::string url() const;
  // Message-IDs of the mails that it kept.
  std::vector<std::string> Kept() const;

 private:
  ieum::testing::TempDir dir_;
  int port_ = 0;
  std::optional<ieum::testing::Process> process_;
};

// The value of a header, unfolded and decoded; empty when there is none.
std::string Header(const std::string& mail, const std::string& name);
// The decoded text of a mail of one part.
std::string Body(const std::string& mail);

}  // namespace ieum::notify::testing
