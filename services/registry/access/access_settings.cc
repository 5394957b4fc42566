#include "services/registry/access/access_settings.h"

namespace ieum::registry {

void ReadAccessSettings(config::Reader& reader, AccessSettings* settings) {
  std::string person;
  reader.Text("IEUM_BREAK_GLASS_PERSON",
              "persons/{uuid} who is told of every broken glass, beside the centre's supervisors",
              &person);
  if (person.empty()) return;
  const auto ids = base::IdsIn("persons/{}", person, "IEUM_BREAK_GLASS_PERSON");
  if (ids.ok()) {
    settings->always_told = (*ids)[0];
  } else {
    reader.Fault("IEUM_BREAK_GLASS_PERSON is not persons/{uuid}");
  }
}

}  // namespace ieum::registry
