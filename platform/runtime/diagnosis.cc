#include "platform/runtime/diagnosis.h"

#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/erasure/erasure_store.h"
#include "platform/rpc/tls.h"
#include "platform/runtime/diagnosis_store.h"

namespace ieum::runtime {
namespace {

void SetDuration(absl::Duration length, google::protobuf::Duration* into) {
  absl::Duration rest;
  into->set_seconds(absl::IDivDuration(length, absl::Seconds(1), &rest));
  into->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(rest)));
}

// Half of the trip lies before the database looked at its clock.
void AskDatabase(const DiagnosisSources& sources, platform::v1::Diagnosis* diagnosis) {
  (void)sources.database->Ping();  // a new connection's time is no trip's
  const absl::Time asked = absl::Now();
  const auto look = LookAtDatabase(*sources.database);
  const absl::Time answered = absl::Now();
  *diagnosis->mutable_process_time() = base::ToTimestamp(asked + (answered - asked) / 2);
  if (!look.ok()) {
    diagnosis->set_database_problem("does not answer");
    return;
  }
  *diagnosis->mutable_database_time() = base::ToTimestamp(look->time);
  diagnosis->set_database_bytes(look->bytes);
  diagnosis->set_relay_leader(look->relay_leader);
  for (const std::string& producer : look->epochs_to_accept) {
    diagnosis->add_epochs_to_accept(producer);
  }
  for (const auto& [name, set] : sources.migrations) {
    auto* state = diagnosis->add_schemas();
    state->set_set_name(name);
    if (const auto found = look->applied.find(name); found != look->applied.end()) {
      state->set_applied(found->second);
    }
    if (!set.empty()) state->set_needed(set.back().name);
    const absl::Status fits = db::CheckSchema(*sources.database, name, set);
    if (!fits.ok()) state->set_problem(std::string(fits.message()));
  }
}

void AskBroker(const DiagnosisSources& sources, platform::v1::Diagnosis* diagnosis) {
  const auto stream = sources.flow->LookAtStream();
  if (!stream.ok()) {
    diagnosis->set_broker_problem(std::string(stream.status().message()));
    return;
  }
  diagnosis->set_stream_bytes(stream->bytes);
  diagnosis->set_stream_max_bytes(stream->max_bytes);
  if (stream->broker_lead) SetDuration(*stream->broker_lead, diagnosis->mutable_broker_lead());
}

}  // namespace

platform::v1::Diagnosis Diagnose(const DiagnosisSources& sources) {
  platform::v1::Diagnosis diagnosis;
  diagnosis.set_service(sources.service);
  AskDatabase(sources, &diagnosis);
  AskBroker(sources, &diagnosis);
  if (sources.tls.wanted()) {
    const auto end = rpc::CertificateEnd(sources.tls.options);
    if (end.ok()) *diagnosis.mutable_certificate_end_time() = base::ToTimestamp(*end);
  }
  return diagnosis;
}

absl::Status ReadProgress(flow::Flow& flow, db::Database& database,
                          platform::v1::Progress* progress) {
  RETURN_IF_ERROR(flow.Progress(progress));
  return database.ReadOne("progress_erasure", [&](db::Tx& tx) {
    const auto erasure = erasure::ReadProgress(tx);
    if (erasure) *progress->mutable_last_erasure() = *erasure;
    return absl::OkStatus();
  });
}

}  // namespace ieum::runtime
