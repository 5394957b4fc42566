// Three centres in a test, what they keep, and moves between them, over the registry of world.h.
// "centre-a" and "centre-b" are managers of their centres; A and C have one lead centre.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/move_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {

class Moves : public ::testing::Test {
 protected:
  Moves() {
    const std::string lead = world_.Centre("0190c0de-0000-7000-8000-0000000000d0", 900);
    a_ = world_.Centre(ieum::testing::kCentreA, 901);
    b_ = world_.Centre(ieum::testing::kCentreB, 902);
    c_ = world_.Centre(ieum::testing::kCentreC, 903);
    for (const std::string& below : {a_, c_}) PutBelow(below, lead);
  }

  void PutBelow(const std::string& centre, const std::string& lead) {
    v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(centre);
    request.mutable_organization()->set_parent(lead);
    request.mutable_update_mask()->add_paths("parent");
    const auto placed =
        world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", request);
    EXPECT_TRUE(placed.ok()) << placed.status();
  }

  template <class T>
  T Must(const absl::StatusOr<T>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status() << " " << base::ReasonOf(answer.status());
    return answer.ok() ? *answer : T();
  }

  std::string PersonOf(rpc::Peer* as, const std::string& full_name = "김이음") {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(full_name);
    request.mutable_person()->set_email("ieum@example.test");
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    return Must(world_.Call<v1::Person>("PersonService/CreatePerson", request, as)).name();
  }
  // A's campaign, open all the year, whose code nobody else has.
  std::string CampaignOf(rpc::Peer* as, const std::string& code) {
    v1::CreateCampaignRequest request;
    v1::Campaign& wish = *request.mutable_campaign();
    wish.set_programme("BSN");
    wish.set_edition("2024");
    wish.set_code(code);
    wish.set_display_name("걷기");
    wish.set_task(v1::TASK_KIND_CAMPAIGN);
    wish.set_admission(v1::ADMISSION_MODE_RULES);
    *wish.mutable_window()->mutable_start_time() = ToTimestamp(Korea("2024-01-02 10:00"));
    *wish.mutable_window()->mutable_end_time() = ToTimestamp(Korea("2024-12-31 18:00"));
    const auto campaign =
        Must(world_.Call<v1::Campaign>("CampaignService/CreateCampaign", request, as));
    v1::OpenCampaignRequest open;
    open.set_name(campaign.name());
    Must(world_.Call<v1::Campaign>("CampaignService/OpenCampaign", open, as));
    return campaign.name();
  }
  // Of a person or a firm, by the name's collection.
  v1::Enrolment Enrol(rpc::Peer* as, const std::string& campaign, const std::string& who) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    v1::Enrolment& wish = *request.mutable_enrolment();
    who.starts_with("persons/") ? wish.set_person(who) : wish.set_organization(who);
    return Must(world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request, as));
  }
  template <class Request>
  absl::StatusOr<v1::Enrolment> Step(const std::string& method, const std::string& enrolment,
                                     rpc::Peer* as) {
    Request request;
    request.set_name(enrolment);
    return world_.Call<v1::Enrolment>("EnrolmentService/" + method, request, as);
  }
  absl::StatusOr<v1::Enrolment> Activate(const std::string& enrolment, rpc::Peer* as) {
    return Step<v1::ActivateEnrolmentRequest>("ActivateEnrolment", enrolment, as);
  }
  absl::StatusOr<v1::Lead> Lead(rpc::Peer* as, const std::string& firm) {
    v1::CreateLeadRequest request;
    request.mutable_lead()->set_organization(firm);
    request.mutable_lead()->set_programme("INC");
    request.mutable_lead()->set_edition("2026");
    return world_.Call<v1::Lead>("LeadService/CreateLead", request, as);
  }

  // What she says to B getting her name and number.
  void ConsentToB(const std::string& person) {
    Must(consents_.Say(person, v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION,
                       consents_.Text(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, b_)));
  }

  v1::RequestMoveRequest Wanted(const std::string& what, const std::string& to) {
    v1::RequestMoveRequest request;
    if (what.starts_with("persons/")) request.set_person(what);
    if (what.starts_with("organizations/")) request.set_organization(what);
    if (what.starts_with("campaigns/")) request.set_enrolment(what);
    request.set_to_centre(to);
    request.set_reason("가까운 센터로");
    for (const std::string& item : items_) request.add_items(item);
    return request;
  }
  absl::StatusOr<v1::Move> Request(const v1::RequestMoveRequest& request, rpc::Peer* as) {
    return world_.Call<v1::Move>("MoveService/RequestMove", request, as);
  }
  absl::StatusOr<v1::Move> Request(const std::string& what, const std::string& to,
                                   rpc::Peer* as = nullptr) {
    return Request(Wanted(what, to), as == nullptr ? at_a_.get() : as);
  }
  absl::StatusOr<v1::Move> Accept(const std::string& move, rpc::Peer* as = nullptr,
                                  const std::string& etag = "") {
    v1::AcceptMoveRequest request;
    request.set_name(move);
    request.set_etag(etag);
    return world_.Call<v1::Move>("MoveService/AcceptMove", request,
                                 as == nullptr ? at_b_.get() : as);
  }
  absl::StatusOr<v1::Move> Decline(const std::string& move, rpc::Peer* as) {
    v1::DeclineMoveRequest request;
    request.set_name(move);
    request.set_reason("자리가 없음");
    return world_.Call<v1::Move>("MoveService/DeclineMove", request, as);
  }
  absl::StatusOr<v1::Move> Cancel(const std::string& move, rpc::Peer* as) {
    v1::CancelMoveRequest request;
    request.set_name(move);
    request.set_reason("잘못 요청함");
    return world_.Call<v1::Move>("MoveService/CancelMove", request, as);
  }
  absl::StatusOr<v1::Move> Get(const std::string& move, rpc::Peer* as) {
    v1::GetMoveRequest request;
    request.set_name(move);
    return world_.Call<v1::Move>("MoveService/GetMove", request, as);
  }
  std::vector<v1::Move> List(const std::string& filter, rpc::Peer* as) {
    v1::ListMovesRequest request;
    request.set_filter(filter);
    const auto page =
        Must(world_.Call<v1::ListMovesResponse>("MoveService/ListMoves", request, as));
    return {page.moves().begin(), page.moves().end()};
  }
  absl::StatusOr<v1::Person> See(const std::string& person, rpc::Peer* as,
                                 const std::string& then = "") {
    v1::GetPersonRequest request;
    request.set_name(person);
    if (!then.empty()) *request.mutable_read_time() = ToTimestamp(Korea(then));
    return world_.Call<v1::Person>("PersonService/GetPerson", request, as);
  }
  absl::StatusOr<v1::Person> Rename(const std::string& person, const std::string& to, rpc::Peer* as,
                                    const std::string& etag = "") {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(person);
    request.mutable_person()->set_latin_name(to);
    request.mutable_person()->set_etag(etag);
    request.mutable_update_mask()->add_paths("latin_name");
    return world_.Call<v1::Person>("PersonService/UpdatePerson", request, as);
  }
  absl::StatusOr<v1::Enrolment> SeeEnrolment(const std::string& name, rpc::Peer* as,
                                             const std::string& then = "") {
    v1::GetEnrolmentRequest request;
    request.set_name(name);
    if (!then.empty()) *request.mutable_read_time() = ToTimestamp(Korea(then));
    return world_.Call<v1::Enrolment>("EnrolmentService/GetEnrolment", request, as);
  }
  static int64_t Part(const v1::Move& move, v1::MovePartKind kind) {
    for (const v1::MovePart& part : move.parts()) {
      if (part.kind() == kind) return part.count();
    }
    return 0;
  }

  ConsentWorld consents_{"2024-03-04 11:00"};
  World& world_ = consents_.world;
  std::unique_ptr<rpc::Peer> at_a_ = world_.PeerWith("centre-a");
  std::unique_ptr<rpc::Peer> at_b_ = world_.PeerWith("centre-b");
  std::unique_ptr<rpc::Peer> at_both_ = world_.PeerWith("centre-ab");
  std::string a_, b_, c_;
  const std::vector<std::string> items_ = {"성명", "연락처"};
};

}  // namespace ieum::registry
