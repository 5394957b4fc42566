// The parts of the report page, each a piece of HTML.
#pragma once

#include <string>

#include "tools/play/results.h"

namespace ieum::play {

std::string Tiles(const Results& results);          // the year at a glance
std::string FigureRows(const Results& results);     // targets, actuals, rates
std::string FunnelCards(const Results& results);    // one chart each
std::string ReminderRows(const Results& results);   // rows of the plan and messages
std::string SourceRows(const Results& results);     // definition and events of each figure
std::string WatermarkRows(const Results& results);  // how far the figures are

}  // namespace ieum::play
