#include "tests/support/certificates.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace ieum::testing {
namespace {

void OpenSsl(std::vector<std::string> words) {
  words.insert(words.begin(), "openssl");
  const auto done = RunToEnd({.argv = std::move(words)});
  if (!done.ok()) ADD_FAILURE() << done.status();
}

std::vector<std::string> NewKey(const std::string& file) {
  return {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file};
}

std::vector<std::string> Joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

Authority::Authority(std::string folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {
  OpenSsl(Joined({"req", "-x509", "-subj", "/CN=" + name_, "-days", "2", "-addext",
                  "keyUsage=critical,keyCertSign", "-out", ca_file()},
                 NewKey(File(name_ + "-ca.key"))));
}

void Authority::Issue(const std::string& stem, const Wanted& wanted) const {
  const std::string request = File(stem + ".csr"), extensions = File(stem + ".ext");
  const std::string key = key_file(stem) + ".new", certificate = certificate_file(stem) + ".new";
  std::ofstream(extensions) << "subjectAltName=" << absl::StrJoin(wanted.names, ",") << "\n"
                            << "basicConstraints=critical,CA:FALSE\n"
                            << "extendedKeyUsage=serverAuth,clientAuth\n";
  OpenSsl(Joined({"req", "-new", "-subj", "/CN=" + stem, "-out", request}, NewKey(key)));
  OpenSsl({"x509", "-req", "-in", request, "-CA", ca_file(), "-CAkey", File(name_ + "-ca.key"),
           "-CAcreateserial", "-days", std::to_string(wanted.days), "-extfile", extensions, "-out",
           certificate});
  std::rename(key.c_str(), key_file(stem).c_str());
  std::rename(certificate.c_str(), certificate_file(stem).c_str());
}

}  // namespace ieum::testing
