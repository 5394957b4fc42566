#include "platform/flow/watermark.h"

#include <nlohmann/json.hpp>

namespace ieum::flow {
namespace {

// A whole number of the object; nullopt when there is none.
std::optional<int64_t> WholeIn(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<int64_t>();
}

}  // namespace

std::string EncodeWatermark(const Watermark& mark) {
  const nlohmann::json body = {{"epoch", mark.epoch},
                               {"incarnation", mark.incarnation},
                               {"pos", mark.pos},
                               {"stream_seq", mark.stream_seq}};
  return body.dump();
}

std::optional<Watermark> ParseWatermark(std::string_view text) {
  const auto body = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return std::nullopt;
  const auto epoch = WholeIn(body, "epoch"), incarnation = WholeIn(body, "incarnation"),
             stream_seq = WholeIn(body, "stream_seq");
  const auto pos = body.find("pos");
  if (!epoch || !incarnation || !stream_seq || pos == body.end() || !pos->is_array() ||
      pos->size() != kShards) {
    return std::nullopt;
  }
  Watermark mark{*epoch, *incarnation, {}, static_cast<uint64_t>(*stream_seq)};
  for (size_t i = 0; i < pos->size(); ++i) {
    if (!(*pos)[i].is_number_integer()) return std::nullopt;
    mark.pos[i] = (*pos)[i].get<int64_t>();
  }
  return mark;
}

}  // namespace ieum::flow
