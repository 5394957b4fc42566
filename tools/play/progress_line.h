// Shows how far the player is: one line that is written anew on a terminal, a line a month
// elsewhere.
#pragma once

#include <string>

#include "tools/play/player.h"

namespace ieum::play {

class ProgressLine {
 public:
  explicit ProgressLine(bool terminal) : terminal_(terminal) {}
  // What to write to standard error now; "" = nothing.
  std::string On(const Moment& moment);
  // Ends the line.
  std::string End();

 private:
  const bool terminal_;
  std::string month_;
};

}  // namespace ieum::play
