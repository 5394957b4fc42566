#include "services/casemgmt/cases/case_template_commands.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_template_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

ledger::Done Tell(ledger::UnitOfWork& work, const CaseTemplate& t) {
  const std::string name = NameIn("caseTemplates", t.id);
  v1::CaseTemplatePublished event;
  event.set_case_template_id(t.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_version(t.version);
  event.set_programme(t.programme);
  event.set_centre_id(base::CentreText(t.centre));
  work.Append(t.id, "case_template", name, event);
  return {t.id, name};
}

}  // namespace

absl::StatusOr<ledger::Done> CreateTemplate(ledger::UnitOfWork& work,
                                            const NewTemplateInput& input) {
  CaseTemplate t{.id = input.id.value_or(work.DeriveId("case_template")),
                 .programme = input.programme,
                 .pace = input.pace,
                 .create_time = work.now(),
                 .update_time = work.now()};
  work.Lock({t.id});
  if (work.Version(t.id) != 0) {
    return base::AlreadyExists("ID_TAKEN", "there is a template with this id; choose another");
  }
  RETURN_IF_ERROR(CheckPace(t.pace));
  ASSIGN_OR_RETURN(t.centre,
                   base::ChosenCentre(work.scope(), input.centre, "case_template.centre"));
  if (!InsertTemplate(work.tx(), t)) {
    return base::AlreadyExists(v1::ERROR_REASON_TEMPLATE_EXISTS,
                               "there is a template for that programme; publish its next version");
  }
  return Tell(work, t);
}

absl::StatusOr<ledger::Done> PublishTemplate(ledger::UnitOfWork& work, const base::Uuid& id,
                                             const std::string& etag, const CasePace& pace) {
  work.Lock({id});
  auto t = FindTemplate(work.tx(), work.scope(), id);
  if (!t) return base::NotFound(NameIn("caseTemplates", id));
  RETURN_IF_ERROR(work.ExpectEtag(id, etag));
  RETURN_IF_ERROR(CheckPace(pace));
  ++t->version;
  t->pace = pace;
  t->update_time = work.now();
  SaveTemplate(work.tx(), work.scope(), *t);
  return Tell(work, *t);
}

}  // namespace ieum::casemgmt
