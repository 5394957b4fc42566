#include "platform/broker/nats_status.h"

#include "fmt/format.h"

namespace ieum::broker {
namespace {

bool SaysNotFound(natsStatus status, jsErrCode code) {
  if (code == JSStreamNotFoundErr || code == JSConsumerNotFoundErr || code == JSNoMessageFoundErr) {
    return true;
  }
  return status == NATS_NOT_FOUND && code == 0;
}

bool SaysMistake(natsStatus status, jsErrCode code) {
  switch (status) {
    case NATS_INVALID_ARG:
    case NATS_INVALID_SUBJECT:
    case NATS_INVALID_SUBSCRIPTION:
    case NATS_ADDRESS_MISSING:
    case NATS_MAX_PAYLOAD:
    case NATS_PROTOCOL_ERROR:
      return true;
    default:
      return code == JSStreamInvalidConfig || code == JSBadRequestErr ||
             code == JSStreamSubjectOverlapErr;
  }
}

}  // namespace

absl::Status FromNats(natsStatus status, std::string_view doing, jsErrCode code) {
  if (status == NATS_OK) return absl::OkStatus();
  std::string said = fmt::format("{}: {}", doing, natsStatus_GetText(status));
  if (code != 0) said += fmt::format(" ({})", static_cast<int>(code));
  if (SaysNotFound(status, code)) return absl::NotFoundError(said);
  if (SaysMistake(status, code)) return absl::InternalError(said);
  return absl::UnavailableError(said);
}

}  // namespace ieum::broker
