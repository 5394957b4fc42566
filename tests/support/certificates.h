// Certificates for tests, made by the `openssl` program: an authority of one's own and what it
// signs, as PEM files of a folder.
#pragma once

#include <string>
#include <vector>

namespace ieum::testing {

class Authority {
 public:
  // Writes `<folder>/<name>-ca.pem` and its key.
  Authority(std::string folder, std::string name);

  std::string ca_file() const { return File(name_ + "-ca.pem"); }

  struct Wanted {
    std::vector<std::string> names = {"IP:127.0.0.1", "DNS:localhost"};  // subjectAltName
    int days = 1;                                                        // negative: it has expired
  };
  // Writes `<folder>/<stem>.pem` and `<folder>/<stem>.key`, in place of those that are there, each
  // at once.
  void Issue(const std::string& stem, const Wanted& wanted) const;
  void Issue(const std::string& stem) const { Issue(stem, Wanted()); }
  std::string certificate_file(const std::string& stem) const { return File(stem + ".pem"); }
  std::string key_file(const std::string& stem) const { return File(stem + ".key"); }

 private:
  std::string File(const std::string& name) const { return folder_ + "/" + name; }

  const std::string folder_, name_;
};

}  // namespace ieum::testing
