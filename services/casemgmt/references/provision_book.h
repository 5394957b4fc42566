// Whether a person's data may be handed to another body, and who she is for one that may know her:
// both are registry's to say. Asked outside of any transaction; what it answers is handed into use
// cases.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_types.pb.h"
#include "platform/base/uuid.h"
#include "platform/rpc/peer.h"

namespace ieum::casemgmt {

struct ProvisionQuestion {
  base::Uuid person, recipient;
  std::vector<std::string> items;  // in the words of her consent; not empty
  base::Uuid request;              // asked again with it, the answer is the same
};
// Registry's receipt (law:L02): what was asked and what it said are kept there.
struct ProvisionAnswer {
  base::Uuid receipt;
  registry::v1::ConsentRefusal refusal = registry::v1::CONSENT_REFUSAL_UNSPECIFIED;
  int consent_revision = 0;  // of the consent that allowed it
  absl::Time asked_at;

  bool allowed() const { return refusal == registry::v1::CONSENT_REFUSAL_UNSPECIFIED; }
};
// How she is called and reached.
struct PersonIdentity {
  std::string full_name;
  std::string phone;  // E.164; "" = none
};

// Thread-safe.
class ProvisionBook {
 public:
  struct Sources {
    std::function<absl::StatusOr<ProvisionAnswer>(const ProvisionQuestion&)> ask;
    std::function<absl::StatusOr<PersonIdentity>(const base::Uuid&)> identify;
  };
  explicit ProvisionBook(Sources sources) : sources_(std::move(sources)) {}

  // PERSON_ERASED; ORGANIZATION_UNKNOWN; UNAVAILABLE when registry does not answer: nothing is
  // handed on by guessing.
  absl::StatusOr<ProvisionAnswer> Ask(const ProvisionQuestion& question);
  // PERSON_ERASED; UNAVAILABLE.
  absl::StatusOr<PersonIdentity> Identify(const base::Uuid& person);

 private:
  Sources sources_;
};

// From registry's ConsentService and PersonService. `peer` outlives them.
ProvisionBook::Sources ProvisionsOf(rpc::Peer& peer);

// CONSENT_MISSING, saying why her consent does not cover it.
absl::Status ProvisionRefusedBy(registry::v1::ConsentRefusal refusal);

}  // namespace ieum::casemgmt
