// Consents in a test: texts, what people say, and the gates, over the registry of world.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {

// The reason of a refusal; "OK" for none.
template <class T>
std::string Why(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "OK" : base::ReasonOf(answer.status());
}

class ConsentWorld {
 public:
  explicit ConsentWorld(const std::string& korea_time = "2024-03-04 11:00") : world(korea_time) {}

  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    return world.Call<Response>("ConsentService/" + method, request, as);
  }

  // A whole text of a purpose, the only one of its code; a provision is to `recipient`, or to a
  // firm made for it.
  v1::ConsentText Wording(v1::ConsentPurpose purpose, const std::string& recipient = "");
  // The name of one that was added.
  std::string Text(v1::ConsentPurpose purpose, const std::string& recipient = "");
  // A person with e-mail address and phone.
  std::string Person(v1::LegalBasis basis = v1::LEGAL_BASIS_CONTRACT);

  // What a person says now by a form on the web. `text`: a name; the purpose must be its own.
  v1::RecordConsentRequest Saying(const std::string& person, v1::ConsentPurpose purpose,
                                  const std::string& text,
                                  v1::ConsentState state = v1::CONSENT_STATE_GIVEN);
  absl::StatusOr<v1::Consent> Say(const std::string& person, v1::ConsentPurpose purpose,
                                  const std::string& text,
                                  v1::ConsentState state = v1::CONSENT_STATE_GIVEN);
  absl::StatusOr<v1::WithdrawConsentsResponse> Withdraw(
      const std::string& person, v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED);
  std::vector<v1::Consent> List(const std::string& parent, const std::string& filter = "",
                                const std::string& order_by = "");

  // The gate of addresses, as notify asks it.
  absl::StatusOr<v1::ContactResolution> Resolve(
      const std::string& person, v1::ContactPurpose purpose,
      v1::ContactChannel channel = v1::CONTACT_CHANNEL_UNSPECIFIED);
  absl::StatusOr<v1::ConsentReceipt> AskProvision(const std::string& person,
                                                  const std::string& recipient,
                                                  const std::vector<std::string>& items);
  absl::StatusOr<v1::ConsentReceipt> AskPublication(const std::string& person,
                                                    v1::PublicationKind kind);

  // Does what is due now.
  void Settle();

  World world;

 private:
  int texts_ = 0, persons_ = 0, firms_ = 700;
};

}  // namespace ieum::registry
