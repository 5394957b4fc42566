#include "absl/strings/str_cat.h"
#include "platform/base/text.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"
#include "tests/faults/log_check.h"

namespace ieum::faults {
namespace {

// Names as somebody would send them who wants to break something.
const std::vector<std::string>& Texts() {
  static const auto* texts = new std::vector<std::string>{
      "'; DROP TABLE organization; --",
      "100 % \\ \\\\ %s %n",
      "\"quoted\" 'single' `back`",
      "{a,b}\",NULL,{\\\"",
      "NULL",
      "$1 $$ :name ?",
      "<script>alert(1)</script>&amp;{{name}}{{{name}}}",
      std::string("zero\0byte", 9),
      "lone surrogate \xed\xa0\x80",
      "broken utf-8 \xff\xfe",
      "\xe2\x80\xae right to left",
      "four bytes \xf0\x9f\x8c\xb8",
      "NFC \xea\xb0\x80",
      "NFD \xe1\x84\x80\xe1\x85\xa1",
      "e" + std::string(120, '\xcc'),
      "line\r\nX-Forged: yes\r\n{\"body\":\"forged\"}",
      std::string(200, 'x'),
      std::string(1 << 20, 'y'),
  };
  return *texts;
}

// Stored as it was sent (names are kept in NFC), or refused as a fault of the field.
absl::Status TryOne(Scene& scene, journal::RecordedPeer& peer, const std::string& text,
                    Dice& dice) {
  const base::Uuid firm = dice.Id();
  registry::v1::Organization organization;
  const absl::Status status =
      Surely(scene, peer, kCreateOrganization, NewFirm(firm, text, dice.Id()), &organization,
             firm.ToString());
  if (absl::IsInvalidArgument(status) || absl::IsResourceExhausted(status)) return absl::OkStatus();
  if (!status.ok()) return status;
  registry::v1::GetOrganizationRequest get;
  get.set_name(organization.name());
  const absl::Status read =
      Surely(scene, peer, kGetOrganization, get, &organization, firm.ToString());
  if (!read.ok()) return read;
  if (organization.display_name() == base::Nfc(text)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a name of ", text.size(), " bytes came back as one of ",
                                          organization.display_name().size()));
}

absl::Status Run(Scene& scene, uint64_t seed) {
  Dice dice(seed);
  const auto peer = PeerOf(scene, "registry", "hostile");
  for (const std::string& text : Texts()) {
    const absl::Status status = TryOne(scene, *peer, text, dice);
    if (!status.ok()) return status;
  }
  return CheckLogs(scene.world.suite().folder());
}

Strike Draw(Dice& dice) {
  const auto seed = static_cast<uint64_t>(dice.Between(1, 1'000'000'000));
  return {absl::StrCat(Texts().size(), " hostile names"), absl::Seconds(2),
          [seed](Scene& scene) { return Run(scene, seed); }};
}

}  // namespace

Fault HostileText() {
  return {"T29", "texts that want to break SQL, arrays, UTF-8, headers, logs or limits",
          "each is stored byte by byte, in NFC, or refused; every line of the logs is the "
          "services' own",
          Draw};
}

}  // namespace ieum::faults
