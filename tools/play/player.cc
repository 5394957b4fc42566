#include "tools/play/player.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/play/actions.h"
#include "tools/play/json_file.h"
#include "tools/play/masters.h"
#include "tools/play/request_id.h"

namespace ieum::play {
namespace {

absl::Status At(const std::string& place, const absl::Status& status) {
  if (status.ok()) return status;
  const std::string reason = base::ReasonOf(status);
  return absl::Status(status.code(),
                      fmt::format("{}: {}{}{}", place, reason, reason.empty() ? "" : ": ",
                                  std::string(status.message())));
}

}  // namespace

Player::Player(const Scenario& scenario, Services& services, PlayerHooks hooks)
    : scenario_(scenario), services_(services), hooks_(std::move(hooks)), clock_(services) {}

absl::Status Player::Play() {
  RETURN_IF_ERROR(At("set-up", clock_.GoTo(scenario_.set_up_at)));
  RETURN_IF_ERROR(EnterMasters());
  RETURN_IF_ERROR(At("set-up", clock_.WaitSettled()));
  Tell(0);
  for (size_t index = 0; index < scenario_.actions.size(); ++index) {
    const Action& action = scenario_.actions[index];
    RETURN_IF_ERROR(At(action.Place(), clock_.GoTo(action.time)));
    if (hooks_.before_call) hooks_.before_call(index);
    RETURN_IF_ERROR(At(action.Place(), Do(action)));
    if (hooks_.after_call) hooks_.after_call(index);
    Tell(index + 1);
  }
  RETURN_IF_ERROR(At("cut-off", clock_.GoTo(scenario_.cut_off)));
  Tell(scenario_.actions.size());
  return absl::OkStatus();
}

absl::Status Player::EnterMasters() {
  for (size_t i = 0; i < scenario_.masters.size(); ++i) {
    const MasterList& list = Masters()[i];
    for (const Entry& entry : scenario_.masters[i]) {
      for (size_t call = 0; call < list.calls.size(); ++call) {
        if (!list.calls[call].IsFor(entry.fields)) continue;
        const std::string words = fmt::format("{} {} {}", list.list, entry.key, call);
        RETURN_IF_ERROR(At(entry.Place(), Call(list.calls[call], entry.fields, words)));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Player::Do(const Action& action) {
  ++calls_[action.verb];
  return Call(Actions().at(action.verb), action.fields, absl::StrCat(action.at, " ", action.verb),
              action.as);
}

absl::Status Player::Call(const CallShape& shape, const nlohmann::json& fields,
                          const std::string& words, const std::string& as) {
  std::string found;
  if (shape.find) {
    ASSIGN_OR_RETURN(found, shape.find(services_, names_, fields));
  }
  ASSIGN_OR_RETURN(const auto request, BuildRequest(shape, fields, names_, found));
  SetRequestId(*request, RequestId(scenario_.key, words));
  const std::unique_ptr<google::protobuf::Message> response(shape.rpc.response->New());
  RETURN_IF_ERROR(
      services_.Call(shape.rpc.service, shape.rpc.method, *request, response.get(), as));
  if (shape.key_field.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string key, TextAt(fields, shape.key_field));
  return names_.Define(key, {shape.collection, NameOf(*response)});
}

void Player::Tell(size_t done) {
  if (hooks_.on_moment) {
    hooks_.on_moment({clock_.now(), done, scenario_.actions.size(), clock_.events()});
  }
}

}  // namespace ieum::play
