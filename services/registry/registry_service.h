// All doors of the registry, hung up on its process, and the work that becomes due behind them. A
// new room: its door is a member here.
#pragma once

#include "platform/personal_data/personal_data_service.h"
#include "platform/runtime/app.h"
#include "services/registry/access/access_service.h"
#include "services/registry/access/access_settings.h"
#include "services/registry/campaigns/campaign_service.h"
#include "services/registry/changes/change_service.h"
#include "services/registry/consents/consent_service.h"
#include "services/registry/duplicates/duplicate_service.h"
#include "services/registry/enrolments/enrolment_service.h"
#include "services/registry/erasures/erasure_service.h"
#include "services/registry/exports/data_export_service.h"
#include "services/registry/imports/import_service.h"
#include "services/registry/leads/lead_service.h"
#include "services/registry/merges/merge_service.h"
#include "services/registry/moves/move_service.h"
#include "services/registry/organizations/organization_service.h"
#include "services/registry/people/person_service.h"
#include "services/registry/programmes/programme_service.h"
#include "services/registry/reference/reference_service.h"
#include "services/registry/timelines/timeline_service.h"

namespace ieum::registry {

// What it is given outlives it.
class RegistryDoors {
 public:
  RegistryDoors(runtime::App& app, const AccessSettings& access, const MatchRules& duplicates);

 private:
  ReferenceDoor reference_;
  OrganizationDoor organizations_;
  PersonDoor people_;
  DuplicateDoor duplicates_;
  ConsentDoor consents_;
  ProgrammeDoor programmes_;
  CampaignDoor campaigns_;
  EnrolmentDoor enrolments_;
  LeadDoor leads_;
  TimelineDoor timelines_;
  ImportDoor imports_;
  ErasureDoor erasures_;
  MergeDoor merges_;
  DataExportDoor exports_;
  personal_data::PersonalDataDoor personal_data_;
  ChangeDoor changes_;
  MoveDoor moves_;
  AccessDoor grants_;
};

}  // namespace ieum::registry
