#include "bench/load/calls.h"

#include <array>
#include <random>

#include "absl/strings/escaping.h"
#include "grpcpp/grpcpp.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"

namespace ieum::bench {
namespace {

namespace registry = ieum::registry::v1;

grpc::ByteBuffer BytesOf(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// Nine digits and their check digit, as the tax office makes them.
std::string BusinessNumber(int64_t nine_digits) {
  constexpr std::array<int, 9> kWeights = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  std::string digits = std::to_string(1'000'000'000 + nine_digits % 1'000'000'000).substr(1);
  int sum = (digits[8] - '0') * 5 / 10;
  for (size_t at = 0; at < kWeights.size(); ++at) sum += (digits[at] - '0') * kWeights[at];
  digits.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return digits;
}

class Creations final : public CallMaker {
 public:
  explicit Creations(int64_t first) : next_(first) {
    auto* organization = request_.mutable_organization();
    organization->set_kind(registry::ORGANIZATION_KIND_FIRM);
    organization->set_display_name("달빛 정밀 주식회사");
  }
  const std::string& method() const override { return method_; }
  grpc::ByteBuffer Next() override {
    request_.mutable_organization()->set_business_registration_number(BusinessNumber(next_++));
    return BytesOf(request_);
  }

 private:
  const std::string method_ = "/ieum.registry.v1.OrganizationService/CreateOrganization";
  int64_t next_;
  registry::CreateOrganizationRequest request_;
};

class Gets final : public CallMaker {
 public:
  Gets(std::string method, std::vector<std::string> names)
      : method_(std::move(method)), names_(std::move(names)) {}
  const std::string& method() const override { return method_; }
  grpc::ByteBuffer Next() override {
    registry::GetOrganizationRequest request;  // any other is alike: its first field is `name`
    request.set_name(names_[random_() % names_.size()]);
    return BytesOf(request);
  }

 private:
  const std::string method_;
  const std::vector<std::string> names_;
  std::minstd_rand random_{7};
};

// Pages of 50 affiliations of one organization.
class Affiliations final : public CallMaker {
 public:
  explicit Affiliations(std::vector<std::string> names) : names_(std::move(names)) {
    request_.set_parent("persons/-");
    request_.set_page_size(50);
  }
  const std::string& method() const override { return method_; }
  grpc::ByteBuffer Next() override {
    request_.set_filter("organization = \"" + names_[random_() % names_.size()] + "\"");
    return BytesOf(request_);
  }

 private:
  const std::string method_ = "/ieum.registry.v1.PersonService/ListAffiliations";
  const std::vector<std::string> names_;
  std::minstd_rand random_{7};
  registry::ListAffiliationsRequest request_;
};

// The same bytes each time.
class Constant final : public CallMaker {
 public:
  Constant(std::string method, const google::protobuf::MessageLite* request)
      : method_(std::move(method)) {
    if (request != nullptr) bytes_ = BytesOf(*request);
  }
  const std::string& method() const override { return method_; }
  grpc::ByteBuffer Next() override {
    if (!bytes_.Valid()) {
      const grpc::Slice none;
      return grpc::ByteBuffer(&none, 1);
    }
    return bytes_;
  }

 private:
  const std::string method_;
  grpc::ByteBuffer bytes_;
};

// Requests that somebody else made.
class Given final : public CallMaker {
 public:
  Given(std::string method, const std::vector<std::string>& requests) : method_(std::move(method)) {
    for (const std::string& each : requests) {
      std::string bytes;
      if (!absl::Base64Unescape(each, &bytes)) continue;
      const grpc::Slice slice(bytes);
      requests_.emplace_back(&slice, 1);
    }
  }
  bool empty() const { return requests_.empty(); }
  const std::string& method() const override { return method_; }
  grpc::ByteBuffer Next() override { return requests_[random_() % requests_.size()]; }

 private:
  const std::string method_;
  std::vector<grpc::ByteBuffer> requests_;
  std::minstd_rand random_{7};
};

std::unique_ptr<CallMaker> GivenIn(const std::vector<std::string>& lines) {
  auto given = std::make_unique<Given>(lines.front(),
                                       std::vector<std::string>(lines.begin() + 1, lines.end()));
  if (given->empty()) return nullptr;
  return given;
}

std::unique_ptr<CallMaker> ListOf(const std::string& filter) {
  registry::ListOrganizationsRequest request;
  request.set_page_size(50);
  request.set_filter(filter);
  return std::make_unique<Constant>("/ieum.registry.v1.OrganizationService/ListOrganizations",
                                    &request);
}

}  // namespace

std::unique_ptr<CallMaker> MakeCalls(const std::string& kind, int64_t first,
                                     std::vector<std::string> names) {
  if (kind == "create") return std::make_unique<Creations>(first);
  if (kind == "get" && !names.empty()) {
    return std::make_unique<Gets>("/ieum.registry.v1.OrganizationService/GetOrganization",
                                  std::move(names));
  }
  if (kind == "person" && !names.empty()) {
    return std::make_unique<Gets>("/ieum.registry.v1.PersonService/GetPerson", std::move(names));
  }
  if (kind == "health") {
    return std::make_unique<Constant>("/grpc.health.v1.Health/Check", nullptr);
  }
  if (kind == "affiliations" && !names.empty()) {
    return std::make_unique<Affiliations>(std::move(names));
  }
  if (kind == "given" && !names.empty()) return GivenIn(names);
  if (kind == "list") return ListOf("kind = ORGANIZATION_KIND_FIRM");
  if (kind == "region") return ListOf("facts.region_code = \"26710\"");
  return nullptr;
}

}  // namespace ieum::bench
