// What a law has found: how much it looked at, how often it was broken, and the first breach.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/uuid.h"

namespace ieum::audit {

// Where a breach is. Unknown parts stay empty. Never holds personal data: ids, places and words of
// the contract only.
struct Offender {
  std::string service;
  int shard = -1;
  int64_t pos = 0;
  std::string event_id;
  std::string aggregate;
  std::string what;  // a sentence

  // "registry/3/17 event 0191… aggregate 0191…: what".
  std::string ToString() const;
};

enum class Verdict { kHolds, kBroken, kNotChecked };

class Tally {
 public:
  void Checked(int64_t things = 1) { checked_ += things; }
  void Breach(Offender offender);
  // Something worth knowing that breaks no law.
  void Note(std::string note) { notes_.push_back(std::move(note)); }
  // Nothing of this law can be looked at; `why` for the reader.
  void NotChecked(std::string why);

  Verdict verdict() const;
  int64_t checked() const { return checked_; }
  int64_t breaches() const { return breaches_; }
  const std::optional<Offender>& first() const { return first_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  int64_t checked_ = 0;
  int64_t breaches_ = 0;
  bool not_checked_ = false;
  std::optional<Offender> first_;
  std::vector<std::string> notes_;
};

}  // namespace ieum::audit
