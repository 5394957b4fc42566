#include "tools/play/html_text.h"

#include "absl/strings/str_replace.h"

namespace ieum::play {

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(
      std::string(text),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Both(std::string_view ko, std::string_view en) {
  return fmt::format("<span class=\"ko\">{}</span> <span class=\"en\" lang=\"en\">{}</span>",
                     Escaped(ko), Escaped(en));
}

}  // namespace ieum::play
