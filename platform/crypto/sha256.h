// SHA-256, for hashes that others make too. What only we compare is crypto::Hash.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ieum::crypto {

// Of bytes that come in pieces. One thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);
  // Of all that was added, 32 bytes. Once, at the end.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ieum::crypto
