// What clients asked and what they were answered, one JSON line each: the only witness of a
// promise that a service may have forgotten. An auditor compares it with the ledgers.
//
// A file holds lines of three kinds, told apart by "kind":
//
//   {"kind":"attempt","v":1,"attempt":"load-3/5f0c1a/17","client":"load-3","service":"registry",
//    "method":"/ieum.registry.v1.OrganizationService/CreateOrganization",
//    "request_id":"0191…","body_hash":"ab12…","aggregate":"0191…","scope":"seoul","events":1,
//    "at":"2026-11-22T03:00:00.123456789+00:00","ns":81234567890}
//   {"kind":"answer","attempt":"load-3/5f0c1a/17","code":"OK","reason":"","text":"","etag":"\"7\"",
//    "position":"registry/3/17","at":"…","ns":81234569999}
//   {"kind":"marker","text":"planted-7f","scope":"seoul"}
//
// An attempt is written before it is sent and its answer when it is there, so an attempt without an
// answer may have happened. All attempts of one command carry the same request_id. Empty fields are
// left out. Several writers, also of several processes, may share a file: each line is one write.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::journal {

// When something happened: `wall` for people, `ns` of the machine's monotonic clock for the order,
// which is the same for all processes until the machine starts again.
struct Moment {
  absl::Time wall;
  int64_t ns = 0;

  static Moment Now();
};

// One call that is about to be sent.
struct Attempt {
  std::string id;             // unique; made by the writer when empty
  std::string client;         // who asks: "load-3"
  std::string service;        // whom: "registry"
  std::string method;         // "/ieum.registry.v1.OrganizationService/CreateOrganization"
  std::string request_id;     // of the command; empty for a read
  std::string body_hash;      // hex; the same for the same request (see RequestHash)
  std::string aggregate;      // UUID of what is read or changed; empty when it is not known before
  std::string scope;          // whose data the caller may see; empty = everybody's
  std::optional<int> events;  // that the command makes when it succeeds, where the client knows
  Moment begin;               // filled by the writer when not set
};

// What came back.
struct Answer {
  std::string attempt;   // its id
  std::string code;      // gRPC's word: "OK", "UNAVAILABLE"
  std::string reason;    // of the refusal: "STALE_ETAG"
  std::string text;      // everything readable in a refusal, and in an answer to a scope
  std::string etag;      // initial metadata `ieum-etag`
  std::string position;  // initial metadata `ieum-position`
  Moment end;            // filled by the writer when not set
};

// A text that was planted in data of `scope`: no answer to a caller of another scope may hold it.
struct Marker {
  std::string text;
  std::string scope;
};

// What a code says of the command's effect.
enum class Certainty {
  kDone,     // OK
  kRefused,  // nothing happened
  kUnknown,  // UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, or no answer ("")
};
Certainty CertaintyOf(std::string_view code);

// Thread-safe. Lines go to the file at once, without fsync: a client that is killed loses at most
// the line it was writing.
class Writer {
 public:
  // Appends to the file, or makes it. UNAVAILABLE that names the file.
  static absl::StatusOr<std::unique_ptr<Writer>> Open(const std::string& path);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns the attempt's id, for its answer.
  std::string Begin(Attempt attempt);
  void End(Answer answer);
  void Mark(const Marker& marker);

  // The first failure to write, if there was any: the journal is then no witness.
  absl::Status status() const;

 private:
  Writer(int file, std::string path);
  void WriteLine(std::string line);

  const int file_;
  const std::string path_;
  const std::string run_;  // makes ids of this writer differ from all others'
  std::atomic<uint64_t> next_{1};
  std::atomic<int> error_{0};  // errno of the first failure
};

}  // namespace ieum::journal
