#include "platform/runtime/broker_settings.h"

#include "absl/strings/str_cat.h"

namespace ieum::runtime {

BrokerSettings ReadBrokerSettings(config::Reader& reader, const TlsSettings& tls) {
  BrokerSettings settings;
  broker::Access& access = settings.access;
  reader.Text("IEUM_NATS_SEED_FILE",
              "our nkey's seed: who we are at a broker with rooms; watched for changes",
              &access.seed_file);
  reader.Text("IEUM_NATS_CA_FILE",
              "who signs the broker's certificate, which must be of the URL's host",
              &access.authority_file);
  reader.Flag("IEUM_NATS_PASSWORD_ALLOWED",
              "must be true for a broker without TLS, or without a seed; never in production",
              &settings.password_allowed);
  const bool sealed = !access.seed_file.empty() && !access.authority_file.empty();
  if (!sealed && !settings.password_allowed) {
    reader.Fault(
        "IEUM_NATS_SEED_FILE and IEUM_NATS_CA_FILE are not both set and IEUM_NATS_PASSWORD_ALLOWED "
        "is not true: a broker without TLS or by password is refused unless explicitly allowed");
  }
  if (!access.authority_file.empty()) {
    access.certificate_file = tls.options.certificate_file;
    access.key_file = tls.options.key_file;
  }
  return settings;
}

broker::Access AccessOf(const BrokerSettings& settings, const std::string& service) {
  broker::Access access = settings.access;
  if (!access.seed_file.empty()) access.room = service;
  return access;
}

void CheckBrokerFiles(config::Reader& reader, const BrokerSettings& settings) {
  const auto shown = broker::ReadAccess(settings.access);
  if (!shown.ok()) reader.Fault(absl::StrCat("IEUM_NATS_…_FILE: ", shown.status().message()));
}

}  // namespace ieum::runtime
