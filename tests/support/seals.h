// The locks of one suite: an authority, a certificate for each process, the seeds by which the
// broker knows them, and the broker's own part; made with the tools of the source tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/broker/access.h"
#include "platform/rpc/tls.h"
#include "tests/support/certificates.h"

namespace ieum::testing {

// libnats reads a TLS session on one thread and writes it on others, with no lock in common; at the
// end of a link OpenSSL sends its last alert from the reading one. The thread sanitizer rightly
// says so, of libraries that are not ours: under it the broker's links are plain.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kBrokerSpeaksTls = false;
#else
inline constexpr bool kBrokerSpeaksTls = true;
#endif

// The files go with the folder. One thread.
class Seals {
 public:
  // Writes into `folder`/seals. Rooms for `services` and the auditor; `outside` reads registry.
  Seals(const std::string& folder, const std::vector<std::string>& services);

  // What a service is told about certificates and the broker.
  std::map<std::string, std::string> Environment(const std::string& service) const;
  // TLS, where it speaks that, and accounts of nats-server.
  std::string BrokerSettings() const;
  // As that service, as the auditor, as "outside", or as "<service>-admin".
  broker::Access AccessOf(const std::string& name) const;
  // Of callers: nobody's by itself.
  rpc::TlsOptions CallerTls() const;
  std::string authority_file() const { return authority_.ca_file(); }
  std::string certificate_file(const std::string& name) const;

  // A new certificate and key in the place of the old ones, at once. `name`: a service or "nats".
  void RenewCertificate(const std::string& name);
  // Another seed, in three steps, each of which the broker's settings and the service have to be
  // told of: the broker takes both …
  void AddSeed(const std::string& service);
  // … the service finds the new one in its file …
  void SwapSeed(const std::string& service);
  // … and the broker no longer takes the old one.
  void DropOldSeed(const std::string& service);

 private:
  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  std::string NewSeed(const std::string& file) const;  // its public key
  void Issue(const std::string& name);

  const std::string folder_;
  const std::vector<std::string> services_;
  const Authority authority_;
  std::map<std::string, int> issued_;                     // how often, by name
  std::map<std::string, std::vector<std::string>> keys_;  // public, by name; the newest last
};

}  // namespace ieum::testing
