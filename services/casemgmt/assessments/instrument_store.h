// The tables `instrument` and `instrument_factor`. Rows are never changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/assessments/instrument.h"

namespace ieum::casemgmt {

std::optional<Instrument> FindInstrument(db::Tx& tx, const base::Uuid& id);
// The newest version of that code.
std::optional<Instrument> NewestInstrument(db::Tx& tx, const std::string& code);
// The newest version's number; 0 = there is none.
int NewestInstrumentVersion(db::Tx& tx, const std::string& code);
// False: the id is taken.
bool InsertInstrument(db::Tx& tx, const Instrument& instrument);

const filter::ListSpec& InstrumentList();
filter::Cursor ListInstruments(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<Instrument>* instruments);

}  // namespace ieum::casemgmt
